#include "judge/phrase_filter.h"

#include <string.h>

#include "judge/fold_ascii.h"
#include "judge/phrase_table.h"

/* The words of a text, one by one, as the filter knows them. */
typedef struct {
    const uint8_t *text;
    size_t len, at;
    bool folded; /* the start of a text; else ASCII is folded here, what is not ASCII is odd */
    uint64_t word;
    bool number;
} reader;

typedef enum { WORD, WORD_NONE /* the text ends */, WORD_ODD /* not for the filter */ } word_kind;

/* What a byte folds to: a blank, a digit, a letter that is itself. The rest is not for the filter:
   controls stay what they are, and beyond ASCII a character is more than a byte. */
enum { BYTE_ODD, BYTE_BLANK, BYTE_DIGIT };

#define FIVE(from, c) \
    [from] = c, [from + 1] = c, [from + 2] = c, [from + 3] = c, [from + 4] = c
#define LETTER(c) [c] = c, [c - 32] = c
static const uint8_t folds_to[256] = {
    FIVE(' ', BYTE_BLANK), FIVE('%', BYTE_BLANK), FIVE('*', BYTE_BLANK), ['/'] = BYTE_BLANK,
    FIVE('0', BYTE_DIGIT), FIVE('5', BYTE_DIGIT), FIVE(':', BYTE_BLANK), ['?'] = BYTE_BLANK,
    ['@'] = BYTE_BLANK, FIVE('[', BYTE_BLANK), ['`'] = BYTE_BLANK, ['{'] = BYTE_BLANK,
    ['|'] = BYTE_BLANK, ['}'] = BYTE_BLANK, ['~'] = BYTE_BLANK, ['\t'] = BYTE_BLANK,
    LETTER('a'), LETTER('b'), LETTER('c'), LETTER('d'), LETTER('e'), LETTER('f'), LETTER('g'),
    LETTER('h'), LETTER('i'), LETTER('j'), LETTER('k'), LETTER('l'), LETTER('m'), LETTER('n'),
    LETTER('o'), LETTER('p'), LETTER('q'), LETTER('r'), LETTER('s'), LETTER('t'), LETTER('u'),
    LETTER('v'), LETTER('w'), LETTER('x'), LETTER('y'), LETTER('z'),
};

/* Bytes of a sign that folds to a blank and is common in ASCII text: spaces of all widths, dashes,
   quotes, dots, arrows, boxes, shapes. Else 0. */
static size_t sign_bytes(const uint8_t *p, size_t len)
{
    if (p[0] == 0xC2 && len >= 2)
        return p[1] == 0xA0 || p[1] == 0xAB || p[1] == 0xB7 || p[1] == 0xBB ? 2 : 0;
    if (p[0] != 0xE2 || len < 3)
        return 0;
    if (p[1] == 0x80)
        return p[2] <= 0x8A || (p[2] >= 0x90 && p[2] <= 0xA6) ? 3 : 0;
    return p[1] == 0x86 || p[1] == 0x87 || (p[1] >= 0x94 && p[1] <= 0x97) ? 3 : 0;
}

/* How many of eight bytes stand before the first that is not 0, in the order of memory. */
static size_t zeros_before(uint64_t bytes)
{
    uint64_t first = 0x80;
    uint8_t lowest;
    memcpy(&lowest, &first, 1); /* 0 where the highest byte of a number stands first */
    return (size_t)(lowest ? __builtin_ctzll(bytes) : __builtin_clzll(bytes)) / 8;
}

/* How many of 16 bytes, before the first other, are blanks as folds_to has it. */
static size_t leading_blanks(const uint8_t *p)
{
    typedef uint8_t bytes __attribute__((vector_size(16)));
    bytes c, folded;
    uint64_t other[2];
    memcpy(&c, p, sizeof c);
    folded = c | 0x20;
    bytes is_other = (bytes)((bytes)(folded - 'a') < 26) | (bytes)((bytes)(c - '0') < 10) |
                     (bytes)((bytes)(c < ' ') & (bytes)(c != '\t')) | (bytes)(c > '~');
    memcpy(other, &is_other, sizeof other);
    if (other[0])
        return zeros_before(other[0]);
    return other[1] ? 8 + zeros_before(other[1]) : 16;
}

