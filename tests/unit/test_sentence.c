#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "sentence/item.h"
#include "sentence/prose.h"
#include "sentence/scan.h"
#include "sentence/sentence.h"
#include "sentence/words.h"

/* A text with the places found in it. */
typedef struct {
    const uint8_t *text;
    size_t len;
    scan_places places;
    const uint32_t *place;
} scanned;

static scanned scan(const uint8_t *text, size_t len)
{
    scanned s = {text, len, {0}, NULL};
    cr_assert(sentence_scan(text, len, &s.places));
    s.place = s.places.items;
    return s;
}

static size_t next_of(const sentence_rules *r, scanned *s, size_t from)
{
    return sentence_next(r, s->text, &s->place, from, s->len);
}

/* The text's sentences, trimmed, joined by "|". */
static void split(const sentence_rules *r, const char *text, buffer *out)
{
    buffer b = {0};
    size_t len = strlen(text);
    cr_assert(buffer_append(&b, text, len) && buffer_reserve(out, 2 * len + 1));
    out->len = 0;
    scanned s = scan(b.data, len);
    for (size_t from = 0; from < len;) {
        size_t next = next_of(r, &s, from), end = next;
        cr_assert(next > from && next <= len, "%s", text);
        while (end > from && b.data[end - 1] == ' ')
            end--;
        cr_assert(buffer_append(out, "|", from > 0));
        cr_assert(buffer_append(out, b.data + from, end - from));
        from = next;
    }
    cr_assert(buffer_append(out, "", 1));
    list_free(&s.places);
    buffer_free(&b);
}

/* Each row is its sentences; between them "|" stands for a blank, "||" for nothing. */
static void check_rows(const char *lang, const char *const *rows, size_t n)
{
    const sentence_rules *r = sentence_rules_for(WINNOW_PROSE, lang);
    buffer out = {0};
    cr_assert(r != NULL);
    for (size_t i = 0; i < n; i++) {
        char text[1024], want[1024];
        size_t t = 0, w = 0;
        for (const char *s = rows[i]; *s; s++) {
            bool glued = s[0] == '|' && s[1] == '|';
            want[w++] = *s;
            if (!glued)
                text[t++] = *s == '|' ? ' ' : *s;
            s += glued;
        }
        text[t] = want[w] = '\0';
        split(r, text, &out);
        cr_expect_str_eq((char *)out.data, want, "%s\n  got  %s", rows[i], (char *)out.data);
    }
    buffer_free(&out);
}

#define CHECK_ROWS(lang, rows) check_rows(lang, rows, sizeof(rows) / sizeof *(rows))

