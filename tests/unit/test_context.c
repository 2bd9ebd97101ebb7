#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "judge/context.h"
#include "judge/phrase.h"
#include "judge/tally.h"

enum { MAX_LINES = 64 };

/* The features of a line in a buffer with real slack, filled with what would mislead. */
static line_features measured(const char *line, size_t len, unsigned phrase, bool gap)
{
    uint8_t *bytes = malloc(len + BUFFER_SLACK);
    memcpy(bytes, line, len);
    memset(bytes + len, '|', BUFFER_SLACK);
    line_features f;
    context_measure(&f, bytes, len, phrase, gap);
    free(bytes);
    return f;
}

/* What kind of phrase a line is; it must be one. */
static unsigned category_of(const char *line, size_t len)
{
    uint8_t *bytes = calloc(1, len + BUFFER_SLACK);
    memcpy(bytes, line, len);
    buffer folded = {0};
    phrase_answer answer;
    unsigned category = PHRASE_NONE;
    bool asked = phrase_find(phrase_corpus(), bytes, len, &folded, &answer, &category);
    cr_assert(asked && answer == PHRASE_FOUND, "%.*s", (int)len, line);
    buffer_free(&folded);
    free(bytes);
    return category;
}

/* Scores of the lines of a text, and the letter each begins with. */
static unsigned scored(context *c, const char *text, int32_t *scores, char *letters)
{
    unsigned given = 0, pushed = 0;
    bool gap = false;
    context_begin(c);
    while (*text) {
        size_t len = strcspn(text, "\n");
        if (len) {
            bool known = text[1] == '#';
            const char *line = text + 1 + known;
            size_t rest = len - 1 - known;
            letters[pushed] = *text;
            unsigned phrase = known ? category_of(line, rest) : PHRASE_NONE;
            line_features f = measured(line, rest, phrase, gap);
            given += context_push(c, &f, &scores[given]);
            cr_expect_eq(given, ++pushed > CONTEXT_AHEAD ? pushed - CONTEXT_AHEAD : 0);
        }
        gap = !len;
        text += len + (text[len] == '\n');
    }
    while (context_pop(c, &scores[given]))
        given++;
    cr_expect_eq(given, pushed);
    return given;
}

Test(context, each_line_gets_one_score_in_order)
{
    context *c = context_create();
    static const char prose[] = "-The ferry number %u was late again, and nobody on the quay, where "
                                "%u people had come to see it, knew what had kept it so long.\n";
    char text[MAX_LINES * 160];
    for (unsigned lines = 0; lines <= 30; lines++)
        for (unsigned odd = 0; odd < (lines ? lines : 1); odd++) {
            char *at = text;
            *at = '\0';
            for (unsigned i = 0; i < lines; i++)
                at += sprintf(at, i == odd ? "-| 12 | \302\251 | 7 |\n" : prose, i, i + 2);
            int32_t score[MAX_LINES];
            char letter[MAX_LINES];
            cr_assert_eq(scored(c, text, score, letter), lines);
            for (unsigned i = 0; i < lines && lines >= CONTEXT_MIN_LINES; i++)
                cr_expect(i == odd || score[i] < score[odd], "line %u of %u, not %u", i, lines, odd);
        }
    context_free(c);
}

/* A line begins with what becomes of it: k: it stays at default; d: it goes; -: either; then comes
   '#' when it is a known phrase, and goes for that. */
typedef struct {
    const char *name, *text;
} page;

