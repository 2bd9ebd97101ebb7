#include "sets/algebra.h"

#include "cli/confine.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/sets.h"
#include "cli/stop.h"
#include "judge/saved_merge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int no_memory(void)
{
    message("out of memory");
    return -1;
}

/* ---- Sets read ------------------------------------------------------------------------------ */

typedef struct {
    set_file *files;
    saved_reader *readers;
    size_t open;
} sources;

static int read_trouble(const sources *s, size_t which, winnow_status status)
{
    if (status == WINNOW_ERR_NOMEM)
        return no_memory();
    set_trouble(s->files[which].name, status, s->readers[which].fault);
    return -1;
}

static int open_source(sources *s, const char *name)
{
    size_t i = s->open;
    if (set_open(&s->files[i], name) < 0)
        return -1;
    s->open++;
    winnow_status status = saved_open(&s->readers[i], set_read, &s->files[i]);
    return status == WINNOW_OK ? 0 : read_trouble(s, i, status);
}

/* Opens the sets, which must fit each other where `alike`. close_sources is due in any case. */
static int open_sources(sources *s, char **names, size_t count, bool alike)
{
    *s = (sources){0};
    s->files = calloc(count + 1, sizeof *s->files);
    s->readers = calloc(count + 1, sizeof *s->readers);
    if (!s->files || !s->readers)
        return no_memory();
    for (size_t i = 0; i < count; i++) {
        char fault[SAVED_FAULT_BYTES];
        if (open_source(s, names[i]) < 0)
            return -1;
        if (!alike || saved_fits(&s->readers[i].header, &s->readers[0].header, fault))
            continue;
        message("%s: does not fit %s: %s", names[i], names[0], fault);
        return -1;
    }
    return 0;
}

static void close_sources(sources *s)
{
    for (size_t i = 0; i < s->open; i++) {
        saved_close(&s->readers[i]);
        set_close(&s->files[i]);
    }
    free(s->readers);
    free(s->files);
}

/* ---- Sets written --------------------------------------------------------------------------- */

typedef struct {
    char *name;
    output file;
    saved_writer writer;
} target;

typedef struct {
    target *items;
    size_t len; /* begun */
} targets;

static int write_trouble(const target *t)
{
    if (!stop_requested())
        message("%s: %s", t->name, strerror(t->file.error));
    return -1;
}

/* `to`, or `to.number` where the command writes several. */
static char *target_name(const sets_job *job, size_t number)
{
    size_t size = strlen(job->to) + 32;
    char *name = malloc(size);
    bool several = job->operation == SETS_SPLIT || job->operation == SETS_REPEATS;
    if (name)
        snprintf(name, size, several ? "%s.%zu" : "%s", job->to, number);
    return name;
}

static int begin_target(targets *all, const sets_job *job, const saved_header *header)
{
    target *t = &all->items[all->len];
    t->name = target_name(job, all->len);
    if (!t->name)
        return no_memory();
    if (set_create(&t->file, t->name) < 0) {
        free(t->name);
        return -1;
    }
    all->len++;
    winnow_status status = saved_begin(&t->writer, header, set_write, &t->file);
    return status == WINNOW_OK           ? 0
           : status == WINNOW_ERR_NOMEM ? no_memory()
                                        : write_trouble(t);
}

/* end_targets is due in any case. */
static int begin_targets(targets *all, const sets_job *job, const saved_header *like)
{
    size_t count = job->operation == SETS_SPLIT     ? job->parts
                   : job->operation == SETS_REPEATS ? job->count
                                                    : 1;
    saved_header header = *like;
    header.count = 0;
    snprintf(header.writer, sizeof header.writer, "%s", WINNOW_VERSION);
    *all = (targets){.items = calloc(count, sizeof *all->items)};
    if (!all->items)
        return no_memory();
    while (all->len < count)
        if (begin_target(all, job, &header) < 0)
            return -1;
    return 0;
}

/* The header's count is known only now. */
static bool write_end(target *t)
{
    uint8_t header[SAVED_HEADER_BYTES];
    if (saved_finish(&t->writer) != WINNOW_OK)
        return false;
    saved_encode(&t->writer.header, header);
    return output_patch(&t->file, (const char *)header, sizeof header) && output_sync(&t->file);
}

/* All are on the disk before the first takes its name. They stand in one folder, and one wait for
   it is enough for all names. */
static int finish_targets(targets *all)
{
    for (size_t i = 0; i < all->len; i++)
        if (!write_end(&all->items[i]))
            return write_trouble(&all->items[i]);
    for (size_t i = 0; i < all->len; i++) {
        all->items[i].file.durable = i + 1 == all->len;
        if (!output_finish(&all->items[i].file))
            return write_trouble(&all->items[i]);
    }
    return 0;
}

static void end_targets(targets *all)
{
    for (size_t i = 0; i < all->len; i++) {
        output_abandon(&all->items[i].file, false);
        saved_free(&all->items[i].writer);
        free(all->items[i].name);
    }
    free(all->items);
}

/* ---- Giving up what is not needed ----------------------------------------------------------- */

