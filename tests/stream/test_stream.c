/* Every row, fed in every way: the output depends on the bytes alone. */
#include <criterion/criterion.h>

#include "capture.h"

typedef struct {
    const char *name;
    winnow_options opt;
    const char *in;
    size_t len;
    const char *want;
    size_t want_len;
} row;

#define TEXT(s) s, sizeof(s) - 1

#define OFF .boilerplate = WINNOW_BOILERPLATE_OFF

/* A WARC record's header, and what ends a record. */
#define WARC(type, more, length) \
    "WARC/1.0\r\nWARC-Type: " type "\r\n" more "content-length: " length "\r\n\r\n"
#define END "\r\n\r\n"
/* Of no text in particular; and those of the first text below, by sha1sum and base32. */
#define DIGESTS "WARC-Block-Digest: sha1:AAAA\r\nWARC-Payload-Digest: md5:00\r\n"
#define NEW_DIGESTS "WARC-Block-Digest: sha1:L5SCXLJ6VP5PWBKUEKZVJ7NUKLRY6QOP\r\n"

static const row rows[] = {
    {"nothing", {0},
     TEXT(""),
     TEXT("")},
    {"a repeat", {OFF},
     TEXT("The cat sat down.\nThe dog sat up.\nThe cat sat down.\n"),
     TEXT("The cat sat down.\nThe dog sat up.\n")},
    {"the first copy stays, whatever its case", {OFF},
     TEXT("One two three.\nONE TWO THREE.\n"),
     TEXT("One two three.\n")},
    {"a repeat inside a line", {OFF},
     TEXT("Red is one. Green is two.\nBlue is too. Red is one. End of it.\n"),
     TEXT("Red is one. Green is two.\nBlue is too. End of it.\n")},
    {"a repeat at a line's begin", {OFF},
     TEXT("Red is one.\nRed is one. Green is two.\n"),
     TEXT("Red is one.\nGreen is two.\n")},
    {"a repeat at a line's end", {OFF},
     TEXT("Red is one.\nGreen is two. Red is one.\n"),
     TEXT("Red is one.\nGreen is two.\n")},
    {"a dropped line between paragraphs", {OFF},
     TEXT("A b c d.\n\nA b c d.\n\nE f g h.\n"),
     TEXT("A b c d.\n\nE f g h.\n")},
    {"a dropped last line takes its empty line along", {OFF},
     TEXT("A b c d.\n\nA b c d."),
     TEXT("A b c d.\n")},
    {"no line end at the end", {OFF},
     TEXT("A b c d.\nE f g"),
     TEXT("A b c d.\nE f g")},
    {"short sentences are not compared", {OFF},
     TEXT("Yes.\nNo.\nYes.\n"),
     TEXT("Yes.\nNo.\nYes.\n")},
    {"unless asked", {.min_words = 1, OFF},
     TEXT("Yes.\nNo.\nYes.\n"),
     TEXT("Yes.\nNo.\n")},
    {"two copies", {.keep = 2, OFF},
     TEXT("A b c.\nA b c.\nA b c.\nA b c.\n"),
     TEXT("A b c.\nA b c.\n")},
    {"all copies", {.keep = WINNOW_KEEP_ALL, OFF},
     TEXT("A b c.\nA b c.\n"),
     TEXT("A b c.\nA b c.\n")},
    {"decimal", {.split = 1, OFF},
     TEXT("Pi is 3.14 or so. Yes it is.\n"),
     TEXT("Pi is 3.14 or so.\nYes it is.\n")},
    {"one sentence a line", {.split = 1, OFF},
     TEXT("One is here. Two is here.\n\nThree. One is here."),
     TEXT("One is here.\nTwo is here.\n\nThree.")},
    {"lines are compared whole", {.unit = WINNOW_LINE, OFF},
     TEXT("A b. C d.\nA b. C d.\nA b. E f.\n"),
     TEXT("A b. C d.\nA b. E f.\n")},
    {"lines, one sentence a line", {.unit = WINNOW_LINE, .split = 1, OFF},
     TEXT("Red is one. Blue is two.\nRed is one. Blue is two.\nBlue is two.\n"),
     TEXT("Red is one.\nBlue is two.\nBlue is two.\n")},
    {"paragraphs", {.unit = WINNOW_PARAGRAPH, OFF},
     TEXT("One two three.\nFour five six.\n\nOne two three.\n\nOne two three.\nFour five six.\n"),
     TEXT("One two three.\nFour five six.\n\nOne two three.\n")},
    {"a paragraph's line ends are blanks", {.unit = WINNOW_PARAGRAPH, OFF},
     TEXT("One two three\nfour.\n\n\n\nOne two\nthree four.\n\nFive six seven.\n"),
     TEXT("One two three\nfour.\n\nFive six seven.\n")},
    {"paragraphs end at blank lines of any make", {.unit = WINNOW_PARAGRAPH, OFF},
     TEXT("A b c\r\n\r\nD e f\n \t\nA b c\r\rG h i\n"),
     TEXT("A b c\n\nD e f\n\nG h i\n")},
    {"documents that NUL ends", {.unit = WINNOW_DOCUMENT, .format = WINNOW_NUL, OFF},
     TEXT("One two three.\nFour.\0One two three.\0One two three.\nFour.\0Five."),
     TEXT("One two three.\nFour.\0One two three.\0\0Five.")},
    {"documents left empty can go", {.format = WINNOW_NUL, .empty = WINNOW_EMPTY_DROP, OFF},
     TEXT("One two three.\0One two three.\0\0Four.\0"),
     TEXT("One two three.\0Four.\0")},
    {"empty documents stay", {.format = WINNOW_NUL, OFF},
     TEXT("A b c d\0\0A b c d\n\0B"),
     TEXT("A b c d\0\0\0B")},
    {"a repeat in another document", {.format = WINNOW_NUL, .scope = WINNOW_SCOPE_DOCUMENT, OFF},
     TEXT("A b c.\nA b c.\n\0A b c.\n\0"),
     TEXT("A b c.\n\0A b c.\n\0")},
    {"each line a document", {.format = WINNOW_LINES, .scope = WINNOW_SCOPE_DOCUMENT, OFF},
     TEXT("Red is one. Red is one.\nRed is one.\n"),
     TEXT("Red is one.\nRed is one.\n")},
    {"each line a document of one paragraph",
     {.unit = WINNOW_PARAGRAPH, .format = WINNOW_LINES, .scope = WINNOW_SCOPE_DOCUMENT, OFF},
     TEXT("Red is one.\nRed is one.\n"),
     TEXT("Red is one.\nRed is one.\n")},
    {"the blank line behind a paragraph is no part of it",
     {.unit = WINNOW_PARAGRAPH, .match = WINNOW_MATCH_EXACT, .no_tidy = 1, OFF},
     TEXT("Red is one.\n\nRed is one.\n \nRed is one."),
     TEXT("Red is one.\n\n \n")},
    {"what was dropped instead", {.invert = 1, OFF},
     TEXT("Red is one.\n\nSix is few. Red is one. Ten is more.\nRed is one.\n"),
     TEXT("Red is one.\nRed is one.\n")},
    {"line ends of all kinds", {OFF},
     TEXT("a\r\nb\rc\vd\fe\xc2\x85""f\xe2\x80\xa8g\r\n\r\r\nh\r"),
     TEXT("a\nb\nc\nd\ne\nf\ng\n\nh\n")},
    {"untidy", {.no_tidy = 1, OFF},
     TEXT(" a b\t c.\r\n\r\n\r\n a b\t c.\r\n  \nd \x01 e f\r"),
     TEXT(" a b\t c.\r\n\r\n\r\n  \nd \x01 e f\r")},
    {"bytes that are no text", {OFF},
     TEXT("a\xff\xe2\x82 b\xf0\x9f\x98\n\xed\xa0\x80"),
     TEXT("a\xef\xbf\xbd\xef\xbf\xbd b\xef\xbf\xbd\n\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd")},
    {"CR and LF meet where what stood between them goes", {.invalid = WINNOW_INVALID_DROP, OFF},
     TEXT("a\r\xff\nb\r\xe2\x82\nc\r\xf0\x9f\x98\x80\nd\r\xff\xff\r\xff"),
     TEXT("a\nb\nc\n\xf0\x9f\x98\x80\nd\n")},
    {"a character cut off by the end", {OFF},
     TEXT("ok\n\xe2\x82"),
     TEXT("ok\n\xef\xbf\xbd")},
    {"composed", {OFF},
     TEXT("e\xcc\x81t\xc3\xa9 A\xcc\x8a\n"),
     TEXT("\xc3\xa9t\xc3\xa9 \xc3\x85\n")},
    {"composed across what is removed", {OFF},
     TEXT("e\xe2\x80\x8b\xcc\x81\n"),
     TEXT("\xc3\xa9\n")},
    {"decomposed", {.form = WINNOW_NFD, OFF},
     TEXT("\xc3\xa9\n"),
     TEXT("e\xcc\x81\n")},
    {"escape sequences", {OFF},
     TEXT("r\x1b[31med\x1b[0m \x1b]0;title\x07x\x1b[3\ny\n"),
     TEXT("red x\ny\n")},
    {"sentences without blanks between", {.split = 1, OFF},
     TEXT("\xe4\xbd\xa0\xe5\xa5\xbd\xe3\x80\x82\xe8\xb0\xa2\xe8\xb0\xa2\xe3\x80\x82\n"),
     TEXT("\xe4\xbd\xa0\xe5\xa5\xbd\xe3\x80\x82\n\xe8\xb0\xa2\xe8\xb0\xa2\xe3\x80\x82\n")},
    {"boilerplate phrases", {.boilerplate = WINNOW_BOILERPLATE_PHRASES},
     TEXT("The rain fell all night.\nYou might also like\nLeave A Reply\n\nYour email address will not be "
           "published.\n"),
     TEXT("The rain fell all night.\n")},
    {"JSON Lines: the text of each record", {.format = WINNOW_JSONL, OFF},
     TEXT("{\"id\": 1, \"text\": \"A b c d.\\nA b c d.\\n\", \"x\": [1, {\"y\": null}] }\n"
          "{\"text\":\"A  b c d. E \\\"f\\\" g.\",\"id\":2}\r\n"),
     TEXT("{\"id\": 1, \"text\": \"A b c d.\\n\", \"x\": [1, {\"y\": null}] }\n"
          "{\"text\":\"E \\\"f\\\" g.\",\"id\":2}\r\n")},
    {"what cleaning leaves keeps its bytes", {.format = WINNOW_JSONL, OFF},
     TEXT("{\"text\":\"\\u0041\\/b \\u00e9.\\n\\nc d\"}\n{\"text\":\"\\u0041\\/b \\u00e9. \"}"),
     TEXT("{\"text\":\"\\u0041\\/b \\u00e9.\\n\\nc d\"}\n{\"text\":\"A/b \xc3\xa9.\"}")},
    {"pairs of surrogates, and halves", {.format = WINNOW_JSONL, .no_tidy = 1, OFF},
     TEXT("{\"text\":\"\\ud83d\\ude00 \\ud83d \\ude00\\ud83d\\u0041\"}\n"
          "{\"text\":\"\\uD83D\\uDE00\"}\n{\"a\":\"\\ud800\",\"text\":\"e\xcc\x81\"}\n"),
     TEXT("{\"text\":\"\xf0\x9f\x98\x80 \xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd""A\"}\n"
          "{\"text\":\"\\uD83D\\uDE00\"}\n{\"a\":\"\\ud800\",\"text\":\"\xc3\xa9\"}\n")},
    {"controls are escaped again", {.format = WINNOW_JSONL, .no_tidy = 1, OFF},
     TEXT("{\"text\":\"e\xcc\x81\\u0000\\b\\f\\n\\r\\t\\u001f\\u007f\\\\\\\"\\/\"}\n"),
     TEXT("{\"text\":\"\xc3\xa9\\u0000\\b\\f\\n\\r\\t\\u001f\x7f\\\\\\\"/\"}\n")},
    {"bytes that are no text, in a string and around it", {.format = WINNOW_JSONL, OFF},
     TEXT("{\"a\xff\":\"\xe2\x82\",\"text\":\"a\xff\xe2\x82 b\\n\"}\n{\"a\":\"\xff\",\"text\":\"c\"}\n"),
     TEXT("{\"a\xff\":\"\xe2\x82\",\"text\":\"a\xef\xbf\xbd\xef\xbf\xbd b\\n\"}\n"
          "{\"a\":\"\xff\",\"text\":\"c\"}\n")},
    {"records that have no text to clean", {.format = WINNOW_JSONL, OFF},
     TEXT("{\"text\":\"A b c.\"}\n\n[\"text\"]\n{\"text\":7}\n{\"txt\":\"a  b\"}\n{\"text\":\"a  b\n \r\n"
          "{\"text\":\"\\q  \"}\n\xef\xbb\xbf{\"text\":\"A b c.\"}\n{\"text\":\"a  b\"} 1"),
     TEXT("{\"text\":\"A b c.\"}\n\n[\"text\"]\n{\"text\":7}\n{\"txt\":\"a  b\"}\n{\"text\":\"a  b\n \r\n"
          "{\"text\":\"\\q  \"}\n\xef\xbb\xbf{\"text\":\"\"}\n{\"text\":\"a  b\"} 1")},
    {"a field inside a field; of two the last", {.format = WINNOW_JSONL, .field = "a.b", OFF},
     TEXT("{\"a\":{\"b\":\"x  y\"},\"text\":\"x  y\"}\n{\"a\":{\"b\":\"x  y\",\"\\u0062\":\"z  z\"}}\n"
          "{\"a\":{\"b\":\"x  y\"},\"a\":{}}\n{\"a.b\":\"x  y\"}\n"),
     TEXT("{\"a\":{\"b\":\"x y\"},\"text\":\"x  y\"}\n{\"a\":{\"b\":\"x  y\",\"\\u0062\":\"z z\"}}\n"
          "{\"a\":{\"b\":\"x  y\"},\"a\":{}}\n{\"a.b\":\"x  y\"}\n")},
    {"records left empty can go", {.format = WINNOW_JSONL, .empty = WINNOW_EMPTY_DROP, OFF},
     TEXT("{\"text\":\"A b c.\"}\n{\"text\":\"A b c.\"}\n{\"text\":\"\"}\n{}\n{\"text\":\"A b c.\\nD\"}"),
     TEXT("{\"text\":\"A b c.\"}\n{}\n{\"text\":\"D\"}")},
    {"a repeat in another record", {.format = WINNOW_JSONL, .scope = WINNOW_SCOPE_DOCUMENT, OFF},
     TEXT("{\"text\":\"Red is one. Red is one.\"}\n{\"text\":\"Red is one. Red is one.\"}\n"),
     TEXT("{\"text\":\"Red is one.\"}\n{\"text\":\"Red is one.\"}\n")},
    {"records as documents", {.format = WINNOW_JSONL, .unit = WINNOW_DOCUMENT, OFF},
     TEXT("{\"text\":\"A b.\\n\\nC d.\"}\n{\"text\":\"A b. C d.\"}\n{\"text\":\"A b.\\nC d.\\n\"}"),
     TEXT("{\"text\":\"A b.\\n\\nC d.\"}\n{\"text\":\"\"}\n{\"text\":\"\"}")},
    {"records and paragraphs", {.format = WINNOW_JSONL, .unit = WINNOW_PARAGRAPH, OFF},
     TEXT("{\"text\":\"A b\\nc.\\n\\nD e f.\"}\n{\"text\":\"D e f.\\n\\nA b c.\\n\\nG h i.\"}\n"),
     TEXT("{\"text\":\"A b\\nc.\\n\\nD e f.\"}\n{\"text\":\"G h i.\"}\n")},
    {"one sentence a line of the text", {.format = WINNOW_JSONL, .split = 1, OFF},
     TEXT("{\"text\":\"One is here. Two is here.\"}\n"),
     TEXT("{\"text\":\"One is here.\\nTwo is here.\"}\n")},
    {"what was dropped of records", {.format = WINNOW_JSONL, .invert = 1, OFF},
     TEXT("{\"text\":\"A b c.\"}\n{\"text\":\"D e f.\\nA b c.\"}\n{}\n"),
     TEXT("{\"text\":\"\"}\n{\"text\":\"A b c.\"}\n")},
    {"boilerplate of a record", {.format = WINNOW_JSONL},
     TEXT("{\"text\":\"The rain fell all night, and nobody knew of it.\\nLeave A Reply\\n\\nYour email "
          "address will not be published.\\nSubmit\"}\n"),
     TEXT("{\"text\":\"The rain fell all night, and nobody knew of it.\"}\n")},
    {"a text ends in a line end if it did", {.format = WINNOW_JSONL, OFF},
     TEXT("{\"text\":\"A b c.\\nA b c.\"}\n{\"text\":\"D e f.\\n\\nD e f.\\n\"}\n"
          "{\"text\":\"G h\\n\\nA b c.\"}\n"),
     TEXT("{\"text\":\"A b c.\"}\n{\"text\":\"D e f.\\n\"}\n{\"text\":\"G h\"}\n")},
    {"WET: the text of conversion records", {.format = WINNOW_WET, OFF},
     TEXT(WARC("warcinfo", "", "9") "A b c.  \n" END WARC("conversion", DIGESTS, "26")
          "A b c.\nA  b c.\r\nD e\xcc\x81 f.\n\n" END WARC("conversion", DIGESTS, "3") "a b" END),
     TEXT(WARC("warcinfo", "", "9") "A b c.  \n" END WARC("conversion", NEW_DIGESTS, "15")
          "A b c.\nD \xc3\xa9 f.\n" END WARC("conversion", DIGESTS, "3") "a b" END)},
    {"damaged and truncated records", {.format = WINNOW_WET, OFF},
     TEXT("junk\n" WARC("conversion", "", "3") "a  b" END WARC("conversion", "", "4") "a  b" END
          "\r\n" WARC("conversion", "", "4x") "a  b" END WARC("conversion", "", "4") "a  b\n\n"
          WARC("conversion", "", "4") "a  b" END "more  junk WARC/1.0\nnot\n"
          WARC("conversion", "Content-Type: image/png\r\n", "4") "a  b" END
          WARC("conversion", "", "500") "a  b" END WARC("conversion", "", "4") "a  b" END
          WARC("conversion", "", "99") "a  b"),
     TEXT("junk\n" WARC("conversion", "", "3") "a  b" END WARC("conversion", "", "3") "a b" END
          "\r\n" WARC("conversion", "", "4x") "a  b" END WARC("conversion", "", "3") "a b\n\n"
          WARC("conversion", "", "3") "a b" END "more  junk WARC/1.0\nnot\n"
          WARC("conversion", "Content-Type: image/png\r\n", "4") "a  b" END
          WARC("conversion", "", "500") "a  b" END WARC("conversion", "", "3") "a b" END
          WARC("conversion", "", "99") "a  b")},
    {"records left empty can go, WET", {.format = WINNOW_WET, .empty = WINNOW_EMPTY_DROP, OFF},
     TEXT(WARC("conversion", "", "0") END WARC("request", "", "0") END),
     TEXT(WARC("request", "", "0") END)},
    {"a menu in its third document",
     {.format = WINNOW_NUL, .boilerplate = WINNOW_BOILERPLATE_STRICT},
     TEXT("Leave a reply\nCats\nOne.\0Leave a reply\nCats\nTwo.\0"
          "Leave a reply\nCats\nThree.\0"),
     TEXT("Cats\nOne.\0Cats\nTwo.\0Three.\0")},
    {"at the default level it stays", {.format = WINNOW_NUL},
     TEXT("Leave a reply\nCats\0Leave a reply\nCats\0Leave a reply\nCats\0"),
     TEXT("Cats\0Cats\0Cats\0")},
};

