/* What each code point folds to: blocks of 256, each built when first asked for. */
#ifndef JUDGE_FOLD_TABLE_H
#define JUDGE_FOLD_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    FOLD_OTHER = 0, /* letters, marks, and all that is nothing below */
    FOLD_DIGIT,     /* Nd and No: what counts */
    FOLD_PUNCT,     /* P and S */
    FOLD_BLANK,
    FOLD_DASH, /* the hyphen that stands for every dash */
    FOLD_DROP, /* folds to nothing */
    FOLD_MANY, /* folds to several atoms */
    FOLD_ODD   /* letters that are looked at again: jamo, and those `loose` has another form for */
} fold_class;

/* One code point of a fold: its value in bits 0..20, its combining class in 21..28, its fold_class
   in 29..31. For FOLD_MANY the value is offset * 32 + count, into the block's `many`. */
typedef uint32_t fold_atom;

static inline uint32_t fold_value(fold_atom a)
{
    return a & 0x1FFFFF;
}

static inline uint8_t fold_ccc(fold_atom a)
{
    return (uint8_t)(a >> 21);
}

static inline fold_class fold_class_of(fold_atom a)
{
    return (fold_class)(a >> 29);
}

/* How a fold_plain is written. */
typedef enum {
    FOLD_THINK = 0, /* not at all: look at its atom */
    FOLD_AS_IS,
    FOLD_ONE_BLANK,  /* a space, unless one stands before it */
    FOLD_ONE_DASH,   /* so, a hyphen */
    FOLD_JOINT,      /* loose: as FOLD_ONE_BLANK, but behind a digit it takes thought */
    FOLD_OFF_LETTER, /* loose: a mark that goes off ASCII letters; behind others it takes thought */
    FOLD_GONE        /* folds to nothing */
} fold_way;

/* What a code point folds to where it takes no thought, as UTF-8: letters or signs, and the marks
   of the last one in order; or marks alone. */
typedef struct {
    uint8_t bytes[8];
    uint8_t len;
    uint8_t way;      /* a fold_way */
    uint8_t order;    /* class of its first code point, where that is a mark; else 255. A mark may
                         not follow one of a higher class */
    uint8_t last_ccc; /* class of its last code point */
} fold_plain;

typedef struct {
    fold_atom atoms[256];
    fold_plain plain[2][256]; /* of `text` and of `loose` */
    fold_atom many[];
} fold_block;

/* The blocks built so far; fold_block_of is the one to ask. */
extern _Atomic(const fold_block *) fold_blocks[0x110000 / 256];

const fold_block *fold_build_block(uint32_t number);

/* Which starters are known to fold to themselves, whatever stands around them: of `text` and of
   `loose`, by the first two bytes a word, and of it a bit by the third. A character of two bytes
   has all bits of its word; of those of four, only whole pages of 64 are noted. */
extern _Atomic uint64_t fold_same[2][64 * 64];

/* Sets those of the inert ones, whose blocks are never built. */
void fold_same_begin(void);

/* Of the character that is not ASCII at `s`; reads three bytes. */
static inline unsigned fold_is_same(const uint8_t *s, bool loose)
{
    unsigned word = (s[0] & 63u) << 6 | (s[1] & 63u);
    uint64_t bits = atomic_load_explicit(&fold_same[loose][word], memory_order_relaxed);
    return bits >> (s[2] & 63) & 1;
}

/* The block of code point `cp` <= 0x10FFFF: a constant from then on, shared by all threads. NULL:
   out of memory. */
static inline const fold_block *fold_block_of(uint32_t cp)
{
    const fold_block *b = atomic_load_explicit(&fold_blocks[cp / 256], memory_order_acquire);
    return b ? b : fold_build_block(cp / 256);
}

/* Han and Hangul syllables fold to themselves. They are told by their range: the hundreds of blocks
   that Chinese or Korean text touches need not be built. */
static inline int fold_is_inert(uint32_t cp)
{
    return (cp >= 0x3400 && cp < 0x4DC0) || (cp >= 0x4E00 && cp < 0xA000) ||
           (cp >= 0xAC00 && cp < 0xD7A4) || (cp >= 0x20000 && cp < 0x2F800);
}

#endif
