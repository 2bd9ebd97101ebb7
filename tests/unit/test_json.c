/* JSON records: what is one, where its field stands, and its string read and written. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "failing.h"
#include "frame/json_field.h"
#include "frame/json_string.h"

typedef struct {
    const char *path, *in;
    json_found want;
    const char *string; /* what was found */
} field_row;

static const field_row fields[] = {
    {"text", "{\"text\":\"a\"}", JSON_FOUND, "a"},
    {"text", " { \"a\" : [ ] , \"text\" : \"\" } \r\n", JSON_FOUND, ""},
    {"text", "{\"text\":\"a \\\" \\\\\"}", JSON_FOUND, "a \\\" \\\\"},
    {"text", "{\"\\u0074e\\u0078t\":\"a\"}", JSON_FOUND, "a"},
    {"\xf0\x9f\x98\x80", "{\"\\ud83d\\ude00\":\"a\"}", JSON_FOUND, "a"},
    {"text", "{\"text\":1,\"text\":\"a\",\"x\":{\"text\":\"b\"}}", JSON_FOUND, "a"},
    {"text", "{\"text\":\"a\",\"text\":\"b\"}", JSON_FOUND, "b"},
    {"text", "{\"text\":\"a\",\"text\":{\"text\":\"b\"}}", JSON_OTHER, NULL},
    {"text", "{\"text\":null}", JSON_OTHER, NULL},
    {"text", "{\"text\":[\"text\"]}", JSON_OTHER, NULL},
    {"text", "{}", JSON_MISSING, NULL},
    {"text", "{\"tex\":\"a\",\"texts\":\"a\",\"TEXT\":\"a\",\"\":\"a\"}", JSON_MISSING, NULL},
    {"a.b.c", "{\"a\":{\"b\":{\"c\":\"x\",\"d\":\"y\"},\"c\":\"z\"}}", JSON_FOUND, "x"},
    {"a.b", "{\"a\":{\"b\":\"x\"},\"a\":\"y\"}", JSON_MISSING, NULL},
    {"a.b", "{\"a\":{\"b\":\"x\"},\"a\":{\"b\":1}}", JSON_OTHER, NULL},
    {"a.b", "{\"a\":[{\"b\":\"x\"}],\"b\":\"y\",\"a.b\":\"z\"}", JSON_MISSING, NULL},
    /* what is no matter of ours, as long as it is JSON */
    {"text", "{\"n\":[0,-0,1.5,-1e5,1E+5,2e-7,0.0e0,123456789012345678901234567890,1e999],"
             "\"l\":[true,false,null],\"s\":\"\\b\\f\\n\\r\\t\\/\\ud800\\uDFFFx\",\"\\ud800\":0,"
             "\"o\":{\"o\":{},\"a\":[[],[{}]]},\"text\":\"a\"}", JSON_FOUND, "a"},
    /* what is not */
    {"text", "", JSON_MALFORMED, NULL},
    {"text", "{", JSON_MALFORMED, NULL},
    {"text", "}", JSON_MALFORMED, NULL},
    {"text", "[\"text\"]", JSON_MALFORMED, NULL},
    {"text", "\"text\"", JSON_MALFORMED, NULL},
    {"text", "7", JSON_MALFORMED, NULL},
    {"text", "null", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\"} x", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\"}{}", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\"},", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\"]", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\"}}", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\"", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\\\"}", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\"x}", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\"\"b\"}", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\tb\"}", JSON_MALFORMED, NULL},
    {"text", "{\"text\":'a'}", JSON_MALFORMED, NULL},
    {"text", "{text:\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\",}", JSON_MALFORMED, NULL},
    {"text", "{,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":1,,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":1 \"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"text\" \"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"text\"::\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"a\":\"b\"}", JSON_MALFORMED, NULL},
    {"text", "{\"text\"}", JSON_MALFORMED, NULL},
    {"text", "{\"text\":}", JSON_MALFORMED, NULL},
    {"text", "{1:1,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":[1,],\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":[,1],\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":[1 2],\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":[1:2],\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":[\"b\":2],\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":[1},\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":{1],\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":[1,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":01,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":+1,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":.5,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":5.,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":1e,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":1e+,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":-,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":--1,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":0x10,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":NaN,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":Infinity,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":nul,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":True,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":truefalse,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":\"\\a\",\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":\"\\u12g4\",\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":\"\\u123\",\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"\\x61\":1,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"text\":\"\\q\",\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":1/**/,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":\"\x01\",\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":\xc2\xa0""1,\"text\":\"a\"}", JSON_MALFORMED, NULL},
    {"text", "{\"a\":\"\xff\",\"text\":\"a\"}", JSON_NOT_UTF8, NULL},
};

/* `in` with padding behind it that would be taken for more of it. */
static uint8_t *padded(const char *in, size_t len)
{
    uint8_t *record = malloc(len + JSON_PADDING);
    cr_assert_not_null(record);
    memcpy(record, in, len);
    memset(record + len, '"', JSON_PADDING);
    return record;
}

Test(json, a_field_is_found_where_it_stands)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const field_row *r = &fields[i];
        size_t start = 0, end = 0, len = strlen(r->in);
        uint8_t *record = padded(r->in, len);
        json_field *f = json_field_create(r->path);
        json_found got = json_field_find(f, record, len, &start, &end);
        cr_expect_eq(got, r->want, "%s in %s: %d", r->path, r->in, got);
        cr_expect(!r->string || (end - start == strlen(r->string) &&
                                 memcmp(record + start, r->string, end - start) == 0),
                  "%s in %s", r->path, r->in);
        json_field_free(f);
        free(record);
    }
}

