#include <string.h>

#include "judge/fold.h"
#include "judge/phrase.h"

/* What stands for the copyright sign while the text is folded: a letter that no spelling uses
   (U+0255, of the phonetic alphabet), as long as the sign, and no longer than "(c)". */
static const char letter[] = "\xc9\x95 ";

/* Bytes of a copyright sign at `p`: of "(c)" only where a word may begin, for the sake of
   "501(c)3", and where a number follows, for the sake of lists. */
static size_t sign_len(const uint8_t *p, size_t len, bool begins)
{
    if (len >= 2 && p[0] == 0xc2 && p[1] == 0xa9)
        return 2;
    if (!begins || len < 5 || p[0] != '(' || (p[1] | 0x20) != 'c' || p[2] != ')')
        return 0;
    uint8_t after = p[p[3] == ' ' ? 4 : 3];
    return after >= '0' && after <= '9' ? 3 : 0;
}

bool phrase_fold(const uint8_t *text, size_t len, buffer *out)
{
    uint8_t copy[PHRASE_MAX + BUFFER_SLACK];
    if (len > PHRASE_MAX || (!memchr(text, 0xc2, len) && !memchr(text, '(', len)))
        return fold(WINNOW_MATCH_LOOSE, text, len, out);
    memcpy(copy, text, len);
    memset(copy + len, 0, BUFFER_SLACK);
    for (size_t i = 0, n; i < len; i += n ? n : 1) {
        n = sign_len(copy + i, len - i, i == 0 || copy[i - 1] == ' ');
        memcpy(copy + i, letter, n);
    }
    return fold(WINNOW_MATCH_LOOSE, copy, len, out);
}
