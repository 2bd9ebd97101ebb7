/* Bytes that are not UTF-8, taken out before anything else looks at the text. */
#include <string.h>

#include "text/stage.h"

static const uint8_t replacement[] = {0xEF, 0xBF, 0xBD}; /* U+FFFD */

static bool note(text_stage *t, size_t at)
{
    text_edit e = {(uint32_t)t->repaired.len, (uint32_t)at};
    if (!list_reserve(&t->repairs, 1))
        return false;
    text_add_edit(t->repairs.items, &t->repairs.len, 0, e);
    return true;
}

bool text_repair(text_stage *t, const uint8_t *raw, size_t len, text_clean *out)
{
    t->repaired.len = 0;
    t->repairs.len = 0;
    for (size_t at = 0;;) {
        size_t good = scan_utf8(raw + at, len - at);
        if (!buffer_append(&t->repaired, raw + at, good))
            return false;
        at += good;
        if (at == len)
            return true;
        bool valid;
        size_t bad = scan_sequence(raw + at, len - at, &valid);
        if (t->opt.invalid == WINNOW_INVALID_REPLACE &&
            !buffer_append(&t->repaired, replacement, sizeof replacement))
            return false;
        at += bad;
        out->invalid_bytes += bad;
        if (!note(t, at))
            return false;
    }
}

/* `*next` is the first of `map` behind `at`, and offsets asked for only grow. */
static uint32_t mapped(const text_edits *map, size_t *next, uint32_t at)
{
    while (*next < map->len && map->items[*next].text <= at)
        ++*next;
    if (*next == 0)
        return at;
    const text_edit *e = &map->items[*next - 1];
    return e->raw + (at - e->text);
}

/* Every edit, mapped, and between them an edit for each of `map`. */
static bool join_edits(text_stage *t, const text_edits *map, const text_clean *out, size_t first)
{
    size_t next = 0;
    t->joined.len = 0;
    for (size_t i = first; i < out->edits.len; i++) {
        text_edit e = out->edits.items[i];
        const text_edit *after = i + 1 < out->edits.len ? &out->edits.items[i + 1] : NULL;
        size_t len = (after ? after->text : out->text.len) - e.text;
        if (after && after->raw - e.raw < len) /* what was normalised may have become longer */
            len = after->raw - e.raw;
        uint32_t raw = mapped(map, &next, e.raw);
        size_t last = next;
        while (last < map->len && map->items[last].text - e.raw < len)
            last++;
        if (!list_reserve(&t->joined, last - next + 1))
            return false;
        text_add_edit(t->joined.items, &t->joined.len, 0, (text_edit){e.text, raw});
        for (; next < last; next++) {
            text_edit r = map->items[next];
            text_add_edit(t->joined.items, &t->joined.len, 0,
                          (text_edit){e.text + (r.text - e.raw), r.raw});
        }
    }
    return true;
}

uint32_t text_mapped(const text_edits *map, uint32_t at)
{
    size_t next = 0;
    return mapped(map, &next, at);
}

bool text_map(text_stage *t, const text_edits *map, text_clean *out, size_t first_line,
              size_t first_edit)
{
    size_t next = 0;
    for (size_t i = first_line; i < out->lines.len; i++)
        out->lines.items[i].raw = mapped(map, &next, out->lines.items[i].raw);
    if (!t->opt.edits)
        return true;
    out->edits.len = out->edits.len < first_edit ? first_edit : out->edits.len;
    if (!join_edits(t, map, out, first_edit))
        return false;
    out->edits.len = first_edit;
    if (!list_reserve(&out->edits, t->joined.len))
        return false;
    if (t->joined.len)
        memcpy(out->edits.items + first_edit, t->joined.items,
               t->joined.len * sizeof *t->joined.items);
    out->edits.len += t->joined.len;
    return true;
}
