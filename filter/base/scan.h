/*
 * Scanning kernels: what can be said of many bytes at once.
 *
 * Each has a portable version and, where the machine has them, faster ones that answer the same;
 * which one runs is chosen once for the process (thread-safe). None reads past text[len).
 */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Leading bytes below 0x80. */
size_t scan_ascii(const uint8_t *text, size_t len);

/* Leading bytes that are whole characters of valid UTF-8 (Unicode 15, D92, table 3-7). */
size_t scan_utf8(const uint8_t *text, size_t len);

/* Bytes of the character that text[0..len) begins with, len > 0. Not valid: the bytes of the
   maximal subpart that one U+FFFD stands for (Unicode 15, 3.9), and `*valid` is false. */
size_t scan_sequence(const uint8_t *text, size_t len, bool *valid);

/*
 * Which characters scan_text looks for: by their first two bytes, and those of U+2000..U+203F,
 * where blanks stand beside quotes and dashes, one by one. The tables are such as a vector look-up
 * wants them: by the lower half of a byte, four bits (or twice four) of which the upper half of
 * the second byte picks one.
 */
enum { SCAN_PAIRS = 4 };

typedef struct {
    bool tidy;       /* all of C0 and DEL, and spaces that may be too many; otherwise LF alone */
    uint8_t two[16]; /* leads 0xC0.. in the lower four bits, 0xD0.. in the upper ones */
    /* Leads 0xE0.. have slots 0 to 5, 0xF0.. slots 6 and 7; slots 2k and 2k + 1 share tables k. */
    uint8_t slot[SCAN_PAIRS][16];   /* by lead: the four bits of its slot */
    uint8_t second[SCAN_PAIRS][16]; /* by second byte */
    uint8_t third[16];              /* of U+2000..U+203F, by third byte */
} scan_set;

/* `set` looks for no character yet. */
void scan_set_init(scan_set *set, bool tidy);

/* It looks for those of 16 characters, the first of which is c, whose bit is set: at least. */
void scan_set_add(scan_set *set, uint32_t c, unsigned chars);

/* Of 64 bytes, one bit each, the first byte's lowest. */
typedef struct {
    uint64_t stops;  /* C0, DEL, LF after several blanks; second bytes of characters looked for */
    uint64_t lines;  /* every other LF */
    uint64_t nbsp;   /* second bytes of U+00A0, a blank as space is, whose first stands here too */
    uint64_t extra;  /* blanks after a blank or an LF, and one blank before an LF */
} scan_marks;

enum { SCAN_BATCH = 4096 };

/* Marks at most SCAN_BATCH bytes, 64 to each of `marks`; bits from `len` on are 0. `before` is the
   byte that stands before text[0]. */
void scan_text(const uint8_t *text, size_t len, const scan_set *set, uint8_t before,
               scan_marks *marks);

/* Writes those of text[0..64) whose bit is set in `keep`; how many. Writes past them, but no more
   than 64 bytes in all. */
size_t scan_squeeze(uint8_t *out, const uint8_t *text, uint64_t keep);

/* By which of eight bytes are kept: where each byte that is written stands, and how many are. Made
   once scan_in_use() has answered. */
typedef struct {
    uint8_t place[8], count;
} scan_order;

extern scan_order scan_kept[256];

/* One implementation. */
typedef struct {
    const char *name;
    size_t (*ascii)(const uint8_t *text, size_t len);
    size_t (*utf8)(const uint8_t *text, size_t len);
    void (*text)(const uint8_t *text, size_t len, const scan_set *set, uint8_t before,
                 scan_marks *marks);
    size_t (*squeeze)(uint8_t *out, const uint8_t *text, uint64_t keep);
} scan_kernels;

/* The one in use. */
const scan_kernels *scan_in_use(void);

/* Those this machine can run, the portable one first, the one in use last; `*count` of them. */
const scan_kernels *const *scan_all(size_t *count);

#endif
