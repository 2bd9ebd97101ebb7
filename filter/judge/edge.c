#include "judge/edge.h"

#include <stdbool.h>

#include "judge/tally.h"

/* Of ASCII signs; letters and digits follow from their class. */
static const uint8_t sign_edge[128] = {
    ['.'] = EDGE_STOP,   ['?'] = EDGE_QUESTION, ['!'] = EDGE_EXCLAIM, [':'] = EDGE_COLON,
    [','] = EDGE_COMMA,  [';'] = EDGE_COMMA,    ['"'] = EDGE_QUOTE,   ['\''] = EDGE_QUOTE,
    ['('] = EDGE_OPEN,   ['['] = EDGE_OPEN,     ['{'] = EDGE_OPEN,    [')'] = EDGE_CLOSE,
    [']'] = EDGE_CLOSE,  ['}'] = EDGE_CLOSE,    ['-'] = EDGE_DASH,    ['|'] = EDGE_BAR,
    ['>'] = EDGE_BAR,    ['*'] = EDGE_STAR,     ['#'] = EDGE_SYMBOL,  ['$'] = EDGE_SYMBOL,
    ['%'] = EDGE_SYMBOL, ['&'] = EDGE_SYMBOL,   ['+'] = EDGE_SYMBOL,  ['/'] = EDGE_SYMBOL,
    ['<'] = EDGE_SYMBOL, ['='] = EDGE_SYMBOL,   ['@'] = EDGE_SYMBOL,  ['\\'] = EDGE_SYMBOL,
    ['^'] = EDGE_SYMBOL, ['_'] = EDGE_SYMBOL,   ['`'] = EDGE_SYMBOL,  ['~'] = EDGE_SYMBOL,
};

static unsigned ascii_edge(uint8_t c)
{
    static const uint8_t of_class[TALLY_CLASSES] = {
        [TALLY_UPPER] = EDGE_UPPER, [TALLY_LOWER] = EDGE_LOWER, [TALLY_DIGIT] = EDGE_DIGIT};
    return sign_edge[c] | of_class[tally_class[c]];
}

/* General Punctuation: E2 80 xx. */
static unsigned general_edge(uint8_t third)
{
    if (third >= 0x90 && third <= 0x95)
        return EDGE_DASH;
    if (third >= 0x98 && third <= 0x9F)
        return EDGE_QUOTE;
    switch (third) {
    case 0xA2: case 0xA3: return EDGE_BULLET;
    case 0xA6: return EDGE_ELLIPSIS;
    case 0xB9: case 0xBA: return EDGE_BAR;
    default: return EDGE_OTHER;
    }
}

static unsigned wide_edge(const uint8_t *at, size_t left)
{
    if (at[0] == 0xE3 && left >= 3 && at[1] == 0x80) {
        if (at[2] == 0x81)
            return EDGE_COMMA;
        if (at[2] == 0x82)
            return EDGE_STOP;
        if (at[2] >= 0x88 && at[2] <= 0x91) /* brackets in pairs, the opening one is even */
            return at[2] & 1 ? EDGE_CLOSE : EDGE_OPEN;
    }
    if (at[0] != 0xEF)
        return EDGE_WIDE;
    if (!(left >= 3 && at[1] == 0xBC))
        return EDGE_OTHER;
    uint8_t half = (uint8_t)(at[2] - 0x60); /* FF01 is '!' and so on */
    return at[2] >= 0x81 && at[2] <= 0x9F ? ascii_edge(half) : EDGE_OTHER;
}

/* The edge class of the character at `at`. */
static unsigned edge_of(const uint8_t *at, size_t left)
{
    if (at[0] < 0x80)
        return ascii_edge(at[0]);
    if (at[0] == 0xC2 && left >= 2) {
        switch (at[1]) {
        case 0xAB: return EDGE_QUOTE;
        case 0xBB: return EDGE_BAR;
        case 0xB7: return EDGE_BULLET;
        case 0xA9: case 0xAE: return EDGE_SIGN;
        default: return EDGE_OTHER;
        }
    }
    if (at[0] == 0xE2 && left >= 3) {
        if (at[1] == 0x80)
            return general_edge(at[2]);
        return at[1] >= 0x86 && at[1] <= 0x9F ? EDGE_BULLET : EDGE_OTHER;
    }
    if (at[0] == 0xE3 || at[0] == 0xEF || tally_class[at[0]] == TALLY_WIDE)
        return wide_edge(at, left);
    switch (tally_special(at, left)) {
    case TALLY_STOP: return at[0] == 0xD8 ? EDGE_QUESTION : EDGE_STOP;
    case TALLY_COMMA: return EDGE_COMMA;
    default: return EDGE_LETTER;
    }
}

/* Where the character that ends before `end` begins. */
static const uint8_t *step_back(const uint8_t *from, const uint8_t *end)
{
    do
        end--;
    while (end > from && (*end & 0xC0) == 0x80);
    return end;
}

unsigned edge_first(const uint8_t *line, size_t len)
{
    unsigned edge = edge_of(line, len);
    if (edge != EDGE_DIGIT)
        return edge;
    size_t i = 1;
    while (i < len && i < 4 && tally_class[line[i]] == TALLY_DIGIT)
        i++;
    bool numbered = i + 1 < len && (line[i] == '.' || line[i] == ')') &&
                    tally_class[line[i + 1]] == TALLY_BLANK;
    return numbered ? EDGE_NUMBERED : edge;
}

unsigned edge_last(const uint8_t *line, size_t len)
{
    const uint8_t *at = step_back(line, line + len);
    unsigned edge = edge_of(at, (size_t)(line + len - at));
    if (edge == EDGE_STOP && at - line >= 2 && at[-1] == '.' && at[-2] == '.')
        return EDGE_ELLIPSIS;
    bool closes = edge == EDGE_QUOTE || edge == EDGE_CLOSE || (edge == EDGE_BAR && *at == 0xC2);
    if (!closes || at == line)
        return edge;
    const uint8_t *inner = step_back(line, at);
    unsigned within = edge_of(inner, (size_t)(at - inner));
    return within >= EDGE_STOP && within <= EDGE_ELLIPSIS ? EDGE_ENDED : edge;
}