Test(sentence, english_is_split_as_an_editor_would)
{
    static const char *const rows[] = {
        /* plain */
        "The kettle boiled.|Nobody heard it.",
        "Who left the gate open?|The goats are gone!|All of them!",
        "No terminator at all",
        ".",
        "One",
        /* abbreviations that never end a sentence */
        "We met Dr. Adams and Prof. Lee near Mt. Hood.|It rained.",
        "Gen. Ortega spoke first.|Sen. Wu was late.",
        "Use a fruit, e.g. Cox apples, i.e. Something tart.",
        "The Bears vs. Lions match was cancelled.",
        "P.S. I fed the cat.",
        /* ... only before a number */
        "See p. 12 and pp. 14 to 19, vol. 3, fig. 7.|It is all there.",
        "Room no. 5 is taken.|He said no.|Then he left.",
        "Vol. IV is lost.",
        /* ... that may end one: the next word decides */
        "She works for Acme Inc. and likes it.",
        "She works for Acme Inc.|Her brother does not.",
        "He works for Acme Inc. Holdings.",
        "He read books, papers, etc.|He kept none.",
        "Martin Hale Jr. Institute opened today.",
        "They moved to the U.S. in May.|They left the U.S.|After that, nothing.",
        "The U.S. Senate sat late.",
        "He took a Ph.D. in botany.",
        "We close at 5 p.m. Monday.|We open at 9 a.m.|Bring a coat.",
        "At 7 a.m. Mrs. Dale rang.",
        "The shop on Elm St. is shut.",
        /* initials */
        "J. R. Hartley wrote it.|So did E. B. White.",
        "That leaves you and I.|What now?",
        "Take vitamin C.|It helps.",
        /* numbers, addresses, names with full stops */
        "It costs $3.50 a pound.|It was 12.5 before.",
        "Version 2.0.1 runs on 10.0.0.1 since 1.2.2003.|It works.",
        "It was the year 2004.|Everyone danced.",
        "Write to jo.bloggs@example.org.|Or see www.example.org/a.html?x=1.|Thanks.",
        "Open readme.txt, then Main.java and Node.js too.",
        "We left at 10.30.|The train did not.",
        "It starts on 3. 10. 2014 at noon.",
        /* ellipses */
        "Well ... maybe not.|Yes.",
        "I wonder...|Perhaps it was a fox.",
        "Wait... I know.",
        "Wait\xE2\x80\xA6 what?",
        "Some said so . . .|Nobody clapped.",
        "It ended there.|. . . The rest is known.",
        "It ended there.|.\u00a0.\u00a0. The rest is known.",
        "It ended there.. .|The rest is known.",
        "It ended there\u2024.. .|The rest is known.",
        "He quoted it: \"the rest [...] is silence\" and sat.",
        "So... that went well.",
        "It was over.|...and then it began.",
        "Contents ........ 7",
        /* quotations and brackets stay with their sentence */
        "\"Come in.\"|She closed the book.",
        "\"Come in,\" he said.|\"Sit down.\"",
        "\"Is it late?\" he asked.|Nobody knew.",
        "\"Is it late?\" Ann asked.|\"Yes!\"|Ben left.",
        "He said \xE2\x80\x9CGo home.\xE2\x80\x9D|They went.",
        "He shouted \xE2\x80\x98Run!\xE2\x80\x99 and ran.",
        "(It was closed.)|We left.",
        "It failed (see below.) and was dropped.",
        "[All rise.]|The judge sat.",
        "Stop!\" she cried.",
        "Leave it!, he yelled.",
        "It is known.[12]|Few doubt it.",
        "It is known (2003).4|Few doubt it.",
        /* runs, and names with an exclamation mark */
        "What?!|No way!!!|Never.",
        "She left Yahoo! for another firm.",
        "She left Yahoo!|She was tired.",
        "Great (!) news for all.",
        /* lists */
        "1. Wash the rice|2. Boil the water|3. Wait",
        "1) Wash the rice|2) Boil the water",
        "1.) Wash the rice.|2.) Boil the water.",
        "a) tea|b) milk|c) sugar",
        "(i) tea|(ii) milk|(iii) sugar",
        "\xE2\x80\xA2 tea and cake|\xE2\x80\xA2 milk",
        "We need a) tea and b) milk.",
        "2. Boil the water.",
        "A. Roe and B. Doe wrote it.",
        "It went well.|a. the tea was hot|b. the milk was cold",
        /* no blank */
        "It rained.||Then it stopped for good.",
        "Call String.Format or Math.Max here.",
        /* a writer without capitals, and one who forgot */
        "it rained all day.|we stayed in.|nobody minded",
        "It is far away.|they have a car.",
        "The temp. is fine, the humid. and cold too.",
        "We sold ours.|eBay took a share.",
        "We climbed the mountain.|and then it rained",
        "Is it far?|we have a car",
        /* what has no terminator */
        "Ann Poe|03/04/2001 10:15 AM|Please call me back.",
        "We met on 03/04/2001 10:15 AM as planned.",
        "http://example.org/a|http://example.org/b",
        "So glad you came :)|See you soon.",
        "So glad! :)|See you soon.",
        "So glad! \xF0\x9F\x98\x80|See you soon.",
        "Terms apply ==========|The rest is old.",
        "Done.|- Next item.|-- Yours, Ann",
    };
    CHECK_ROWS(NULL, rows);
}

