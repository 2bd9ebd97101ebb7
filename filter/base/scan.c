#include "base/scan.h"

#include <pthread.h>
#include <string.h>

#include "base/scan_kernels.h"

void scan_set_init(scan_set *set, bool tidy)
{
    memset(set, 0, sizeof *set);
    set->tidy = tidy;
}

void scan_set_lead(scan_set *set, unsigned lead)
{
    set->low[lead & 15] |= (uint8_t)(1U << ((lead >> 4) - 12));
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

static bool is_stop(const scan_set *set, uint8_t before, uint8_t byte)
{
    if (byte >= 0xC0)
        return set->low[byte & 15] >> ((byte >> 4) - 12) & 1;
    if (!set->tidy)
        return false;
    return byte == '\n' ? before == ' ' : byte < 0x20 || byte == 0x7F;
}

void scan_portable_text(const uint8_t *text, size_t len, const scan_set *set, uint8_t before,
                        scan_marks *marks)
{
    for (size_t i = 0; i < len; i += 64) {
        scan_marks m = {0, 0, 0};
        for (size_t k = 0; k < 64 && i + k < len; k++) {
            uint8_t byte = text[i + k];
            uint64_t stop = is_stop(set, before, byte);
            m.stops |= stop << k;
            m.lines |= (uint64_t)(byte == '\n' && !stop) << k;
            m.extra |= (uint64_t)(set->tidy && byte == ' ' && (before == ' ' || before == '\n')) << k;
            before = byte;
        }
        marks[i / 64] = m;
    }
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

static const scan_kernels portable = {"portable", portable_ascii, scan_portable_utf8,
                                      scan_portable_text, portable_squeeze};

static const scan_kernels *usable[4];
static size_t usable_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void choose(void)
{
#ifdef SCAN_X86
    scan_x86_init();
#endif
    usable[usable_count++] = &portable;
#ifdef SCAN_X86
    if (__builtin_cpu_supports("ssse3"))
        usable[usable_count++] = &scan_ssse3;
    if (__builtin_cpu_supports("avx2"))
        usable[usable_count++] = &scan_avx2;
#endif
#ifdef SCAN_NEON
    usable[usable_count++] = &scan_neon;
#endif
}

const scan_kernels *const *scan_all(size_t *count)
{
    pthread_once(&once, choose);
    *count = usable_count;
    return usable;
}

static const scan_kernels *best(void)
{
    pthread_once(&once, choose);
    return usable[usable_count - 1];
}

size_t scan_ascii(const uint8_t *text, size_t len)
{
    return best()->ascii(text, len);
}

size_t scan_utf8(const uint8_t *text, size_t len)
{
    return best()->utf8(text, len);
}

void scan_text(const uint8_t *text, size_t len, const scan_set *set, uint8_t before,
               scan_marks *marks)
{
    best()->text(text, len, set, before, marks);
}

size_t scan_squeeze(uint8_t *out, const uint8_t *text, uint64_t keep)
{
    return best()->squeeze(out, text, keep);
}
