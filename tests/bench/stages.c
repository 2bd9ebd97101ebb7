/*
 * Speed of each stage of the pipeline alone, and of the whole in memory, on one thread.
 *
 *     stages FILE
 *
 * The stages take one batch after another in turn, as in the pipeline, so that each finds what it
 * works on where it would be then, in the cache; each has its own clock. Prints a line each: GB/s
 * of input and ns a sentence, tabs between; the best of several passes.
 */
#include <stdint.h>
#include <string.h>

#include "base/list.h"
#include "bench.h"
#include "frame/frame.h"
#include "judge/context.h"
#include "judge/fold.h"
#include "judge/key.h"
#include "judge/phrase.h"
#include "judge/seen.h"
#include "sentence/sentence.h"
#include "text/text.h"
#include "winnow.h"

enum { MOST = 64 << 20, BATCH = 256 * 1024, PASSES = 5, AHEAD = 16, MIN_WORDS = 3 };

typedef struct {
    uint32_t start, len;
    bool part; /* of a line with others beside it */
} sentence;

typedef struct {
    const uint8_t *raw;
    size_t raw_len;
    text_stage *text;
    text_clean clean;
    const sentence_rules *rules;
    scan_places places;
    LIST(sentence) sentences;
    LIST(uint8_t) phrases; /* one for each line */
    LIST(key128) keys;
    buffer folded;
    context *context;
    seen *seen;
    uint64_t count, sum; /* sentences of a pass; what keeps the work from being left out */
} bench;

static void must(bool ok)
{
    if (!ok)
        bench_die("a stage failed");
}

static void stage_text(bench *b)
{
    text_clear(&b->clean);
    must(text_run(b->text, b->raw, b->raw_len, 0, &b->clean) == WINNOW_OK);
}

static void stage_sentence(bench *b)
{
    must(sentence_scan(b->clean.text.data, b->clean.text.len, &b->places));
    const uint32_t *place = b->places.items;
    b->sentences.len = 0;
    for (size_t i = 0; i < b->clean.lines.len; i++) {
        const text_line *l = &b->clean.lines.items[i];
        size_t line_end = (size_t)l->start + l->len;
        for (size_t at = l->start, end; at < line_end; at = end) {
            end = sentence_next(b->rules, b->clean.text.data, &place, at, line_end);
            must(list_reserve(&b->sentences, 1));
            b->sentences.items[b->sentences.len++] = (sentence){
                (uint32_t)at, (uint32_t)(end - at), end - at < l->len};
        }
    }
    b->count += b->sentences.len;
}

static uint8_t phrase_of(bench *b, size_t start, size_t len)
{
    phrase_answer answer;
    unsigned category = PHRASE_NONE;
    must(phrase_find(phrase_corpus(), b->clean.text.data + start, len, &b->folded, &answer,
                     &category));
    return (uint8_t)(answer == PHRASE_FOUND ? category : PHRASE_NONE);
}

static void stage_phrase(bench *b)
{
    b->phrases.len = 0;
    must(list_reserve(&b->phrases, b->clean.lines.len));
    for (size_t i = 0; i < b->clean.lines.len; i++) {
        const text_line *l = &b->clean.lines.items[i];
        b->phrases.items[b->phrases.len++] = l->len ? phrase_of(b, l->start, l->len) : PHRASE_NONE;
    }
    for (size_t i = 0; i < b->sentences.len; i++) {
        const sentence *s = &b->sentences.items[i];
        if (s->part)
            b->sum += phrase_of(b, s->start, s->len);
    }
}

static void stage_context(bench *b)
{
    int32_t score = 0;
    for (size_t i = 0; i < b->clean.lines.len; i++) {
        const text_line *l = &b->clean.lines.items[i];
        line_features f = {0};
        context_measure(&f, b->clean.text.data + l->start, l->len, b->phrases.items[i],
                        l->flags & TEXT_AFTER_GAP);
        if (context_push(b->context, &f, &score))
            b->sum += (uint32_t)score;
    }
}

static void stage_key(bench *b)
{
    b->keys.len = 0;
    must(list_reserve(&b->keys, b->sentences.len));
    for (size_t i = 0; i < b->sentences.len; i++) {
        const sentence *s = &b->sentences.items[i];
        const uint8_t *text = b->clean.text.data + s->start;
        if (fold_words(text, s->len, MIN_WORDS) < MIN_WORDS)
            continue;
        must(fold(WINNOW_MATCH_TEXT, text, s->len, &b->folded));
        b->keys.items[b->keys.len++] = key_of(key_secret, b->folded.data, b->folded.len);
    }
}

