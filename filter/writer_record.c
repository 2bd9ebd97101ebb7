/* The writer's part for records: what stood around a text, and the text in its form. */
#include "writer.h"

#include <stdio.h>
#include <string.h>

#include <nettle/sha1.h>

#include "frame/json_string.h"
#include "frame/wet.h"

/* ---- WET ------------------------------------------------------------------------------------ */

enum { BASE32_BYTES = SHA1_DIGEST_SIZE / 5 * 8 };
_Static_assert(SHA1_DIGEST_SIZE % 5 == 0, "no padding");

/* RFC 4648, 6; as WARC files write digests. */
static void base32(const uint8_t digest[SHA1_DIGEST_SIZE], char out[BASE32_BYTES])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (int group = 0; group < SHA1_DIGEST_SIZE / 5; group++) {
        uint64_t bits = 0;
        for (int i = 0; i < 5; i++)
            bits = bits << 8 | digest[group * 5 + i];
        for (int i = 8; i-- > 0; bits >>= 5)
            out[group * 8 + i] = letters[bits & 31];
    }
}

static size_t sha1_value(const uint8_t *text, size_t len, char *value, size_t size)
{
    uint8_t digest[SHA1_DIGEST_SIZE];
    char letters[BASE32_BYTES];
    struct sha1_ctx sha;
    sha1_init(&sha);
    sha1_update(&sha, len, text);
    sha1_digest(&sha, sizeof digest, digest);
    base32(digest, letters);
    return (size_t)snprintf(value, size, "sha1:%.*s", BASE32_BYTES, letters);
}

/* A line of the header, its value replaced where it tells of the block. The block of a conversion
   record is its payload too. A digest that is not SHA-1 is left out: it is no longer true. */
static bool put_header_line(buffer *out, const uint8_t *from, const wet_line *line,
                            const uint8_t *text, size_t len)
{
    char value[64];
    size_t n;
    bool digest = wet_is(from, line, "WARC-Block-Digest") ||
                  wet_is(from, line, "WARC-Payload-Digest");
    if (wet_is(from, line, "Content-Length"))
        n = (size_t)snprintf(value, sizeof value, "%zu", len);
    else if (!digest)
        return buffer_append(out, from, line->len);
    else if (line->value_len > 5 && memcmp(from + line->value, "sha1:", 5) == 0)
        n = sha1_value(text, len, value, sizeof value);
    else
        return true;
    size_t behind = line->value + line->value_len;
    return buffer_append(out, from, line->value) && buffer_append(out, value, n) &&
           buffer_append(out, from + behind, line->len - behind);
}

static bool put_wet(buffer *out, const uint8_t *raw, const record *r, const uint8_t *text,
                    size_t len)
{
    const uint8_t *from = raw + r->begin, *block = raw + r->text;
    size_t n = wet_version_line(from, (size_t)(block - from));
    bool ok = buffer_append(out, from, n);
    wet_line line;
    for (from += n; ok && wet_header_line(from, (size_t)(block - from), &line); from += line.len)
        ok = put_header_line(out, from, &line, text, len);
    return ok && buffer_append(out, from, (size_t)(block - from)) && /* the empty line */
           buffer_append(out, text, len) &&
           buffer_append(out, raw + r->text_end, r->end - r->text_end);
}

/* ---- JSON Lines ----------------------------------------------------------------------------- */

static bool put_json(buffer *out, const uint8_t *raw, const record *r, const uint8_t *text,
                     size_t len)
{
    return buffer_append(out, raw + r->begin, r->text - r->begin) &&
           json_string_write(text, len, out) &&
           buffer_append(out, raw + r->text_end, r->end - r->text_end);
}

/* ---- Both ----------------------------------------------------------------------------------- */

/* What another input's first record must not be glued to. */
static const char *record_end(winnow_format format)
{
    return format == WINNOW_WET ? "\r\n\r\n" : "\n";
}

/* Whether the record, which is the input's last, has not the line ends that records have. */
static bool lacks_end(const writer *w, const batch *b, const record *r)
{
    size_t wanted = w->format == WINNOW_WET ? 2 : 1, lines = 0;
    if (!b->document_ends || r->end != b->raw_len || r->end == r->begin)
        return false;
    for (size_t at = r->end; at > r->begin && lines < wanted; at--) {
        uint8_t c = b->raw[at - 1];
        if (c != '\n' && c != '\r')
            break;
        lines += c == '\n';
    }
    return lines < wanted;
}

/* The record with its text as judged; that is w->text, or, if never copied, w->run. */
static bool put_record(writer *w, const batch *b, const record *r)
{
    const uint8_t *text = w->text.len ? w->text.data : w->run;
    size_t len = w->text.len ? w->text.len : w->run_len;
    bool whole = len == r->clean_end - r->clean &&
                 (len == 0 || memcmp(text, b->clean.text.data + r->clean, len) == 0);
    if (!r->cleaned || (whole && r->same))
        return buffer_append(&w->out, b->raw + r->begin, r->end - r->begin);
    /* Where the last line went, the one before it is the last: it has no line end either. */
    len -= r->open && !whole && len && text[len - 1] == '\n';
    return w->format == WINNOW_WET ? put_wet(&w->out, b->raw, r, text, len)
                                   : put_json(&w->out, b->raw, r, text, len);
}

winnow_status writer_record(writer *w, const batch *b, const record *r)
{
    const char *end = record_end(w->format);
    size_t before = w->out.len;
    bool ok = !w->text.len || writer_settle(w) == WINNOW_OK;
    bool empty = !w->text.len && !w->run_len;
    bool goes = r->cleaned ? empty && w->drop_empty : w->invert;
    if (ok && !goes) {
        ok = (!w->owes_record || buffer_append(&w->out, end, strlen(end))) && put_record(w, b, r);
        w->owes_record = lacks_end(w, b, r);
    }
    w->bytes += w->out.len - before;
    w->lines += w->owes_end;
    buffer_clear(&w->text);
    w->run_len = 0;
    w->any = w->gap = w->owes_end = false;
    return ok ? writer_flush_if_large(w) : WINNOW_ERR_NOMEM;
}