/* No record is taken for one when a byte is missing at its end, or with a NUL anywhere, and no byte
   makes it crash. */
Test(json, parts_and_damage_are_no_records)
{
    static const char in[] = "{\"a\":[1.5e3,{\"b\":null},\"\\u00e9\\n\"],\"text\":\"a \\ud83d\\ude00\"}";
    json_field *f = json_field_create("text");
    size_t start, end;
    for (size_t len = 0; len < sizeof in - 1; len++) {
        uint8_t *record = padded(in, len);
        cr_expect_eq(json_field_find(f, record, len, &start, &end), JSON_MALFORMED, "%zu", len);
        free(record);
    }
    for (size_t at = 0; at < sizeof in; at++) {
        uint8_t *record = padded(in, sizeof in);
        memmove(record + at + 1, record + at, sizeof in - 1 - at);
        record[at] = 0;
        cr_expect_eq(json_field_find(f, record, sizeof in, &start, &end), JSON_MALFORMED,
                     "NUL at %zu", at);
        free(record);
    }
    for (size_t at = 0; at < sizeof in - 1; at++)
        for (int byte = 0; byte < 256; byte++) {
            uint8_t *record = padded(in, sizeof in - 1);
            record[at] = (uint8_t)byte;
            if (json_field_find(f, record, sizeof in - 1, &start, &end) == JSON_FOUND)
                cr_expect(start <= end && end < sizeof in - 1, "byte %d at %zu", byte, at);
            free(record);
        }
    json_field_free(f);
}

Test(json, depth_is_bounded)
{
    enum { DEEP = 100000 };
    char *in = malloc(2 * DEEP);
    cr_assert_not_null(in);
    json_field *f = json_field_create("text");
    for (size_t depth = 1; depth <= DEEP; depth = depth * 3 + 1) {
        size_t len = 0, start, end;
        memcpy(in, "{\"a\":", 5);
        len += 5;
        memset(in + len, '[', depth);
        memset(in + len + depth, ']', depth);
        len += 2 * depth;
        memcpy(in + len, ",\"text\":\"x\"}", 12);
        uint8_t *record = padded(in, len + 12);
        json_found want = depth < JSON_DEPTH_MAX - 1 ? JSON_FOUND : JSON_DEEP;
        cr_expect_eq(json_field_find(f, record, len + 12, &start, &end), want, "%zu", depth);
        free(record);
        if (depth * 3 + 1 > DEEP - 20)
            break;
    }
    json_field_free(f);
    free(in);
}

typedef struct {
    const char *in; /* inside of the string */
    json_found status;
    const char *text; /* what it says */
    size_t text_len, halves;
    const char *out; /* how that is written; NULL: as `in` */
} string_row;

#define SAYS(s) JSON_FOUND, s, sizeof(s) - 1

