/* The public library: owns the context, moves batches from the frame through the workers to the
   judge. */
#include "winnow.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>
#include <xxhash.h>

#include "batch.h"
#include "frame/frame.h"
#include "judge/known.h"
#include "judge/learned.h"
#include "judge/rules.h"
#include "judge/verdict.h"
#include "workers.h"
#include "writer.h"

_Static_assert(WINNOW_SECRET_BYTES == KEY_SECRET_BYTES, "the header says what key_of takes");

enum {
    BATCH_BYTES = 256 * 1024, /* a batch and all made of it stay in a core's cache */
    DIRECT_BYTES = 16 * 1024  /* input at least so long is worked on where it lies */
};

struct winnow {
    batch_plan plan;
    frame frame;
    writer writer;
    judge judge;
    known known;
    workers *workers;
    batch *filling;     /* its `held` has the bytes pending */
    batch *spare;
    uint64_t offset;    /* of the first byte pending, in the whole input */
    uint64_t bytes_in;
    frame_cut last_cut; /* how the last batch ended */
    bool in_document;   /* something was fed since the last document ended */
    winnow_status status;
    uint64_t invalid_at;
};

static batch *new_batch(winnow *w)
{
    batch *b = w->spare;
    if (!b)
        return calloc(1, sizeof *b);
    w->spare = b->next;
    b->next = NULL;
    return b;
}

static void put_back(winnow *w, batch *list)
{
    while (list) {
        batch *b = list;
        list = b->next;
        batch_clear(b);
        b->next = w->spare;
        w->spare = b;
    }
}

static void free_list(batch *list)
{
    while (list) {
        batch *b = list;
        list = b->next;
        batch_free(b);
        free(b);
    }
}

/* A path of keys, none of them empty. */
static bool valid_field(const char *path)
{
    size_t len = strlen(path);
    return len > 0 && len < FIELD_BYTES && path[0] != '.' && path[len - 1] != '.' &&
           !strstr(path, "..");
}

static bool valid_options(const winnow_options *o)
{
    return o->form <= WINNOW_FORM_NONE && o->invalid <= WINNOW_INVALID_FAIL &&
           o->unit <= WINNOW_DOCUMENT && o->sentences <= WINNOW_UAX29 &&
           o->match <= WINNOW_MATCH_LOOSE && o->scope <= WINNOW_SCOPE_DOCUMENT &&
           o->memory_full <= WINNOW_FULL_PASS && o->boilerplate <= WINNOW_BOILERPLATE_STRICT &&
           o->format <= WINNOW_WET && o->empty <= WINNOW_EMPTY_DROP &&
           sentence_rules_for(o->sentences, o->lang) != NULL &&
           !(o->lang && o->sentences == WINNOW_UAX29) &&
           !(o->empty == WINNOW_EMPTY_DROP && o->format < WINNOW_NUL) &&
           (!o->field || (o->format == WINNOW_JSONL && valid_field(o->field))) &&
           !(o->rules && !rules_phrases(o->rules));
}

