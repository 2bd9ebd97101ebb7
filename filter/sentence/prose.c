/*
 * Sentence boundaries in prose.
 *
 * At a terminator, the word before, the word after and what stands between decide. In doubt there
 * is no boundary: a sentence wrongly cut is worse than two left together.
 *
 * Sources: UAX #29 (rule numbers are its), the Chicago Manual of Style (ellipses, quotations,
 * abbreviations before names), Duden (ordinals), Rozental (initials), JIS X 4051 (brackets), and
 * what is said in corpus/abbreviations.
 */
#include "sentence/prose.h"

#include <stdbool.h>
#include <string.h>

#include "sentence/abbreviation.h"
#include "sentence/apart.h"
#include "sentence/item.h"
#include "sentence/plain.h"
#include "sentence/scan.h"
#include "sentence/stop.h"
#include "sentence/uax29.h"

static letter at_(const line *l, size_t at)
{
    return letter_at(l->text, l->len, at);
}

/* The next word opens a sentence and is no name: not "I." of "Albert I. Jones". */
static bool starts(const line *l, const token *t, uint16_t roles)
{
    return (token_word(l, t).roles & roles) && !(t->end < l->len && l->text[t->end] == '.');
}

/* A writer who uses no capitals: then a small letter may begin a sentence too. */
static bool is_informal(const line *l, const token *after)
{
    token first = token_after(l, 0);
    bool i = after->end - after->begin == 1 && after->first.cp == 'i';
    return first.first.class == SB_LOWER || i;
}

/* "3. 10. 2014", "5. 2004": parts of a date. */
static bool is_date(const line *l, const token *before, const token *after)
{
    size_t n = after->end - after->begin;
    bool dot = after->end < l->len && l->text[after->end] == '.';
    return before->end - before->begin <= 2 && token_is_number(l, after) &&
           ((n <= 2 && dot) || n == 4);
}

/* The word before a number, one blank between. */
static word word_before_number(const line *l, const token *number)
{
    letter blank = letter_before(l->text, 0, number->begin);
    if (!is_blank(blank))
        return (word){WORD_PLAIN, 0};
    token t = token_before(l, number->begin - blank.size);
    return token_word(l, &t);
}

/* "12. Juni" is an ordinal, and "am 12. Dezember"; "Kapitel 12. Kapitel 13" is none. */
static bool ends_number(const line *l, const token *before, const token *after)
{
    size_t digits = before->end - before->begin;
    if (is_date(l, before, after))
        return false;
    if (digits > 3 || after->first.class == SB_NUMERIC)
        return true;
    uint16_t roles = word_before_number(l, before).roles;
    if (token_word(l, after).roles & WORD_AFTER_NUMBER)
        return roles & WORD_AFTER_NUMBER;
    return !(roles & WORD_BEFORE_ORDINAL) || starts(l, after, WORD_STARTS | WORD_ARTICLE);
}

/* A number, also a roman one: "Vol. IV", and one letter: "Fig. A". */
static bool counts(const line *l, const token *t)
{
    if (t->first.class == SB_NUMERIC)
        return true;
    for (size_t i = t->begin; i < t->end; i++)
        if (l->text[i] != 'I' && l->text[i] != 'V' && l->text[i] != 'X' && t->end - t->begin > 1)
            return false;
    return t->end > t->begin;
}

/* "At 5 p.m. Mr. Smith": the sentence has only just begun, with a preposition. */
static bool is_fronted(const line *l, const stop *s)
{
    token first = token_after(l, 0);
    return s->at < 24 && (token_word(l, &first).roles & WORD_FRONTS);
}

static bool ends_likely(const line *l, const stop *s, const token *after)
{
    if (after->first.class == SB_NUMERIC || (token_word(l, after).roles & WORD_STAYS))
        return false;
    return starts(l, after, WORD_STARTS) || !is_fronted(l, s);
}

