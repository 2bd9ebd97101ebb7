/*
 * sketch.h: the most frequent of many texts, in memory that does not grow: Space-Saving (Metwally,
 * Agrawal, El Abbadi 2005).
 *
 * A text that is not held takes the place, and the count, of the one counted least. So a count is
 * never too low, and too high by no more than what it took over; and whatever was counted more
 * often than sketch_floor says is held.
 */
#ifndef CLI_SKETCH_H
#define CLI_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SKETCH_TEXT = 300 }; /* bytes of a text that are held */

typedef struct {
    uint64_t key;
    uint64_t count;
    uint64_t error; /* `count` is at most so much too high */
    uint32_t heap_at;
    uint16_t len;
    bool cut; /* the text was longer */
    const char *text;
} sketch_entry;

typedef struct sketch sketch;

/* For at most `places` texts (above 0) at a time. NULL: no memory. All of it is taken here. */
sketch *sketch_create(uint32_t places);
void sketch_free(sketch *s);

/* Counts a text. Texts of one key are one; the text that came first since it is held is shown.
   `text` is UTF-8, and is copied. */
void sketch_add(sketch *s, uint64_t key, const char *text, size_t len);

/* How often a text that is not held may have been counted. */
uint64_t sketch_floor(const sketch *s);

/* The texts counted most often for certain (count - error), most frequent first, into `top`, at
   most `n` of them. Returns how many. They are valid until the next sketch_add. */
size_t sketch_top(const sketch *s, const sketch_entry **top, size_t n);

/* The bytes of the longest start of the text that fits into `cap` bytes and splits no character. */
size_t sketch_fitting(const char *text, size_t len, size_t cap);

#endif
