#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "judge/phrase.h"
#include "judge/rules.h"

/* A copy that ends in slack of a bait: more words. */
static uint8_t *slack_copy(const char *text)
{
    size_t len = strlen(text);
    uint8_t *copy = malloc(len + BUFFER_SLACK);
    memcpy(copy, text, len);
    memset(copy + len, 'a', BUFFER_SLACK);
    return copy;
}

static const char *category_of(const char *text)
{
    uint8_t *copy = slack_copy(text);
    buffer folded = {0};
    phrase_answer answer, all = PHRASE_UNKNOWN;
    unsigned category = PHRASE_NONE;
    cr_assert(phrase_find(phrase_corpus(), copy, strlen(text), &folded, &answer, &category));
    cr_assert(phrase_fold(copy, strlen(text), &folded));
    if (strlen(text) <= PHRASE_MAX)
        all = phrase_ask(phrase_corpus(), folded.data, folded.len, &category);
    cr_expect_eq(answer, all, "known by all its words, not by the first: %s", text);
    buffer_free(&folded);
    free(copy);
    return phrase_category_name(category);
}

typedef struct {
    const char *text, *category; /* "": it stays */
} row;

static void check(const row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_expect_str_eq(category_of(rows[i].text), rows[i].category, "%s", rows[i].text);
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof *(rows))

