#include "text/text.h"

#include <stdlib.h>

#include "text/stage.h"

winnow_status text_create(text_stage **out, const text_options *opt)
{
    text_stage *t = calloc(1, sizeof *t);
    if (!t)
        return WINNOW_ERR_NOMEM;
    t->opt = *opt;
    t->care = (uint16_t)((opt->form == WINNOW_FORM_NONE ? 0 : NORM_FORM) |
                         (opt->tidy ? NORM_TIDY : 0));
    scan_set_init(&t->ascii, opt->tidy);
    *out = t;
    return WINNOW_OK;
}

void text_free(text_stage *t)
{
    if (!t)
        return;
    buffer_free(&t->repaired);
    list_free(&t->repairs);
    list_free(&t->joined);
    free(t);
}

void text_clear(text_clean *out)
{
    out->text.len = out->lines.len = out->edits.len = 0;
    out->gap = false;
    out->line_ends = 0;
    out->invalid_bytes = out->controls = out->forced_cuts = 0;
    out->invalid_at = -1;
}

void text_clean_free(text_clean *out)
{
    buffer_free(&out->text);
    list_free(&out->lines);
    list_free(&out->edits);
    text_clear(out);
}

/* The table, and where to stop in text that is not ASCII. False: out of memory. */
static bool get_table(text_stage *t)
{
    if (t->table || !t->care)
        return true;
    t->table = norm_get(t->opt.form);
    if (!t->table)
        return false;
    scan_set_init(&t->set, t->opt.tidy);
    for (uint32_t c = 0; c < (uint32_t)NORM_BLOCKS << 6; c += 16) {
        if (t->table->block[c >> 6] == 0) {
            c |= 48;
            continue;
        }
        unsigned chars = 0;
        for (uint32_t i = 0; i < 16; i++)
            chars |= (unsigned)((norm_look(t->table, c + i)->said & t->care) != 0) << i;
        scan_set_add(&t->set, c, chars);
    }
    return true;
}

static winnow_status clean(text_walk *w, const scan_set *set)
{
    size_t first_line = w->out->lines.len;
    bool repaired = w->raw == w->t->repaired.data;
    winnow_status st = text_walk_all(w, set);
    if (st == WINNOW_OK && repaired &&
        !text_map(w->t, &w->t->repairs, w->out, first_line, w->first_edit))
        st = WINNOW_ERR_NOMEM;
    return st;
}

winnow_status text_run(text_stage *t, const uint8_t *raw, size_t len, unsigned cut, text_clean *out)
{
    text_walk w = {.t = t, .out = out, .raw = raw, .len = len, .cut = cut, .any = len > 0,
                   .first_edit = out->edits.len};
    if (out->invalid_bytes == 0)
        out->invalid_at = -1;
    size_t n = scan_ascii(raw, len);
    if (n == len)
        return clean(&w, &t->ascii);
    n += scan_utf8(raw + n, len - n);
    if (n < len) {
        if (out->invalid_at < 0)
            out->invalid_at = (int64_t)n;
        if (t->opt.invalid == WINNOW_INVALID_FAIL)
            return WINNOW_ERR_INVALID;
        if (!text_repair(t, raw, len, out))
            return WINNOW_ERR_NOMEM;
        w.raw = t->repaired.data;
        w.len = t->repaired.len;
    }
    if (!get_table(t))
        return WINNOW_ERR_NOMEM;
    return clean(&w, t->care ? &t->set : &t->ascii);
}
