#include "sentence/sentence.h"

#include <pthread.h>
#include <stdbool.h>

#include "sentence/class.h"
#include "sentence/prose.h"
#include "sentence/scan.h"
#include "sentence/uax29.h"
#include "sentence/words.h"

const char sentence_unicode_version[] = SB_UNICODE_VERSION;

struct sentence_rules {
    scan_kernel *scan;
    bool bare; /* UAX #29 alone */
    int language;
};

/* UAX #29, then prose merged, then prose of each language. */
static sentence_rules rules[2 + WORDS_MOST_LANGUAGES];
static pthread_once_t rules_once = PTHREAD_ONCE_INIT;

static void make_rules(void)
{
    scan_kernel *scan = sentence_scan_best();
    for (int i = 0; i < 2 + WORDS_MOST_LANGUAGES; i++)
        rules[i] = (sentence_rules){scan, i == 0, i == 0 ? WORD_MERGED : i - 2};
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

size_t sentence_next(const sentence_rules *r, const uint8_t *text, size_t len, size_t from)
{
    return r->bare ? uax29_next(r->scan, text, len, from)
                   : prose_next(r->scan, r->language, text, len, from);
}