/* A single full stop behind a word, a blank, and no small letter. */
static bool ends_word(const line *l, const stop *s, const token *after)
{
    token before = token_before(l, s->at);
    if (item_owns(l, s->at))
        return false;
    switch (abbreviation_kind(l, &before)) {
    case KIND_NEVER:
        return false;
    case KIND_DIGIT:
        return !counts(l, after);
    case KIND_MAY:
        return starts(l, after, WORD_STARTS | WORD_ARTICLE);
    case KIND_LIKELY:
        return ends_likely(l, s, after);
    case KIND_INITIAL:
        return starts(l, after, WORD_STARTS);
    case KIND_NUMBER:
        return ends_number(l, &before, after);
    default:
        return true;
    }
}

/* Three dots may be a pause: a capital decides, but "I" is always one. None ends a sentence that it
   begins, or in brackets; a leader of a table of contents does not before its page. */
static bool ends_ellipsis(const stop *s, const token *after)
{
    if (s->at == 0 || s->before.cp == '[' || s->before.cp == '(')
        return false;
    if (s->dots > 4 && after->first.class == SB_NUMERIC)
        return false;
    bool i = after->end - after->begin == 1 && after->first.cp == 'I';
    return after->first.class != SB_LOWER && (s->dots > 3 || !i);
}

static bool is_address(const line *l, const token *t)
{
    const uint8_t *w = l->text + t->begin;
    size_t n = t->end - t->begin;
    return (n >= 4 && memcmp(w, "http", 4) == 0) || (n == 3 && memcmp(w, "www", 3) == 0);
}

static size_t letters(const line *l, const token *t)
{
    size_t n = 0;
    for (size_t i = t->begin; i < t->end; i++)
        n += (l->text[i] & 0xC0) != 0x80;
    return n;
}

enum { LONG_WORD = 7 }; /* letters: few abbreviations have as many */

/* A small letter follows. It begins a sentence of a writer who uses no capitals, or behind a plain
   word what hardly ever stands behind an abbreviation: "it", "they", an address, "iPhone". */
static bool ends_before_lower(const line *l, const stop *s, const token *after)
{
    token before = token_before(l, s->at);
    if (s->close > s->end || s->dots > 1)
        return false;
    size_t bytes = before.end - before.begin;
    if (!s->strong && (bytes < 2 || abbreviation_kind(l, &before) != KIND_PLAIN))
        return false;
    if (is_informal(l, after) || is_address(l, after) || item_is_first(l, after->begin))
        return true;
    if (s->strong)
        return l->text[s->end - 1] == '?';
    if (bytes < 3 || s->before.class != SB_LOWER)
        return false;
    bool is_long = letters(l, &before) >= LONG_WORD;
    return starts(l, after, is_long ? WORD_STARTS : WORD_SUBJECT) ||
           at_(l, after->begin + after->first.size).class == SB_UPPER;
}

/* "\"Why?\" Tom asked." */
static bool is_said(const line *l, const stop *s, const token *after)
{
    token verb = token_after(l, after->end);
    return s->close > s->end && verb.begin == after->end + 1 &&
           (token_word(l, &verb).roles & WORD_SAYS);
}

static bool ends_strong(const line *l, const stop *s, const token *after)
{
    token before = token_before(l, s->at);
    if (s->end == s->at + 1 && (token_word(l, &before).roles & WORD_SHOUTS))
        return starts(l, after, WORD_STARTS);
    bool bracketed = s->close > s->end && (s->before.cp == '(' || s->before.cp == '[');
    return !bracketed && !is_said(l, s, after);
}

/* The word goes on into another one: "Today is", not "Com - ", not "E.". */
static bool goes_on(const line *l, const token *t)
{
    letter blank = at_(l, t->end);
    return is_blank(blank) && is_alnum(at_(l, t->end + blank.size));
}