static const string_row strings[] = {
    {"", SAYS(""), 0, NULL},
    {"plain text of some length, longer than a vector is", SAYS("plain text of some length, longer than "
     "a vector is"), 0, NULL},
    {"\\\"\\\\\\b\\f\\n\\r\\t", SAYS("\"\\\b\f\n\r\t"), 0, NULL},
    {"\\/\\u0041\\u00e9\\u20AC\\u0000\\u001f", SAYS("/A\xc3\xa9\xe2\x82\xac\0\x1f"), 0,
     "/A\xc3\xa9\xe2\x82\xac\\u0000\\u001f"},
    {"\x7f\xc3\xa9\xe2\x80\xa8\xff", SAYS("\x7f\xc3\xa9\xe2\x80\xa8\xff"), 0, NULL},
    {"\\ud83d\\ude00 \\uD83D\\uDE00", SAYS("\xf0\x9f\x98\x80 \xf0\x9f\x98\x80"), 0,
     "\xf0\x9f\x98\x80 \xf0\x9f\x98\x80"},
    {"\\udbff\\udfff\\ud800\\udc00", SAYS("\xf4\x8f\xbf\xbf\xf0\x90\x80\x80"), 0,
     "\xf4\x8f\xbf\xbf\xf0\x90\x80\x80"},
    {"\\ud800", SAYS("\xef\xbf\xbd"), 1, "\xef\xbf\xbd"},
    {"\\ud800x\\udc00", SAYS("\xef\xbf\xbdx\xef\xbf\xbd"), 2, "\xef\xbf\xbdx\xef\xbf\xbd"},
    {"\\ud800\\ud83d\\ude00", SAYS("\xef\xbf\xbd\xf0\x9f\x98\x80"), 1,
     "\xef\xbf\xbd\xf0\x9f\x98\x80"},
    {"\\ud800\\n", SAYS("\xef\xbf\xbd\n"), 1, "\xef\xbf\xbd\\n"},
    {"\\ud800\\u0041", SAYS("\xef\xbf\xbd""A"), 1, "\xef\xbf\xbd""A"},
    {"0123456789abcde\\n0123456789abcdef\\n0123456789abcdefg\\n", SAYS("0123456789abcde\n0123456789abcd"
     "ef\n0123456789abcdefg\n"), 0, NULL},
    {"\\", JSON_MALFORMED, "", 0, 0, NULL},
    {"a\\x41", JSON_MALFORMED, "", 0, 0, NULL},
    {"\\u", JSON_MALFORMED, "", 0, 0, NULL},
    {"\\u004", JSON_MALFORMED, "", 0, 0, NULL},
    {"\\u00_1", JSON_MALFORMED, "", 0, 0, NULL},
    {"\\ud800\\u00", JSON_MALFORMED, "", 0, 1, NULL},
    {"\\N", JSON_MALFORMED, "", 0, 0, NULL},
};

/* A copy of the very size, so that a read past it is seen. */
static uint8_t *exact(const char *text, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);
    cr_assert_not_null(copy);
    memcpy(copy, text, len);
    return copy;
}

static bool holds(const buffer *b, const char *text, size_t len)
{
    return b->len == len && (len == 0 || memcmp(b->data, text, len) == 0);
}

Test(json, strings_are_read_and_written)
{
    buffer text = {0}, out = {0};
    text_edits map = {0};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        const string_row *r = &strings[i];
        size_t halves, len = strlen(r->in);
        uint8_t *in = exact(r->in, len);
        json_found st = json_string_read(in, len, &text, &halves, &map);
        cr_expect_eq(st, r->status, "%s: %d", r->in, st);
        cr_expect_eq(json_string_valid(in, len), r->status == JSON_FOUND, "%s", r->in);
        cr_expect_eq(halves, r->halves, "%s: %zu halves", r->in, halves);
        if (st == JSON_FOUND) {
            const char *want = r->out ? r->out : r->in;
            cr_expect(holds(&text, r->text, r->text_len), "%s", r->in);
            cr_expect(halves || json_string_is(in, len, r->text, r->text_len), "%s", r->in);
            uint8_t *copy = exact((const char *)text.data, text.len);
            out.len = 0;
            cr_assert(json_string_write(copy, text.len, &out));
            cr_expect(holds(&out, want, strlen(want)), "%s: %.*s", r->in, (int)out.len,
                      (const char *)out.data);
            free(copy);
        }
        free(in);
    }
    buffer_free(&text);
    buffer_free(&out);
    list_free(&map);
}

/* Whatever stands where in a vector. */
Test(json, every_byte_at_every_place_comes_back)
{
    enum { LEN = 40 };
    uint8_t text[LEN];
    buffer out = {0}, back = {0};
    for (size_t at = 0; at < LEN; at++)
        for (int byte = 0; byte < 256; byte++) {
            size_t halves;
            memset(text, 'a', LEN);
            text[at] = (uint8_t)byte;
            out.len = 0;
            cr_assert(json_string_write(text, LEN, &out));
            cr_assert_eq(json_string_read(out.data, out.len, &back, &halves, NULL), JSON_FOUND);
            cr_expect(back.len == LEN && memcmp(back.data, text, LEN) == 0, "%d at %zu", byte, at);
            cr_expect_eq(memchr(out.data, '\n', out.len), NULL);
        }
    buffer_free(&out);
    buffer_free(&back);
}

Test(json, offsets_lead_back_into_the_string)
{
    static const char in[] = "ab\\nc\\ud83d\\ude00d\\u0041e";
    static const struct {
        uint32_t text, raw;
    } places[] = {{0, 0}, {1, 1}, {3, 4}, {4, 5}, {8, 17}, {10, 24}};
    buffer text = {0};
    text_edits map = {0};
    size_t halves;
    cr_assert_eq(json_string_read((const uint8_t *)in, sizeof in - 1, &text, &halves, &map),
                 JSON_FOUND);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        cr_expect_eq(text_mapped(&map, places[i].text), places[i].raw, "%u: %u", places[i].text,
                     text_mapped(&map, places[i].text));
    buffer_free(&text);
    list_free(&map);
}
