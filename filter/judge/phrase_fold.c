#include <string.h>

#include "judge/fold.h"
#include "judge/phrase.h"

/* What stands for the copyright sign while the text is folded: a letter as long as it, that no
   spelling uses (U+0255, of the phonetic alphabet). */
static const uint8_t sign[2] = {0xc2, 0xa9}, letter[2] = {0xc9, 0x95};

bool phrase_fold(const uint8_t *text, size_t len, buffer *out)
{
    uint8_t copy[PHRASE_MAX + BUFFER_SLACK];
    const uint8_t *at = len <= PHRASE_MAX ? memchr(text, sign[0], len) : NULL;
    if (!at)
        return fold(WINNOW_MATCH_LOOSE, text, len, out);
    memcpy(copy, text, len);
    memset(copy + len, 0, BUFFER_SLACK);
    for (size_t i = (size_t)(at - text); i + 1 < len; i++)
        if (memcmp(copy + i, sign, sizeof sign) == 0)
            memcpy(copy + i, letter, sizeof letter);
    return fold(WINNOW_MATCH_LOOSE, copy, len, out);
}