/* Arabic and Hebrew, between words; initials are one letter. */
static bool ends_glued_caseless(const line *l, const stop *s)
{
    token before = token_before(l, s->at), after = token_after(l, s->close);
    return s->before.cp >= 0x5D0 && s->before.cp <= 0x6D3 && s->after.cp >= 0x5D0 &&
           s->after.cp <= 0x6D3 && before.end - before.begin > 4 && after.end - after.begin > 2 &&
           memchr(l->text + before.begin, '.', before.end - before.begin) == NULL;
}

/* No blank: "world.Today". Names, addresses and versions are written so; only a word that opens
   sentences, behind a plain one, tells. Few names are written so in other scripts than Latin. */
static bool ends_glued(const line *l, const stop *s)
{
    if (s->after.class == SB_OLETTER)
        return ends_glued_caseless(l, s);
    if (s->after.class != SB_UPPER)
        return false;
    token after = token_after(l, s->close);
    letter behind = at_(l, after.end);
    if (s->before.cp < 0x370 && behind.cp != '.' && !goes_on(l, &after)) /* "a.Name_b" */
        return false;
    token before = token_before(l, s->at);
    bool plain = s->before.class == SB_LOWER && token_is_letters(l, &before);
    if ((!plain && !token_is_number(l, &before)) || before.end - before.begin < 2)
        return false;
    if (s->before.cp >= 0x370)
        return true;
    bool title = token_word(l, &after).roles & WORD_TITLE;
    return behind.cp == '.' ? title : !title && starts(l, &after, WORD_STARTS | WORD_ARTICLE);
}

static bool opens_cjk(uint32_t cp)
{
    switch (cp) {
    case 0x3008: case 0x300A: case 0x300C: case 0x300E: case 0x3010: case 0x3014: case 0xFF08:
    case 0xFF3B: case 0xFF62:
        return true;
    default:
        return false;
    }
}

static bool closes_cjk(uint32_t cp)
{
    return opens_cjk(cp - (cp == 0xFF3D ? 2 : 1));
}

/* Within brackets: one closes before one opens. */
static bool is_bracketed(const line *l, size_t at)
{
    unsigned depth = 0;
    size_t stop_at = l->len - at > BRACKET_BYTES ? at + BRACKET_BYTES : l->len;
    while (at < stop_at) {
        uint8_t lead = l->text[at];
        if ((lead == 0xE3 && l->text[at + 1] == 0x80) || lead == 0xEF) {
            letter c = at_(l, at);
            if (closes_cjk(c.cp) && depth-- == 0)
                return true;
            depth += opens_cjk(c.cp);
        }
        at += lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : 3;
    }
    return false;
}

/* "「行く。」と言った": the quotation is the object of what follows in hiragana. */
static bool is_object(const line *l, const stop *s)
{
    letter last = letter_before(l->text, 0, s->close);
    return closes_cjk(last.cp) && s->after.cp >= 0x3041 && s->after.cp <= 0x309F;
}

/* "３．１４", "ｗｗｗ．ａ", and "１．" before the title of a section. */
static bool is_fullwidth_point(const line *l, const stop *s)
{
    if (s->next > s->close || s->strong)
        return false;
    token before = token_before(l, s->at);
    bool number = s->before.class == SB_NUMERIC;
    return s->after.class == SB_LOWER || (number && s->after.class == SB_NUMERIC) ||
           (number && before.begin == 0 && before.end - before.begin <= 6);
}

static bool ends_full(const line *l, const stop *s)
{
    return !is_fullwidth_point(l, s) && !is_object(l, s) && !is_bracketed(l, s->close);
}

static bool is_dash(uint32_t cp)
{
    return cp == '-' || (cp >= 0x2012 && cp <= 0x2015);
}

/* SB8a takes a dash for a continuation; before a capital it opens a line of dialogue, an item, a
   signature. */
