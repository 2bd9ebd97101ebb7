#include "base/scan.h"

#include <pthread.h>
#include <string.h>

#include "base/scan_kernels.h"

void scan_set_init(scan_set *set, bool tidy)
{
    memset(set, 0, sizeof *set);
    set->tidy = tidy;
}

static uint8_t group_bit(uint8_t second)
{
    return (uint8_t)(0x11 << (second >> 4 & 3));
}

/* The slot of an 0xE0.. or 0xF0.. lead: its own while there are enough, then the last one. */
static unsigned slot_of(scan_set *set, uint8_t lead)
{
    unsigned first = lead < 0xF0 ? 0 : 6, last = lead < 0xF0 ? 5 : 7, slot = first;
    for (; slot <= last; slot++) {
        uint8_t half = slot & 1 ? 0xF0 : 0x0F;
        if (set->slot[slot / 2][lead & 15] & half)
            return slot;
    }
    for (slot = first; slot < last; slot++) {
        bool taken = false;
        for (unsigned k = 0; k < 16; k++)
            taken = taken || set->slot[slot / 2][k] & (slot & 1 ? 0xF0 : 0x0F);
        if (!taken)
            break;
    }
    set->slot[slot / 2][lead & 15] |= slot & 1 ? 0xF0 : 0x0F;
    return slot;
}

static void add_second(scan_set *set, uint8_t lead, uint8_t second)
{
    unsigned slot = slot_of(set, lead);
    uint8_t half = slot & 1 ? 0xF0 : 0x0F;
    set->second[slot / 2][second & 15] |= group_bit(second) & half;
}

void scan_set_add(scan_set *set, uint32_t c, unsigned chars)
{
    if (chars == 0 || c < 0x80)
        return;
    if (c < 0x800) {
        uint8_t half = c < 0x400 ? 0x0F : 0xF0;
        set->two[c >> 6 & 15] |= group_bit((uint8_t)(0x80 | (c & 63))) & half;
    } else if (c < 0x10000) {
        add_second(set, (uint8_t)(0xE0 | c >> 12), (uint8_t)(0x80 | (c >> 6 & 63)));
    } else {
        add_second(set, (uint8_t)(0xF0 | c >> 18), (uint8_t)(0x80 | (c >> 12 & 63)));
    }
    for (uint32_t i = 0; c >> 6 == 0x2000 >> 6 && i < 16; i++)
        if (chars >> i & 1)
            set->third[i] |= group_bit((uint8_t)(0x80 | (c & 63)));
}

/* Table 3-7: what the second byte may be after `lead`, as its range; empty for what is no lead. */
static uint8_t second_first(uint8_t lead)
{
    return lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
}

static uint8_t second_last(uint8_t lead)
{
    return lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
}

size_t scan_sequence(const uint8_t *text, size_t len, bool *valid)
{
    uint8_t lead = text[0];
    *valid = lead < 0x80;
    if (lead < 0xC2 || lead > 0xF4)
        return 1;
    size_t want = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (len < 2 || text[1] < second_first(lead) || text[1] > second_last(lead))
        return 1;
    size_t n = 2;
    while (n < want && n < len && (text[n] & 0xC0) == 0x80)
        n++;
    *valid = n == want;
    return n;
}

