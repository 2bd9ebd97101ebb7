#include "cli/run.h"

#include "cli/confine.h"
#include "cli/explain.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/page.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/rules.h"
#include "cli/sets.h"
#include "cli/stop.h"
#include "cli/summary.h"
#include "cli/tally.h"
#include "cli/unpack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    READ_BYTES = 256 * 1024, /* flat above this, from files and from pipes */
    /* An input that pauses is answered with all that is settled. A writer that is merely slower
       than we are refills its pipe sooner than this, and then batches may stay large... */
    PAUSE_MS = 2,
    /* ...but one that writes a little all the time is answered this often. */
    ANSWER_MS = 100,
    TOLD_MAX = 5 /* records passed on that are named; the rest are counted */
};

typedef struct {
    const settings *s;
    winnow *filter;
    output text;
    output dropped; /* its fd is -1 where nobody asked */
    output stats;   /* likewise */
    output learn;   /* likewise */
    output learned; /* what is counted for it; likewise */
    explain explain;
    winnow_rules *rules; /* NULL: none */
    output page;    /* likewise */
    tally *tally;   /* what the page shows; NULL where nobody asked */
    progress progress;
    output seen;    /* the set that is saved; likewise */
    set_file *sets; /* those that are loaded: s->seen.count, of which... */
    int open_sets;  /* ...so many are open */
    char *block;    /* READ_BYTES */
    unsigned char secret[WINNOW_SECRET_BYTES];
    double began;   /* seconds on a clock that only goes forward */
    double answered;
    bool unanswered; /* something was fed since the last flush */
    uint64_t fed;    /* bytes of the files before this one */
    uint64_t passed; /* bytes that those files take */
    uint64_t size;   /* bytes of all files; 0: not known */
    uint64_t documents; /* of the files before this one */
    const char *name;   /* of this file */
    unsigned told;      /* records passed on that were named */
} run_state;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- Telling -------------------------------------------------------------------------------- */

/* A call that a signal ended is no news: the signal's own exit status says it. */
static int trouble(const char *name)
{
    if (!stop_requested())
        message("%s: %s", name, strerror(errno));
    return EXIT_TROUBLE;
}

static int read_trouble(const input *in)
{
    if (!*in->complaint)
        return trouble(in->name);
    if (!stop_requested())
        message("%s: %s", in->name, in->complaint);
    return EXIT_TROUBLE;
}

static int write_trouble(const output *o)
{
    if (!stop_requested())
        message("%s: %s", o->name ? o->name : "write error", strerror(o->error));
    return EXIT_TROUBLE;
}

/* What has become of the output, when memory did not suffice. */
static const char *fate(const run_state *r)
{
    return r->text.temporary ? "no output was made" : "what was written is right up to there";
}

static int memory_trouble(const run_state *r)
{
    winnow_stats stats;
    if (!r->filter) {
        message("out of memory");
        return EXIT_TROUBLE;
    }
    winnow_get_stats(r->filter, &stats);
    message("out of memory after %" PRIu64 " units (%" PRIu64 " bytes in the seen set); %s; use "
            "--memory-full=pass with --memory=SIZE, or several machines",
            stats.unique, stats.seen_bytes, fate(r));
    return EXIT_TROUBLE;
}

static int full_trouble(const run_state *r)
{
    winnow_stats stats;
    winnow_get_stats(r->filter, &stats);
    message("memory full after %" PRIu64 " units (%" PRIu64 " bytes); %s; use a larger "
            "--memory, --memory-full=pass, or several machines",
            stats.unique, stats.seen_bytes, fate(r));
    return EXIT_TROUBLE;
}

static int invalid_trouble(const run_state *r, const char *name)
{
    message("%s: invalid UTF-8 at byte %" PRIu64, name, winnow_invalid_at(r->filter) - r->fed);
    return EXIT_ASKED;
}

static int record_trouble(const run_state *r, const char *name)
{
    message("%s: a record that cannot be cleaned at byte %" PRIu64, name,
            winnow_invalid_at(r->filter) - r->fed);
    return EXIT_ASKED;
}

/* What came before the error is still written: it is right. */
static void write_prefix(run_state *r)
{
    output_flush(&r->dropped);
    if (!r->text.temporary)
        output_flush(&r->text);
}