Test(phrase, known_boilerplate_goes_by_its_category)
{
    static const row english[] = {
        {"Leave a Reply", "comments"},
        {"Leave a Reply Cancel reply", "comments"},
        {"Your email address will not be published. Required fields are marked *", "comments"},
        {"3 comments", "comments"},
        {"1,204 Comments", "comments"},
        {"12 likes", "comments"},
        {"You must be logged in to post a comment.", "comments"},
        {"Notify me of follow-up comments by email.", "comments"},
        {"This site uses Akismet to reduce spam. Learn how your comment data is processed.",
         "comments"},
        {"Share on Facebook", "share"},
        {"SHARE THIS:", "share"},
        {"Facebook Twitter Email", "share"},
        {"Facebook | Twitter | LinkedIn | 12", "share"},
        {"Click to share on Telegram (Opens in new window)", "share"},
        {"You might also like", "related"},
        {"Posted in NEWS", "related"},
        {"Subscribe to our newsletter", "subscribe"},
        {"We use cookies to give you the best experience on our website.", "cookies"},
        {"Accept all cookies", "cookies"},
        {"© 2024 Example Ltd", "legal"},
        {"(c) 2004-2012 Example Ltd. All rights reserved.", "legal"},
        {"Copyright © 1999 by the Example Press", "legal"},
        {"All Rights Reserved.", "legal"},
        {"Privacy Policy | Terms of Use | Contact Us", "legal"},
        {"Forgot your password?", "login"},
        {"Skip to main content", "navigation"},
        {"Home News Sport Weather Travel Jobs", "navigation"},
        {"Page 2 of 14", "pagination"},
        {"Print this page", "print"},
        {"Advertisement", "ads"},
        {"Please enable JavaScript in your browser.", "script"},
        {"This article is for subscribers only.", "paywall"},
    };
    static const row others[] = {
        {"Deine E-Mail-Adresse wird nicht veröffentlicht.", "comments"},
        {"Schreibe einen Kommentar Antworten abbrechen", "comments"},
        {"Auf Facebook teilen", "share"},
        {"Impressum | Datenschutz", "legal"},
        {"Votre adresse e-mail ne sera pas publiée.", "comments"},
        {"Partager sur Facebook", "share"},
        {"Mentions légales", "legal"},
        {"Tu dirección de correo electrónico no será publicada.", "comments"},
        {"Política de privacidad", "legal"},
        {"O seu endereço de e-mail não será publicado.", "comments"},
        {"Todos os direitos reservados", "legal"},
        {"Il tuo indirizzo email non sarà pubblicato.", "comments"},
        {"Condividi su Facebook", "share"},
        {"Ваш e-mail не будет опубликован.", "comments"},
        {"Поделиться с друзьями", "share"},
        {"Читайте также", "related"},
        {"Все права защищены.", "legal"},
        {"Twój adres email nie zostanie opublikowany.", "comments"},
        {"Zobacz również", "related"},
        {"Het e-mailadres wordt niet gepubliceerd.", "comments"},
        {"Lees ook", "related"},
        {"E-posta hesabınız yayımlanmayacak.", "comments"},
        {"Tüm hakları saklıdır.", "legal"},
        {"Alamat email Anda tidak akan dipublikasikan.", "comments"},
        {"Baca juga", "related"},
        {"电子邮件地址不会被公开。", "comments"},
        {"已有12条评论", "comments"},
        {"相关文章", "related"},
        {"版权所有", "legal"},
        {"打印 收藏 关闭", "share"},
        {"メールアドレスが公開されることはありません。", "comments"},
        {"続きを読む", "related"},
        {"プライバシーポリシー", "legal"},
        {"لن يتم نشر عنوان بريدك الإلكتروني.", "comments"},
        {"اقرأ أيضا", "related"},
        {"आपका ईमेल पता प्रकाशित नहीं किया जाएगा.", "comments"},
        {"यह भी पढ़ें", "related"},
        {"Ακύρωση απάντησης", "comments"},
        {"Διαβάστε επίσης", "related"},
        {"دیدگاهتان را بنویسید", "comments"},
        {"نشانی ایمیل شما منتشر نخواهد شد.", "comments"},
        {"تمامی حقوق محفوظ است.", "legal"},
        {"رفتن به محتوا", "navigation"},
        {"האימייל לא יוצג באתר.", "comments"},
        {"כל הזכויות שמורות", "legal"},
        {"דלג לתוכן", "navigation"},
        {"שתפו בפייסבוק", "share"},
        {"แสดงความคิดเห็น", "comments"},
        {"อีเมลของคุณจะไม่แสดงให้คนอื่นเห็น", "comments"},
        {"ข่าวที่เกี่ยวข้อง", "related"},
        {"สงวนลิขสิทธิ์", "legal"},
        {"আপনার ই-মেইল এ্যাড্রেস প্রকাশিত হবে না।", "comments"},
        {"আরও পড়ুন", "related"},
        {"সর্বস্বত্ব সংরক্ষিত", "legal"},
        {"Çerez Politikası", "cookies"},
        {"Tinggalkan komentar", "comments"},
        {"Semua hak cipta dilindungi", "legal"},
        {"يجب تسجيل الدخول لإضافة تعليق", "comments"},
        {"हमें फॉलो करें", "share"},
        {"您当前的位置：首页 > 新闻", "navigation"},
        {"この記事をシェアする", "share"},
    };
    CHECK(english);
    CHECK(others);
}

Test(phrase, what_a_person_wrote_stays)
{
    static const row rows[] = {
        {"Follow us to the river, he said.", ""},
        {"Share the dough into four pieces.", ""},
        {"We use cookies and cream for the filling.", ""},
        {"We use cookies to make the crust.", ""},
        {"Cookie de Chocolate", ""},
        {"Chocolate chip cookies", ""},
        {"The new privacy policy was criticised by the regulator.", ""},
        {"Critics say the privacy policy lets the company sell data.", ""},
        {"He asked the judge to keep all rights reserved to the heirs.", ""},
        {"JavaScript is a language for web pages.", ""},
        {"Introduction", ""},
        {"Overview", ""},
        {"Description", ""},
        {"FAQ", ""},
        {"Frequently Asked Questions", ""},
        {"See also", ""},
        {"Further reading", ""},
        {"Yes.", ""},
        {"No", ""},
        {"Help!", ""},
        {"More", ""},
        {"Stop.", ""},
        {"Home is the sailor, home from sea,", ""},
        {"And the hunter home from the hill.", ""},
        {"Search the woods, he cried, search every hollow.", ""},
        {"I agree with you, but the second part is wrong.", ""},
        {"C. 1948 The Legacy", ""},
        {"C# 2.0 provides this with fixed buffers", ""},
        {"501(c)3 nonprofits are public charities", ""},
        {"2008", ""},
        {"12/05/2014", ""},
        {"3.", ""},
        {"1 Samuel 3", ""},
        {"X", ""},
        {"", ""},
        {" ", ""},
        {"return home;", ""},
        {"News from the front reached us in May.", ""},
        {"News weather", ""},
        {"Die Anzeige wurde gestern erstattet.", ""},
        {"La publicité est interdite depuis 1991.", ""},
        {"Реклама сигарет запрещена с 2013 года.", ""},
        {"广告法于2015年修订。", ""},
        {"彼は続きを読むことにした。", ""},
    };
    CHECK(rows);
}

