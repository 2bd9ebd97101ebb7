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
    cr_assert(phrase_fold(copy, strlen(text), &folded));
    unsigned category = phrase_match(folded.data, folded.len);
    bool possible = phrase_possible(copy, strlen(text));
    cr_expect(possible || !category, "is a phrase, but said to be impossible: %s", text);
    buffer_free(&folded);
    free(copy);
    return phrase_category_name(category);
}

Test(phrase, english_boilerplate_is_known_by_category)
{
    static const struct {
        const char *text, *category;
    } rows[] = {
        {"Leave a Reply Cancel reply", "comments"},
        {"© 2024 Example Ltd", "legal"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(category_of(rows[i].text), rows[i].category, "%s", rows[i].text);
}