Test(sentence, languages_share_one_set_of_rules)
{
    static const char *const rows[] = {
        /* German */
        "Am 12. Juni regnete es.|Es war kalt.",
        "Frau Prof. Dr. Weiß kam ca. 10 Minuten zu spät, d. h. Punkt acht.",
        "Er trank Tee, Saft usw.|Danach ging er.",
        "Wir sahen z. B. Rehe und Füchse.|Schön war das!",
        "Das war im 19. Jahrhundert.|Seitdem ist Ruhe.",
        "„Komm her!“|Er kam nicht.",
        "„Kommst du?“, fragte sie.|Er nickte.",
        "Siehe § 5 Abs. 2 Nr. 3 und Bd. 4.|Das genügt.",
        "Wir waren 300.|Keiner sprach.",
        "1. FC Rot steigt in die 2. Liga ab.",
        "Das steht in Kapitel 13.|Kapitel 14 ist neu.",
        /* French */
        "M. Le Petit habite av. Foch.|Il est là.",
        "« Viens. »|Elle vint.",
        "Tu viens ?|Oui !|Bien.",
        "Voir p. 12, fig. 3, etc.|Les autres suivent.",
        /* Spanish */
        "El Sr. Ruiz y la Dra. Paz viven en la avda. Sur.|¿Los conoces?|¡Claro!",
        "Vino en EE. UU. con su padre.",
        "Son $1.500,50 en total.|Gracias.",
        /* Italian, Portuguese, Catalan, Romanian */
        "L'avv. Bini e la sig.ra Neri abitano qui.|È vero?",
        "O Sr. Lima e a Dra. Melo saíram às 10h.|Não voltaram.",
        "El Sr. Puig viu a l'av. Diagonal, núm. 4.|És veritat.",
        "Dl. Pop și dna. Ionescu au plecat.|Nu știu unde.",
        /* Dutch, Danish, Swedish, Norwegian, Finnish */
        "Dhr. Smit komt o.a. met mevr. de Boer.|Het is laat.",
        "Hr. Holm kom kl. 8, bl.a. med dr. Lund.|Det var sent.",
        "Han äger bl.a. en båt, t.ex. Mälarprinsen.|Den är grön.",
        "Vi møtes 5. mai kl. 10.|Det blir fint.",
        "Se on esim. Turussa.|Sinne on matkaa.",
        /* Polish, Czech, Slovak, Slovenian, Croatian, Hungarian */
        "Prof. Lis mieszka przy ul. Długiej, np. latem.|To daleko.",
        "Ing. Dvořák bydlí v ul. Nové č. 5.|Je to tam hezké.",
        "Bolo to r. 1990 atď.|Potom nič.",
        "Dr. Novak je prišel npr. včeraj.|To vem.",
        "Rođen je 5. svibnja 1950.|Umro je mlad.",
        "A 2014. október 27. után jött, pl. Kovács dr. Nagy is.|Ez igaz.",
        /* Russian, Ukrainian, Bulgarian, Kazakh, Greek */
        "А. С. Пушкин жил на ул. Мойке, т. е. в городе.|Он писал.",
        "Купили хлеб, соль и т. д.|Потом ушли.",
        "«Ты идёшь?» — спросил он.|«Нет».|Тишина.",
        "Это стоит 5 тыс. рублей.|Дорого!",
        "Проф. Коваль живе на вул. Садовій.|Це далеко.",
        "Той живее на ул. Раковски, напр. тук.|Това е всичко.",
        "Б.з.б. 6 ғасырда болды.|Бұл рас.",
        "Ποιος είναι;|Ο κ. Παππάς, π.χ. σήμερα.|Ναι.",
        "Проф. Јовић је дошао нпр. јуче.|То знам.",
        /* Vietnamese */
        "Ông ở TP. Hồ Chí Minh.|Tôi ở Huế, v.v.",
        /* Turkish, Indonesian, Lithuanian, Latvian, Estonian */
        "Dr. Ak, örn. bugün geldi.|O gitti.",
        "Bpk. Hadi tinggal di Jl. Merdeka No. 5.|Ini benar.",
        "Prof. Kazlauskas, pvz. šiandien, atvyko.|Tai tiesa.",
        "Viņš dzimis 1. janvārī, t. i. ziemā.|Tas ir sen.",
        "Ta tuli nt. eile.|See on tõsi.",
        /* other scripts */
        "今日は晴れ。||明日は雨？||たぶん！",
        "「行くよ。」と彼は言った。||私も。",
        "彼は「来た。見た。勝った。」と書いた。||終わり。",
        "他说：“走吧。”||我们走了。",
        "圆周率是３．１４。||对吗？",
        "１．はじめに",
        "これは文です．||これも文です．",
        "वह आया।|फिर गया।||अंत॥",
        "هل أنت هنا؟|نعم.|أنا هنا.",
        "قال د. سامي هذا.||ثم ذهب الرجل.",
        "آپ کہاں ہیں؟|میں یہاں ہوں۔|ٹھیک ہے۔",
        "Ով է նա:|Նա իմ ընկերն է։|Այո:",
        "ሰላም ነው።||ደህና ነህ፧||አዎ።",
        "ကောင်းပါတယ်။||သွားမယ်။",
        "ខ្ញុំទៅ។|អ្នកមក។",
        "བཀྲ་ཤིས།|བདེ་ལེགས།",
        "วันนี้อากาศดี พรุ่งนี้ฝนตก",
        "그는 갔다.|나는 남았다.|왜?",
    };
    CHECK_ROWS(NULL, rows);
}

