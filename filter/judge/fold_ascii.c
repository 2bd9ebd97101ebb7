#include "judge/fold_ascii.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/machine.h"
#include "base/scan.h"
#include "judge/fold_lead.h"
#include "judge/fold_utf8.h"
#include "judge/fold_wide.h"

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= 9 && c <= 13);
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static uint8_t text_byte(uint8_t c)
{
    return is_blank(c) ? ' ' : c == '`' ? '\'' : lower(c);
}

/* Answers whether it takes thought. */
static bool put_wide(fold_run *r, bool loose)
{
    unsigned n;
    uint32_t cp = fold_decode(r->from, &n);
    const fold_plain *p = fold_plain_of(cp, loose);
    if (fold_is_same(r->from, loose)) {
        memcpy(r->to, r->from, n);
        r->to += n;
        r->last_ccc = 0;
    } else if (!p) {
        return true;
    } else if (p->way != FOLD_AS_IS) {
        if (!fold_put_by_look(r, p, loose))
            return true;
    } else {
        if (p->order < r->last_ccc)
            return true;
        memcpy(r->to, p->bytes, p->len);
        r->to += p->len;
        r->last_ccc = p->last_ccc;
    }
    r->from += n;
    return false;
}

static void text_portable(fold_run *r)
{
    while (r->from < r->end && r->to < r->limit) {
        if (*r->from >= 0x80) {
            if (put_wide(r, false))
                return;
            continue;
        }
        uint8_t c = text_byte(*r->from++);
        if ((c != ' ' && c != '-') || c != fold_before(r))
            *r->to++ = c;
        r->last_ccc = 0;
    }
}

/* A control that is no blank stays what it is. */
static uint8_t loose_byte(uint8_t c)
{
    if (fold_is_digit(c))
        return '0';
    if (is_letter(c) || (c < 0x20 && !is_blank(c)) || c == 0x7F)
        return lower(c);
    return ' ';
}

void fold_loose_portable(fold_run *r)
{
    bool after_digit = r->last == '0';
    while (r->from < r->end && r->to < r->limit) {
        if (*r->from >= 0x80) {
            if (put_wide(r, true))
                return;
            after_digit = false;
            continue;
        }
        uint8_t c = *r->from++, to_c = loose_byte(c);
        if (after_digit && fold_is_joint(c) && r->from < r->end && fold_is_digit(*r->from))
            to_c = '0';
        after_digit = fold_is_digit(c);
        if ((to_c != ' ' && to_c != '0') || to_c != fold_before(r))
            *r->to++ = to_c;
        r->last_ccc = 0;
    }
}

static const fold_kernels portable = {"portable", text_portable, fold_loose_portable, NULL};

/* Slowest first. */
static const fold_kernels *const all[] = {
    &portable,
#if defined(MACHINE_X86)
    &fold_ssse3,
    &fold_avx2,
#elif defined(MACHINE_NEON)
    &fold_neon,
#endif
};

static bool runs_here(unsigned i)
{
    return i < sizeof all / sizeof *all && (!all[i]->runs_here || all[i]->runs_here());
}

static _Atomic(const fold_kernels *) best;
static pthread_once_t best_once = PTHREAD_ONCE_INIT;

static void choose(void)
{
    unsigned i = 0;
    fold_same_begin();
    fold_lead_begin();
    scan_in_use(); /* makes scan_kept */
    while (runs_here(i + 1))
        i++;
    atomic_store_explicit(&best, all[i], memory_order_release);
}

const fold_kernels *fold_kernels_best(void)
{
    const fold_kernels *k = atomic_load_explicit(&best, memory_order_acquire);
    if (k)
        return k;
    pthread_once(&best_once, choose);
    return atomic_load_explicit(&best, memory_order_acquire);
}

const fold_kernels *fold_kernels_number(unsigned i)
{
    return fold_kernels_best() && runs_here(i) ? all[i] : NULL;
}