/* Tells what stopped the filter, and returns the exit status for it. */
static int filter_trouble(run_state *r, winnow_status status, const char *name)
{
    if (status != WINNOW_ERR_SINK)
        write_prefix(r);
    if (stop_requested())
        return EXIT_TROUBLE;
    if (r->text.error)
        return write_trouble(&r->text);
    if (r->dropped.error)
        return write_trouble(&r->dropped);
    switch (status) {
    case WINNOW_ERR_NOMEM:
        return memory_trouble(r);
    case WINNOW_ERR_FULL:
        return full_trouble(r);
    case WINNOW_ERR_INVALID:
        return invalid_trouble(r, name);
    case WINNOW_ERR_RECORD:
        return record_trouble(r, name);
    default:
        message("%s", winnow_status_text(status));
        return EXIT_TROUBLE;
    }
}

/* ---- Opening -------------------------------------------------------------------------------- */

static int refuse_shared(const run_state *r)
{
    const output *files[] = {&r->text, &r->dropped, &r->page, &r->learn, &r->learned, &r->seen,
                             &r->stats};
    size_t count = sizeof files / sizeof *files - !r->s->stats_file;
    for (size_t b = 1; b < count; b++)
        for (size_t a = 0; a < b; a++)
            if (output_is_same(files[a], files[b])) {
                message("%s: one file for two outputs",
                        files[b]->name ? files[b]->name : "standard output");
                return EXIT_TROUBLE;
            }
    return EXIT_DONE;
}

static int open_outputs(run_state *r)
{
    const settings *s = r->s;
    if (s->dropped && output_to_file(&r->dropped, s->dropped) < 0)
        return trouble(s->dropped);
    if (s->learn && output_to_name(&r->learn, s->learn) < 0)
        return trouble(s->learn);
    if (s->stats_file && output_to_file(&r->stats, s->stats_file) < 0)
        return trouble(s->stats_file);
    if (s->stats && !s->stats_file && output_to_fd(&r->stats, STDERR_FILENO, "standard error") < 0)
        return trouble("standard error");
    if (s->report && output_to_name(&r->page, s->report) < 0)
        return trouble(s->report);
    if (output_to_name(&r->text, s->output ? s->output : "-") < 0)
        return trouble(s->output ? s->output : "standard output");
    if (s->filter.format == WINNOW_NUL && !s->explain)
        r->text.end = '\0';
    if (s->save_seen && set_create(&r->seen, s->save_seen) < 0)
        return EXIT_TROUBLE;
    if (s->save_learned && set_create(&r->learned, s->save_learned) < 0)
        return EXIT_TROUBLE;
    r->text.durable = s->save_seen != NULL; /* what the set knows must not get lost */
    return refuse_shared(r);
}

static int refuse_input_as_output(const run_state *r, const struct stat *file, const char *name)
{
    if (output_is(&r->text, file) || output_is(&r->dropped, file) || output_is(&r->page, file) ||
        output_is(&r->learn, file) || output_is(&r->learned, file) || output_is(&r->seen, file) ||
        (r->s->stats_file && output_is(&r->stats, file))) {
        message("%s: input file is output file", name);
        return EXIT_TROUBLE;
    }
    return EXIT_DONE;
}

/* Everything that can be known to fail is told before the first byte is written. A file that is
   missing ends the run, even among others: text that silently lacks a part is worse than none. */
static int check_input(const run_state *r, const char *name)
{
    struct stat file;
    bool standard = input_is_standard(name);
    const char *shown = standard ? "standard input" : name;
    if ((standard ? fstat(STDIN_FILENO, &file) : stat(name, &file)) < 0)
        return trouble(shown);
    if (S_ISDIR(file.st_mode)) {
        errno = EISDIR;
        return trouble(shown);
    }
    return refuse_input_as_output(r, &file, shown);
}

static int check_inputs(const run_state *r)
{
    int status = r->s->file_count ? EXIT_DONE : check_input(r, "-");
    for (int i = 0; i < r->s->file_count && status == EXIT_DONE; i++)
        status = check_input(r, r->s->files[i]);
    for (int i = 0; i < r->s->rules.count && status == EXIT_DONE; i++)
        status = check_input(r, r->s->rules.names[i]);
    return status;
}