Test(phrase, what_people_say_to_each_other_stays)
{
    static const row rows[] = {
        {"What do you think?", ""},
        {"没有找到。", ""},
        {"请稍等。", ""},
        {"作者不知道。", ""},
        {"前へ。", ""},
        {"Yukarı çık!", ""},
        {"Beni unutma.", ""},
        {"Hiçbir şey bulunamadı.", ""},
        {"Ingat saya?", ""},
        {"لا يوجد شيء.", ""},
        {"البحث عن السعادة", ""},
        {"עקבו אחרינו.", ""},
        {"مرا به خاطر بسپار.", ""},
        {"ادامه دارد", ""},
        {"জবাব দিন।", ""},
        {"আমাকে মনে রাখুন।", ""},
        {"मुझे याद रखें।", ""},
        {"ทั้งหมด 5 คน", ""},
        {"What does this mean?", ""},
        {"Please try again.", ""},
        {"I agree.", ""},
        {"I understand.", ""},
        {"No, thanks.", ""},
        {"Got it.", ""},
        {"Welcome back!", ""},
        {"Welcome back, John.", ""},
        {"Say something.", ""},
        {"Join us.", ""},
        {"What is this?", ""},
        {"What's new?", ""},
        {"Next week", ""},
        {"Next question.", ""},
        {"See how", ""},
        {"Are you human?", ""},
        {"One moment, please.", ""},
        {"Keep in touch.", ""},
        {"Add this.", ""},
        {"Pass it on.", ""},
        {"Delicious.", ""},
        {"Write a letter.", ""},
        {"Remember me.", ""},
        {"If you click on the map, a window opens.", ""},
        {"These cookies can be frozen for a month.", ""},
        {"Made with love and butter.", ""},
        {"Designed by a pupil of Wren", ""},
        {"Categories of verbs", ""},
        {"This site is part of a larger settlement.", ""},
        {"Was suchen Sie?", ""},
        {"Ich verstehe.", ""},
        {"Folge mir!", ""},
        {"Antwort auf die Frage", ""},
        {"D'accord.", ""},
        {"Non merci.", ""},
        {"Qui suis-je ?", ""},
        {"J'ai compris.", ""},
        {"De acuerdo.", ""},
        {"¿Quién soy?", ""},
        {"He leído la novela dos veces.", ""},
        {"Si sigues mi consejo, ganarás.", ""},
        {"Ho capito.", ""},
        {"Ho letto il libro in una notte.", ""},
        {"Chi sono?", ""},
        {"Quem sou?", ""},
        {"Entendi.", ""},
        {"Ik begrijp het.", ""},
        {"Wat zoek je?", ""},
        {"Jag förstår.", ""},
        {"Rozumiem.", ""},
        {"Zgadzam się z tobą.", ""},
        {"Rozumím.", ""},
        {"Olet tässä.", ""},
        {"Értem.", ""},
        {"Хорошо.", ""},
        {"Понятно.", ""},
        {"Вы здесь?", ""},
        {"Зарегистрировано 12 случаев за неделю.", ""},
        {"Для детей старше трёх лет доза вдвое больше.", ""},
        {"Зрозуміло.", ""},
        {"Anladım.", ""},
        {"Tamam.", ""},
        {"Saya mengerti.", ""},
        {"Đồng ý.", ""},
        {"أنت هنا؟", ""},
        {"من أنا؟", ""},
        {"موافق.", ""},
        {"ठीक है।", ""},
        {"同意します。", ""},
        {"お待ちください。", ""},
        {"JavaScriptは言語である。", ""},
        {"知道了。", ""},
        {"我同意。", ""},
        {"확인", ""},
        {"동의합니다.", ""},
    };
    CHECK(rows);
}

