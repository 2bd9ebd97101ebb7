#include "cli/rules.h"

#include "cli/input.h"
#include "cli/message.h"
#include "cli/run.h"
#include "cli/stop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int tell(const char *name, const char *what)
{
    message("%s: %s", name, what);
    return EXIT_TROUBLE;
}

/* A whole file in memory. 0, or -1 with errno. */
static int read_all(input *in, char **bytes, size_t *len)
{
    size_t cap = 64 * 1024;
    ssize_t n = 1;
    *len = 0;
    *bytes = malloc(cap);
    while (*bytes && (n = input_read(in, *bytes + *len, cap - *len)) > 0) {
        *len += (size_t)n;
        if (*len < cap)
            continue;
        char *more = realloc(*bytes, cap *= 2);
        if (!more)
            free(*bytes);
        *bytes = more;
    }
    if (*bytes && n < 0) {
        int error = errno;
        free(*bytes);
        *bytes = NULL;
        errno = error;
    }
    return *bytes ? 0 : -1;
}

static int add_file(winnow_rules *rules, const char *name)
{
    input in;
    if (input_open(&in, name) < 0)
        return tell(name, strerror(errno));
    char *bytes;
    size_t len;
    int result = read_all(&in, &bytes, &len);
    int error = errno;
    input_close(&in);
    if (result < 0)
        return tell(in.name, strerror(error));
    if (stop_requested()) {
        free(bytes);
        return EXIT_TROUBLE;
    }
    uint64_t line = 0;
    const char *why = NULL;
    winnow_status status = winnow_rules_add(rules, bytes, len, &line, &why);
    free(bytes);
    if (status == WINNOW_OK)
        return EXIT_DONE;
    if (status != WINNOW_ERR_RULE)
        return tell(in.name, winnow_status_text(status));
    message("%s:%" PRIu64 ": %s", in.name, line, why);
    return EXIT_TROUBLE;
}

int rules_read(winnow_rules **out, const name_list *names)
{
    *out = NULL;
    if (!names->count)
        return EXIT_DONE;
    winnow_rules *rules;
    if (winnow_rules_create(&rules) != WINNOW_OK)
        return tell(names->names[0], winnow_status_text(WINNOW_ERR_NOMEM));
    int status = EXIT_DONE;
    for (int i = 0; i < names->count && status == EXIT_DONE; i++)
        status = add_file(rules, names->names[i]);
    winnow_status ended = status == EXIT_DONE ? winnow_rules_end(rules) : WINNOW_OK;
    if (ended != WINNOW_OK)
        status = tell(names->names[0], winnow_status_text(ended));
    if (status == EXIT_DONE)
        *out = rules;
    else
        winnow_rules_free(rules);
    return status;
}