static const page pages[] = {
    {"article between its site's lines",
    "-#Skip to content\n"
    "-The Harbour Post\n"
    "-News\n"
    "-Sport\n"
    "-Business\n"
    "-Culture\n"
    "-Weather\n"
    "-#Subscribe\n"
    "-#Log in\n"
    "-Town & Region | Ports | Fishing | Letters\n"
    "kFerry to the islands runs again\n"
    "kAfter eleven weeks in the yard the old ferry left the harbour on Monday, with nine cars and a "
    "school class on board.\n"
    "kThe company had promised a date in May, then one in June. In the end it was a missing valve, no "
    "larger than a fist, that kept the ship ashore.\n"
    "k\"We are glad to see her go,\" said the harbour master, who has kept a list of every day she lay "
    "idle. \"The islands were never meant to be reached by helicopter.\"\n"
    "kThree sailings a day are planned until autumn. Tickets cost what they cost last year.\n"
    "kThe old timetable is valid again from Friday, and the bus from the station waits for the boat.\n"
    "d#Share this\n"
    "d#Facebook\n"
    "d#Twitter\n"
    "d#More from this author\n"
    "-Rain stops the regatta\n"
    "-Bakery on Quay Street to close\n"
    "-Five walks along the coast\n"
    "-Council votes on harbour fees\n"
    "-Most read\n"
    "-Storm damage: what insurers pay\n"
    "-New bridge opens in spring\n"
    "-Who was the woman in the lighthouse?\n"
    "d#About us\n"
    "d#Contact\n"
    "dJobs\n"
    "dAdvertise\n"
    "d#Privacy policy\n"
    "d#Terms of use\n"
    "dArchive | E-paper | Apps | RSS\n"
    "d#\302\251 2024 The Harbour Post. All rights reserved.\n"},
    {"recipe",
    "kBarley soup with beans\n"
    "kThis soup wants an evening and a slow fire; the rest is cutting.\n\n"
    "kIngredients:\n"
    "k200 g pearl barley\n"
    "k1 onion\n"
    "k2 carrots\n"
    "k1/2 celeriac\n"
    "k150 g dried beans\n"
    "k1 bay leaf\n"
    "ksalt, pepper\n\n"
    "kMethod:\n"
    "k1. Soak the beans overnight.\n"
    "k2. Cook them with the bay leaf until they are soft, about an hour.\n"
    "k3. Cut the vegetables small and fry them in a little butter.\n"
    "k4. Add barley, vegetables and two litres of water. Let it stand on low heat.\n"},
    {"poem",
    "kThe gate\n\n"
    "kThe gate stood open all the night,\n"
    "kthe dog lay still, the wind was low,\n"
    "kand on the hill a single light\n"
    "kwent where the shepherds go\n\n"
    "kNobody came along the wall\n"
    "knobody called, nobody sang\n"
    "kI heard the early apples fall\n"
    "kand far away a bell that rang\n\n"
    "kBy morning there was snow\n"
    "kupon the gate upon the wall\n"
    "kand not a track to show\n"
    "kthat there was anyone at all\n"},
    {"play",
    "kACT I\n\n"
    "kSCENE II. A kitchen.\n\n"
    "kEnter MARTHA and the COOK\n\n"
    "kMARTHA\n\n"
    "kIs the bread done?\n\n"
    "kCOOK\n\n"
    "kIt is.\n\n"
    "kMARTHA\n\n"
    "kAnd the fish?\n\n"
    "kCOOK\n\n"
    "kThe fish is in the sea, my lady,\n"
    "kwhere any honest fish would be\n"
    "kon such a day as this.\n\n"
    "kMARTHA\n\n"
    "kThen we shall eat the bread.\n\n"
    "kCOOK\n\n"
    "kAy.\n\n"
    "kExeunt\n\n"
    "kSCENE III. The street.\n"},
    {"source code",
    "kstatic int twice(int n)\n"
    "k{\n"
    "kreturn 2 * n;\n"
    "k}\n\n"
    "kint main(void)\n"
    "k{\n"
    "kfor (int i = 0; i < 10; i++) {\n"
    "kif (i % 3 == 0)\n"
    "kcontinue;\n"
    "kprintf(\"%d\\nk\", twice(i));\n"
    "k}\n"
    "kreturn 0;\n"
    "k}\n"},
    {"list after a colon",
    "kThe committee looked at every proposal that had come in by the end of March and found these "
    "worth a second meeting:\n"
    "ka roof for the market hall\n"
    "ka second door for the library\n"
    "klamps along the river path\n"
    "kbenches\n"
    "ktrees\n"
    "ka new floor for the gym\n"
    "kIt will meet again in May, when the costs are known, and decide on two of them.\n"
    "kUntil then anyone may write to the mayor.\n"
    "kThe letters will be read aloud.\n"},
    {"forum thread",
    "kRe: pump makes noise\n"
    "k12 Mar 2024, 19:04\n"
    "kMine did the same after two winters. It was the bearing, and a new one cost next to nothing.\n"
    "kDid you open it yourself? I am afraid of breaking the seal.\n"
    "kYes. Four screws, then pull gently. The seal can be used again if you grease it.\n"
    "kok thanks, will try on saturday\n"
    "kTake a photo before you take it apart, you will want to know which way the spring went in.\n"
    "kIt worked!\n"
    "kSilent as on the first day. Thank you all, and the photo was a very good idea.\n"},
    {"Chinese article",
    "-#首页\n"
    "-新闻\n"
    "-体育\n"
    "-财经\n"
    "k港口的旧渡轮星期一重新开航，船上有九辆汽车和一个班的学生。\n"
    "k公司原来答应五月完工，后来又说六月，最后才知道只缺一个小小的阀门。\n"
    "k港务长说，他很高兴看到这艘船离开码头，岛上的居民已经等了十一个星期。\n"
    "k到秋天为止，每天有三个班次，票价和去年一样。\n"
    "-#相关新闻\n"
    "-#分享到\n"
    "d#联系我们\n"
    "d#网站地图\n"},
    {"three lines are no context",
    "kHome\nkAbout\nkContact\n"},
    {"chat",
    "kanna: are you there\nkben: yes\nkanna: bring the keys\nkben: which\nkanna: all of them\n"
    "kben: ok\nkanna: and milk\nkben: we have milk\nkanna: not any more\n"},
    {"table",
    "kid;name;town;amount\nk1;Ada;Bern;12.50\nk2;Bob;Graz;7.00\nk3;Cleo;Ulm;19.90\nk4;Dan;Bonn;3.20\n"
    "k5;Eve;Linz;8.80\nk6;Fay;Kiel;2.10\nk7;Gus;Wien;6.40\n"},
};