Test(sentence, a_language_that_is_named_sharpens)
{
    static const char *const german[] = {"Am 5. Tor stand er.|Max. 3 Leute."};
    static const char *const polish[] = {"Szkoła im. Jana stoi.|Tak."};
    static const char *const merged[] = {"She likes him.|Jana left."};
    CHECK_ROWS("de", german);
    CHECK_ROWS("pl", polish);
    CHECK_ROWS("en", merged);
    CHECK_ROWS(NULL, merged);
    cr_expect_null(sentence_rules_for(WINNOW_PROSE, "xx"));
    cr_expect_null(sentence_rules_for(WINNOW_PROSE, ""));
    cr_expect_null(sentence_rules_for(WINNOW_UAX29, "english"));
    cr_expect_neq(sentence_rules_for(WINNOW_PROSE, "de"), sentence_rules_for(WINNOW_PROSE, NULL));
}

Test(sentence, twenty_languages_and_more_have_lists)
{
    static const char *const codes[] = {
        "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi",
        "fr", "he", "hi", "hr", "hu", "hy", "id", "it", "kk", "lt", "lv", "nb",
        "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk", "vi",
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        cr_expect_not_null(sentence_rules_for(WINNOW_PROSE, codes[i]), "%s", codes[i]);
}

Test(sentence, words_are_found_in_any_case)
{
    static const struct {
        const char *lang, *text;
        int abbreviation;
    } rows[] = {
        {NULL, "Dr", WORD_NEVER},   {NULL, "DR", WORD_NEVER}, {NULL, "e.g", WORD_NEVER},
        {NULL, "Вул", WORD_NEVER},  {NULL, "ΔΡ", WORD_NEVER}, {NULL, "etc", WORD_LIKELY},
        {NULL, "gen", WORD_MAY},    {NULL, "zebra", 0},       {NULL, "", 0},
        {NULL, "max", WORD_MAY},    {"de", "max", WORD_NEVER},
        {NULL, "abcdefghijklmnopqrstuvwxyz", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int language = rows[i].lang ? words_language(rows[i].lang) : WORD_MERGED;
        word w = words_find(language, (const uint8_t *)rows[i].text, strlen(rows[i].text));
        cr_expect_eq(w.abbreviation, rows[i].abbreviation, "%s: %d", rows[i].text, w.abbreviation);
    }
}

/* Bytes that try the rules: terminators, blanks, letters, closers, pieces of other scripts. */
static void fill_trying(uint8_t *out, size_t len, uint32_t *seed)
{
    static const char *const pieces[] = {
        ".", "?", "!", " ", " ", "a", "B", "1", "\"", ")", "(", ":", ";", "*", "=", "_", "\n", "\r",
        "Mr", "etc", "U.S", "。", "」", "「", "।", "؟", "\u0301", "\u200D", "…", "•", "։", "ա", "α",
        "a.m", "//", "12:05:00", "1/2/2003", "i", "𑁇", "\u2028", "\xC2\x85",
    };
    size_t n = 0;
    while (n < len) {
        *seed = *seed * 1664525 + 1013904223;
        const char *p = pieces[(*seed >> 16) % (sizeof pieces / sizeof *pieces)];
        size_t size = strlen(p);
        if (n + size > len) {
            p = ".";
            size = 1;
        }
        memcpy(out + n, p, size);
        n += size;
    }
}

/* Where decisions begin in one line, by the places that a kernel finds; returns how many. */
static size_t decisions(scan_kernel *kernel, const uint8_t *text, size_t len, size_t *out)
{
    scan_places places = {0};
    size_t n = 0;
    cr_assert(scan_text_places(kernel, text, len, &places));
    const uint32_t *place = places.items;
    for (size_t at = 0; len > 0 && (at = scan_next(text, len, &place, 0, at)) < len; at++)
        out[n++] = at;
    list_free(&places);
    return n;
}

enum { MOST = 200 };

static void check_kernels(const uint8_t *text, size_t len)
{
    scan_kernel *kernels[SCAN_KERNELS];
    size_t want[MOST], got[MOST], n = decisions(sentence_scan_best(), text, len, got);
    size_t all = sentence_scan_all(kernels);
    for (size_t k = 0; k < all; k++) {
        cr_assert_eq(decisions(kernels[k], text, len, want), n, "kernel %zu, %zu bytes", k, len);
        cr_assert_arr_eq(got, want, n * sizeof *got, "kernel %zu, %zu bytes", k, len);
    }
}

Test(sentence, kernels_equal_their_portable_twin)
{
    enum { SLACK = 64 };
    uint32_t seed = 7;
    for (size_t len = 0; len <= MOST; len++)
        for (size_t begin = 0; begin < 33; begin++) {
            uint8_t text[MOST + 33 + SLACK];
            memset(text, '.', sizeof text);
            fill_trying(text + begin, len, &seed);
            check_kernels(text + begin, len);
        }
}

/* Its lines are those of a text that stands behind and before others. */
Test(sentence, what_is_found_in_a_line_depends_on_nothing_else)
{
    enum { LEN = 20000 };
    const sentence_rules *rules[] = {sentence_rules_for(WINNOW_PROSE, NULL),
                                     sentence_rules_for(WINNOW_UAX29, NULL)};
    buffer b = {0}, alone = {0};
    uint32_t seed = 5;
    cr_assert(buffer_reserve(&b, LEN) && buffer_reserve(&alone, LEN));
    fill_trying(b.data, LEN, &seed);
    for (size_t i = 0; i < 2; i++) {
        scanned all = scan(b.data, LEN);
        for (size_t begin = 0, end; begin < LEN; begin = end + 1) {
            const uint8_t *lf = memchr(b.data + begin, '\n', LEN - begin);
            end = lf ? (size_t)(lf - b.data) : LEN;
            memcpy(alone.data, b.data + begin, end - begin);
            scanned one = scan(alone.data, end - begin);
            for (size_t at = begin; at < end;) {
                size_t want = begin + next_of(rules[i], &one, at - begin);
                at = sentence_next(rules[i], b.data, &all.place, at, end);
                cr_assert_eq(at, want);
            }
            list_free(&one.places);
        }
        list_free(&all.places);
    }
    buffer_free(&b);
    buffer_free(&alone);
}

static size_t put_code_point(uint8_t *out, uint32_t cp)
{
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; cp >>= 6)
        out[i] = (uint8_t)(0x80 | (cp & 0x3F));
    out[0] = (uint8_t)((n == 1 ? 0 : 0xF00u >> n) | cp);
    return n;
}

Test(sentence, kernels_agree_on_every_code_point)
{
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        uint8_t text[128] = "\xC3\xA9"; /* behind it colons count */
        if (cp < 0xD800 || cp >= 0xE000)
            check_kernels(text, 3 + put_code_point(text + 2, cp));
    }
}

