#include "sentence/uax29.h"

#include <stdbool.h>

#include "sentence/class.h"
#include "sentence/scan.h"

size_t uax29_after_separator(const uint8_t *text, size_t len, size_t at)
{
    bool pair = text[at] == '\r' && at + 1 < len && text[at + 1] == '\n';
    return at + (pair ? 2 : letter_at(text, len, at).size);
}

/* SB5: what follows `at`, extenders and format characters passed over. */
static size_t skip_invisible(const uint8_t *text, size_t len, size_t at)
{
    letter c = letter_at(text, len, at);
    while (c.size && class_is_invisible(c.class))
        c = letter_at(text, len, at += c.size);
    return at;
}

/* SB5 backwards. What follows a separator or begins the text is no extender of anything. */
static uint8_t class_before(const uint8_t *text, size_t at)
{
    letter c = letter_before(text, 0, at);
    while (c.size && class_is_invisible(c.class))
        c = letter_before(text, 0, at -= c.size);
    return c.class;
}

static size_t skip_class(const uint8_t *text, size_t len, size_t at, uint8_t class)
{
    letter c = letter_at(text, len, at);
    while (c.size && c.class == class) {
        at = skip_invisible(text, len, at + c.size);
        c = letter_at(text, len, at);
    }
    return at;
}

/* SB8: ( ¬(OLetter | Upper | Lower | ParaSep | SATerm) )* Lower. */
static bool goes_on_lower(const uint8_t *text, size_t len, size_t at)
{
    for (;;) {
        letter c = letter_at(text, len, at);
        if (!c.size || c.class == SB_OLETTER || c.class == SB_UPPER ||
            class_is_separator(c.class) || class_is_terminator(c.class))
            return false;
        if (c.class == SB_LOWER)
            return true;
        at += c.size;
    }
}

/* Decides about the terminator `t` at `at`. True: a sentence ends, and *next begins another one.
   False: no boundary before *next. */
static bool ends(const uint8_t *text, size_t len, size_t at, letter t, size_t *next)
{
    size_t end = skip_invisible(text, len, at + t.size);
    letter c = letter_at(text, len, end);
    *next = end;
    if (t.class == SB_ATERM) {
        if (c.class == SB_NUMERIC) /* SB6 */
            return false;
        if (c.class == SB_UPPER) { /* SB7 */
            uint8_t before = class_before(text, at);
            if (before == SB_UPPER || before == SB_LOWER)
                return false;
        }
    }
    end = skip_class(text, len, end, SB_CLOSE); /* SB9 */
    end = skip_class(text, len, end, SB_SP);    /* SB10 */
    *next = end;
    c = letter_at(text, len, end);
    if (class_is_separator(c.class)) { /* SB9, SB10, SB4 */
        *next = uax29_after_separator(text, len, end);
        return true;
    }
    if (c.class == SB_SCONTINUE || class_is_terminator(c.class)) /* SB8a */
        return false;
    return t.class == SB_STERM || !goes_on_lower(text, len, end); /* SB8, SB11 */
}

size_t uax29_next(const uint8_t *text, size_t len, const uint32_t *place, size_t offset)
{
    size_t at = 0;
    while ((at = scan_next(text, len, &place, offset, at)) < len) {
        letter c = letter_at(text, len, at);
        size_t next = at + c.size;
        if (class_is_separator(c.class))
            return uax29_after_separator(text, len, at);
        if (class_is_terminator(c.class) && ends(text, len, at, c, &next))
            return next;
        at = next;
    }
    return len;
}
