/*
 * What a table of phrases is made of, for the one who writes it (rules.c) and the one who reads it
 * (phrase.c).
 *
 * The phrases are the words, in the sense of a language, of the smallest automaton that knows them:
 * what many phrases have in common at their start or at their end is stored once. Its edges stand
 * in one hash table under the state they leave and the hash of the word they take, so to go on by a
 * word is one probe. A slot holds the upper 40 bits of that key and the state the edge leads to; 0
 * is an empty slot, as no edge leads to the first state. A text takes a wrong edge once in 2^40
 * probes.
 *
 * Before it, a filter: nearly all text is told to be no phrase by its first words, with one load
 * from a small table for each. It knows the beginnings of phrases of up to FILTER_WORDS words,
 * where none of these is a name, by a hash; what it takes for a beginning need not be one.
 */
#ifndef JUDGE_PHRASE_TABLE_H
#define JUDGE_PHRASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* What a state says of the words that led to it; the category stands above these bits. */
enum {
    STATE_END = 1,        /* a phrase ends here */
    STATE_WEAK = 2,       /* so does one that counts only in a run */
    STATE_OPEN = 4,       /* anything may follow ("phrase*") */
    STATE_ANYWHERE = 8,   /* anything may follow, and stand before ("*phrase*") */
    STATE_NAME = 16,      /* a name may follow ("%") */
    STATE_STAY = 32,      /* a text that ends here must stay ("!phrase") */
    STATE_STAY_OPEN = 64, /* "!phrase*" */
    STATE_STAY_ANYWHERE = 128
};

enum { STATE_FIRST = 0, STATE_BITS = 24, STATE_CATEGORY = 8 /* bits below it */ };

#define STATE_MASK ((UINT64_C(1) << STATE_BITS) - 1)

/* A name, a title, a list of tags: what "%" stands for has 1 to this many words. */
enum { NAME_WORDS = 4 };

enum { FILTER_WORDS = 3 };

/* What the filter knows of the words so far. Of FILTER_WORDS of them, only the first. */
typedef enum {
    FILTER_BEGINS, /* phrases begin so */
    FILTER_PIECE,  /* one ends here */
    FILTER_END,    /* ... that is no weak one */
    FILTER_OPEN    /* one is followed by anything, or by a name */
} filter_fact;

/* It is a Bloom filter of blocks (Putze, Sanders, Singler, 2007): all that is known of some words
   stands in one block of 64 bits, by three bits a fact. */
enum { FILTER_BLOCKS = 1 << 14 };

/* The bits of a fact in its block. */
static inline uint64_t filter_bits(uint64_t hash, filter_fact fact)
{
    uint64_t h = (hash ^ fact) * UINT64_C(0xd6e8feb86659fd93);
    return UINT64_C(1) << (h >> 58) | UINT64_C(1) << (h >> 52 & 63) | UINT64_C(1) << (h >> 46 & 63);
}

static inline bool filter_has(uint64_t block, uint64_t hash, filter_fact fact)
{
    return (~block & filter_bits(hash, fact)) == 0;
}

/* The place of a block of `blocks`, a power of two. */
static inline size_t filter_place(uint64_t hash, size_t blocks)
{
    return (size_t)(hash >> 40) & (blocks - 1);
}

/* A folded word as a number: its bytes, eight at a time, the first the lowest; up to eight say
   all. */
static inline uint64_t filter_part(uint64_t word, uint64_t eight)
{
    return (word << 27 | word >> 37) ^ eight;
}

static inline uint64_t filter_word(const uint8_t *word, size_t len)
{
    uint64_t all = 0;
    for (size_t i = 0, n; i < len; i += n) {
        uint64_t part = 0;
        for (n = 0; n < 8 && i + n < len; n++)
            part |= (uint64_t)word[i + n] << 8 * n;
        all = filter_part(all, part);
    }
    return all;
}

/* Hash of the words so far and one more. At first: 0. Of a product the upper bits alone depend on
   all of it. */
static inline uint64_t filter_hash(uint64_t before, uint64_t word)
{
    uint64_t both = before ^ word;
    return (both ^ both >> 31) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Before the filter, another: how phrases begin, of each one's folded bytes and a blank after them
   the first START_BYTES, or all, the first byte the lowest. */
enum { START_BYTES = 8, START_BLOCKS = 1 << 13 };

static inline uint64_t word_hash(const uint8_t *word, size_t len)
{
    return XXH3_64bits(word, len);
}

/* What a name counts as. No word is "%": folding takes punctuation away. */
static inline uint64_t name_hash(void)
{
    return word_hash((const uint8_t *)"%", 1);
}

/* What every number counts as. */
static inline uint64_t number_hash(void)
{
    return word_hash((const uint8_t *)"0", 1);
}

/* Where the edge is that leaves `state` by a word. */
static inline uint64_t edge_key(uint32_t state, uint64_t word)
{
    uint64_t k = word ^ (state + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);
    k = (k ^ k >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return k ^ k >> 32;
}

/* Bytes of the letter at `p` when it belongs to a script written without blanks, where each letter
   counts as a word: Thai to Tibetan (U+0E00-0FFF), Burmese, Khmer, Kana, Han. Else 0. */
static inline size_t unspaced_letter(const uint8_t *p, size_t len)
{
    if (p[0] < 0xe0 || len < 3)
        return 0;
    switch (p[0]) {
    case 0xe0:
        return p[1] >= 0xb8 ? 3 : 0;
    case 0xe1:
        return p[1] <= 0x82 || p[1] == 0x9e || p[1] == 0x9f ? 3 : 0;
    case 0xe3:
        return (p[1] >= 0x81 && p[1] <= 0x83) || p[1] == 0x87 || p[1] >= 0x90 ? 3 : 0;
    case 0xef:
        return p[1] >= 0xa4 && p[1] <= 0xab ? 3 : 0;
    case 0xf0:
        return p[1] >= 0xa0 && len >= 4 ? 4 : 0;
    default:
        return p[0] <= 0xe9 && p[0] >= 0xe4 ? 3 : 0;
    }
}

/* Bytes of the word at the beginning of `p`, which is no blank. */
static inline size_t word_len(const uint8_t *p, size_t len)
{
    size_t n = unspaced_letter(p, len);
    if (n)
        return n;
    while (n < len && p[n] != ' ' && (p[n] < 0xe0 || !unspaced_letter(p + n, len - n)))
        n++;
    return n;
}

/* Whether a word is a number: "0", and "0k" or "0m" as counters write it. */
static inline bool word_is_number(const uint8_t *p, size_t len)
{
    return p[0] == '0' && (len == 1 || (len == 2 && (p[1] == 'k' || p[1] == 'm')));
}

#endif
