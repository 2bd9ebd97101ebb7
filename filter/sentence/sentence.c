#include "sentence/sentence.h"

#include <pthread.h>
#include <stdbool.h>

#include "sentence/class.h"
#include "sentence/prose.h"
#include "sentence/uax29.h"
#include "sentence/words.h"

const char sentence_unicode_version[] = SB_UNICODE_VERSION;

struct sentence_rules {
    bool bare; /* UAX #29 alone */
    int language;
};

/* UAX #29, then prose merged, then prose of each language. */
static sentence_rules rules[2 + WORDS_MOST_LANGUAGES];
static scan_kernel *kernel;
static pthread_once_t rules_once = PTHREAD_ONCE_INIT;

static void make_rules(void)
{
    kernel = sentence_scan_best();
    for (int i = 0; i < 2 + WORDS_MOST_LANGUAGES; i++)
        rules[i] = (sentence_rules){i == 0, i == 0 ? WORD_MERGED : i - 2};
    rules[1].language = WORD_MERGED;
}

const sentence_rules *sentence_rules_for(winnow_sentences which, const char *lang)
{
    int language = lang ? words_language(lang) : WORD_MERGED;
    pthread_once(&rules_once, make_rules);
    if (lang && language < 0)
        return NULL;
    return which == WINNOW_UAX29 ? rules : rules + 2 + language;
}

const char *sentence_language(unsigned i)
{
    return words_code(i);
}

bool sentence_scan(const uint8_t *text, size_t len, scan_places *places)
{
    pthread_once(&rules_once, make_rules);
    return scan_text_places(kernel, text, len, places);
}

size_t sentence_decide(const sentence_rules *r, const uint8_t *text, const uint32_t *place,
                       size_t from, size_t end)
{
    const uint8_t *s = text + from;
    size_t len = end - from;
    return from + (r->bare ? uax29_next(s, len, place, from)
                           : prose_next(r->language, s, len, place, from));
}
