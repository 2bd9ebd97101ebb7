/* winnow-seen: what saved sets hold, and one made of others. */
#include "cli/message.h"
#include "cli/output.h"
#include "cli/stop.h"
#include "cli/system.h"
#include "sets/algebra.h"

#include "winnow.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { DONE = 0, TROUBLE = 2, MOST_PARTS = 65536 };

static const char HELP[] =
    "Usage: winnow-seen info|check SET...\n"
    "       winnow-seen merge|subtract|intersect -o FILE SET...\n"
    "       winnow-seen split -o NAME N SET\n"
    "       winnow-seen repeats -o NAME SET...\n"
    "Look at the sets that 'winnow --save-seen' writes, and make others of them.\n"
    "\n"
    "Commands:\n"
    "  info       show what each SET was made by, as a JSON object a line\n"
    "  check      read each SET whole, and tell what is wrong with it\n"
    "  merge      write what is in any SET\n"
    "  subtract   write what is in the first SET and in none of the others\n"
    "  intersect  write what is in all SETs\n"
    "  split      write NAME.0 to NAME.N-1, each with one of N ranges of keys\n"
    "  repeats    write NAME.0, NAME.1...: of each SET, what a SET before it has\n"
    "\n"
    "Options:\n"
    "  -o, --output=FILE  what is written; it changes only when all is well, and may\n"
    "                     be one of the SETs\n"
    "  -h, --help         show this and exit\n"
    "  -V, --version      show the version and exit\n"
    "\n"
    "Examples:\n"
    "  winnow --seen=all --save-seen=tuesday tuesday.txt > clean.txt\n"
    "  winnow-seen merge -o all all tuesday\n"
    "\n"
    "SETs must be made by the same options; they are read once, in little memory.\n"
    "\n"
    "Exit status: 0 done; 2 trouble, told on standard error, and nothing written.\n";

static const struct {
    const char *name;
    sets_operation operation;
} OPERATIONS[] = {
    {"merge", SETS_MERGE}, {"subtract", SETS_SUBTRACT}, {"intersect", SETS_INTERSECT},
    {"split", SETS_SPLIT}, {"repeats", SETS_REPEATS},
};

/* After the message about an error in usage. */
static int misuse(void)
{
    fputs("Try 'winnow-seen --help' for more information.\n", stderr);
    return TROUBLE;
}

static int show(const char *text)
{
    output o;
    if (output_to_fd(&o, STDOUT_FILENO, NULL) == 0) {
        output_put(&o, text, strlen(text));
        if (output_finish(&o))
            return DONE;
    }
    message("write error: %s", strerror(errno));
    return TROUBLE;
}

/* A set each needs a descriptor; the usual limit is a caution against select(2), not used here. */
static void allow_many_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur == files.rlim_max)
        return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

/* The first operand of split. */
static bool read_parts(const char *text, unsigned *parts)
{
    char *end;
    unsigned long n = *text >= '1' && *text <= '9' ? strtoul(text, &end, 10) : 0;
    if (!n || *end || n > MOST_PARTS)
        return false;
    *parts = (unsigned)n;
    return true;
}

static int run_operation(sets_job *job)
{
    bool split = job->operation == SETS_SPLIT;
    if (!job->to) {
        message("what to write is not named: -o FILE");
        return misuse();
    }
    if (split && (job->count != 2 || !read_parts(job->names[0], &job->parts))) {
        message("split takes a number from 1 to %d and one SET", MOST_PARTS);
        return misuse();
    }
    job->names += split;
    job->count -= split;
    return sets_run(job) == 0 ? DONE : TROUBLE;
}

static int run_command(const char *command, sets_job *job)
{
    bool info = strcmp(command, "info") == 0, check = strcmp(command, "check") == 0;
    size_t i = 0, count = sizeof OPERATIONS / sizeof *OPERATIONS;
    while (i < count && strcmp(command, OPERATIONS[i].name) != 0)
        i++;
    if (!info && !check && i == count) {
        message("unknown command '%s'", command);
        return misuse();
    }
    if (!job->count || (job->to && i == count)) {
        message(job->count ? "%s takes no --output" : "%s: no SET is named", command);
        return misuse();
    }
    if (i < count) {
        job->operation = OPERATIONS[i].operation;
        return run_operation(job);
    }
    int result = info ? sets_info(job->names, job->count) : sets_check(job->names, job->count);
    return result == 0 ? DONE : TROUBLE;
}

/* getopt_long returned `code`; optopt is what it was about, 0 for an unknown long name. */
static void tell_misuse(int code, const char *word)
{
    if (code != '?')
        message("option '--output' needs the name of a file");
    else if (optopt == 'h' || optopt == 'V')
        message("option '--%s' takes no argument", optopt == 'h' ? "help" : "version");
    else if (optopt)
        message("unknown option '-%c'", optopt);
    else
        message("unknown or ambiguous option '%s'", word);
}

/* -1: go on. */
static int parse(sets_job *job, int argc, char **argv)
{
    static const struct option LONGS[] = {{"output", required_argument, NULL, 'o'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'V'},
                                          {NULL, 0, NULL, 0}};
    opterr = 0;
    for (int code; (code = getopt_long(argc, argv, ":o:hV", LONGS, NULL)) != -1;) {
        if (code == 'h')
            return show(HELP);
        if (code == 'V')
            return show(winnow_version_text());
        if (code == 'o' && *optarg && strcmp(optarg, "-") != 0) {
            job->to = optarg;
            continue;
        }
        tell_misuse(code, argv[optind - 1]);
        return misuse();
    }
    if (optind < argc)
        return -1;
    message("no command is named");
    return misuse();
}

int main(int argc, char **argv)
{
    sets_job job = {0};
    message_program = "winnow-seen";
    if (system_fill_standard_fds() < 0)
        return TROUBLE;
    int status = parse(&job, argc, argv);
    if (status >= 0)
        return status;
    if (stop_listen() < 0) {
        message("signals: %s", strerror(errno));
        return TROUBLE;
    }
    job.names = argv + optind + 1;
    job.count = (size_t)(argc - optind - 1);
    allow_many_files();
    status = run_command(argv[optind], &job);
    if (status != DONE && stop_requested())
        stop_die();
    return status;
}