static int empty_reports(run_state *r)
{
    if (r->s->dropped && output_empty(&r->dropped) < 0)
        return trouble(r->s->dropped);
    if (r->s->stats_file && output_empty(&r->stats) < 0)
        return trouble(r->s->stats_file);
    return EXIT_DONE;
}

static int sink_text(void *user, const void *text, size_t len)
{
    return !output_put(user, text, len);
}

/* The text itself is not asked for. */
static int sink_nothing(void *user, const void *text, size_t len)
{
    (void)user;
    (void)text;
    (void)len;
    return 0;
}

static int sink_verdict(void *user, const winnow_verdict *v)
{
    run_state *r = user;
    if (r->tally)
        tally_take(r->tally, v);
    if (v->reason != WINNOW_KEPT && r->s->dropped && !report_drop(&r->dropped, v))
        return 1;
    return r->s->explain && !explain_verdict(&r->explain, v);
}

static int tell_passed(void *user, const winnow_passed *record)
{
    run_state *r = user;
    if (!r->s->quiet && r->told++ < TOLD_MAX)
        message("%s: record %" PRIu64 ", at byte %" PRIu64 ", stays as it is: %s", r->name,
                record->document - r->documents, record->byte - r->fed, record->why);
    return 0;
}

/* The first bytes of a file of random ones. */
static int read_secret(run_state *r)
{
    const char *name = r->s->secret;
    input in;
    size_t have = 0;
    if (input_open(&in, name) < 0)
        return trouble(name);
    ssize_t n;
    while ((n = input_read(&in, r->secret + have, sizeof r->secret - have)) > 0)
        have += (size_t)n;
    int status = n < 0 ? trouble(name) : EXIT_DONE;
    input_close(&in);
    if (status != EXIT_DONE || have == sizeof r->secret)
        return status;
    message("%s: a secret takes %d bytes", name, WINNOW_SECRET_BYTES);
    return EXIT_TROUBLE;
}

/* All but the inputs and saved sets is open. Before threads are made, which would not be
   confined. */
static void confine(const run_state *r)
{
    const settings *s = r->s;
    confinement c;
    bool runs_programs = false;
    for (int i = 0; i < s->file_count; i++)
        runs_programs |= unpack_program(s->files[i]) != NULL;
    confine_begin(&c, runs_programs);
    for (int i = 0; i < s->file_count; i++)
        if (!input_is_standard(s->files[i]))
            confine_keep_reading(&c, s->files[i]);
    for (int i = 0; i < s->seen.count; i++)
        confine_keep_reading(&c, s->seen.names[i]);
    for (int i = 0; i < s->learned.count; i++)
        confine_keep_reading(&c, s->learned.names[i]);
    confine_keep_replacing(&c, r->text.target);
    confine_keep_replacing(&c, r->page.target);
    confine_keep_replacing(&c, r->learn.target);
    confine_keep_replacing(&c, r->seen.target);
    confine_keep_replacing(&c, r->learned.target);
    confine_end(&c);
}

static int create_filter(run_state *r)
{
    winnow_options options = r->s->filter;
    options.count = r->s->stats || r->s->report;
    options.on_pass = tell_passed;
    options.on_pass_user = r;
    options.secret = r->s->secret ? r->secret : NULL;
    bool all = r->s->report || r->s->explain;
    options.rules = r->rules;
    options.learn = r->s->learn || r->s->save_learned || r->s->learned.count;
    options.on_drop = r->s->dropped || all ? sink_verdict : NULL;
    options.on_keep = all ? sink_verdict : NULL;
    options.on_verdict_user = r;
    r->block = malloc(READ_BYTES);
    if (r->s->report)
        r->tally = tally_create();
    winnow_status status = WINNOW_ERR_NOMEM;
    if (r->block && (r->tally || !r->s->report))
        status = winnow_create(&r->filter, &options, r->s->explain ? sink_nothing : sink_text,
                               &r->text);
    if (status == WINNOW_OK)
        return EXIT_DONE;
    if (status == WINNOW_ERR_NOMEM)
        return memory_trouble(r);
    if (options.field) /* the one argument that the library looks at */
        message("invalid argument '--field=%s': it takes a key, or several with dots between them",
                options.field);
    else
        message("%s", winnow_status_text(status));
    options_hint();
    return EXIT_TROUBLE;
}