/* A line of pieces of prose, chosen so that short ways of deciding are taken, and nearly taken. */
static void fill_prose(buffer *b, uint32_t *seed)
{
    static const char *const pieces[] = {
        ". ", ". ", ". ", ".", "? ", "! ", "?", " ", " ", " ", ", ", "the", "The", "word", "of",
        "a", "A", "J", "St", "pp", "No", "etc", "Inc", "e.g", "U.S", "xi", "viii", "12", "1998",
        "5", "[7]", "[a1]", "[", "]", "(", ")", "\"", "'", "_", "*", "-", "\u2019", "\u201D", "\u00BB",
        "\u00BF", "\u201C", "\u00C9t\u00E9", "\u0421\u043E\u043D", "\u0442.\u0435", "\u00A0",
        "\u0301", "\u200B", "\u3002", "\u0964", "\u2026", "\u2022 ", "Yahoo", "said", "http://",
        "Today", "longerword", "tt", "Blvd", "\u2013", "..", "1. ", "a) ", ";", ":", "\u0105: ",
        "word?\" Ann said", "word (!\" He",
    };
    b->len = 0;
    *seed = *seed * 1664525 + 1013904223;
    for (unsigned n = 2 + (*seed >> 16) % 24; n > 0; n--) {
        *seed = *seed * 1664525 + 1013904223;
        const char *p = pieces[(*seed >> 16) % (sizeof pieces / sizeof *pieces)];
        cr_assert(buffer_append(b, p, strlen(p)));
    }
}

/* As sentence_next, by the rules alone. */
static size_t next_by_rules(int language, const scanned *s, size_t from)
{
    line l = {s->text + from, s->len - from, s->places.items, from, language, false};
    size_t at = 0;
    l.is_item = item_at(&l, 0);
    while ((at = scan_next(l.text, l.len, &l.place, from, at)) < l.len) {
        size_t boundary = prose_boundary(&l, at, &at);
        if (boundary)
            return from + boundary;
    }
    return s->len;
}