static void stage_seen(bench *b)
{
    const key128 *keys = b->keys.items;
    for (size_t i = 0; i < b->keys.len; i++) {
        int repeat;
        if (i + AHEAD < b->keys.len)
            seen_prefetch(b->seen, keys[i + AHEAD]);
        must(seen_add(b->seen, keys[i], &repeat) == WINNOW_OK);
        b->sum += (uint64_t)repeat;
    }
}

static const struct {
    const char *name;
    void (*run)(bench *b);
} stages[] = {
    {"text: repair, tidy, NFC", stage_text}, {"sentence boundaries", stage_sentence},
    {"phrases", stage_phrase},               {"context, of every line", stage_context},
    {"fold and key", stage_key},             {"seen set", stage_seen},
};

enum { STAGES = sizeof stages / sizeof *stages };

static void begin_pass(bench *b)
{
    static const text_options text = {.tidy = true};
    *b = (bench){.rules = sentence_rules_for(WINNOW_PROSE, NULL), .context = context_create()};
    must(b->context && text_create(&b->text, &text) == WINNOW_OK);
    must(seen_create(&b->seen, 1, 0) == WINNOW_OK);
    context_begin(b->context);
}

static void end_pass(bench *b)
{
    text_free(b->text);
    text_clean_free(&b->clean);
    list_free(&b->places);
    list_free(&b->sentences);
    list_free(&b->phrases);
    list_free(&b->keys);
    buffer_free(&b->folded);
    context_free(b->context);
    seen_free(b->seen);
}

/* One pass over the text: adds up what each stage took, and counts the sentences. */
static uint64_t pass(const buffer *text, double took[STAGES])
{
    static const winnow_options defaults;
    bench b;
    frame f;
    frame_cut cut;
    frame_init(&f, &defaults);
    begin_pass(&b);
    for (size_t at = 0; at < text->len; at += b.raw_len) {
        b.raw = text->data + at;
        b.raw_len = frame_next(&f, b.raw, text->len - at, BATCH, &cut);
        if (!b.raw_len)
            b.raw_len = text->len - at;
        for (unsigned i = 0; i < STAGES; i++) {
            double start = bench_now();
            stages[i].run(&b);
            took[i] += bench_now() - start;
        }
    }
    end_pass(&b);
    return b.count;
}

static int swallow(void *user, const void *text, size_t len)
{
    (void)text;
    *(uint64_t *)user += len;
    return 0;
}

/* The whole library, from memory to nowhere. */
static double whole(const buffer *text, winnow_boilerplate level)
{
    winnow_options opt = {.boilerplate = level};
    uint64_t written = 0;
    winnow *w;
    double start = bench_now();
    must(winnow_create(&w, &opt, swallow, &written) == WINNOW_OK);
    must(winnow_feed(w, text->data, text->len) == WINNOW_OK);
    must(winnow_finish(w) == WINNOW_OK);
    winnow_free(w);
    return bench_now() - start;
}

static const struct {
    const char *name;
    winnow_boilerplate level;
} wholes[] = {
    {"whole, --boilerplate=off", WINNOW_BOILERPLATE_OFF},
    {"whole, --boilerplate=phrases", WINNOW_BOILERPLATE_PHRASES},
    {"whole, default", WINNOW_BOILERPLATE_DEFAULT},
};

enum { WHOLES = sizeof wholes / sizeof *wholes };

static void keep_least(double *best, double took)
{
    if (*best == 0 || took < *best)
        *best = took;
}

static void print_row(const char *name, const buffer *text, double seconds, uint64_t sentences)
{
    printf("%s\t%.3f\t%.1f\n", name, (double)text->len / seconds * 1e-9,
           seconds * 1e9 / (double)sentences);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        bench_die("usage: stages FILE");
    buffer text = bench_read(argv[1], MOST);
    double best[STAGES] = {0}, best_whole[WHOLES] = {0};
    uint64_t sentences = 0;
    for (unsigned i = 0; i < PASSES; i++) {
        double took[STAGES] = {0};
        sentences = pass(&text, took);
        for (unsigned k = 0; k < STAGES; k++)
            keep_least(&best[k], took[k]);
        for (unsigned k = 0; k < WHOLES; k++)
            keep_least(&best_whole[k], whole(&text, wholes[k].level));
    }
    if (!sentences)
        bench_die("no sentence in the file");
    for (unsigned k = 0; k < STAGES; k++)
        print_row(stages[k].name, &text, best[k], sentences);
    for (unsigned k = 0; k < WHOLES; k++)
        print_row(wholes[k].name, &text, best_whole[k], sentences);
    buffer_free(&text);
    return 0;
}
