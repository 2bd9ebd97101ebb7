/*
 * What kind of character begins or ends a line.
 */
#ifndef JUDGE_EDGE_H
#define JUDGE_EDGE_H

#include <stddef.h>
#include <stdint.h>

enum {
    EDGE_OTHER,
    EDGE_UPPER,
    EDGE_LOWER,
    EDGE_DIGIT,
    EDGE_LETTER,
    EDGE_WIDE,
    EDGE_STOP,
    EDGE_QUESTION,
    EDGE_EXCLAIM,
    EDGE_ELLIPSIS,
    EDGE_COLON,
    EDGE_COMMA,
    EDGE_QUOTE,
    EDGE_OPEN,
    EDGE_CLOSE,
    EDGE_DASH,
    EDGE_BAR,
    EDGE_BULLET,
    EDGE_SYMBOL,
    EDGE_STAR,     /* * at the end: "required" */
    EDGE_SIGN,     /* (C) and the like */
    EDGE_NUMBERED, /* only first: "3." or "3)" */
    EDGE_ENDED,    /* only last: a full stop and its closing quote or bracket */
    EDGES
};

/* Of a line of valid UTF-8 that is not empty. Pure. */
unsigned edge_first(const uint8_t *line, size_t len);
unsigned edge_last(const uint8_t *line, size_t len);

#endif