Test(sentence, short_ways_decide_as_the_rules_do)
{
    enum { LINES = 60000 };
    static const char *const codes[] = {NULL, "de", "en"};
    uint32_t seed = 3;
    buffer b = {0};
    for (size_t i = 0; i < LINES; i++) {
        const char *code = codes[i % 3];
        const sentence_rules *r = sentence_rules_for(WINNOW_PROSE, code);
        int language = code ? words_language(code) : WORD_MERGED;
        fill_prose(&b, &seed);
        scanned s = scan(b.data, b.len);
        for (size_t at = 0; at < b.len;) {
            size_t want = next_by_rules(language, &s, at), got = next_of(r, &s, at);
            cr_assert_eq(got, want, "from %zu to %zu, not %zu: %.*s", at, got, want, (int)b.len,
                         (char *)b.data);
            at = got;
        }
        list_free(&s.places);
    }
    buffer_free(&b);
}

/* Boundaries of `text`; each must lie behind the one before. */
static size_t count_boundaries(const sentence_rules *r, const uint8_t *text, size_t len)
{
    size_t n = 0;
    scanned s = scan(text, len);
    for (size_t at = 0; at < len; n++) {
        size_t next = next_of(r, &s, at);
        cr_assert(next > at && next <= len);
        at = next;
    }
    list_free(&s.places);
    return n;
}

Test(sentence, pieces_of_anything_add_up_and_begin_characters)
{
    const sentence_rules *rules[] = {sentence_rules_for(WINNOW_PROSE, NULL),
                                     sentence_rules_for(WINNOW_UAX29, NULL)};
    uint32_t seed = 11;
    for (size_t len = 1; len < 3000; len++) {
        buffer b = {0}; /* of exactly this length, so that a sanitizer sees a look too far */
        cr_assert(buffer_reserve(&b, len));
        fill_trying(b.data, len, &seed);
        for (size_t i = 0; i < 2; i++) {
            scanned s = scan(b.data, len);
            for (size_t at = 0; at < len;) {
                at = next_of(rules[i], &s, at);
                cr_assert(at <= len && (at == len || (b.data[at] & 0xC0) != 0x80));
            }
            list_free(&s.places);
        }
        buffer_free(&b);
    }
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double fill_and_time(const sentence_rules *r, const char *piece, buffer *b, size_t len)
{
    size_t size = strlen(piece);
    b->len = 0;
    while (b->len + size <= len)
        cr_assert(buffer_append(b, piece, size));
    double begin = cpu_seconds();
    count_boundaries(r, b->data, b->len);
    return cpu_seconds() - begin;
}

Test(sentence, hostile_lines_take_time_by_their_length)
{
    enum { LEN = 1 << 18 };
    static const char *const pieces[] = {
        ".", "?", " ", "\"", ")", ").", ".)", ".\")", ". ", ". . ", ".. ", "! ", "a.", "A.",
        "a. ", "A. ", "Mr. ", "Mr.", "etc. ", "U.S. ", "://", "a://", "http://a.b ", "=", "====",
        "==== ", "= ", "*", "_", ":", ":0", "12:05:00 ", "1/2/2003 12:05 PM ", "1. ", "1) ",
        "i) ", "(a) ", "\u2022 ", "\u2022", "。", "。a", "。」", "「。", "「", "।", "།", "། ", "።",
        "\u1361", "؟", "։", "ա:", "α;", "…", "… ", "\u0301", ".\u0301", ":\u0301", "\u200D.",
        "\u2028", "\n", "\r\n", ".\u00A0", ". \u00BB", ". \" ", ".[7]", ".[", ".1 ", "1.",
        "1. 2. ", "?!", "\U00011047",
    };
    const sentence_rules *prose = sentence_rules_for(WINNOW_PROSE, NULL);
    const sentence_rules *bare = sentence_rules_for(WINNOW_UAX29, NULL);
    buffer b = {0};
    double usual = fill_and_time(prose, "It is a plain sentence of prose. ", &b, LEN);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        double worst = fill_and_time(prose, pieces[i], &b, LEN);
        double other = fill_and_time(bare, pieces[i], &b, LEN);
        cr_expect_lt(worst > other ? worst : other, 400 * usual + 0.01, "\"%s\"", pieces[i]);
    }
    buffer_free(&b);
}