static void begin_explain(run_state *r)
{
    const settings *s = r->s;
    bool one = s->filter.format == WINNOW_TEXT && s->file_count < 2;
    r->explain = (explain){
        .out = &r->text,
        .colour = explain_wants_colour(r->text.fd),
        .documents = !one && s->filter.format != WINNOW_LINES, /* a line needs no row of its own */
        .split = s->filter.split,
    };
}

/* Sets are read whole, and found right, before anything is written. */
static int load_set(run_state *r, const char *name)
{
    set_file *f = &r->sets[r->open_sets];
    if (set_open(f, name) < 0)
        return EXIT_TROUBLE;
    r->open_sets++;
    if (refuse_input_as_output(r, &f->file, name) != EXIT_DONE)
        return EXIT_TROUBLE;
    winnow_status status = winnow_load_seen(r->filter, set_read, f);
    if (status == WINNOW_ERR_FULL || status == WINNOW_ERR_NOMEM)
        message("%s: memory full: the set does not fit", name);
    else if (status != WINNOW_OK)
        set_trouble(name, status, winnow_set_fault(r->filter));
    return status == WINNOW_OK ? EXIT_DONE : EXIT_TROUBLE;
}

static int load_sets(run_state *r)
{
    const name_list *seen = &r->s->seen;
    int status = EXIT_DONE;
    if (seen->count == 0)
        return status;
    r->sets = calloc((size_t)seen->count, sizeof *r->sets);
    if (!r->sets)
        return memory_trouble(r);
    for (int i = 0; i < seen->count && status == EXIT_DONE; i++)
        status = load_set(r, seen->names[i]);
    return status;
}

static int load_learned_file(run_state *r, const char *name)
{
    set_file f;
    if (set_open(&f, name) < 0)
        return EXIT_TROUBLE;
    int status = refuse_input_as_output(r, &f.file, name);
    if (status == EXIT_DONE) {
        winnow_status loaded = winnow_load_learned(r->filter, set_read, &f);
        if (loaded != WINNOW_OK) {
            set_trouble(name, loaded, winnow_set_fault(r->filter));
            status = EXIT_TROUBLE;
        }
    }
    set_close(&f);
    return status;
}

static int load_learned(run_state *r)
{
    int status = EXIT_DONE;
    for (int i = 0; i < r->s->learned.count && status == EXIT_DONE; i++)
        status = load_learned_file(r, r->s->learned.names[i]);
    return status;
}

/* A set tells whether a unit was there, not how often nor where. */
static int check_sets(const settings *s)
{
    if (!s->seen.count && !s->save_seen)
        return EXIT_DONE;
    const char *option = s->seen.count ? "--seen" : "--save-seen";
    if (s->filter.scope == WINNOW_SCOPE_DOCUMENT)
        message("%s and --scope=document exclude each other", option);
    else if (s->filter.keep > 1)
        message("%s takes --keep=1: a set tells whether a unit was there, not how often", option);
    else
        return EXIT_DONE;
    options_hint();
    return EXIT_TROUBLE;
}

/* ---- Filtering ------------------------------------------------------------------------------ */

/* Where the input pauses, writes all that is settled. */
static winnow_status answer(run_state *r, input *in)
{
    if (!r->unanswered || !input_is_idle(in, 0))
        return WINNOW_OK;
    bool due = now() - r->answered >= ANSWER_MS / 1e3;
    if (!due && !input_is_idle(in, PAUSE_MS))
        return WINNOW_OK;
    winnow_status status = winnow_flush(r->filter);
    if (status == WINNOW_OK && (!output_flush(&r->text) || !output_flush(&r->dropped)))
        status = WINNOW_ERR_SINK;
    r->unanswered = false;
    r->answered = now();
    return status;
}

/* The bytes of all inputs, where all are regular files; else 0. */
static uint64_t measure_inputs(const settings *s)
{
    static char *none[] = {"-"};
    char **names = s->file_count ? s->files : none;
    uint64_t size = 0;
    for (int i = 0; i < (s->file_count ? s->file_count : 1); i++) {
        struct stat file;
        bool standard = input_is_standard(names[i]);
        if ((standard ? fstat(STDIN_FILENO, &file) : stat(names[i], &file)) < 0 ||
            !S_ISREG(file.st_mode))
            return 0;
        size += (uint64_t)file.st_size;
    }
    return size;
}