enum { ROWS = sizeof rows / sizeof *rows };

Test(stream, rows_give_what_they_should)
{
    for (size_t i = 0; i < ROWS; i++) {
        const row *r = &rows[i];
        capture got = run_whole(&r->opt, r->in, r->len);
        cr_expect(capture_is(&got, r->want, r->want_len), "%s: got \"%s\"", r->name,
                  got.len ? got.text : "");
        capture_free(&got);
    }
}

static void expect_same(const row *r, feeding how, const capture *want, bool verdicts)
{
    capture got = run_fed(&r->opt, r->in, r->len, how, verdicts);
    cr_expect(capture_same(&got, want), "%s: fed %zu, then %zu at a time%s: got \"%s\"", r->name,
              how.at, how.step, how.flush ? ", flushed" : "", got.len ? got.text : "");
    capture_free(&got);
}

static void feed_in_every_way(const row *r, bool verdicts)
{
    size_t len = r->len;
    capture want = run_fed(&r->opt, r->in, len, (feeding){.at = len, .step = len}, verdicts);
    for (int flush = 0; flush < 2; flush++) {
        for (size_t at = 0; at <= len; at++)
            expect_same(r, (feeding){.at = at, .step = len, .flush = flush}, &want, verdicts);
        for (size_t step = 1; step < 8; step++)
            expect_same(r, (feeding){.at = step, .step = step, .flush = flush}, &want, verdicts);
    }
    capture_free(&want);
}