static void make_plan(batch_plan *p, const winnow_options *opt)
{
    p->opt = *opt;
    winnow_options *o = &p->opt;
    if (!o->keep)
        o->keep = 1;
    if (!o->threads)
        o->threads = 1;
    p->min_words = o->min_words ? o->min_words : 3;
    memcpy(p->secret, o->secret ? o->secret : key_secret, KEY_SECRET_BYTES);
    p->rules = sentence_rules_for(o->sentences, o->lang);
    p->keys = o->keep != WINNOW_KEEP_ALL;
    p->phrases = o->boilerplate != WINNOW_BOILERPLATE_OFF;
    /* A document of one line has no neighbours. */
    p->context = p->phrases && o->boilerplate != WINNOW_BOILERPLATE_PHRASES &&
                 o->format != WINNOW_LINES;
    /* In a text that is one document there are none, in a paragraph no line stands for itself. At
       the default level nothing but sentences goes from one document to another, so that saved
       sets carry all of it. */
    p->templates = p->context && o->boilerplate == WINNOW_BOILERPLATE_STRICT &&
                   o->format != WINNOW_TEXT && o->unit <= WINNOW_LINE;
    p->own = o->rules ? rules_phrases(o->rules) : NULL;
    p->sentences = o->unit == WINNOW_SENTENCE || o->split || p->phrases || p->own;
    p->spans = p->keys || p->phrases || p->own || o->split || o->count;
    p->records = frame_has_records(o->format);
    strcpy(p->field, o->field ? o->field : "text"); /* valid_field: it fits */
    o->field = p->field;
    p->text = (text_options){
        .form = o->form,
        .tidy = !o->no_tidy,
        .invalid = o->invalid,
        .one_line = o->format == WINNOW_LINES,
        .edits = o->on_drop || o->on_keep,
    };
    frame_init(&p->frame, o);
}

static winnow_status start(winnow *w, winnow_sink *sink, void *user)
{
    writer_init(&w->writer, &w->plan.opt, sink, user);
    w->frame = w->plan.frame;
    winnow_status st = judge_init(&w->judge, &w->plan, &w->writer);
    if (st != WINNOW_OK)
        return st;
    w->filling = new_batch(w);
    if (!w->filling)
        return WINNOW_ERR_NOMEM;
    return workers_create(&w->workers, &w->plan, w->plan.opt.threads);
}

/* Ends everything start() began; `w` can be started again. */
static void stop(winnow *w)
{
    batch *left;
    workers_free(w->workers, &left);
    w->workers = NULL;
    free_list(left);
    free_list(judge_release(&w->judge));
    judge_free(&w->judge);
    w->judge = (judge){0};
    known_free(&w->known);
    free_list(w->filling);
    w->filling = NULL;
    writer_free(&w->writer);
}

winnow_status winnow_create(winnow **out, const winnow_options *opt, winnow_sink *sink, void *user)
{
    static const winnow_options defaults;
    if (!opt)
        opt = &defaults;
    if (!sink || !valid_options(opt))
        return WINNOW_ERR_OPTION;
    winnow *w = calloc(1, sizeof *w);
    if (!w)
        return WINNOW_ERR_NOMEM;
    make_plan(&w->plan, opt);
    winnow_status st = start(w, sink, user);
    if (st != WINNOW_OK) {
        winnow_free(w);
        return st;
    }
    *out = w;
    return WINNOW_OK;
}

void winnow_free(winnow *w)
{
    if (!w)
        return;
    stop(w);
    free_list(w->spare);
    free(w);
}

winnow_status winnow_reset(winnow *w)
{
    winnow_sink *sink = w->writer.sink;
    void *user = w->writer.user;
    stop(w);
    w->offset = w->bytes_in = w->invalid_at = 0;
    w->last_cut = FRAME_CLEAN;
    w->in_document = false;
    w->status = start(w, sink, user);
    return w->status;
}

/* Judges the oldest batch; one whose work is not done only if `wait`. False: there is none. */
static bool judge_oldest(winnow *w, bool wait, winnow_status *st)
{
    batch *done = NULL, *b = workers_take(w->workers, wait);
    if (!b)
        return false;
    if (b->status == WINNOW_ERR_INVALID || b->status == WINNOW_ERR_RECORD)
        w->invalid_at = b->invalid_at;
    *st = judge_take(&w->judge, b, &done);
    put_back(w, done);
    return *st == WINNOW_OK;
}

