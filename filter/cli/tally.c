#include "cli/tally.h"

#include <stdlib.h>
#include <string.h>

enum {
    EXAMPLE_PLACES = 32,
    HISTOGRAM_FROM = 10 /* characters; the first bar is of shorter texts */
};

/* ---- Making --------------------------------------------------------------------------------- */

static bool create_sample(tally_sample *s)
{
    for (size_t i = 0; i < TALLY_SAMPLES; i++)
        if (!(s->kept[i] = malloc(sizeof *s->kept[i])))
            return false;
    return true;
}

static bool create_parts(tally *t)
{
    for (size_t i = 0; i < TALLY_CATEGORIES; i++)
        if (!(t->categories[i].examples = sketch_create(EXAMPLE_PLACES)))
            return false;
    t->repeats = sketch_create(TALLY_REPEATS);
    t->passage = calloc(1, sizeof *t->passage);
    return t->repeats && t->passage && create_sample(&t->any) && create_sample(&t->touched);
}

tally *tally_create(void)
{
    tally *t = calloc(1, sizeof *t);
    if (t && create_parts(t))
        return t;
    tally_free(t);
    return NULL;
}

void tally_free(tally *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < TALLY_CATEGORIES; i++)
        sketch_free(t->categories[i].examples);
    for (size_t i = 0; i < TALLY_SAMPLES; i++) {
        free(t->any.kept[i]);
        free(t->touched.kept[i]);
    }
    sketch_free(t->repeats);
    free(t->passage);
    free(t);
}

/* ---- Lengths -------------------------------------------------------------------------------- */

/* 0, 10, 15, 20, 30, 40, 60, 80... */
unsigned tally_length_from(unsigned i)
{
    if (i == 0)
        return 0;
    unsigned power = (unsigned)HISTOGRAM_FROM << (i - 1) / 2;
    return (i - 1) % 2 ? power + power / 2 : power;
}

static size_t count_characters(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

static void take_length(tally *t, const winnow_verdict *v)
{
    size_t characters = count_characters(v->text, v->len);
    unsigned bar = 0;
    while (bar + 1 < TALLY_LENGTHS && characters >= tally_length_from(bar + 1))
        bar++;
    t->lengths[v->reason != WINNOW_KEPT][bar]++;
}

/* ---- Boilerplate ---------------------------------------------------------------------------- */

static size_t category_index(tally *t, const winnow_verdict *v)
{
    const char *name = v->category ? v->category : "";
    size_t len = sketch_fitting(name, strlen(name), TALLY_CATEGORY_BYTES - 1);
    size_t i = 0;
    for (; i < t->category_count; i++) {
        const tally_category *c = &t->categories[i];
        if (c->reason == v->reason && strlen(c->name) == len && memcmp(c->name, name, len) == 0)
            return i;
    }
    if (i == TALLY_CATEGORIES)
        return i - 1;
    t->category_count++;
    t->categories[i].reason = v->reason;
    if (i + 1 == TALLY_CATEGORIES)
        strcpy(t->categories[i].name, "others");
    else
        memcpy(t->categories[i].name, name, len);
    return i;
}

/* FNV-1a. That texts can be made up to have one hash costs a report an example, and no more. */
static uint64_t hash_text(const char *text, size_t len)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001B3u;
    return hash;
}

static void take_boilerplate(tally_category *c, const winnow_verdict *v)
{
    size_t hashed = v->len < SKETCH_TEXT ? v->len : SKETCH_TEXT;
    c->pieces++;
    c->bytes += v->len;
    sketch_add(c->examples, hash_text(v->text, hashed), v->text, v->len);
}

/* ---- Samples -------------------------------------------------------------------------------- */