/* From now on the named sets may be read, which may be opened one after another, and the targets
   may take their names. */
static void confine(char **names, size_t count, const targets *to)
{
    confinement c;
    confine_begin(&c, false);
    for (size_t i = 0; i < count; i++)
        confine_keep_reading(&c, names[i]);
    for (size_t i = 0; to && i < to->len; i++)
        confine_keep_replacing(&c, to->items[i].file.target);
    confine_end(&c);
}

/* ---- The commands --------------------------------------------------------------------------- */

static int put_key(target *t, saved_key key)
{
    return saved_put(&t->writer, key) == WINNOW_OK ? 0 : write_trouble(t);
}

/* Puts the key that the merge stands at where the job wants it. */
static int place_key(const sets_job *job, const saved_merge *m, targets *to)
{
    switch (job->operation) {
    case SETS_MERGE:
        return put_key(&to->items[0], m->key);
    case SETS_SUBTRACT:
        return m->found == 1 && m->who[0] == 0 ? put_key(&to->items[0], m->key) : 0;
    case SETS_INTERSECT:
        return m->found == job->count ? put_key(&to->items[0], m->key) : 0;
    case SETS_SPLIT:
        return put_key(&to->items[(m->key.high >> 32) * job->parts >> 32], m->key);
    case SETS_REPEATS:
        break;
    }
    for (size_t i = 1; i < m->found; i++)
        if (put_key(&to->items[m->who[i]], m->key) < 0)
            return -1;
    return 0;
}

/* Goes through all keys of all sets, to their ends, where their hashes are compared. */
static int pass_keys(const sets_job *job, sources *from, targets *to)
{
    saved_merge m;
    int result = 0;
    winnow_status status = merge_begin(&m, from->readers, from->open);
    if (status == WINNOW_OK)
        status = merge_next(&m);
    while (status == WINNOW_OK && m.found && result == 0) {
        result = place_key(job, &m, to);
        if (result == 0)
            status = merge_next(&m);
    }
    if (status != WINNOW_OK)
        result = read_trouble(from, m.failed, status);
    merge_free(&m);
    return result;
}

int sets_run(const sets_job *job)
{
    sources from;
    targets to = {0};
    int result = open_sources(&from, job->names, job->count, true);
    if (result == 0)
        result = begin_targets(&to, job, &from.readers[0].header);
    if (result == 0) {
        confine(NULL, 0, &to); /* the sets are open */
        result = pass_keys(job, &from, &to);
    }
    if (result == 0)
        result = finish_targets(&to);
    end_targets(&to);
    close_sources(&from);
    return result;
}

static int check_source(sources *s)
{
    winnow_status status = WINNOW_OK;
    while (s->readers[0].left && status == WINNOW_OK)
        status = saved_next(&s->readers[0]);
    return status == WINNOW_OK ? 0 : read_trouble(s, 0, status);
}

int sets_check(char **names, size_t count)
{
    int result = 0;
    confine(names, count, NULL);
    for (size_t i = 0; i < count && result == 0; i++) {
        sources one;
        result = open_sources(&one, &names[i], 1, false);
        if (result == 0)
            result = check_source(&one);
        close_sources(&one);
    }
    return result;
}

static bool put_name(output *o, const char *key, const char *name)
{
    return output_put(o, ",\"", 2) && output_put(o, key, strlen(key)) &&
           output_put(o, "\":", 2) && report_string(o, name, strlen(name));
}

static bool put_info(output *o, const char *name, const saved_header *h)
{
    char numbers[160];
    int len = snprintf(numbers, sizeof numbers,
                       ",\"version\":%d,\"keys\":%" PRIu64 ",\"min_words\":%" PRIu32
                       ",\"tidy\":%s,\"secret\":\"%016" PRIx64 "\"",
                       SAVED_VERSION, h->count, h->min_words, h->tidy ? "true" : "false",
                       h->secret_hash);
    return output_put(o, "{\"file\":", 8) && report_string(o, name, strlen(name)) &&
           output_put(o, numbers, (size_t)len) && put_name(o, "match", saved_match_name(h)) &&
           put_name(o, "unit", saved_unit_name(h)) && put_name(o, "form", saved_form_name(h)) &&
           put_name(o, "sentences", saved_sentences_name(h)) && put_name(o, "lang", h->lang) &&
           put_name(o, "unicode", h->unicode) &&
           put_name(o, "sentence_unicode", h->sentence_unicode) &&
           put_name(o, "winnow", h->writer) && output_put(o, "}\n", 2);
}

int sets_info(char **names, size_t count)
{
    output o;
    if (output_to_fd(&o, STDOUT_FILENO, NULL) < 0)
        return no_memory();
    confine(names, count, NULL);
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++) {
        sources one;
        result = open_sources(&one, &names[i], 1, false);
        if (result == 0)
            put_info(&o, names[i], &one.readers[0].header); /* o.error keeps what went wrong */
        close_sources(&one);
    }
    if (output_finish(&o))
        return result;
    if (!stop_requested())
        message("write error: %s", strerror(o.error));
    output_abandon(&o, false);
    return -1;
}