static void show_progress(run_state *r, const input *in)
{
    double time = now();
    if (!progress_is_due(&r->progress, time))
        return;
    winnow_stats stats;
    winnow_get_stats(r->filter, &stats);
    progress_show(&r->progress, time, &stats, r->passed + input_position(in), r->size);
}

/* Only a name's ending is trusted; but somebody should know what became of the text. */
static void hint_compressed(const run_state *r, const input *in, size_t len)
{
    const char *program = r->s->quiet || in->unpack.program ? NULL : unpack_guess(r->block, len);
    if (program)
        message("warning: %s: this looks compressed, and is read as text; unpack it with '%s -dc'",
                in->name, program);
}

/* Feeds the whole file. At its end, or when told to stop, status is WINNOW_OK. Returns 0, or -1
   with errno where it cannot be read. */
static int feed_input(run_state *r, input *in, winnow_status *status, uint64_t *fed)
{
    while ((*status = answer(r, in)) == WINNOW_OK) {
        ssize_t n = input_read(in, r->block, READ_BYTES);
        if (n <= 0)
            return n < 0 ? -1 : 0;
        if (*fed == 0)
            hint_compressed(r, in, (size_t)n);
        *fed += (uint64_t)n;
        r->unanswered = true;
        if ((*status = winnow_feed(r->filter, r->block, (size_t)n)) != WINNOW_OK)
            break;
        show_progress(r, in);
    }
    return 0;
}

static int filter_file(run_state *r, const char *name)
{
    input in;
    winnow_status status;
    uint64_t fed = 0;
    if (input_open(&in, name) < 0)
        return trouble(name);
    if (refuse_input_as_output(r, &in.file, in.name) != EXIT_DONE)
        return EXIT_TROUBLE;
    if (input_unpack(&in) < 0)
        return read_trouble(&in);
    r->name = in.name;
    int result = feed_input(r, &in, &status, &fed);
    int error = errno;
    r->passed += input_position(&in);
    input_close(&in);
    if (result < 0) {
        if (!stop_requested())
            (void)winnow_flush(r->filter); /* all that is settled, whatever the threads are at */
        write_prefix(r);
        errno = error;
        return read_trouble(&in);
    }
    if (stop_requested())
        return EXIT_TROUBLE;
    if (status == WINNOW_OK)
        status = winnow_finish(r->filter);
    if (status != WINNOW_OK)
        return filter_trouble(r, status, in.name);
    r->fed += fed;
    winnow_stats stats;
    winnow_get_stats(r->filter, &stats);
    r->documents = stats.documents;
    return EXIT_DONE;
}

static int filter_files(run_state *r)
{
    if (r->s->file_count == 0) {
        if (!r->s->quiet && isatty(STDIN_FILENO))
            message("reading from the terminal; Ctrl-D at the start of a line ends it, "
                    "'winnow --help' tells more");
        return filter_file(r, "-");
    }
    int status = EXIT_DONE;
    for (int i = 0; i < r->s->file_count && status == EXIT_DONE; i++)
        status = filter_file(r, r->s->files[i]);
    return status;
}

/* ---- Ending --------------------------------------------------------------------------------- */

static int finish_output(output *o)
{
    if (output_finish(o))
        return EXIT_DONE;
    return o->error ? write_trouble(o) : EXIT_TROUBLE;
}

static int finish_learn(run_state *r)
{
    winnow_status status = winnow_learned(r->filter, sink_text, &r->learn);
    return status == WINNOW_OK ? finish_output(&r->learn) : filter_trouble(r, status, r->s->learn);
}

static void warn(const run_state *r, const winnow_stats *stats)
{
    if (r->s->quiet)
        return;
    if (r->s->learn && !r->s->learned.count && stats->documents < 3)
        message("warning: nothing can be learnt from fewer than 3 documents: name each as a FILE, "
                "or say --format=nul or lines");
    if (stats->unremembered > 0)
        message("warning: memory full: %" PRIu64 " units were not remembered, so their repeats "
                "passed",
                stats->unremembered);
    if (stats->passed_records > TOLD_MAX)
        message("%" PRIu64 " records in all stay as they are", stats->passed_records);
}