Test(stream, output_is_the_same_for_every_split_and_flush)
{
    for (size_t i = 0; i < ROWS; i++)
        feed_in_every_way(&rows[i], false);
}

Test(stream, verdicts_are_the_same_for_every_split_and_flush)
{
    for (size_t i = 0; i < ROWS; i++)
        feed_in_every_way(&rows[i], true);
}

Test(stream, threads_change_nothing)
{
    for (size_t i = 0; i < ROWS; i++) {
        row r = rows[i];
        size_t len = r.len;
        feeding whole = {.at = len, .step = len};
        capture want = run_fed(&r.opt, r.in, len, whole, true);
        r.opt.threads = 3;
        expect_same(&r, whole, &want, true);
        expect_same(&r, (feeding){.at = 5, .step = 5, .flush = true}, &want, true);
        capture_free(&want);
    }
}

/* All stages off is the identity on valid UTF-8. */
Test(stream, nothing_asked_for_changes_nothing)
{
    static const char in[] = " a\r\n\r\n\n\n\tb  \xc2\xa0 c\v\x1b[3m\x01 e\xcc\x81 \xef\xbb\xbf.\0x\n\n";
    for (int unit = 0; unit <= WINNOW_DOCUMENT; unit++)
        for (int format = 0; format <= WINNOW_WET; format++) {
            winnow_options opt = {.form = WINNOW_FORM_NONE, .no_tidy = 1, .keep = WINNOW_KEEP_ALL,
                                  .boilerplate = WINNOW_BOILERPLATE_OFF,
                                  .unit = (winnow_unit)unit, .format = (winnow_format)format};
            capture got = run_whole(&opt, in, sizeof in - 1);
            cr_expect(capture_is(&got, in, sizeof in - 1), "unit %d, format %d", unit, format);
            capture_free(&got);
        }
}
