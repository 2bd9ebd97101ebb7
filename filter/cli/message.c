#include "cli/message.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    LINE_BYTES = 5000, /* a name of PATH_MAX and the words around it; longer lines are cut */
    ESCAPE_BYTES = 8, /* most that one escape takes, with room to spare */
    PASSING_BYTES = 200
};

/* Follows table 3-7 of Unicode 15: the second byte's range depends on the first. */
static int second_byte_fits(unsigned first, unsigned second)
{
    switch (first) {
    case 0xE0:
        return second >= 0xA0;
    case 0xED:
        return second <= 0x9F;
    case 0xF0:
        return second >= 0x90;
    case 0xF4:
        return second <= 0x8F;
    default:
        return 1;
    }
}

size_t display_decode(const char *text, size_t len, uint32_t *character)
{
    const unsigned char *at = (const unsigned char *)text;
    unsigned first = at[0];
    if (first < 0x80) {
        *character = first;
        return 1;
    }
    if (first < 0xC2 || first > 0xF4)
        return 0;
    size_t need = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (len < need || !second_byte_fits(first, at[1]))
        return 0;
    uint32_t c = first & (0xFFU >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (at[i] & 0x3FU);
    }
    *character = c;
    return need;
}

int display_safe(uint32_t c)
{
    if (c < 0xA0)
        return c >= 0x20 && c < 0x7F;
    if (c < 0x2000)
        return c != 0xAD && c != 0x61C;
    return !((c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
             (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF);
}

/* Puts one character, or its escape, at `out`; moves `*text` past it. Returns the bytes put. */
static size_t show(char *out, const char **text, size_t len)
{
    uint32_t c = 0;
    size_t n = display_decode(*text, len, &c);
    const char *at = *text;
    *text += n ? n : 1;
    if (n && display_safe(c)) {
        memcpy(out, at, n);
        return n;
    }
    if (n > 1)
        return (size_t)snprintf(out, ESCAPE_BYTES, "\\u%04x", (unsigned)(c & 0xFFFF));
    return (size_t)snprintf(out, ESCAPE_BYTES, "\\x%02x", (unsigned char)*at);
}

const char *message_program = "winnow";

static void write_line(const char *line, size_t len)
{
    while (len > 0) {
        ssize_t n = write(STDERR_FILENO, line, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        line += n;
        len -= (size_t)n;
    }
}

/* Columns of the passing line that stands there. Standard error is one, and so is this. */
static size_t passing;

void message_passing(const char *line, size_t columns)
{
    char shown[2 * PASSING_BYTES + 2];
    struct pollfd terminal = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (poll(&terminal, 1, 0) != 1)
        return;
    size_t most = columns > PASSING_BYTES ? PASSING_BYTES : columns ? columns - 1 : 0;
    size_t len = strlen(line);
    if (len > most)
        len = most;
    /* Blanks over what the line before leaves behind, as any terminal understands them. */
    size_t rest = passing > len ? passing - len : 0;
    int n = snprintf(shown, sizeof shown, "\r%.*s%*s", (int)len, line, (int)rest, "");
    if (n > 0)
        write_line(shown, (size_t)n);
    passing = len;
}

void message_clear(void)
{
    if (passing == 0)
        return;
    char blanks[PASSING_BYTES + 3];
    int n = snprintf(blanks, sizeof blanks, "\r%*s\r", (int)passing, "");
    if (n > 0)
        write_line(blanks, (size_t)n);
    passing = 0;
}

void message(const char *format, ...)
{
    message_clear();
    char raw[LINE_BYTES];
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    if (wanted < 0)
        return;

    char line[LINE_BYTES * 5];
    size_t len = (size_t)snprintf(line, LINE_BYTES, "%s: ", message_program);
    const char *end = raw + strlen(raw);
    for (const char *at = raw; at < end && len + ESCAPE_BYTES < sizeof line;)
        len += show(line + len, &at, (size_t)(end - at));
    line[len++] = '\n';
    write_line(line, len);
}
