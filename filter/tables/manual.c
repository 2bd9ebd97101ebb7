/*
 * Makes, of the command's table of options, what must agree with it:
 *
 *     manual man TEMPLATE | bash | zsh | fish
 *
 * The manual is the template, where "@options" stands for the list of options, and the lines from
 * "@more NAME" to "@end" are added to what the table says of an option.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "sentence/words.h"

/* As the library's; the rest of it is not needed here. */
const char *winnow_language(unsigned i)
{
    return words_code(i);
}

static bool takes_file(const option_view *v)
{
    return v->argument && strncmp(v->argument, "FILE", 4) == 0;
}

/* ---- The manual ----------------------------------------------------------------------------- */

static char *read_all(const char *path)
{
    enum { MOST_BYTES = 1 << 20 };
    FILE *f = fopen(path, "r");
    char *text = calloc(1, MOST_BYTES + 1);
    if (!f || !text || fread(text, 1, MOST_BYTES, f) == MOST_BYTES || ferror(f)) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    fclose(f);
    return text;
}

/* Past the end of the line that begins here. */
static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

static bool is_line(const char *line, const char *text)
{
    size_t len = strlen(text);
    return strncmp(line, text, len) == 0 && line[len] == '\n';
}

/* Writes the lines up to "@end"; returns what follows it. */
static const char *put_to_end(const char *line)
{
    for (; *line && !is_line(line, "@end"); line = next_line(line))
        printf("%.*s", (int)(next_line(line) - line), line);
    return next_line(line);
}

static void put_more(const char *template, const char *name)
{
    char begin[128];
    snprintf(begin, sizeof begin, "@more %s", name);
    for (const char *line = template; *line; line = next_line(line))
        if (is_line(line, begin))
            put_to_end(next_line(line));
}

/* A line of help, in which roff must see neither requests nor escapes. */
static void put_help_line(const char *line, size_t len, bool first, bool last)
{
    if (*line == '.' || *line == '\'')
        printf("\\&");
    for (size_t i = 0; i < len; i++)
        if (line[i] == '\\')
            printf("\\e");
        else
            putchar(i == 0 && first ? toupper((unsigned char)line[i]) : line[i]);
    puts(last ? "." : "");
}

static void put_help(const char *help)
{
    for (const char *line = help; *line; line = next_line(line)) {
        const char *end = next_line(line);
        put_help_line(line, (size_t)(end - line) - (end[-1] == '\n'), line == help, !*end);
    }
}

/* "Fl o , Fl -output Ns = Ns Ar FILE" */
static void put_item(const option_view *v)
{
    printf(".It ");
    if (v->letter)
        printf("Fl %c , ", v->letter);
    printf("Fl -%s", v->name);
    if (v->may_lack)
        printf(" Ns Oo");
    if (v->takes)
        printf(" Ns = Ns");
    if (v->argument)
        printf(" Ar %s", v->argument);
    for (const char *const *value = v->values; *value; value++)
        printf("%s Cm %s", value == v->values && !v->argument ? "" : " |", *value);
    puts(v->may_lack ? " Oc" : "");
}

static void put_languages(void)
{
    puts("One of");
    for (unsigned i = 0; winnow_language(i); i++)
        printf(".Cm %s%s\n", winnow_language(i), winnow_language(i + 1) ? " ," : " .");
}

static void put_options(const char *template)
{
    option_view v;
    const char *task = "";
    for (int i = 0; options_view(i, &v); i++) {
        if (strcmp(v.task, task) != 0)
            printf("%s.Ss %s\n.Bl -tag -width Ds\n", i ? ".El\n" : "", v.task);
        task = v.task;
        put_item(&v);
        put_help(v.help);
        if (*v.standard)
            printf("The default is\n.Cm %s .\n", v.standard);
        if (v.language)
            put_languages();
        put_more(template, v.name);
    }
    puts(".El");
}

/* What the template adds, to an option that is there. */
static const char *skip_more(const char *line)
{
    option_view v;
    const char *name = line + strlen("@more ");
    bool found = false;
    for (int i = 0; !found && options_view(i, &v); i++)
        found = is_line(name, v.name);
    if (!found) {
        fprintf(stderr, "no such option: %.*s", (int)(next_line(name) - name), name);
        exit(EXIT_FAILURE);
    }
    while (*line && !is_line(line, "@end"))
        line = next_line(line);
    return next_line(line);
}

static void put_manual(const char *path)
{
    char *template = read_all(path);
    for (const char *line = template; *line;) {
        const char *next = next_line(line);
        if (is_line(line, "@options"))
            put_options(template);
        else if (strncmp(line, "@more ", 6) == 0)
            next = skip_more(line);
        else
            printf("%.*s", (int)(next - line), line);
        line = next;
    }
    free(template);
}

/* ---- Completions ---------------------------------------------------------------------------- */

static void put_made_by(void)
{
    puts("# Made from the options of winnow " WINNOW_VERSION " by filter/tables/manual.c.");
}

/* All words that the argument may be, each with `before` it. */
static void put_words(const option_view *v, const char *before)
{
    for (const char *const *value = v->values; *value; value++)
        printf("%s%s", value == v->values ? "" : before, *value);
    for (unsigned i = 0; v->language && winnow_language(i); i++)
        printf("%s%s", i ? before : "", winnow_language(i));
}

static bool has_words(const option_view *v)
{
    return v->values[0] || v->language;
}

/* The help on one line; what means something to the shell, inside '...', is escaped. */
static void put_quoted(const char *help, const char *escaped)
{
    for (const char *at = help; *at; at++)
        if (*at == '\'')
            printf("'\\''");
        else if (strchr(escaped, *at))
            printf("\\%c", *at);
        else
            putchar(*at == '\n' ? ' ' : *at);
}

