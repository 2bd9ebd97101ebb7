/* The text stage from inside: what its files share. */
#ifndef TEXT_STAGE_H
#define TEXT_STAGE_H

#include "base/scan.h"
#include "text/norm.h"
#include "text/text.h"
#include "text/utf8.h"

/* A run of marks longer than this is cut by Stream-Safe's rule (UAX #15, D4). That rule's own 30
   would change text that means something; the cap only has to bound the memory of a run. */
enum { RUN_MARKS = 1024 };

/* A starter and its marks, decomposed, on their way to be normalised. */
typedef struct {
    size_t len;   /* characters */
    size_t marks; /* of them at the end: those with a class */
    uint32_t chars[RUN_MARKS + 2 * NORM_DECOMPOSED_MAX];
    uint8_t classes[RUN_MARKS + 2 * NORM_DECOMPOSED_MAX];
    uint32_t sorted[RUN_MARKS]; /* scratch of ordering */
    uint8_t sorted_classes[RUN_MARKS];
} text_marks;

struct text_stage {
    text_options opt;
    const norm_table *table; /* NULL until text needs it: ASCII never does */
    uint16_t care;           /* of what a table says, what matters */
    scan_set ascii, set;     /* what to stop at in ASCII, and in any text once there is a table */
    buffer repaired;         /* the input without what was not UTF-8 */
    text_edits repairs;      /* its offsets in the input */
    text_edits joined;       /* scratch */
    text_marks run;
};

/* The state of one call. */
typedef struct {
    text_stage *t;
    text_clean *out;
    const scan_kernels *kernels;
    const uint8_t *raw; /* valid UTF-8 */
    size_t len;
    size_t from;       /* raw[from..] is not yet in `out`; what of it was seen goes there as is */
    size_t seen;       /* no need to stop before here */
    size_t line_start; /* in out->text, counting what goes there as is */
    size_t line_raw;   /* offset of the line's first byte that stays */
    size_t first_edit; /* of this call, in out->edits */
    unsigned cut;
    uint32_t number;
    uint8_t flags; /* of the line, so far */
    bool any;      /* the input of the line is not empty */
    bool gap;      /* an empty line stands before; its LF is in `out` */
    bool failed;   /* out of memory */
} text_walk;

/* Appends raw[from..at) as it is. */
void text_copy(text_walk *w, size_t at);

/* What stands before `at` has been dealt with. */
void text_resume(text_walk *w, size_t at);

/* Room for `more` bytes and all the input that is left. */
bool text_room(text_walk *w, size_t more);

/* Bytes of the escape sequence that text[0..len) begins with. */
size_t text_escape(const uint8_t *text, size_t len);

/* Tidying: bytes of the control or escape sequence at `at` that goes; 0: it is none, or a line
   end, or a blank. */
size_t text_control(const text_walk *w, size_t at);

/* Whether the zero-width space at `at` separates words. */
bool text_separates(const uint8_t *raw, size_t len, size_t at);

/* Adds an edit to items[first..*len), which has room for it, if it says anything new. */
static inline void text_add_edit(text_edit *items, size_t *len, size_t first, text_edit e)
{
    while (*len > first && items[*len - 1].text >= e.text)
        --*len;
    if (*len == first || e.raw - e.text != items[*len - 1].raw - items[*len - 1].text)
        items[(*len)++] = e;
}

/* `out` ends in a blank, or nothing of its line is there yet. */
static inline bool text_after_blank(const text_walk *w)
{
    const buffer *b = &w->out->text;
    return b->len == w->line_start || b->data[b->len - 1] == ' ';
}

/* What of what is said of the character at `at` matters; *n: its bytes. Not left to the compiler's
   judgement: where scripts are looked up letter by letter, half the time went into calls. */
__attribute__((always_inline)) static inline unsigned text_said(const text_walk *w, size_t at,
                                                                size_t *n)
{
    return norm_look(w->t->table, utf8_get(w->raw + at, n))->said & w->t->care;
}

/* Normalises from the character at `at`, about which the form says something, to the next one
   about which nothing is said. */
void text_normalise(text_walk *w, size_t at);

/* Fills t->repaired and t->repairs. Counts; false: out of memory. */
bool text_repair(text_stage *t, const uint8_t *raw, size_t len, text_clean *out);

/* Walks over valid text. */
winnow_status text_walk_all(text_walk *w, const scan_set *set);

#endif