static bool ends_before_dash(const line *l, const stop *s)
{
    size_t at = s->next;
    letter c = s->after;
    while (is_dash(c.cp))
        c = at_(l, at += c.size);
    token after = token_after(l, at);
    if (s->next == s->close || !is_blank(c) || after.first.class != SB_UPPER)
        return false;
    return s->strong || (s->dots == 1 && ends_word(l, s, &after));
}

/* "...en toen": an ellipsis at a word begins it. */
static bool begins_with_ellipsis(const line *l, const stop *s)
{
    size_t at = s->next;
    if (s->next == s->close || s->dots > 1)
        return false;
    if (s->after.cp == 0x2026)
        at += s->after.size;
    else
        while (at < l->len && l->text[at] == '.')
            at++;
    return at >= s->next + 3 && is_letter(at_(l, at));
}

static bool ends(const line *l, const stop *s)
{

    if (is_dash(s->after.cp))
        return ends_before_dash(l, s);
    if (begins_with_ellipsis(l, s))
        return true;
    if (s->after.class == SB_SCONTINUE || class_is_terminator(s->after.class)) /* SB8a */
        return false;
    if (s->after.cp == 0x2116 || s->after.cp == '/') /* "г. № 5"; verses set in one line */
        return false;
    if (s->full)
        return ends_full(l, s);
    if (s->next == s->close)
        return ends_glued(l, s);
    token after = token_after(l, s->next);
    if (after.first.class == SB_LOWER)
        return ends_before_lower(l, s, &after);
    if (s->strong)
        return ends_strong(l, s, &after);
    return s->dots > 1 ? ends_ellipsis(s, &after) : ends_word(l, s, &after);
}

/* "compounds. . . . The": the first of four dots at the word is its full stop (Chicago 13.53). The
   offset behind it and its blank, or 0: no such thing. */
static size_t stop_and_ellipsis(const line *l, size_t at, const stop *s)
{
    if (!s->spaced || s->dots != 4 || s->strong || !is_alnum(s->before) ||
        s->after.class != SB_UPPER)
        return 0;
    size_t dot = at_(l, at).size;
    letter blank = at_(l, at + dot);
    return is_blank(blank) ? at + dot + blank.size : 0;
}

size_t prose_boundary(const line *l, size_t at, size_t *next)
{
    stop s;
    letter c = at_(l, at);
    *next = at + c.size;
    if (class_is_separator(c.class))
        return uax29_after_separator(l->text, l->len, at);
    size_t apart = l->is_item ? item_begin(l, at) : 0;
    if (!apart && c.cp != '.')
        apart = apart_at(l, at);
    if (apart || !stop_read(l, at, &s))
        return apart;
    *next = s.end;
    if (s.next < l->len && class_is_separator(s.after.class)) /* SB9, SB10 */
        return uax29_after_separator(l->text, l->len, s.next);
    size_t first = stop_and_ellipsis(l, at, &s);
    if (first)
        return first;
    return s.next == l->len || ends(l, &s) ? s.next : 0;
}

/* From the first terminator on that does not end plainly. */
static size_t next_of(line *l, size_t at)
{
    l->is_item = item_at(l, 0);
    do {
        size_t next = at + 1, boundary = 0;
        if (l->is_item || !plain_goes_on(l, at))
            boundary = prose_boundary(l, at, &next);
        if (boundary)
            return boundary;
        at = scan_next(l->text, l->len, &l->place, l->offset, next);
        if (at < l->len && (boundary = plain_end(l, at)) != 0)
            return boundary;
    } while (at < l->len);
    return l->len;
}

size_t prose_next(int language, const uint8_t *text, size_t len, const uint32_t *place,
                  size_t offset)
{
    line l = {text, len, place, offset, language, false};
    size_t at = *place - offset;
    if (text[at] != '.' && (at = scan_next(text, len, &l.place, offset, at)) == len)
        return len;
    size_t boundary = plain_end(&l, at);
    return boundary ? boundary : next_of(&l, at);
}