static const char BASH_HEAD[] =
    "_winnow()\n"
    "{\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} option= prefix= i\n"
    "    COMPREPLY=()\n";

static const char BASH_ARGUMENT[] =
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        [[ ${COMP_WORDS[i]} == -- ]] && return\n"
    "    done\n"
    "    # Where \"=\" ends a word, \"--form=nf\" is three of them.\n"
    "    if [[ $word == = ]]; then\n"
    "        option=${COMP_WORDS[COMP_CWORD-1]} word=\n"
    "    elif [[ ${COMP_WORDS[COMP_CWORD-1]} == = ]]; then\n"
    "        option=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    elif [[ $word == --*=* ]]; then\n"
    "        option=${word%%=*} prefix=${word%%=*}= word=${word#*=}\n"
    "    else\n"
    "        # An argument may be a word of its own, unless it may be left out.\n"
    "        case ${COMP_WORDS[COMP_CWORD-1]} in\n"
    "        ";

static const char BASH_MIDDLE[] =
    "            option=${COMP_WORDS[COMP_CWORD-1]} ;;\n"
    "        esac\n"
    "    fi\n"
    "    case $option in\n";

static const char BASH_NO_OPTION[] =
    "    '')\n"
    "        [[ $word == -* ]] || return\n"
    "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
    "        [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] &&\n"
    "            compopt -o nospace 2>/dev/null\n"
    "        return ;;\n"
    "    ";

static const char BASH_TAIL[] =
    "        # A file's name, which is the shell's to complete.\n"
    "        return ;;\n"
    "    *)\n"
    "        values= ;;\n"
    "    esac\n"
    "    compopt +o default +o bashdefault 2>/dev/null\n"
    "    COMPREPLY=($(compgen -P \"$prefix\" -W \"$values\" -- \"$word\"))\n"
    "}\n"
    "complete -o default -o bashdefault -F _winnow winnow\n";

/* The patterns of `case` for an option. */
static void put_bash_pattern(const option_view *v)
{
    if (v->letter)
        printf("-%c | ", v->letter);
    printf("--%s", v->name);
}

static void put_bash_options(void)
{
    option_view v;
    printf("    local values options='");
    for (int i = 0; options_view(i, &v); i++) {
        if (v.letter)
            printf("-%c ", v.letter);
        printf("--%s%s ", v.name, v.takes && !v.may_lack ? "=" : "");
        if (v.may_lack)
            printf("--%s= ", v.name);
    }
    puts("'");
}

static bool needs_argument(const option_view *v)
{
    return v->takes && !v->may_lack;
}

/* The pattern of all options of a kind. */
static void put_bash_patterns(bool (*kind)(const option_view *))
{
    option_view v;
    const char *before = "";
    for (int i = 0; options_view(i, &v); i++)
        if (kind(&v)) {
            printf("%s", before);
            put_bash_pattern(&v);
            before = " | ";
        }
    puts(")");
}

static void put_bash(void)
{
    option_view v;
    put_made_by();
    printf("%s", BASH_HEAD);
    put_bash_options();
    printf("%s", BASH_ARGUMENT);
    put_bash_patterns(needs_argument);
    printf("%s", BASH_MIDDLE);
    for (int i = 0; options_view(i, &v); i++) {
        if (!has_words(&v))
            continue;
        printf("    ");
        put_bash_pattern(&v);
        printf(")\n        values='");
        put_words(&v, " ");
        puts("' ;;");
    }
    printf("%s", BASH_NO_OPTION);
    put_bash_patterns(takes_file);
    printf("%s", BASH_TAIL);
}

/* ":FILE:_files", with two colons where the argument may be left out. */
static void put_zsh_argument(const option_view *v)
{
    if (!v->takes)
        return;
    printf("%s:%s:", v->may_lack ? ":" : "", v->argument ? v->argument : v->name);
    if (takes_file(v))
        printf("_files");
    else if (has_words(v)) {
        putchar('(');
        put_words(v, " ");
        putchar(')');
    }
}

static void put_zsh(void)
{
    option_view v;
    puts("#compdef winnow");
    put_made_by();
    puts("_arguments -s -S \\");
    for (int i = 0; options_view(i, &v); i++) {
        const char *joint = v.may_lack ? "=-" : v.takes ? "=" : "";
        if (v.letter)
            printf("    '*'{-%c%s,--%s%s}'[", v.letter, v.takes ? "+" : "", v.name, joint);
        else
            printf("    '*--%s%s[", v.name, joint);
        put_quoted(v.help, "[]\\");
        printf("]");
        put_zsh_argument(&v);
        puts("' \\");
    }
    puts("    '*:FILE:_files'");
}

static void put_fish(void)
{
    option_view v;
    put_made_by();
    for (int i = 0; options_view(i, &v); i++) {
        printf("complete -c winnow");
        if (v.letter)
            printf(" -s %c", v.letter);
        printf(" -l %s", v.name);
        if (v.takes && !v.may_lack)
            printf(takes_file(&v) ? " -rF" : " -x");
        if (has_words(&v)) {
            printf(" -a '");
            put_words(&v, " ");
            printf("'");
        }
        printf(" -d '");
        put_quoted(v.help, "\\");
        puts("'");
    }
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "man") == 0 && argc == 3)
        put_manual(argv[2]);
    else if (strcmp(what, "bash") == 0)
        put_bash();
    else if (strcmp(what, "zsh") == 0)
        put_zsh();
    else if (strcmp(what, "fish") == 0)
        put_fish();
    else {
        fprintf(stderr, "usage: manual man TEMPLATE | bash | zsh | fish\n");
        return EXIT_FAILURE;
    }
    return fflush(stdout) || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