/* Gives a batch, its input in place, to the workers. */
static winnow_status submit(winnow *w, batch *b, frame_cut cut)
{
    winnow_status st = WINNOW_OK;
    b->raw_offset = w->offset;
    b->in_line_before = w->last_cut == FRAME_IN_LINE;
    b->in_unit_before = w->last_cut != FRAME_CLEAN;
    b->in_line_after = cut == FRAME_IN_LINE;
    b->in_unit_after = cut != FRAME_CLEAN;
    w->last_cut = cut;
    w->offset += b->raw_len;
    workers_give(w->workers, b);
    /* One place stays free for the next; a lone thread works here and now, so that input may lie
       in the caller's memory. */
    while (judge_oldest(w, workers_full(w->workers), &st))
        continue;
    return st;
}

/* The first `len` pending bytes become a batch. */
static winnow_status submit_pending(winnow *w, size_t len, frame_cut cut, bool document_ends)
{
    batch *b = w->filling, *next = new_batch(w);
    size_t left = b->held.len - len; /* without any, there may be no data */
    if (!next || !buffer_append(&next->held, left ? b->held.data + len : NULL, left)) {
        free_list(next);
        return WINNOW_ERR_NOMEM;
    }
    w->filling = next;
    b->raw = len ? b->held.data : (const uint8_t *)"";
    b->raw_len = len;
    b->document_ends = document_ends;
    return submit(w, b, cut);
}

/* Makes batches of what is pending as long as there is a place to cut. */
static winnow_status submit_all(winnow *w)
{
    winnow_status st = WINNOW_OK;
    frame_cut cut;
    size_t len;
    while (st == WINNOW_OK && (len = frame_next(&w->frame, w->filling->held.data,
                                                w->filling->held.len, BATCH_BYTES, &cut)) != 0)
        st = submit_pending(w, len, cut, false);
    return st;
}

/* Works on input where it lies, as far as there is a place to cut; `*taken`: so many bytes. */
static winnow_status feed_direct(winnow *w, const uint8_t *bytes, size_t len, size_t *taken)
{
    winnow_status st = WINNOW_OK;
    size_t at = 0, size;
    frame_cut cut;
    while (st == WINNOW_OK && len - at >= DIRECT_BYTES &&
           (size = frame_next(&w->frame, bytes + at, len - at, BATCH_BYTES, &cut)) != 0) {
        batch *b = new_batch(w);
        if (!b)
            return WINNOW_ERR_NOMEM;
        b->raw = bytes + at;
        b->raw_len = size;
        at += size;
        st = submit(w, b, cut);
    }
    *taken = at;
    return st;
}

/* Adds input to what is pending, and makes batches of it when there is enough. `*taken`: so many
   bytes are taken; where all pending bytes found their batch, the rest may be worked on
   directly. */
static winnow_status feed_pending(winnow *w, const uint8_t *bytes, size_t len, size_t *taken)
{
    size_t limit = w->plan.opt.threads == 1 ? DIRECT_BYTES : BATCH_BYTES;
    size_t add = len < limit ? len : limit;
    buffer *held = &w->filling->held;
    *taken = add;
    if (!buffer_append(held, bytes, add))
        return WINNOW_ERR_NOMEM;
    bool direct = w->plan.opt.threads == 1 && len - add >= DIRECT_BYTES;
    if (held->len < BATCH_BYTES && !direct)
        return WINNOW_OK;
    winnow_status st = submit_all(w);
    held = &w->filling->held;
    if (direct && held->len < add) { /* what is left came with this call */
        *taken = add - held->len;
        held->len = 0;
        w->frame.seen = 0;
    }
    return st;
}

static winnow_status feed(winnow *w, const uint8_t *bytes, size_t len)
{
    winnow_status st = WINNOW_OK;
    bool direct = w->plan.opt.threads == 1;
    for (size_t taken; len && st == WINNOW_OK; bytes += taken, len -= taken) {
        taken = 0;
        if (direct && !w->filling->held.len)
            st = feed_direct(w, bytes, len, &taken);
        if (!taken && st == WINNOW_OK)
            st = feed_pending(w, bytes, len, &taken);
    }
    return st;
}

/* Everything given is judged. */
static winnow_status drain(winnow *w)
{
    winnow_status st = WINNOW_OK;
    while (judge_oldest(w, true, &st))
        continue;
    return st;
}

