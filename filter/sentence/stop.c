#include "sentence/stop.h"

static letter at_(const line *l, size_t at)
{
    return letter_at(l->text, l->len, at);
}

static letter before_(const line *l, size_t at)
{
    letter c = letter_before(l->text, 0, at);
    while (c.size && class_is_invisible(c.class))
        c = letter_before(l->text, 0, at -= c.size);
    return c;
}

static bool is_tibetan(uint32_t cp)
{
    return cp == 0x0F0D || cp == 0x0F0E;
}

static bool is_ellipsis(uint32_t cp)
{
    return cp == 0x2026 || cp == 0x22EF;
}

/* Terminators of prose that Sentence_Break does not know. */
static bool is_prose_terminator(const line *l, size_t at, letter c)
{
    letter prev;
    switch (c.cp) {
    case ':': /* Armenian writes U+0589 so */
        prev = before_(l, at);
        return prev.cp >= 0x531 && prev.cp <= 0x588;
    case ';': /* Greek question mark */
        prev = before_(l, at);
        return (prev.cp >= 0x370 && prev.cp <= 0x3FF) || (prev.cp >= 0x1F00 && prev.cp <= 0x1FFF);
    case 0x1361: /* Ethiopic: two word spaces are a full stop */
        return at_(l, at + c.size).cp == 0x1361;
    case 0x17D4: case 0x17D5: /* Khmer */
        return true;
    default:
        return is_tibetan(c.cp) || is_ellipsis(c.cp);
    }
}

static bool is_terminator(const line *l, size_t at, letter c)
{
    return class_is_terminator(c.class) || is_prose_terminator(l, at, c);
}

/* Behind which no blank is needed. The fullwidth full stop is one; ASCII and ellipses are not. */
static bool is_full(letter c)
{
    bool doubled = c.cp == 0x203C || (c.cp >= 0x2047 && c.cp <= 0x2049); /* "!!", "?!" */
    return c.cp >= 0x80 && !is_ellipsis(c.cp) && !doubled;
}

static void read_terminator(stop *s, letter c)
{
    if (c.class == SB_ATERM) /* of any width */
        s->dots++;
    else if (is_ellipsis(c.cp))
        s->dots += 3;
    else
        s->strong = true;
    if (is_full(c))
        s->full = true;
    s->end += c.size;
}

/* ". . ." and Tibetan "། །": the run goes on behind one blank. A dot before a letter is a name. */
static bool goes_on_spaced(const line *l, const stop *s, letter last)
{
    letter blank = at_(l, s->end);
    letter dot = at_(l, s->end + blank.size);
    if (!is_blank(blank) || dot.cp != last.cp || !(last.cp == '.' || is_tibetan(last.cp)))
        return false;
    letter behind = at_(l, s->end + blank.size + dot.size);
    return !is_alnum(behind) && behind.cp != '.';
}

static void read_run(const line *l, stop *s)
{
    letter c = at_(l, s->end);
    for (;;) {
        read_terminator(s, c);
        letter last = c;
        c = at_(l, s->end);
        while (c.size && class_is_invisible(c.class))
            c = at_(l, s->end += c.size);
        if (goes_on_spaced(l, s, last)) {
            s->spaced = true;
            c = at_(l, s->end += c.size);
        } else if (!c.size || !is_terminator(l, s->end, c)) {
            return;
        }
    }
}

static bool is_opening(uint32_t cp)
{
    switch (cp) {
    case '(': case '[': case '{': case 0xA1: case 0xBF: case 0x201A: case 0x201E: case 0x3008:
    case 0x300A: case 0x300C: case 0x300E: case 0x3010: case 0x3014: case 0x3016: case 0x3018:
    case 0xFF08: case 0xFF3B: case 0xFF62:
        return true;
    default:
        return false;
    }
}

/* "[7]" behind a sentence is a note of it: bytes it takes, or 0. */
static size_t note_size(const line *l, size_t at)
{
    size_t i = at + 1;
    if (at_(l, at).cp != '[')
        return 0;
    while (i < l->len && i - at < 8 && is_alnum(at_(l, i)) && l->text[i] < 0x80)
        i++;
    return i > at + 1 && i < l->len && l->text[i] == ']' ? i + 1 - at : 0;
}

/* Superscript digits, and plain ones where a note's number was pasted: "(1987).1 According". */
static size_t note_number_size(const line *l, const stop *s)
{
    size_t i = s->close;
    if (s->dots != 1 || s->strong || s->before.class == SB_NUMERIC)
        return 0;
    while (i < l->len && i - s->close < 3 && l->text[i] >= '0' && l->text[i] <= '9')
        i++;
    letter blank = at_(l, i);
    if (i == s->close || !is_blank(blank) || at_(l, i + blank.size).class != SB_UPPER)
        return 0;
    token t = token_before(l, s->at);
    bool plain = t.end - t.begin >= 4 && s->before.class == SB_LOWER &&
                 !token_word(l, &t).abbreviation;
    return plain || s->before.class == SB_CLOSE ? i - s->close : 0;
}

static bool is_emoji(uint32_t cp)
{
    return cp >= 0x1F300 && cp <= 0x1FAFF;
}