Test(context, lines_that_stay_and_lines_that_go)
{
    context *c = context_create();
    context_default_only(c);
    for (size_t p = 0; p < sizeof pages / sizeof pages[0]; p++) {
        int32_t score[MAX_LINES];
        char want[MAX_LINES];
        unsigned lines = scored(c, pages[p].text, score, want);
        for (unsigned i = 0; i < lines; i++) {
            char is = score[i] >= context_default_threshold ? 'd' : 'k';
            cr_expect(want[i] == '-' || want[i] == is, "%s, line %u: %c, not %c (%d)",
                      pages[p].name, i + 1, is, want[i], score[i]);
        }
    }
    context_free(c);
}

Test(context, nothing_goes_out_of_reach_of_a_phrase)
{
    enum { LINES = 600, AT = 400, NAVIGATION = 9 };
    for (unsigned with = 0; with < 2; with++) {
        int32_t quick[LINES], full[LINES];
        for (unsigned pass = 0; pass < 2; pass++) {
            int32_t *score = pass ? full : quick;
            context *c = context_create();
            context_default_only(c);
            context_begin(c);
            for (unsigned i = 0; i < LINES; i++) {
                line_features f = measured("Contact | Jobs", 14, with && i == AT ? NAVIGATION : 0, false);
                bool far = !with || i + CONTEXT_NEAR_BEFORE + 1 < AT || i > AT + CONTEXT_NEAR_AFTER;
                if (!pass && far)
                    f = (line_features){0};
                score += context_push(c, &f, score);
            }
            while (context_pop(c, score))
                score++;
            context_free(c);
        }
        for (unsigned i = 0; i < LINES; i++) {
            bool near = with && i + CONTEXT_AHEAD >= AT && i <= AT + CONTEXT_PHRASE_REACH;
            bool gone = full[i] >= context_default_threshold;
            cr_expect(near || !gone, "line %u of a document with %u phrases", i, with);
            cr_expect_eq(quick[i] >= context_default_threshold, gone, "line %u", i);
            cr_expect(!(with && i > AT && near) || gone, "line %u stays", i);
        }
    }
}

/* Bytes that make every class and every boundary of one, in lines of every length. */
static size_t any_line(uint8_t *out, size_t len, uint32_t *state)
{
    static const char *const bits[] = {
        "a", "the ", "Z", "7", " ", "  ", ".", ", ", "|", "\t", "@", ":", "://", "-", "\"", "{", "\302\251",
        "\302\267", "\302\273", "\303\244", "\320\277\320\276 ", "\330\214", "\330\237", "\340\245\244",
        "\340\270\201", "\342\200\242", "\342\200\246", "\342\200\235", "\342\226\272", "\343\200\201",
        "\343\200\202", "\343\201\202", "\344\270\255", "\357\274\214", "\357\274\237", "\360\237\230\200",
    };
    size_t n = 0;
    while (n < len) {
        *state = *state * 1664525 + 1013904223;
        const char *bit = bits[(*state >> 16) % (sizeof bits / sizeof *bits)];
        size_t room = strlen(bit);
        if (n + room > len)
            bit = ".......", room = 1;
        memcpy(out + n, bit, room);
        n += room;
    }
    return n;
}

Test(context, every_kernel_counts_the_same)
{
    enum { ALIGNMENTS = 64, SHORT = 200, LONG = 5000 };
    uint8_t *room = malloc(ALIGNMENTS + LONG + BUFFER_SLACK);
    const tally_kernels *plain = tally_number(0), *k;
    uint32_t state = 1;
    for (unsigned i = 1; (k = tally_number(i)) != NULL; i++) {
        for (size_t round = 0; round < ALIGNMENTS * (SHORT + 1); round++) {
            uint8_t *line = room + round % ALIGNMENTS;
            size_t len = any_line(line, round % 500 ? round / ALIGNMENTS : LONG, &state);
            memset(line + len, round % 2 ? 'A' : 0xC2, BUFFER_SLACK); /* nothing of it counts */
            tally one, other;
            plain->count(&one, line, len);
            k->count(&other, line, len);
            cr_assert_arr_eq(&one, &other, sizeof one, "%s: a line of %zu bytes", k->name, len);
        }
    }
    free(room);
}

Test(context, every_kernel_gives_the_same_scores)
{
    context *c = context_create();
    uint8_t *line = malloc(8192 + BUFFER_SLACK);
    enum { FEW = 500 };
    static int32_t scores[2][FEW];
    for (unsigned k = 1; k < context_kernels(); k++) {
        for (unsigned pass = 0; pass < 2; pass++) {
            int32_t *score = scores[pass];
            uint32_t state = 7;
            context_use_kernel(pass ? k : 0);
            context_begin(c); /* at strict: every line is weighed */
            for (size_t i = 0; i < FEW; i++) {
                line_features f;
                size_t len = any_line(line, 1 + i % 90, &state);
                context_measure(&f, line, len, i % 7 == 0, i % 3 == 0);
                score += context_push(c, &f, score);
            }
            while (context_pop(c, score))
                score++;
            cr_assert_eq(score, scores[pass] + FEW);
        }
        cr_expect_arr_eq(scores[0], scores[1], sizeof scores[0]);
    }
    free(line);
    context_free(c);
}