static phrase_answer ask(const char *list, const char *text)
{
    rules r = {0};
    phrase_table t = {0};
    const char *why;
    for (const char *end; *list; list = *end ? end + 1 : end) {
        end = strchr(list, '\n') ? strchr(list, '\n') : list + strlen(list);
        cr_assert(rules_add(&r, (const uint8_t *)list, (size_t)(end - list), &why), "%s", why);
    }
    cr_assert(rules_table(&r, &t));
    uint8_t *copy = slack_copy(text);
    buffer folded = {0};
    cr_assert(phrase_fold(copy, strlen(text), &folded));
    unsigned category = 0;
    phrase_answer answer = phrase_ask(&t, folded.data, folded.len, &category), found;
    if (*text) { /* the way that folds no more than it must */
        cr_assert(phrase_find(&t, copy, strlen(text), &folded, &found, &category));
        cr_expect_eq(found, answer, "%s", text);
    }
    buffer_free(&folded);
    free(copy);
    phrase_table_free(&t);
    rules_free(&r);
    return answer;
}

Test(phrase, rules_of_ones_own_mean_what_their_signs_say)
{
    static const struct {
        const char *list, *text;
        phrase_answer answer;
    } rows[] = {
        {"", "red fox", PHRASE_UNKNOWN},
        {"Red Fox", "RED, fox!", PHRASE_FOUND},
        {"$ $", "$ $", PHRASE_FOUND}, /* would fold to nothing: itself */
        {"red fox", "red fox runs", PHRASE_UNKNOWN},
        {"red fox", "red foxes", PHRASE_UNKNOWN},
        {"red fox*", "red fox runs", PHRASE_FOUND},
        {"red fox*", "a red fox runs", PHRASE_UNKNOWN},
        {"*red fox*", "a red fox runs", PHRASE_FOUND},
        {"*red fox*", "a red foxglove", PHRASE_UNKNOWN},
        {"red fox\nblue bird", "Red fox - blue bird", PHRASE_FOUND},
        {"red\nred fox\nfox tail", "red fox tail", PHRASE_FOUND},
        {"3 foxes", "12 foxes", PHRASE_FOUND},
        {"red fox*\n!red fox hunt", "red fox hunt", PHRASE_NEVER},
        {"red fox*\n!red fox hunt*", "red fox hunt today", PHRASE_NEVER},
        {"*fox*\n!*hound*", "fox and hound", PHRASE_NEVER},
        {"# red fox", "red fox", PHRASE_UNKNOWN},
        {"[red] {fox}", "red fox", PHRASE_FOUND},
        {"100% fox", "100 fox", PHRASE_FOUND},
        {"狐狸*", "狐狸跑了", PHRASE_FOUND},
        {"*狐狸*", "红狐狸跑了", PHRASE_FOUND},
        {"狐狸", "狐狸跑了", PHRASE_UNKNOWN},
        {"狐狸\n兔子", "狐狸兔子", PHRASE_FOUND},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(ask(rows[i].list, rows[i].text), rows[i].answer, "%s / %s", rows[i].list,
                     rows[i].text);
}

Test(phrase, a_bad_rule_says_why)
{
    static const struct {
        bool corpus;
        const char *line;
    } rows[] = {
        {false, "*fox"}, {false, "fo\xffx"}, {false, "*"},      {false, "!"},   {false, "12"},
        {true, "fox"},   {true, "[fox"},     {true, "{a|b fox"}, {true, "% fox"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rules r = {.corpus = rows[i].corpus, .category = rows[i].corpus && i > 5};
        const char *why = NULL;
        cr_expect_not(rules_add(&r, (const uint8_t *)rows[i].line, strlen(rows[i].line), &why),
                      "%s", rows[i].line);
        cr_expect(why && *why);
        rules_free(&r);
    }
}

/* Up to `most` pieces, of few kinds, so that equal beginnings are many. */
static void random_text(char *out, unsigned most, uint64_t *seed)
{
    static const char *const pieces[] = {"a", "b", "A", "ab", " ", " ", "x", "1", ".", "\xc3\xa9",
                                         "\xe8\xaf\x84", "(c) 2", "\xd0\xb6"};
    char *at = out;
    do {
        for (unsigned n = 1 + (unsigned)(*seed >> 40) % most; n; n--) {
            *seed = *seed * 6364136223846793005u + 1442695040888963407u;
            const char *piece = pieces[(*seed >> 33) % (sizeof pieces / sizeof *pieces)];
            at += strlen(strcpy(at, piece));
        }
    } while (at == out);
}

/* What is told by the first bytes, the first words, the start alone must be what all words tell. */
Test(phrase, what_is_told_early_is_told_right)
{
    uint64_t seed = 1;
    unsigned found = 0;
    char text[8 * 40];
    rules r = {.corpus = true, .category = 1};
    phrase_table t = {0};
    buffer folded = {0};
    const char *why;
    for (unsigned i = 0; i < 300; i++) {
        random_text(text, 1 + i % 12, &seed);
        strcat(text, i % 16 == 15 ? " %" : i % 16 == 14 ? "*" : "");
        rules one = {.corpus = true, .category = 1};
        bool good = rules_add(&one, (const uint8_t *)text, strlen(text), &why);
        rules_free(&one);
        if (good)
            cr_assert(rules_add(&r, (const uint8_t *)text, strlen(text), &why));
    }
    cr_assert(rules_table(&r, &t));
    for (unsigned i = 0; i < 30000; i++) {
        random_text(text, 1 + i % 40, &seed);
        uint8_t *copy = slack_copy(text);
        phrase_answer early, all;
        unsigned category;
        cr_assert(phrase_find(&t, copy, strlen(text), &folded, &early, &category));
        cr_assert(phrase_fold(copy, strlen(text), &folded));
        all = phrase_ask(&t, folded.data, folded.len, &category);
        cr_expect_eq(early, all, "%s", text);
        found += all == PHRASE_FOUND;
        free(copy);
    }
    cr_expect_gt(found, 1000);
    buffer_free(&folded);
    phrase_table_free(&t);
    rules_free(&r);
}

/* Words that begin many phrases, names that may end anywhere: the walk must give up, not search. */
Test(phrase, hostile_text_is_bounded)
{
    static const char *const bits[] = {"a ", "x ", "0 ", "by ", "share on ", "posted in ", "评", "\xc3\xa9"};
    char text[PHRASE_MAX + 1];
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        size_t n = strlen(bits[i]), len = 0;
        for (; len + n <= PHRASE_MAX; len += n)
            memcpy(text + len, bits[i], n);
        text[len] = '\0';
        for (int k = 0; k < 100; k++)
            category_of(text);
    }
    uint8_t longer[PHRASE_MAX + 1];
    memset(longer, 'a', sizeof longer);
    unsigned category;
    cr_expect_eq(phrase_ask(phrase_corpus(), longer, sizeof longer, &category), PHRASE_UNKNOWN);
}
