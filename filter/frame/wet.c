#define _GNU_SOURCE /* memmem */
#include "frame/wet.h"

#include <string.h>
#include <strings.h>

#include "frame/frame.h"

enum {
    HEADER_MAX = 64 * 1024, /* a longer one is none */
    LENGTH_DIGITS = 18      /* of a Content-Length that is believed */
};

/* Bytes of the line end at `at`: CR LF, or LF alone as careless tools write it; 0: none. */
static size_t line_end(const uint8_t *bytes, size_t at, size_t len)
{
    if (at < len && bytes[at] == '\n')
        return 1;
    return at + 1 < len && bytes[at] == '\r' && bytes[at + 1] == '\n' ? 2 : 0;
}

size_t wet_version_line(const uint8_t *bytes, size_t len)
{
    static const char version[] = "WARC/1.";
    size_t at = sizeof version - 1;
    if (len <= at || memcmp(bytes, version, at) != 0 || (bytes[at] != '0' && bytes[at] != '1'))
        return 0;
    at++;
    size_t end = line_end(bytes, at, len);
    return end ? at + end : 0;
}

size_t wet_find(const uint8_t *bytes, size_t len)
{
    static const char mark[] = "\nWARC/1.";
    const uint8_t *at = bytes, *end = bytes + len;
    while ((at = memmem(at, (size_t)(end - at), mark, sizeof mark - 1)) != NULL) {
        at++;
        if (wet_version_line(at, (size_t)(end - at)))
            return (size_t)(at - bytes);
    }
    return len;
}

/* Offset behind the line's end; 0: there is none. */
static size_t behind_line(const uint8_t *bytes, size_t at, size_t len)
{
    const uint8_t *lf = at < len ? memchr(bytes + at, '\n', len - at) : NULL;
    return lf ? (size_t)(lf - bytes) + 1 : 0;
}

static bool blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool wet_header_line(const uint8_t *bytes, size_t len, wet_line *line)
{
    size_t end = behind_line(bytes, 0, len);
    while (end && end < len && (bytes[end] == ' ' || bytes[end] == '\t'))
        end = behind_line(bytes, end, len);
    const uint8_t *colon = end ? memchr(bytes, ':', end) : NULL;
    if (!colon || colon == bytes)
        return false;
    size_t from = (size_t)(colon - bytes) + 1, to = end;
    while (from < to && blank(bytes[from]))
        from++;
    while (to > from && blank(bytes[to - 1]))
        to--;
    *line = (wet_line){(size_t)(colon - bytes), from, to - from, end};
    return true;
}

bool wet_is(const uint8_t *bytes, const wet_line *line, const char *name)
{
    return strlen(name) == line->name_len &&
           strncasecmp((const char *)bytes, name, line->name_len) == 0;
}

/* Where the header's empty line ends; 0: there is none, or, if `*open`, not yet. Where another
   record begins there is none, so that headers which never end cost no more than their bytes. */
static size_t header_end(const uint8_t *bytes, size_t len, bool *open)
{
    *open = false;
    for (size_t at = behind_line(bytes, 0, len); at; at = behind_line(bytes, at, len)) {
        size_t n = line_end(bytes, at, len);
        if (n)
            return at + n;
        if (wet_version_line(bytes + at, len - at))
            return 0;
    }
    *open = true;
    return 0;
}

static bool read_length(const uint8_t *text, size_t len, uint64_t *value)
{
    uint64_t n = 0;
    if (!len || len > LENGTH_DIGITS)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        n = n * 10 + (uint64_t)(text[i] - '0');
    }
    *value = n;
    return true;
}

static bool value_begins(const uint8_t *bytes, const wet_line *line, const char *with)
{
    size_t n = strlen(with);
    return line->value_len >= n &&
           strncasecmp((const char *)bytes + line->value, with, n) == 0;
}