/* Errors stick. What was judged before one is written all the same: a true prefix. */
static winnow_status settle(winnow *w, winnow_status st)
{
    if (st == WINNOW_OK)
        return st;
    w->status = WINNOW_ERR_STATE;
    if (st != WINNOW_ERR_SINK && writer_flush(&w->writer) == WINNOW_ERR_SINK)
        st = WINNOW_ERR_SINK;
    return st;
}

winnow_status winnow_feed(winnow *w, const void *bytes, size_t len)
{
    if (w->status != WINNOW_OK)
        return WINNOW_ERR_STATE;
    if (!len)
        return WINNOW_OK;
    const uint8_t *from = bytes;
    w->bytes_in += len;
    w->in_document = !(w->plan.opt.format == WINNOW_NUL && from[len - 1] == 0);
    return settle(w, feed(w, from, len));
}

winnow_status winnow_flush(winnow *w)
{
    if (w->status != WINNOW_OK)
        return WINNOW_ERR_STATE;
    winnow_status st = submit_all(w);
    if (st == WINNOW_OK)
        st = drain(w);
    if (st == WINNOW_OK)
        st = writer_flush(&w->writer);
    return settle(w, st);
}

winnow_status winnow_finish(winnow *w)
{
    if (w->status != WINNOW_OK)
        return WINNOW_ERR_STATE;
    winnow_status st = submit_all(w);
    if (st == WINNOW_OK && w->in_document)
        st = submit_pending(w, w->filling->held.len, FRAME_CLEAN, true);
    if (st == WINNOW_OK)
        st = drain(w);
    if (st == WINNOW_OK)
        st = writer_flush(&w->writer);
    w->frame = w->plan.frame;
    w->in_document = false;
    return settle(w, st);
}

static uint64_t documents(const winnow *w)
{
    return w->plan.opt.format == WINNOW_LINES ? w->judge.lines : w->judge.documents;
}

winnow_status winnow_learned(const winnow *w, winnow_sink *sink, void *user)
{
    if (!w->judge.learn)
        return WINNOW_ERR_OPTION;
    buffer text = {0};
    winnow_status st = WINNOW_OK;
    if (!learn_rules(w->judge.learn, documents(w), &text))
        st = WINNOW_ERR_NOMEM;
    else if (sink(user, text.data, text.len) != 0)
        st = WINNOW_ERR_SINK;
    buffer_free(&text);
    return st;
}

winnow_status winnow_load_learned(winnow *w, winnow_source *source, void *user)
{
    if (w->status != WINNOW_OK || w->bytes_in)
        return WINNOW_ERR_STATE;
    if (!w->judge.learn)
        return WINNOW_ERR_OPTION;
    return settle(w, learned_load(w->judge.learn, &w->plan.opt, source, user, w->known.fault));
}

winnow_status winnow_save_learned(const winnow *w, winnow_sink *sink, void *user)
{
    if (w->status != WINNOW_OK)
        return WINNOW_ERR_STATE;
    if (!w->judge.learn)
        return WINNOW_ERR_OPTION;
    return learned_save(w->judge.learn, &w->plan.opt, documents(w), sink, user);
}

/* A set tells whether a unit was there, not how often, nor in which document. */
static bool may_share_seen(const winnow *w)
{
    return w->plan.opt.keep == 1 && w->plan.opt.scope == WINNOW_SCOPE_STREAM;
}

static saved_header header_of(const winnow *w)
{
    saved_header h;
    saved_header_of(&h, &w->plan.opt, w->plan.secret);
    h.min_words = w->plan.min_words;
    return h;
}

winnow_status winnow_load_seen(winnow *w, winnow_source *source, void *user)
{
    if (w->status != WINNOW_OK || w->bytes_in)
        return WINNOW_ERR_STATE;
    if (!may_share_seen(w))
        return WINNOW_ERR_OPTION;
    saved_header want = header_of(w);
    return settle(w, known_load(&w->known, w->judge.seen, &want, source, user));
}