static size_t portable_ascii(const uint8_t *text, size_t len)
{
    size_t n = 0;
    for (; n + 8 <= len; n += 8) {
        uint64_t word;
        memcpy(&word, text + n, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (n < len && text[n] < 0x80)
        n++;
    return n;
}

size_t scan_portable_utf8(const uint8_t *text, size_t len)
{
    size_t n = 0;
    while (n < len) {
        if (text[n] < 0x80) {
            n += portable_ascii(text + n, len - n);
            continue;
        }
        bool valid;
        size_t more = scan_sequence(text + n, len - n, &valid);
        if (!valid)
            break;
        n += more;
    }
    return n;
}

/* The character is looked for whose first bytes are `lead` and `second`. */
static bool is_wanted(const scan_set *set, uint8_t lead, uint8_t second)
{
    uint8_t by = 0;
    if (lead < 0xC0 || second < 0x80 || second >= 0xC0)
        return false;
    if (lead < 0xE0)
        by = set->two[lead & 15] & (lead < 0xD0 ? 0x0F : 0xF0);
    for (unsigned k = lead < 0xF0 ? 0 : SCAN_PAIRS - 1; lead >= 0xE0 && k < SCAN_PAIRS; k++)
        if (lead >= 0xF0 || k < SCAN_PAIRS - 1)
            by |= set->slot[k][lead & 15] & set->second[k][second & 15];
    return by & group_bit(second);
}

/* The second byte text[at] belongs to a character looked for; at most 64 bytes. */
static bool is_found(const scan_set *set, const uint8_t *text, size_t at, size_t len,
                     uint8_t before)
{
    if (!is_wanted(set, before, text[at]))
        return false;
    if (before != 0xE2 || text[at] != 0x80 || at + 1 == len || at == 63)
        return true;
    uint8_t third = text[at + 1];
    return (third & 0xC0) == 0x80 && set->third[third & 15] & group_bit(third);
}

static scan_found find(const scan_set *set, const uint8_t *text, size_t len, uint8_t before)
{
    scan_found f = {0};
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = text[i];
        uint64_t bit = UINT64_C(1) << i;
        f.lf |= byte == '\n' ? bit : 0;
        f.space |= byte == ' ' ? bit : 0;
        f.control |= byte < 0x20 || byte == 0x7F ? bit : 0;
        f.nbsp |= i > 0 && before == 0xC2 && byte == 0xA0 ? bit : 0;
        f.wanted |= byte >= 0x80 && is_found(set, text, i, len, before) ? bit : 0;
        before = byte;
    }
    return f;
}

scan_marks scan_portable_tail(const uint8_t *text, size_t len, const scan_set *set, uint8_t before,
                              scan_before *edge)
{
    scan_found f = find(set, text, len, before);
    return scan_combine(set, &f, edge);
}

static void portable_text(const uint8_t *text, size_t len, const scan_set *set, uint8_t before,
                          scan_marks *marks)
{
    scan_before edge = {before == ' ', before == '\n'};
    for (size_t i = 0; i < len; i += 64)
        marks[i / 64] = scan_portable_tail(text + i, len - i < 64 ? len - i : 64, set,
                                           i ? text[i - 1] : before, &edge);
}

static size_t portable_squeeze(uint8_t *out, const uint8_t *text, uint64_t keep)
{
    size_t n = 0;
    for (size_t i = 0; i < 64; i++) {
        out[n] = text[i];
        n += keep >> i & 1;
    }
    return n;
}

scan_order scan_kept[256];

static void order_kept(void)
{
    for (unsigned keep = 0; keep < 256; keep++)
        for (unsigned i = 0; i < 8; i++)
            if (keep >> i & 1)
                scan_kept[keep].place[scan_kept[keep].count++] = (uint8_t)i;
}

static const scan_kernels portable = {"portable", portable_ascii, scan_portable_utf8,
                                      portable_text, portable_squeeze};

static const scan_kernels *usable[4];
static size_t usable_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void choose(void)
{
    order_kept();
    usable[usable_count++] = &portable;
#if defined(MACHINE_X86)
    if (machine_has_ssse3())
        usable[usable_count++] = &scan_ssse3;
    if (machine_has_avx2())
        usable[usable_count++] = &scan_avx2;
#elif defined(MACHINE_NEON)
    usable[usable_count++] = &scan_neon;
#endif
}

const scan_kernels *const *scan_all(size_t *count)
{
    pthread_once(&once, choose);
    *count = usable_count;
    return usable;
}

const scan_kernels *scan_in_use(void)
{
    pthread_once(&once, choose);
    return usable[usable_count - 1];
}

size_t scan_ascii(const uint8_t *text, size_t len)
{
    return scan_in_use()->ascii(text, len);
}

size_t scan_utf8(const uint8_t *text, size_t len)
{
    return scan_in_use()->utf8(text, len);
}

void scan_text(const uint8_t *text, size_t len, const scan_set *set, uint8_t before,
               scan_marks *marks)
{
    scan_in_use()->text(text, len, set, before, marks);
}

size_t scan_squeeze(uint8_t *out, const uint8_t *text, uint64_t keep)
{
    return scan_in_use()->squeeze(out, text, keep);
}