/* Tables hold long runs of blanks and signs. */
static size_t after_blanks(const uint8_t *text, size_t len, size_t i)
{
    while (i < len) {
        size_t n = leading_blanks(text + i);
        i += n;
        if (n == 16)
            continue;
        n = i < len ? sign_bytes(text + i, len - i) : 0;
        if (!n)
            break;
        i += n;
    }
    return i < len ? i : len;
}

/* The end of the number at text[i]: a joint between digits is part of it, as fold() has it. */
static size_t number_end(const uint8_t *text, size_t len, size_t i)
{
    while (i < len && (folds_to[text[i]] == BYTE_DIGIT ||
                       (fold_is_joint(text[i]) && i + 1 < len &&
                        folds_to[text[i + 1]] == BYTE_DIGIT)))
        i++;
    return i;
}

/* Folds the word at text[i], which holds a digit; returns its end. */
static size_t fold_counted(reader *r, size_t i)
{
    uint8_t word[PHRASE_MAX], c;
    size_t n = 0;
    for (; i < r->len && n < sizeof word && (c = folds_to[r->text[i]]) > BYTE_BLANK; i++) {
        word[n++] = c == BYTE_DIGIT ? '0' : c;
        if (c == BYTE_DIGIT)
            i = number_end(r->text, r->len, i) - 1;
    }
    r->word = filter_word(word, n);
    return i;
}