/* Without a blank every quote closes, but what follows a CJK terminator may open. */
static bool closes(const stop *s, letter c)
{
    if (c.cp == '*' || c.cp == '_' || is_emoji(c.cp))
        return true;
    if (c.class != SB_CLOSE && c.cp != 0x2019 && c.cp != '\'' && !class_is_invisible(c.class))
        return false;
    return !is_opening(c.cp) && !(s->full && (c.cp == 0x201C || c.cp == 0x2018));
}

/* French, and careless typing: what closes stands behind a blank and before another. */
static size_t spaced_closer_size(const line *l, size_t at)
{
    letter blank = at_(l, at);
    letter sign = at_(l, at + blank.size);
    letter behind = at_(l, at + blank.size + sign.size);
    bool closing = sign.cp == 0xBB || sign.cp == 0x201D || sign.cp == '"' ||
                   sign.cp == 0x203A || sign.cp == ')' || is_emoji(sign.cp);
    if (!is_blank(blank) || !closing || is_alnum(behind) || behind.class == SB_CLOSE)
        return 0;
    return blank.size + (size_t)sign.size;
}

static void read_closers(const line *l, stop *s)
{
    s->close = s->end;
    for (;;) {
        letter c = at_(l, s->close);
        size_t size = c.size && closes(s, c) ? c.size : note_size(l, s->close);
        if (!size)
            size = spaced_closer_size(l, s->close);
        if (!size)
            break;
        s->close += size;
    }
    s->close += note_number_size(l, s);
}

/* The usual cases: behind one sign a blank and a letter or digit, or, as in names, a letter at
   once. True if it is one, and `s` filled. */
static bool read_usual(const line *l, size_t at, stop *s)
{
    if (l->len - at < 3)
        return false;
    size_t next = at + 1 + (l->text[at + 1] == ' ');
    letter after = at_(l, next);
    if (after.cp >= 0x80 || !(next > at + 1 ? is_alnum(after) : is_letter(after)))
        return false;
    *s = (stop){.at = at, .end = at + 1, .close = at + 1, .next = next, .after = after};
    s->before = before_(l, at);
    s->strong = l->text[at] != '.';
    s->dots = !s->strong;
    return true;
}

bool stop_read(const line *l, size_t at, stop *s)
{
    letter c = at_(l, at);
    if ((c.cp == '.' || c.cp == '?' || c.cp == '!') && read_usual(l, at, s))
        return true;
    if (!is_terminator(l, at, c))
        return false;
    *s = (stop){.at = at, .end = at, .before = before_(l, at)};
    read_run(l, s);
    read_closers(l, s);
    s->next = s->close;
    for (c = at_(l, s->next); is_blank(c) || (c.size && class_is_invisible(c.class));
         c = at_(l, s->next))
        s->next += c.size;
    s->after = c;
    return true;
}

/* Letters, digits, and - . & @ _ which stand within words. */
static bool ascii_within_word(uint8_t b)
{
    static const uint64_t mask[2] = {0x03FF604000000000, 0x07FFFFFE87FFFFFF};
    return mask[b >> 6] >> (b & 63) & 1;
}

static bool within_word(letter c)
{
    return c.cp == 0xB0 || c.cp == 0x2010 || c.cp == 0x2011 || is_alnum(c) ||
           (c.size && class_is_invisible(c.class));
}

word token_word(const line *l, const token *t)
{
    return words_find(l->language, l->text + t->begin, t->end - t->begin);
}

token token_before(const line *l, size_t end)
{
    token t = {end, end, {0, 0, SB_OTHER}};
    size_t stop_at = end > BACK_BYTES ? end - BACK_BYTES : 0;
    for (letter c = letter_before(l->text, stop_at, t.end); /* marks of direction */
         c.size && c.class == SB_FORMAT; c = letter_before(l->text, stop_at, t.end))
        t.begin = t.end -= c.size;
    while (t.begin > stop_at) {
        uint8_t last = l->text[t.begin - 1];
        letter c = {last, 1, SB_OTHER};
        if (last >= 0x80)
            c = letter_before(l->text, stop_at, t.begin);
        if (last < 0x80 ? !ascii_within_word(last) : !within_word(c))
            break;
        t.begin -= c.size;
    }
    t.first = letter_at(l->text, end, t.begin);
    return t;
}

token token_after(const line *l, size_t at)
{
    token t = {at, at, {0, 0, SB_OTHER}};
    size_t stop_at = l->len - at > AHEAD_BYTES ? at + AHEAD_BYTES : l->len;
    letter c = at_(l, at);
    while (t.begin < stop_at && !is_alnum(c)) {
        if (class_is_separator(c.class) || class_is_terminator(c.class))
            return t;
        c = at_(l, t.begin += c.size);
    }
    if (t.begin >= stop_at)
        return t;
    t.first = c;
    for (t.end = t.begin + c.size; t.end - t.begin < BACK_BYTES; t.end += c.size) {
        c = at_(l, t.end);
        if (!c.size || (!is_alnum(c) && !class_is_invisible(c.class)))
            break;
    }
    return t;
}

bool token_is_number(const line *l, const token *t)
{
    for (size_t i = t->begin; i < t->end; i++)
        if (l->text[i] < '0' || l->text[i] > '9')
            return false;
    return t->end > t->begin;
}

bool token_is_letters(const line *l, const token *t)
{
    for (size_t i = t->begin; i < t->end; i++)
        if (l->text[i] < 0x80 && (uint8_t)((l->text[i] | 0x20) - 'a') >= 26)
            return false;
    return true;
}
