#include "cli/options.h"

#include "cli/message.h"
#include "cli/system.h"

#include <ctype.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The table ------------------------------------------------------------------------------ */

typedef struct {
    const char *name;
    uint32_t value;
} choice;

/* The value 0 is the default, as everywhere in winnow_options. */
static const choice FORMS[] = {{"nfc", WINNOW_NFC},   {"nfd", WINNOW_NFD},
                               {"nfkc", WINNOW_NFKC}, {"nfkd", WINNOW_NFKD},
                               {"none", WINNOW_FORM_NONE}, {NULL, 0}};
static const choice INVALIDS[] = {{"replace", WINNOW_INVALID_REPLACE},
                                  {"drop", WINNOW_INVALID_DROP},
                                  {"fail", WINNOW_INVALID_FAIL},
                                  {NULL, 0}};
static const choice UNITS[] = {{"sentence", WINNOW_SENTENCE},
                               {"line", WINNOW_LINE},
                               {"paragraph", WINNOW_PARAGRAPH},
                               {"document", WINNOW_DOCUMENT},
                               {NULL, 0}};
static const choice SENTENCES[] = {{"prose", WINNOW_PROSE}, {"uax29", WINNOW_UAX29}, {NULL, 0}};
static const choice MATCHES[] = {{"exact", WINNOW_MATCH_EXACT},
                                 {"text", WINNOW_MATCH_TEXT},
                                 {"loose", WINNOW_MATCH_LOOSE},
                                 {NULL, 0}};
static const choice KEEPS[] = {{"all", WINNOW_KEEP_ALL}, {NULL, 0}};
static const choice SCOPES[] = {{"stream", WINNOW_SCOPE_STREAM},
                                {"document", WINNOW_SCOPE_DOCUMENT},
                                {NULL, 0}};
static const choice FULLS[] = {{"fail", WINNOW_FULL_FAIL}, {"pass", WINNOW_FULL_PASS}, {NULL, 0}};
static const choice BOILERPLATES[] = {{"off", WINNOW_BOILERPLATE_OFF},
                                      {"phrases", WINNOW_BOILERPLATE_PHRASES},
                                      {"default", WINNOW_BOILERPLATE_DEFAULT},
                                      {"strict", WINNOW_BOILERPLATE_STRICT},
                                      {NULL, 0}};
static const choice FORMATS[] = {{"text", WINNOW_TEXT},
                                 {"lines", WINNOW_LINES},
                                 {"nul", WINNOW_NUL},
                                 {"jsonl", WINNOW_JSONL},
                                 {"wet", WINNOW_WET},
                                 {NULL, 0}};
static const choice EMPTIES[] = {{"keep", WINNOW_EMPTY_KEEP},
                                 {"drop", WINNOW_EMPTY_DROP},
                                 {NULL, 0}};

static const choice PROGRESSES[] = {{"auto", PROGRESS_AUTO},
                                    {"always", PROGRESS_ALWAYS},
                                    {"never", PROGRESS_NEVER},
                                    {NULL, 0}};

/* Choices are stored as int, whatever enum they are of. */
_Static_assert(sizeof(winnow_form) == sizeof(int), "an enum takes an int");

/* What the argument is, and what it is stored as. */
typedef enum {
    TAKES_NOTHING, /* int, 1 */
    TAKES_CHOICE,  /* an enum */
    TAKES_COUNT,   /* uint32_t, from `least` to `most`, or one of the choices */
    TAKES_SIZE,    /* uint64_t, bytes */
    TAKES_FILE,    /* const char * */
    TAKES_FILES,   /* name_list: one more each time */
    TAKES_LANGUAGE, /* const char *, one of winnow_language */
    TAKES_NAME,     /* const char *, that the library looks at */
    TAKES_STATS,   /* a file, or nothing: two fields of their own */
    TAKES_WHEN,    /* progress_mode; nothing: always */
    ASKS_HELP,
    ASKS_VERSION
} option_kind;

typedef enum {
    ABOUT_TEXT,
    ABOUT_COMPARING,
    ABOUT_BOILERPLATE,
    ABOUT_INPUT,
    ABOUT_OUTPUT,
    ABOUT_SELF
} task;