/* Reads a whole header. False: it is none. */
static bool read_header(const uint8_t *bytes, size_t len, wet_record *r)
{
    size_t at = wet_version_line(bytes, len);
    bool text = true, conversion = false, length = false;
    if (!at)
        return false;
    for (wet_line line; !line_end(bytes, at, len); at += line.len) {
        const uint8_t *from = bytes + at;
        if (!wet_header_line(from, len - at, &line))
            return false;
        if (wet_is(from, &line, "WARC-Type")) {
            conversion = line.value_len == strlen("conversion") &&
                         value_begins(from, &line, "conversion");
        } else if (wet_is(from, &line, "Content-Type")) {
            text = value_begins(from, &line, "text/");
        } else if (wet_is(from, &line, "Content-Length")) {
            if (length || !read_length(from + line.value, line.value_len, &r->block_len))
                return false;
            length = true;
        }
    }
    r->block = len;
    r->text = conversion && text;
    return length;
}

static void damaged(const uint8_t *bytes, size_t len, wet_record *r)
{
    r->kind = WET_DAMAGED;
    r->len = wet_find(bytes, len);
    r->found = r->len < len;
}

typedef enum { END_HERE, END_ELSEWHERE, END_UNSEEN } block_end;

/* Where a block ends there are line ends, and then the input ends or another record begins. Four
   bytes of line ends are enough, for those who wait for no more. Where a batch was cut, the record
   behind it is not seen, so the end of a batch must count as the end of the input does. */
static block_end look_behind(const uint8_t *bytes, size_t at, size_t len, bool final)
{
    enum { ENDS = 4 };
    size_t n = 0;
    while (n < ENDS && at + n < len && (bytes[at + n] == '\n' || bytes[at + n] == '\r'))
        n++;
    size_t left = len - at - n;
    if (n < ENDS && !final && left < WET_MARK)
        return END_UNSEEN;
    return n == ENDS || !left || wet_version_line(bytes + at + n, left) ? END_HERE : END_ELSEWHERE;
}

static size_t line_ends(const uint8_t *bytes, size_t at, size_t len)
{
    size_t first = line_end(bytes, at, len);
    return first ? first + line_end(bytes, at + first, len) : 0;
}

/* The header is sound, and the block is all there. */
static void read_end(const uint8_t *bytes, size_t len, bool final, wet_record *r)
{
    size_t end = r->block + (size_t)r->block_len;
    switch (look_behind(bytes, end, len, final)) {
    case END_HERE:
        r->kind = r->text ? WET_TEXT : WET_OTHER;
        r->len = end + line_ends(bytes, end, len);
        break;
    case END_UNSEEN:
        r->kind = WET_MORE;
        break;
    default:
        damaged(bytes, len, r);
    }
}

/* The header is sound. */
static void read_block(const uint8_t *bytes, size_t len, bool final, wet_record *r)
{
    uint64_t end = r->block + r->block_len;
    if (end > FRAME_RECORD_MAX) {
        r->kind = WET_LONG;
        r->len = end;
    } else if (end <= len) {
        read_end(bytes, len, final, r);
    } else if (final) {
        r->cut_off = true;
        damaged(bytes, len, r);
    } else {
        r->kind = WET_MORE;
    }
}

void wet_read(const uint8_t *bytes, size_t len, bool final, wet_record *r)
{
    *r = (wet_record){0};
    size_t blanks = 0;
    while (blanks < len && (bytes[blanks] == '\n' || bytes[blanks] == '\r'))
        blanks++;
    if (blanks) {
        r->kind = WET_BLANK;
        r->len = blanks;
        return;
    }
    bool open, begun = wet_version_line(bytes, len) != 0 || len < WET_MARK;
    size_t header = header_end(bytes, len < HEADER_MAX ? len : HEADER_MAX, &open);
    if (open && begun && !final && len < HEADER_MAX)
        r->kind = WET_MORE;
    else if (header && read_header(bytes, header, r))
        read_block(bytes, len, final, r);
    else
        damaged(bytes, len, r);
}