winnow_status winnow_save_seen(winnow *w, winnow_sink *sink, void *user)
{
    if (w->status != WINNOW_OK)
        return WINNOW_ERR_STATE;
    if (!may_share_seen(w))
        return WINNOW_ERR_OPTION;
    saved_header header = header_of(w);
    return known_save(&w->known, w->judge.seen, &header, sink, user);
}

const char *winnow_set_fault(const winnow *w)
{
    return w->known.fault;
}

void winnow_get_stats(const winnow *w, winnow_stats *out)
{
    const judge *j = &w->judge;
    *out = j->stats;
    out->bytes_in = w->bytes_in;
    out->bytes_out = w->writer.bytes;
    out->secret_hash = XXH3_64bits(w->plan.secret, KEY_SECRET_BYTES);
    out->lines_in = j->lines;
    out->lines_out = w->writer.lines + w->writer.owes_end;
    out->gap_before = !w->plan.records && w->writer.gap_first;
    out->gap_after = w->plan.records ? w->writer.owes_record
                     : w->writer.nul ? w->writer.owes_nul
                                     : w->writer.gap;
    out->documents = documents(w);
    if (j->seen) {
        out->unique = seen_count(j->seen);
        out->loaded = w->known.keys;
        out->seen_bytes = seen_bytes(j->seen);
        out->expected_false_drops = seen_expected_false(j->seen);
    }
}

uint64_t winnow_invalid_at(const winnow *w)
{
    return w->invalid_at;
}

const char *winnow_status_text(winnow_status st)
{
    static const char *const texts[] = {
        [WINNOW_OK] = "no error",
        [WINNOW_ERR_NOMEM] = "out of memory",
        [WINNOW_ERR_OPTION] = "options out of range, or that exclude each other",
        [WINNOW_ERR_SINK] = "the sink asked to stop",
        [WINNOW_ERR_INVALID] = "the input is not valid UTF-8",
        [WINNOW_ERR_RECORD] = "a record cannot be cleaned",
        [WINNOW_ERR_FULL] = "the seen set has reached its limit",
        [WINNOW_ERR_RULE] = "a line of rules that says nothing",
        [WINNOW_ERR_STATE] = "called after an error",
        [WINNOW_ERR_SOURCE] = "a source could not be read",
        [WINNOW_ERR_SET] = "a saved set does not fit, or is damaged",
    };
    return st <= WINNOW_ERR_SET ? texts[st] : "unknown status";
}

const char *winnow_reason_name(winnow_reason reason)
{
    static const char *const names[WINNOW_REASONS] = {
        [WINNOW_KEPT] = "kept",
        [WINNOW_REPEAT] = "repeat",
        [WINNOW_PHRASE] = "phrase",
        [WINNOW_CONTEXT] = "context",
        [WINNOW_RULE] = "rule",
        [WINNOW_TEMPLATE] = "template",
    };
    return reason < WINNOW_REASONS ? names[reason] : "unknown";
}

const char *winnow_language(unsigned i)
{
    return sentence_language(i);
}

static char version_text[512];

static void make_version_text(void)
{
    unsigned x = XXH_versionNumber();
    snprintf(version_text, sizeof version_text,
             "winnow %s\n"
             "utf8proc %s (Unicode %s)\n"
             "xxHash %u.%u.%u, XXH3-128, secret %016llx\n"
             "sentence boundaries: Unicode %s\n",
             WINNOW_VERSION, utf8proc_version(), utf8proc_unicode_version(), x / 10000,
             x / 100 % 100, x % 100,
             (unsigned long long)XXH3_64bits(key_secret, KEY_SECRET_BYTES),
             sentence_unicode_version);
}

const char *winnow_version_text(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_version_text);
    return version_text;
}
