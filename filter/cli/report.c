#include "cli/report.h"

#include "cli/message.h"

#include <inttypes.h>
#include <string.h>

/* Escapes what RFC 8259 says, and what a terminal would obey. */
static bool put_escape(output *o, uint32_t character)
{
    switch (character) {
    case '"':
        return output_put(o, "\\\"", 2);
    case '\\':
        return output_put(o, "\\\\", 2);
    case '\n':
        return output_put(o, "\\n", 2);
    case '\t':
        return output_put(o, "\\t", 2);
    default:
        return output_format(o, "\\u%04x", (unsigned)(character & 0xFFFF));
    }
}

/* Characters at the start of the text that stand for themselves. */
static size_t plain_bytes(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        uint32_t c;
        size_t n = display_decode(text + at, len - at, &c);
        if (n == 0 || !display_safe(c) || c == '"' || c == '\\')
            break;
        at += n;
    }
    return at;
}

bool report_string(output *o, const char *text, size_t len)
{
    if (!output_put(o, "\"", 1))
        return false;
    while (len > 0) {
        size_t n = plain_bytes(text, len);
        if (!output_put(o, text, n))
            return false;
        text += n;
        len -= n;
        if (len > 0) {
            uint32_t c = 0xFFFD; /* stands for a byte that is not UTF-8; the library gives none */
            n = display_decode(text, len, &c);
            if (!put_escape(o, c))
                return false;
            text += n ? n : 1;
            len -= n ? n : 1;
        }
    }
    return output_put(o, "\"", 1);
}

bool report_drop(output *o, const winnow_verdict *drop)
{
    const char *reason = winnow_reason_name(drop->reason);
    if (!output_put(o, "{\"reason\":", 10) || !report_string(o, reason, strlen(reason)))
        return false;
    if (drop->category && (!output_put(o, ",\"category\":", 12) ||
                           !report_string(o, drop->category, strlen(drop->category))))
        return false;
    return output_format(o, ",\"document\":%" PRIu64 ",\"line\":%" PRIu64 ",\"byte\":%" PRIu64,
                         drop->document, drop->line, drop->byte) &&
           output_put(o, ",\"text\":", 8) && report_string(o, drop->text, drop->len) &&
           output_put(o, "}\n", 2);
}

static bool put_count(output *o, const char *key, uint64_t count)
{
    return output_format(o, ",\"%s\":%" PRIu64, key, count);
}

/* All reasons but that of repeats are boilerplate. */
static bool put_boilerplate(output *o, const winnow_stats *s)
{
    if (!output_format(o, ",\"boilerplate\":{"))
        return false;
    for (int i = WINNOW_REPEAT + 1; i < WINNOW_REASONS; i++)
        if (!output_format(o, "%s\"%s\":%" PRIu64, i > WINNOW_REPEAT + 1 ? "," : "",
                           winnow_reason_name((winnow_reason)i), s->dropped[i]))
            return false;
    return output_format(o, "}");
}

bool report_stats(output *o, const winnow_stats *s, double seconds)
{
    return output_format(o, "{\"version\":\"%s\"", WINNOW_VERSION) &&
           output_format(o, ",\"secret\":\"%016" PRIx64 "\"", s->secret_hash) &&
           put_count(o, "bytes_in", s->bytes_in) && put_count(o, "bytes_out", s->bytes_out) &&
           put_count(o, "documents", s->documents) &&
           put_count(o, "passed_records", s->passed_records) &&
           put_count(o, "lines_in", s->lines_in) && put_count(o, "lines_out", s->lines_out) &&
           put_count(o, "gap_before", s->gap_before) && put_count(o, "gap_after", s->gap_after) &&
           put_count(o, "sentences", s->sentences) &&
           put_count(o, "kept", s->kept) && put_count(o, "repeats", s->dropped[WINNOW_REPEAT]) &&
           put_boilerplate(o, s) && put_count(o, "too_short", s->too_short) &&
           put_count(o, "invalid_bytes", s->invalid_bytes) &&
           put_count(o, "controls", s->controls) && put_count(o, "forced_cuts", s->forced_cuts) &&
           put_count(o, "unremembered", s->unremembered) && put_count(o, "unique", s->unique) &&
           put_count(o, "loaded", s->loaded) && put_count(o, "seen_bytes", s->seen_bytes) &&
           output_format(o, ",\"expected_false_drops\":%.3g", s->expected_false_drops) &&
           output_format(o, ",\"seconds\":%.3f}\n", seconds);
}