/* The same on every machine. */
static uint64_t load64(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

#define EACH UINT64_C(0x0101010101010101)
#define HIGH (EACH << 7)

/* The high bit of each byte that is a letter; of ASCII letters these are `small` ones. */
static uint64_t letters_of(uint64_t small)
{
    uint64_t low = small & ~HIGH;
    return (low + EACH * (0x80 - 'a')) & ~(low + EACH * (0x80 - 'z' - 1)) & ~small & HIGH;
}

/* How many letters begin the text, of eight bytes at most; `*folded`: in small letters, then 0. */
static size_t leading_letters(const uint8_t *p, size_t len, uint64_t *folded)
{
    uint64_t small = load64(p) | EACH * 0x20;
    uint64_t other = ~letters_of(small) & HIGH;
    size_t n = other ? (size_t)__builtin_ctzll(other) / 8 : 8;
    n = n < len ? n : len;
    *folded = n < 8 ? small & ((UINT64_C(1) << 8 * n) - 1) : small;
    return n;
}

/* Folds the word at text[r->at] as fold() does. */
static word_kind fold_word(reader *r)
{
    const uint8_t *text = r->text;
    size_t start = r->at, i = start;
    uint64_t part;
    size_t n;
    r->word = 0;
    do {
        n = leading_letters(text + i, r->len - i, &part);
        r->word = n ? filter_part(r->word, part) : r->word;
        i += n;
    } while (n == 8);
    if (i < r->len && folds_to[text[i]] == BYTE_DIGIT)
        i = fold_counted(r, start);
    r->at = i;
    if (i < r->len && folds_to[text[i]] != BYTE_BLANK && !sign_bytes(text + i, r->len - i))
        return WORD_ODD;
    return r->word == 'c' && start && text[start - 1] == '(' ? WORD_ODD : WORD; /* as phrase_fold */
}

/* Whether the word is a number, as word_is_number has it. */
static bool is_number(uint64_t word)
{
    return word == '0' || word == ('0' | 'k' << 8) || word == ('0' | 'm' << 8);
}

static word_kind take_folded(reader *r)
{
    const uint8_t *word = r->text + r->at;
    size_t n = word_len(word, r->len - r->at);
    r->word = filter_word(word, n);
    r->at += n;
    return WORD;
}

static word_kind read_word(reader *r)
{
    bool again = r->number;
    do {
        r->at = after_blanks(r->text, r->len, r->at);
        if (r->at == r->len)
            return WORD_NONE;
        if ((r->folded ? take_folded(r) : fold_word(r)) == WORD_ODD)
            return WORD_ODD;
        r->number = is_number(r->word);
    } while (r->number && again); /* numbers in a row are one */
    if (r->number)
        r->word = '0';
    return WORD;
}

/* So many words are looked at. A text of fewer is no run of weak phrases, nor of mixed ones. */
enum { LOOK_WORDS = 4 };

/* Beginnings of phrases that the last words read are. */
typedef struct {
    unsigned count;
    struct {
        uint64_t hash;
        unsigned words;
    } of[FILTER_WORDS];
    bool covered; /* phrases cover all words so far */
    bool strong;  /* one of them is not weak */
    bool open;    /* one may go on beyond what the filter knows */
} beginnings;

static void begin_with_word(const phrase_table *t, beginnings *b, const reader *r)
{
    unsigned count = b->count, kept = 0;
    if (b->covered)
        b->of[count++].words = 0;
    b->covered = b->covered && r->number;
    for (unsigned i = 0; i < count; i++) {
        unsigned words = b->of[i].words + 1;
        uint64_t hash = filter_hash(words > 1 ? b->of[i].hash : 0, r->word);
        uint64_t block = t->filter[filter_place(hash, FILTER_BLOCKS)];
        if (!filter_has(block, hash, FILTER_BEGINS))
            continue;
        b->open |= words == FILTER_WORDS || filter_has(block, hash, FILTER_OPEN);
        b->covered |= filter_has(block, hash, FILTER_PIECE);
        b->strong |= filter_has(block, hash, FILTER_END);
        b->of[kept].hash = hash;
        b->of[kept++].words = words;
    }
    b->count = kept;
}

/* Whether the words may begin a phrase. */
static filter_answer ask_words(const phrase_table *t, reader *r)
{
    beginnings b = {.covered = true};
    for (unsigned i = 0; i < LOOK_WORDS; i++) {
        word_kind kind = read_word(r);
        if (kind == WORD_ODD)
            return FILTER_ODD;
        if (kind == WORD_NONE)
            return r->folded || (b.covered && b.strong) ? FILTER_MAYBE : FILTER_NONE;
        begin_with_word(t, &b, r);
        if (b.open)
            return FILTER_MAYBE;
        if (!b.count && !b.covered)
            return FILTER_NONE;
    }
    return FILTER_MAYBE;
}

/* The high bit of each byte that is a blank. */
static uint64_t blanks_of(uint64_t bytes)
{
    uint64_t off = bytes ^ EACH * ' ';
    return ~(((off & ~HIGH) + ~HIGH) | off) & HIGH;
}

/* 1: it may be. As a number, that several are asked without a branch. */
static unsigned is_start(const phrase_table *t, uint64_t start)
{
    uint64_t hash = filter_hash(0, start);
    return filter_has(t->starts[filter_place(hash, START_BLOCKS)], hash, FILTER_BEGINS);
}

/* All bits up to a blank's high bit; all there are, where there is no blank. */
static uint64_t through(uint64_t blank)
{
    return blank | (blank - 1);
}

/* Whether eight bytes, letters and single blanks, are the start of no phrase. From the first
   of the high bits of `beyond` on, they stand for the end of a text. */
static bool starts_none(const phrase_table *t, uint64_t bytes, uint64_t beyond)
{
    uint64_t blanks = blanks_of(bytes) & ~(beyond & beyond << 8);
    uint64_t first = blanks & -blanks, rest = blanks ^ first, second = rest & -rest;
    if (blanks & blanks >> 8 || rest ^ second)
        return false;
    return !(is_start(t, bytes) | is_start(t, bytes & through(first)) |
             is_start(t, bytes & through(second)));
}

/* How a text begins: folded, a blank behind each word. From the first of the high bits of `beyond`
   on, it stands for the end of the text. */
typedef struct {
    uint64_t bytes, beyond;
} beginning;

/* `bytes` of a text that has `len` of them, the rest of them blanks. */
static beginning begin_of(uint64_t bytes, size_t len)
{
    uint64_t beyond = len < START_BYTES ? ~UINT64_C(0) << 8 * len : 0;
    return (beginning){(bytes & ~beyond) | (EACH * ' ' & beyond), beyond};
}

/* Whether a text that begins so, behind a number or not, is no phrase. */
static bool begins_none(const phrase_table *t, beginning b, bool number)
{
    if ((letters_of(b.bytes) | blanks_of(b.bytes) | (b.bytes & HIGH)) != HIGH)
        return false;
    return starts_none(t, b.bytes, b.beyond) &&
           (!number || starts_none(t, b.bytes << 16 | ' ' << 8 | '0', b.beyond << 16));
}

/* Puts blanks around the letters that are words; answers how many bytes there are then. */
static size_t part_words(uint8_t *out, const uint8_t *folded, size_t len)
{
    size_t n = 0;
    for (size_t i = 0, count; i < len && n < START_BYTES; i += count) {
        size_t word = unspaced_letter(folded + i, len - i);
        count = word ? word : 1;
        if ((word || folded[i] == ' ') && n && out[n - 1] != ' ')
            out[n++] = ' ';
        if (folded[i] == ' ')
            continue;
        memcpy(out + n, folded + i, count);
        n += count;
        if (word)
            out[n++] = ' ';
    }
    return n && out[n - 1] == ' ' && n < START_BYTES ? n - 1 : n;
}

/* Whether what is folded may change by what follows: U+1100 to U+11FF join, marks get into order;
   or it holds a copyright sign, which phrase_fold() knows. */
static bool is_open(const fold_run *r, const uint8_t *text)
{
    if (r->last_ccc || (r->from[0] == 0xE1 && r->from[1] >= 0x84 && r->from[1] <= 0x87))
        return true;
    for (const uint8_t *p = text; p < r->from; p++)
        if (*p == '(' || (p[0] == 0xC2 && p[1] == 0xA9))
            return true;
    return false;
}

/* So many bytes fold to START_BYTES, but for texts full of signs. */
enum { START_READ = 32 };

/* Folds the first bytes of a text of more than ASCII. False: they take thought. */
static bool fold_beginning(const uint8_t *text, size_t len, beginning *b)
{
    uint8_t folded[START_BYTES + FOLD_ROOM], start[2 * START_BYTES] = {0};
    const uint8_t *end = text + (len < START_READ ? len : START_READ);
    fold_run r = {.from = text, .end = end, .to = folded, .start = folded,
                  .limit = folded + START_BYTES, .last = ' '};
    fold_loose_portable(&r);
    if (r.from == end ? len > START_READ : r.to < r.limit)
        return false;
    if (is_open(&r, text))
        return false;
    size_t n = part_words(start, folded, (size_t)(r.to - folded));
    *b = begin_of(load64(start), n);
    return n > 0;
}

/* Whether a text is no phrase by its first letters, behind a number or not. */
static bool letters_tell(const phrase_table *t, const uint8_t *text, size_t len, bool number)
{
    beginning b = begin_of(load64(text), len);
    if (b.bytes & HIGH)
        return fold_beginning(text, len, &b) && begins_none(t, b, number);
    if ((letters_of(b.bytes | EACH * 0x20) | blanks_of(b.bytes)) != HIGH)
        return false;
    b.bytes |= EACH * 0x20;
    return begins_none(t, b, number);
}

/* Past blanks, signs and numbers. */
static size_t after_number(const uint8_t *text, size_t len, size_t i)
{
    do
        i = after_blanks(text, len, number_end(text, len, i));
    while (i < len && folds_to[text[i]] == BYTE_DIGIT);
    return i;
}

filter_answer phrase_filter_text(const phrase_table *t, const uint8_t *text, size_t len)
{
    reader r = {.text = text, .len = len};
    size_t at = r.at = folds_to[text[0]] > BYTE_DIGIT ? 0 : after_blanks(text, len, 0);
    bool number = at < len && folds_to[text[at]] == BYTE_DIGIT;
    if (number)
        at = after_number(text, len, at);
    if (at == len) /* signs alone fold to themselves */
        return !number && t->signs ? FILTER_MAYBE : FILTER_NONE;
    bool apart = !number || folds_to[text[at - 1]] != BYTE_DIGIT; /* not as in "12th" */
    if (apart && letters_tell(t, text + at, len - at, number))
        return FILTER_NONE;
    return ask_words(t, &r);
}

bool phrase_filter_sees(const uint8_t *folded, size_t len)
{
    return after_blanks(folded, len, 0) < len;
}

bool phrase_filter_start(const phrase_table *t, const uint8_t *folded, size_t len)
{
    reader r = {.text = folded, .len = len, .folded = true};
    return ask_words(t, &r) != FILTER_NONE;
}
