/* The command. It sees the library as anybody does, through winnow.h. */
#include "cli/message.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/run.h"
#include "cli/system.h"

#include "winnow.h"

#include <string.h>
#include <unistd.h>

static int put(void *user, const char *text, size_t len)
{
    return output_put(user, text, len);
}

/* --help and --version are output like any other: they can fail. */
static int show(options_result what)
{
    output o;
    if (output_to_fd(&o, STDOUT_FILENO, NULL) < 0) {
        message("out of memory");
        return EXIT_TROUBLE;
    }
    if (what == OPTIONS_HELP)
        options_help(put, &o);
    else
        put(&o, winnow_version_text(), strlen(winnow_version_text()));
    if (output_finish(&o))
        return EXIT_DONE;
    message("write error: %s", strerror(o.error));
    output_abandon(&o, false);
    return EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
    settings s;
    if (system_fill_standard_fds() < 0)
        return EXIT_TROUBLE; /* and nowhere to tell it */
    options_result result = options_parse(&s, argc, argv);
    int status = result >= OPTIONS_ERROR ? EXIT_TROUBLE
                 : result == OPTIONS_RUN  ? run(&s)
                                          : show(result);
    options_free(&s);
    return status;
}