static const char *const TASKS[] = {
    [ABOUT_TEXT] = "The text written",     [ABOUT_COMPARING] = "Repeats",
    [ABOUT_BOILERPLATE] = "Boilerplate",   [ABOUT_INPUT] = "Input",
    [ABOUT_OUTPUT] = "Output and reports", [ABOUT_SELF] = "Other",
};

enum { TASK_COUNT = sizeof TASKS / sizeof *TASKS };

typedef struct {
    task task;
    const char *name;
    char letter; /* 0: none */
    option_kind kind;
    const char *argument;  /* its name in --help; NULL: the choices themselves, or none */
    const choice *choices; /* NULL: none */
    uint32_t least, most;
    size_t field;     /* where it is stored in settings */
    const char *help; /* lines */
} option_row;

#define FIELD(name) offsetof(settings, name)

enum { MOST_THREADS = 1024 };

static const option_row ROWS[] = {
    {ABOUT_TEXT, "form", 0, TAKES_CHOICE, NULL, FORMS, 0, 0, FIELD(filter.form),
     "the Unicode normal form written"},
    {ABOUT_TEXT, "no-tidy", 0, TAKES_NOTHING, NULL, NULL, 0, 0, FIELD(filter.no_tidy),
     "leave blanks, line ends and controls alone"},
    {ABOUT_TEXT, "invalid", 0, TAKES_CHOICE, NULL, INVALIDS, 0, 0, FIELD(filter.invalid),
     "what becomes of bytes that are not UTF-8"},

    {ABOUT_COMPARING, "unit", 0, TAKES_CHOICE, NULL, UNITS, 0, 0, FIELD(filter.unit),
     "what is compared"},
    {ABOUT_COMPARING, "sentences", 0, TAKES_CHOICE, NULL, SENTENCES, 0, 0, FIELD(filter.sentences),
     "where sentences end"},
    {ABOUT_COMPARING, "lang", 0, TAKES_LANGUAGE, "CODE", NULL, 0, 0, FIELD(filter.lang),
     "the language, where its abbreviations say more than\n"
     "those of all (de, en, fr...)"},
    {ABOUT_COMPARING, "match", 0, TAKES_CHOICE, NULL, MATCHES, 0, 0, FIELD(filter.match),
     "what counts as the same: the bytes written; the\n"
     "text whatever its case, width, quotes, dashes;\n"
     "also whatever its numbers, signs, accents"},
    {ABOUT_COMPARING, "keep", 0, TAKES_COUNT, "N", KEEPS, 1, WINNOW_KEEP_ALL - 1,
     FIELD(filter.keep), "copies of each unit that stay (default 1)"},
    {ABOUT_COMPARING, "min-words", 0, TAKES_COUNT, "N", NULL, 0, UINT32_MAX,
     FIELD(filter.min_words), "leave units of fewer words alone (default 3)"},
    {ABOUT_COMPARING, "scope", 0, TAKES_CHOICE, NULL, SCOPES, 0, 0, FIELD(filter.scope),
     "how far back a repeat is looked for"},
    {ABOUT_COMPARING, "memory", 0, TAKES_SIZE, "SIZE", NULL, 0, 0, FIELD(filter.memory),
     "most that the set of what was seen may take:\n"
     "bytes, or a number with K, M, G or T (no limit)"},
    {ABOUT_COMPARING, "memory-full", 0, TAKES_CHOICE, NULL, FULLS, 0, 0, FIELD(filter.memory_full),
     "then stop, or pass what is new unremembered"},
    {ABOUT_COMPARING, "secret", 0, TAKES_FILE, "FILE", NULL, 0, 0, FIELD(secret),
     "192 random bytes that key the hash, for text whose\n"
     "authors would have sentences taken for each other"},
    {ABOUT_COMPARING, "seen", 0, TAKES_FILES, "FILE", NULL, 0, 0, FIELD(seen),
     "take what FILE, a saved set, holds for seen before;\n"
     "may be given several times"},
    {ABOUT_COMPARING, "save-seen", 0, TAKES_FILE, "FILE", NULL, 0, 0, FIELD(save_seen),
     "save the keys first seen in this run to FILE"},

    {ABOUT_BOILERPLATE, "boilerplate", 0, TAKES_CHOICE, NULL, BOILERPLATES, 0, 0,
     FIELD(filter.boilerplate),
     "how much of the site's own text goes: none; known\n"
     "phrases; also lines whose neighbours speak against\n"
     "them; more of these"},

    {ABOUT_BOILERPLATE, "rules", 0, TAKES_FILES, "FILE", NULL, 0, 0, FIELD(rules),
     "drop the phrases in FILE too, one a line, at every\n"
     "level: phrase, phrase*, *phrase*; !phrase is never\n"
     "boilerplate; # begins a comment (repeatable)"},
    {ABOUT_BOILERPLATE, "learn", 0, TAKES_FILE, "FILE", NULL, 0, 0, FIELD(learn),
     "write the short lines that recur in documents to\n"
     "FILE, to be looked over and given to --rules"},
    {ABOUT_BOILERPLATE, "learned", 0, TAKES_FILES, "FILE", NULL, 0, 0, FIELD(learned),
     "go on with what an earlier run counted; may be\n"
     "given several times, in the order of the runs"},
    {ABOUT_BOILERPLATE, "save-learned", 0, TAKES_FILE, "FILE", NULL, 0, 0, FIELD(save_learned),
     "save what was counted for --learn to FILE"},

    {ABOUT_INPUT, "format", 0, TAKES_CHOICE, NULL, FORMATS, 0, 0, FIELD(filter.format),
     "what a document is: a FILE, a line, what stands\n"
     "before a NUL; a record of JSON Lines or WET, of\n"
     "which the text alone changes"},
    {ABOUT_INPUT, "field", 0, TAKES_NAME, "NAME", NULL, 0, 0, FIELD(filter.field),
     "where --format=jsonl finds the text: a key, or\n"
     "several with dots between them (default text)"},
    {ABOUT_INPUT, "empty", 0, TAKES_CHOICE, NULL, EMPTIES, 0, 0, FIELD(filter.empty),
     "what becomes of documents of nul, jsonl, wet that\nno text is left of"},

    {ABOUT_OUTPUT, "output", 'o', TAKES_FILE, "FILE", NULL, 0, 0, FIELD(output),
     "write to FILE, which changes only when all is well"},
    {ABOUT_OUTPUT, "split", 0, TAKES_NOTHING, NULL, NULL, 0, 0, FIELD(filter.split),
     "write one sentence a line"},
    {ABOUT_OUTPUT, "invert", 'v', TAKES_NOTHING, NULL, NULL, 0, 0, FIELD(filter.invert),
     "write what is dropped instead of what is kept"},
    {ABOUT_OUTPUT, "explain", 0, TAKES_NOTHING, NULL, NULL, 0, 0, FIELD(explain),
     "write each line behind what becomes of it and why,\n"
     "dropped ones too"},
    {ABOUT_OUTPUT, "stats", 0, TAKES_STATS, "FILE", NULL, 0, 0, 0,
     "at the end, write counts as one JSON object to FILE,\n"
     "or to standard error; in words on a terminal"},
    {ABOUT_OUTPUT, "dropped", 0, TAKES_FILE, "FILE", NULL, 0, 0, FIELD(dropped),
     "write each drop and its reason to FILE, as JSON Lines"},
    {ABOUT_OUTPUT, "report", 0, TAKES_FILE, "FILE", NULL, 0, 0, FIELD(report),
     "write a page on what went and what stayed, in HTML"},
    {ABOUT_OUTPUT, "progress", 0, TAKES_WHEN, NULL, PROGRESSES, 0, 0, FIELD(progress),
     "show how far it is, on standard error; auto: after\n"
     "a second, on a terminal that shows no output"},

    {ABOUT_SELF, "threads", 'j', TAKES_COUNT, "N", NULL, 1, MOST_THREADS, FIELD(filter.threads),
     "work on N cores (default: all it may use); the\n"
     "output is the same"},
    {ABOUT_SELF, "quiet", 'q', TAKES_NOTHING, NULL, NULL, 0, 0, FIELD(quiet),
     "no hints and warnings, errors only"},
    {ABOUT_SELF, "help", 'h', ASKS_HELP, NULL, NULL, 0, 0, 0, "show this and exit"},
    {ABOUT_SELF, "version", 'V', ASKS_VERSION, NULL, NULL, 0, 0, 0,
     "show the version of each part that decides what is\n"
     "written, and exit"},
};

enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

/* ---- Parsing -------------------------------------------------------------------------------- */

enum { LONG_OPTION = 256 }; /* what getopt_long returns for row i: LONG_OPTION + i */

void options_hint(void)
{
    static const char HINT[] = "Try 'winnow --help' for more information.\n";
    fputs(HINT, stderr);
}

/* The names of choices with `between` them; cut where it does not fit. */
static void join_choices(char *out, size_t size, const choice *choices, const char *between)
{
    size_t len = 0;
    out[0] = '\0';
    for (const choice *c = choices; c && c->name && len < size; c++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", c == choices ? "" : between, c->name);
}

static void join_languages(char *out, size_t size)
{
    size_t len = 0;
    for (unsigned i = 0; winnow_language(i) && len < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", i ? ", " : "", winnow_language(i));
}

/* What an argument may be, in words. */
static void describe(char *out, size_t size, const option_row *row)
{
    char names[256];
    if (row->kind == TAKES_LANGUAGE)
        join_languages(names, sizeof names);
    else
        join_choices(names, sizeof names, row->choices, ", ");
    if (row->kind == TAKES_LANGUAGE)
        snprintf(out, size, "the code of a language: %s", names);
    else if (row->kind == TAKES_CHOICE || row->kind == TAKES_WHEN)
        snprintf(out, size, "one of %s", names);
    else if (row->kind == TAKES_COUNT)
        snprintf(out, size, "a number from %lu to %lu%s%s", (unsigned long)row->least,
                 (unsigned long)row->most, row->choices ? ", or " : "", names);
    else if (row->kind == TAKES_SIZE)
        snprintf(out, size, "a number of bytes above 0, or one with K, M, G or T");
    else
        snprintf(out, size, "the name of a file");
}

/* The option as it was given: "-j0", "--memory=12Q". */
static void bad_argument(const option_row *row, bool as_letter, const char *argument)
{
    char wanted[320];
    describe(wanted, sizeof wanted, row);
    if (as_letter)
        message("invalid argument '-%c%s': it takes %s", row->letter, argument, wanted);
    else
        message("invalid argument '--%s=%s': it takes %s", row->name, argument, wanted);
}

static bool find_choice(const choice *choices, const char *name, uint32_t *value)
{
    for (const choice *c = choices; c && c->name; c++) {
        if (strcmp(c->name, name) == 0) {
            *value = c->value;
            return true;
        }
    }
    return false;
}

/* Digits alone: strtoull would take blanks and signs. `*end` is what follows them. */
static bool read_number(const char *text, uint64_t *value, const char **end)
{
    uint64_t n = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        unsigned digit = (unsigned)(*at - '0');
        if (n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *value = n;
    *end = at;
    return at > text;
}

static bool read_count(const option_row *row, const char *text, uint32_t *value)
{
    uint64_t n;
    const char *end;
    if (find_choice(row->choices, text, value))
        return true;
    if (!read_number(text, &n, &end) || *end || n < row->least || n > row->most)
        return false;
    *value = (uint32_t)n;
    return true;
}

/* A number of bytes, of KiB, MiB, GiB or TiB. */
static bool read_size(const char *text, uint64_t *value)
{
    static const char UNITS_OF_SIZE[] = "KMGT";
    uint64_t n;
    const char *end;
    if (!read_number(text, &n, &end) || n == 0)
        return false;
    if (*end) {
        const char *unit = strchr(UNITS_OF_SIZE, toupper((unsigned char)*end));
        unsigned shift = unit ? 10 * (unsigned)(unit - UNITS_OF_SIZE + 1) : 0;
        if (!unit || end[1] || n > UINT64_MAX >> shift)
            return false;
        n <<= shift;
    }
    *value = n;
    return true;
}

/* "-" cannot be meant for a report: standard output carries the text. */
static bool read_file(const char *text, const char **value, bool dash)
{
    *value = text;
    return *text && (dash || strcmp(text, "-") != 0);
}

static name_list *names_of(settings *s, const option_row *row)
{
    return (name_list *)(void *)((char *)s + row->field);
}

/* Room for one more. */
static bool reserve_name(name_list *list)
{
    const char **names = realloc(list->names, ((size_t)list->count + 1) * sizeof *names);
    if (names)
        list->names = names;
    return names;
}

static bool read_language(const char *text, const char **value)
{
    unsigned i = 0;
    while (winnow_language(i) && strcmp(text, winnow_language(i)) != 0)
        i++;
    *value = winnow_language(i);
    return *value != NULL;
}

static void store(settings *s, const option_row *row, const void *value, size_t size)
{
    memcpy((char *)s + row->field, value, size);
}

/* False: the argument is none that this option takes. */
static bool apply(settings *s, const option_row *row, const char *argument)
{
    uint32_t number = 1;
    uint64_t size;
    const char *name;
    switch (row->kind) {
    case TAKES_CHOICE:
    case TAKES_WHEN:
        if (!argument)
            number = PROGRESS_ALWAYS;
        else if (!find_choice(row->choices, argument, &number))
            return false;
        break;
    case TAKES_COUNT:
        if (!read_count(row, argument, &number))
            return false;
        break;
    case TAKES_SIZE:
        if (!read_size(argument, &size))
            return false;
        store(s, row, &size, sizeof size);
        return true;
    case TAKES_FILE:
        if (!read_file(argument, &name, row->field == FIELD(output)))
            return false;
        store(s, row, &name, sizeof name);
        return true;
    case TAKES_FILES:
        if (!read_file(argument, &name, false))
            return false;
        names_of(s, row)->names[names_of(s, row)->count++] = name;
        return true;
    case TAKES_NAME:
        store(s, row, &argument, sizeof argument);
        return true;
    case TAKES_LANGUAGE:
        if (!read_language(argument, &name))
            return false;
        store(s, row, &name, sizeof name);
        return true;
    case TAKES_STATS:
        s->stats = 1;
        s->stats_file = NULL;
        return !argument || read_file(argument, &s->stats_file, false);
    case TAKES_NOTHING:
    case ASKS_HELP:
    case ASKS_VERSION:
        break;
    }
    store(s, row, &number, sizeof number);
    return true;
}

static int argument_rule(option_kind kind)
{
    if (kind == TAKES_STATS || kind == TAKES_WHEN)
        return optional_argument;
    return kind == TAKES_NOTHING || kind == ASKS_HELP || kind == ASKS_VERSION ? no_argument
                                                                              : required_argument;
}

/* The table in the shape getopt_long wants. */
static void build_getopt(struct option *longs, char *letters)
{
    *letters++ = ':'; /* tell a missing argument from an unknown option */
    for (int i = 0; i < ROW_COUNT; i++) {
        int rule = argument_rule(ROWS[i].kind);
        longs[i] = (struct option){ROWS[i].name, rule, NULL, LONG_OPTION + i};
        if (!ROWS[i].letter)
            continue;
        *letters++ = ROWS[i].letter;
        if (rule == required_argument)
            *letters++ = ':';
    }
    longs[ROW_COUNT] = (struct option){NULL, 0, NULL, 0};
    *letters = '\0';
}

static const option_row *find_row(int code)
{
    if (code >= LONG_OPTION && code < LONG_OPTION + ROW_COUNT)
        return &ROWS[code - LONG_OPTION];
    for (int i = 0; i < ROW_COUNT; i++)
        if (code > 0 && ROWS[i].letter == code)
            return &ROWS[i];
    return NULL;
}

/* getopt_long returned ':' or '?'; optopt is what it was about, 0 for an unknown long name. */
static void tell_misuse(int code, const char *word)
{
    const option_row *row = find_row(optopt);
    if (row && code == ':')
        message("option '--%s' needs an argument", row->name);
    else if (row && optopt >= LONG_OPTION)
        message("option '--%s' takes no argument", row->name);
    else if (optopt && optopt < LONG_OPTION) /* below 0: of bytes beyond ASCII */
        message("unknown option '-%c'", optopt);
    else
        message("unknown or ambiguous option '%s'", word);
}

static options_result parse_one(settings *s, int code, const char *word)
{
    const option_row *row = find_row(code);
    if (!row) {
        tell_misuse(code, word);
        return OPTIONS_ERROR;
    }
    if (row->kind == ASKS_HELP)
        return OPTIONS_HELP;
    if (row->kind == ASKS_VERSION)
        return OPTIONS_VERSION;
    if (row->kind == TAKES_FILES && !reserve_name(names_of(s, row))) {
        message("out of memory");
        return OPTIONS_NOMEM;
    }
    if (apply(s, row, optarg))
        return OPTIONS_RUN;
    bad_argument(row, code < LONG_OPTION, optarg);
    return OPTIONS_ERROR;
}

/* Whether the options go together; tells which do not. */
static bool agree(const settings *s)
{
    const winnow_options *o = &s->filter;
    if (s->explain && o->invert)
        message("--explain shows what is dropped and what is kept: --invert has nothing to turn");
    else if (o->field && o->format != WINNOW_JSONL)
        message("--field takes --format=jsonl");
    else if (o->empty == WINNOW_EMPTY_DROP && o->format < WINNOW_NUL)
        message("--empty=drop takes --format=nul, jsonl or wet");
    else if (o->lang && o->sentences == WINNOW_UAX29)
        message("--lang and --sentences=uax29 exclude each other");
    else
        return true;
    return false;
}

options_result options_parse(settings *s, int argc, char **argv)
{
    struct option longs[ROW_COUNT + 1];
    char letters[2 * ROW_COUNT + 2];
    build_getopt(longs, letters);
    memset(s, 0, sizeof *s);
    s->filter.threads = system_cores();
    s->filter.min_words = 3;
    s->filter.keep = 1;
    opterr = 0;
    for (;;) {
        int code = getopt_long(argc, argv, letters, longs, NULL);
        if (code == -1)
            break;
        options_result result = parse_one(s, code, argv[optind - 1]);
        if (result == OPTIONS_ERROR)
            options_hint();
        if (result != OPTIONS_RUN)
            return result;
    }
    if (!agree(s)) {
        options_hint();
        return OPTIONS_ERROR;
    }
    /* A unit that is compared has a word: none fewer than 0 is none fewer than 1. The library's 0
       is its default. */
    if (s->filter.min_words == 0)
        s->filter.min_words = 1;
    s->files = argv + optind;
    s->file_count = argc - optind;
    s->words = argv;
    s->word_count = argc;
    return OPTIONS_RUN;
}

void options_free(settings *s)
{
    free(s->seen.names);
    free(s->learned.names);
    free(s->rules.names);
}

/* ---- Showing -------------------------------------------------------------------------------- */

static const char *choice_name(const choice *choices, uint32_t value)
{
    for (const choice *c = choices; c && c->name; c++)
        if (c->value == value)
            return c->name;
    return NULL;
}

void options_each(const settings *s, options_show *show, void *user)
{
    for (const option_row *row = ROWS; row < ROWS + ROW_COUNT; row++) {
        char number[16];
        uint32_t value;
        if (row->kind != TAKES_CHOICE && row->kind != TAKES_COUNT)
            continue;
        memcpy(&value, (const char *)s + row->field, sizeof value);
        const char *name = choice_name(row->choices, value);
        snprintf(number, sizeof number, "%lu", (unsigned long)value);
        show(user, row->name, name ? name : number);
    }
}

/* ---- Help ----------------------------------------------------------------------------------- */

enum { HELP_COLUMN = 26, ROW_BYTES = 512 };

static const char HEAD[] =
    "Usage: winnow [OPTION]... [FILE]...\n"
    "Write the text of each FILE cleaned: Unicode normalised, every sentence seen\n"
    "before dropped, site boilerplate removed. No FILE, or -: standard input.\n"
    "\n"
    "Examples:\n"
    "  winnow page.txt > clean.txt            clean a page\n"
    "  zstdcat *.zst | winnow --stats > all   one stream out of many, and what went\n"
    "  winnow --unit=line --min-words=1 list  each line once, in its first place\n"
    "  winnow --explain page.txt | less       see what would go, and why\n"
    "  tail -f log | winnow --match=loose     what differs in numbers alone, once\n";

static const char TAIL[] =
    "\n"
    "In brackets: the default. The output depends on the input's bytes and on the\n"
    "options alone.\n"
    "\n"
    "Exit status:\n"
    "  0  done, whatever was dropped\n"
    "  1  --invalid=fail, and there were bytes that are not UTF-8, or records\n"
    "     that cannot be cleaned\n"
    "  2  trouble with options, input, output or memory, told on standard error\n"
    "A signal ends it after a whole line, with the signal's own status.\n"
    "\n"
    "Report what is wrong to where you have it from, with 'winnow --version'.\n";

static const char *default_choice(const option_row *row)
{
    for (const choice *c = row->choices; c && c->name; c++)
        if (c->value == 0)
            return c->name;
    return "";
}

/* What follows the name: "=FILE", "[=FILE]", "=nfc|nfd", "=N|all", or nothing. */
static void argument_side(char *out, size_t size, const option_row *row)
{
    char names[128];
    join_choices(names, sizeof names, row->choices, "|");
    bool both = row->argument && row->choices;
    bool may_lack = argument_rule(row->kind) == optional_argument;
    out[0] = '\0';
    if (argument_rule(row->kind) != no_argument)
        snprintf(out, size, "%s=%s%s%s%s", may_lack ? "[" : "", row->argument ? row->argument : "",
                 both ? "|" : "", names, may_lack ? "]" : "");
}

/* "  -o, --output=FILE"; returns its length. */
static size_t left_side(char *out, size_t size, const option_row *row)
{
    char argument[160], letter[] = "-x,";
    argument_side(argument, sizeof argument, row);
    letter[1] = row->letter;
    int len = snprintf(out, size, "  %3s --%s%s", row->letter ? letter : "", row->name, argument);
    return len < 0 ? 0 : (size_t)len;
}

static int put_text(options_put *put, void *user, const char *text)
{
    return put(user, text, strlen(text));
}

/* One row: the option, and its help in the right column, below it where the option is long. */
static int put_row(const option_row *row, options_put *put, void *user)
{
    char line[ROW_BYTES];
    size_t at = left_side(line, sizeof line, row);
    if (at + 2 > HELP_COLUMN) {
        line[at++] = '\n';
        if (!put(user, line, at))
            return 0;
        at = 0;
    }
    for (const char *help = row->help; help;) {
        const char *end = strchr(help, '\n');
        int len = end ? (int)(end - help) : (int)strlen(help);
        while (at < HELP_COLUMN)
            line[at++] = ' ';
        at += (size_t)snprintf(line + at, sizeof line - at, "%.*s", len, help);
        if (!end && (row->kind == TAKES_CHOICE || row->kind == TAKES_WHEN))
            at += (size_t)snprintf(line + at, sizeof line - at, " (%s)", default_choice(row));
        line[at++] = '\n';
        if (!put(user, line, at))
            return 0;
        at = 0;
        help = end ? end + 1 : NULL;
    }
    return 1;
}

static int put_task(task about, options_put *put, void *user)
{
    if (!put_text(put, user, "\n") || !put_text(put, user, TASKS[about]) ||
        !put_text(put, user, ":\n"))
        return 0;
    for (int i = 0; i < ROW_COUNT; i++)
        if (ROWS[i].task == about && !put_row(&ROWS[i], put, user))
            return 0;
    return 1;
}

int options_help(options_put *put, void *user)
{
    if (!put_text(put, user, HEAD))
        return 0;
    for (int about = 0; about < TASK_COUNT; about++)
        if (!put_task((task)about, put, user))
            return 0;
    return put_text(put, user, TAIL);
}

/* ---- The table, for others ------------------------------------------------------------------ */

static const option_row *row_in_order(int i)
{
    for (int about = 0; about < TASK_COUNT; about++)
        for (int k = 0; k < ROW_COUNT; k++)
            if ((int)ROWS[k].task == about && i-- == 0)
                return &ROWS[k];
    return NULL;
}

bool options_view(int i, option_view *out)
{
    const option_row *row = row_in_order(i);
    if (!row)
        return false;
    int rule = argument_rule(row->kind);
    *out = (option_view){.task = TASKS[row->task],
                         .name = row->name,
                         .letter = row->letter,
                         .takes = rule != no_argument,
                         .may_lack = rule == optional_argument,
                         .argument = row->argument,
                         .language = row->kind == TAKES_LANGUAGE,
                         .standard = row->argument ? "" : default_choice(row),
                         .help = row->help};
    for (unsigned k = 0; row->choices && row->choices[k].name && k < OPTION_VALUES; k++)
        out->values[k] = row->choices[k].name;
    return true;
}