/* splitmix64 of both numbers: a rank by chance, the same in every run. */
static uint64_t rank_of(uint64_t document, uint64_t part)
{
    uint64_t x = document * 0x9E3779B97F4A7C15u + part * 0xD1B54A32D192ED03u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

/* A copy of the passage joins the sample, and the one of highest rank leaves a full one. */
static void offer(tally_sample *s, const tally_passage *p)
{
    size_t out = s->count;
    if (s->count == TALLY_SAMPLES) {
        out = 0;
        for (size_t i = 1; i < TALLY_SAMPLES; i++)
            if (s->kept[i]->rank > s->kept[out]->rank)
                out = i;
        if (p->rank >= s->kept[out]->rank)
            return;
    } else {
        s->count++;
    }
    tally_passage *place = s->kept[out];
    memmove(s->kept + out, s->kept + out + 1, (s->count - 1 - out) * sizeof *s->kept);
    s->kept[s->count - 1] = place;
    *place = *p;
}

static void end_passage(tally *t, bool whole)
{
    tally_passage *p = t->passage;
    if (p->pieces == 0)
        return;
    p->whole = whole;
    offer(&t->any, p);
    if (p->touched)
        offer(&t->touched, p);
}

static void begin_passage(tally *t, const winnow_verdict *v, uint64_t part)
{
    tally_passage *p = t->passage;
    p->rank = rank_of(v->document, part);
    p->document = v->document;
    p->line = v->line;
    p->part = part;
    p->touched = false;
    p->pieces = p->len = 0;
}

static void end_document(tally *t)
{
    end_passage(t, true);
    t->documents_whole += t->document_kept && !t->document_dropped;
    t->documents_cut += t->document_kept && t->document_dropped;
    t->documents_emptied += !t->document_kept && t->document_dropped;
    t->document_kept = t->document_dropped = false;
}

/* What stood between the piece and the one before it in the passage. */
static void set_distance(const tally *t, tally_piece *piece, const winnow_verdict *v)
{
    uint64_t lines = v->line - t->last_line;
    piece->breaks = t->passage->pieces == 0 ? 0 : (uint8_t)(lines < 2 ? lines : 2);
    piece->spaced = v->byte != t->last_end;
}

static void add_piece(tally *t, const winnow_verdict *v, size_t category)
{
    tally_passage *p = t->passage;
    tally_piece *piece = &p->piece[p->pieces];
    size_t len = sketch_fitting(v->text, v->len, TALLY_SAMPLE_BYTES - p->len);
    *piece = (tally_piece){
        .start = (uint16_t)p->len,
        .len = (uint16_t)len,
        .reason = (uint8_t)v->reason,
        .category = (uint8_t)category,
        .cut = len < v->len,
    };
    set_distance(t, piece, v);
    memcpy(p->text + p->len, v->text, len);
    p->len += len;
    p->pieces++;
    p->touched |= v->reason != WINNOW_KEPT;
    t->last_line = v->line;
    t->last_end = v->byte + v->len;
}

static void take_passage(tally *t, const winnow_verdict *v, size_t category)
{
    tally_passage *p = t->passage;
    if (v->document != p->document) {
        end_document(t);
        begin_passage(t, v, 0);
    } else if (p->pieces == TALLY_SAMPLE_PIECES || v->len > TALLY_SAMPLE_BYTES - p->len) {
        end_passage(t, false);
        begin_passage(t, v, p->part + 1);
    }
    add_piece(t, v, category);
}

/* ---- Taking --------------------------------------------------------------------------------- */

void tally_take(tally *t, const winnow_verdict *v)
{
    size_t category = 0;
    take_length(t, v);
    t->bytes[v->reason] += v->len;
    if (v->reason == WINNOW_REPEAT) {
        if (v->unit)
            sketch_add(t->repeats, v->unit, v->text, v->len);
    } else if (v->reason != WINNOW_KEPT) {
        category = category_index(t, v);
        take_boilerplate(&t->categories[category], v);
    }
    take_passage(t, v, category);
    t->document_kept |= v->reason == WINNOW_KEPT;
    t->document_dropped |= v->reason != WINNOW_KEPT;
}

void tally_end(tally *t)
{
    end_document(t);
}