/* After all else is written: what the set knows must be there. */
static int save_set(run_state *r)
{
    winnow_status status = winnow_save_seen(r->filter, set_write, &r->seen);
    if (status == WINNOW_OK)
        return finish_output(&r->seen);
    if (status == WINNOW_ERR_SINK)
        return write_trouble(&r->seen);
    set_trouble(r->s->save_seen, status, winnow_set_fault(r->filter));
    return EXIT_TROUBLE;
}

static int save_learned(run_state *r)
{
    winnow_status status = winnow_save_learned(r->filter, set_write, &r->learned);
    return status == WINNOW_OK ? finish_output(&r->learned)
           : status == WINNOW_ERR_SINK ? write_trouble(&r->learned)
                                       : memory_trouble(r);
}

/* The exit status is decided after the output is closed: the last write may be the one that
   fails. */
static int finish(run_state *r)
{
    winnow_stats stats;
    winnow_get_stats(r->filter, &stats);
    int status = r->s->dropped ? finish_output(&r->dropped) : EXIT_DONE;
    if (status == EXIT_DONE && r->s->explain && !explain_end(&r->explain))
        status = write_trouble(&r->text);
    if (status == EXIT_DONE)
        status = finish_output(&r->text);
    if (status == EXIT_DONE && r->s->learn)
        status = finish_learn(r);
    if (status != EXIT_DONE)
        return status;
    warn(r, &stats);
    double seconds = now() - r->began;
    if (r->s->report) {
        tally_end(r->tally);
        page_write(&r->page, r->s, &stats, r->tally, seconds);
        status = finish_output(&r->page);
    }
    if (r->s->stats && status == EXIT_DONE) {
        if (!r->s->stats_file && isatty(STDERR_FILENO))
            summary_write(&r->stats, &stats, seconds);
        else
            report_stats(&r->stats, &stats, seconds);
        status = finish_output(&r->stats);
    }
    if (status == EXIT_DONE && r->s->save_learned)
        status = save_learned(r);
    return status == EXIT_DONE && r->s->save_seen ? save_set(r) : status;
}

int run(const settings *s)
{
    run_state r = {.s = s, .text = {.fd = -1}, .dropped = {.fd = -1}, .stats = {.fd = -1},
                   .learn = {.fd = -1}, .learned = {.fd = -1}, .page = {.fd = -1},
                   .seen = {.fd = -1}};
    r.began = r.answered = now();
    if (stop_listen() < 0)
        return trouble("signals");
    int status = check_sets(s);
    if (status == EXIT_DONE)
        status = open_outputs(&r);
    if (status == EXIT_DONE)
        status = check_inputs(&r);
    if (status == EXIT_DONE)
        status = rules_read(&r.rules, &s->rules);
    if (status == EXIT_DONE && s->secret)
        status = read_secret(&r);
    if (status == EXIT_DONE) {
        confine(&r);
        status = create_filter(&r);
    }
    begin_explain(&r);
    if (status == EXIT_DONE)
        status = load_sets(&r);
    if (status == EXIT_DONE)
        status = load_learned(&r);
    if (status == EXIT_DONE)
        status = empty_reports(&r);
    r.size = measure_inputs(s);
    progress_begin(&r.progress, s, r.text.fd, now());
    if (status == EXIT_DONE)
        status = filter_files(&r);
    progress_end(&r.progress);
    if (status == EXIT_DONE)
        status = finish(&r);
    output_abandon(&r.text, stop_requested());
    output_abandon(&r.dropped, stop_requested());
    output_abandon(&r.stats, false);
    output_abandon(&r.learn, false);
    output_abandon(&r.learned, false);
    output_abandon(&r.page, false);
    tally_free(r.tally);
    output_abandon(&r.seen, false);
    while (r.open_sets > 0)
        set_close(&r.sets[--r.open_sets]);
    free(r.sets);
    winnow_free(r.filter);
    winnow_rules_free(r.rules);
    free(r.block);
    if (status != EXIT_DONE && stop_requested())
        stop_die();
    return status;
}
