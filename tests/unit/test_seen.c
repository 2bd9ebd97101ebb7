#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "failing.h"
#include "judge/seen.h"
#include "judge/seen_mix.h"

static uint64_t state = 88172645463325252u;

static uint64_t any(void)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state * 0x2545F4914F6CDD1D;
}

static seen *make(uint32_t keep, uint64_t max_bytes)
{
    seen *s = NULL;
    cr_assert_eq(seen_create(&s, keep, max_bytes), WINNOW_OK);
    return s;
}

static int add(seen *s, key128 key)
{
    int repeat = -1;
    seen_prefetch(s, key);
    cr_assert_eq(seen_add(s, key, &repeat), WINNOW_OK);
    return repeat;
}

/* The same, slow and plain: all 128 bits in one table, with counts. */
typedef struct {
    key128 key;
    uint32_t count;
} plain_slot;

typedef struct {
    plain_slot *slots;
    size_t mask, used;
} plain;

static plain make_plain(unsigned bits)
{
    return (plain){calloc((size_t)1 << bits, sizeof(plain_slot)), ((size_t)1 << bits) - 1, 0};
}

static int plain_add(plain *p, key128 key, uint32_t keep)
{
    size_t at = (size_t)(key.lo * 0x9E3779B97F4A7C15 >> 20 ^ key.hi) & p->mask;
    while (p->slots[at].count && memcmp(&p->slots[at].key, &key, sizeof key) != 0)
        at = (at + 1) & p->mask;
    p->used += p->slots[at].count == 0;
    p->slots[at].key = key;
    if (p->slots[at].count >= keep)
        return 1;
    p->slots[at].count++;
    return 0;
}

static const uint32_t keeps[] = {1, 2, 3, 5, 8, 100};

/* Keys of which every third was there before, up to where regions were split several times. */
Test(seen, agrees_with_a_plain_set_at_every_size)
{
    for (size_t k = 0; k < sizeof keeps / sizeof *keeps; k++) {
        size_t count = keeps[k] == 1 ? 400000 : 60000, wrong = 0;
        seen *s = make(keeps[k], 0);
        plain p = make_plain(20);
        key128 *keys = malloc(count * sizeof *keys);
        for (size_t i = 0; i < count; i++) {
            keys[i] = i && any() % 3 == 0 ? keys[any() % i] : (key128){any(), any()};
            wrong += add(s, keys[i]) != plain_add(&p, keys[i], keeps[k]);
            wrong += seen_count(s) != p.used;
        }
        cr_expect_eq(wrong, 0, "keep %u: %zu wrong", keeps[k], wrong);
        for (size_t i = 0; i < count; i++)
            wrong += add(s, keys[i]) != plain_add(&p, keys[i], keeps[k]);
        cr_expect_eq(wrong, 0, "keep %u, again: %zu wrong", keeps[k], wrong);
        free(keys);
        free(p.slots);
        seen_free(s);
    }
}

/* seen_mix backwards: the key that is mixed into `k`. */
static key128 unmix(key128 k)
{
    k.lo ^= (k.hi ^ k.hi >> 29) * 0xA0761D6478BD642F;
    k.hi ^= (k.lo ^ k.lo >> 32) * 0xD6E8FEB86659FD93;
    k.lo -= k.hi * 0x9E3779B97F4A7C15;
    return k;
}

static key128 low_alike(uint64_t i)
{
    return (key128){42, i};
}

static key128 high_alike(uint64_t i)
{
    return (key128){i, 42};
}

static key128 low_32_alike(uint64_t i)
{
    return (key128){i << 32 | 7, i << 40};
}

static key128 top_bits_alike(uint64_t i)
{
    return (key128){i, i};
}

/* Made with the mixing in hand: all at home in one bucket. */
static key128 home_alike(uint64_t i)
{
    return unmix((key128){(uint64_t)0xABCD1234 << 32 | i, 0x5A00000000000000});
}

static key128 tag_alike(uint64_t i)
{
    return unmix((key128){i << 24, 0x5AA5000000000000});
}

static key128 from_the_end(uint64_t i)
{
    return unmix((key128){UINT64_MAX - i, UINT64_MAX});
}

static const struct {
    const char *what;
    key128 (*key)(uint64_t i);
} made[] = {
    {"low half alike", low_alike},       {"high half alike", high_alike},
    {"low 32 bits alike", low_32_alike}, {"both halves counted", top_bits_alike},
    {"home alike", home_alike},          {"tag and place alike", tag_alike},
    {"at the end of the last part", from_the_end},
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

Test(seen, keys_made_alike_are_told_apart_in_bounded_time)
{
    enum { KEYS = 1000000 };
    for (size_t m = 0; m < sizeof made / sizeof *made; m++) {
        seen *s = make(1, 0);
        size_t wrong = 0;
        double begin = seconds();
        for (uint64_t i = 0; i < KEYS; i++)
            wrong += add(s, made[m].key(i)) != 0;
        for (uint64_t i = 0; i < KEYS; i++)
            wrong += add(s, made[m].key(i)) != 1;
        for (uint64_t i = KEYS; i < KEYS + 1000; i++)
            wrong += add(s, made[m].key(i)) != 0;
        cr_expect_eq(wrong, 0, "%s: %zu wrong", made[m].what, wrong);
        cr_expect_lt(seconds() - begin, 20, "%s", made[m].what);
        cr_expect_lt(seen_bytes(s), KEYS * 64, "%s: %llu bytes", made[m].what,
                     (unsigned long long)seen_bytes(s));
        seen_free(s);
    }
}

/* Alike keys among others, while regions are copied. */
Test(seen, alike_and_other_keys_mixed)
{
    seen *s = make(1, 0);
    size_t wrong = 0;
    for (uint64_t i = 0; i < 300000; i++)
        wrong += add(s, i % 3 ? home_alike(i) : (key128){i * 0x9E3779B97F4A7C15, ~i}) != 0;
    for (uint64_t i = 0; i < 300000; i++)
        wrong += add(s, i % 3 ? home_alike(i) : (key128){i * 0x9E3779B97F4A7C15, ~i}) != 1;
    cr_expect_eq(wrong, 0);
    cr_expect_eq(seen_count(s), 300000);
    seen_free(s);
}

Test(seen, no_key_is_special)
{
    static const key128 keys[] = {{0, 0}, {UINT64_MAX, UINT64_MAX}, {0, UINT64_MAX},
                                  {UINT64_MAX, 0}, {1, 0}, {0, 1}};
    seen *s = make(1, 0);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            cr_expect_eq(add(s, keys[i]), round, "key %zu, round %d", i, round);
    cr_expect_eq(add(s, unmix((key128){0, 0})), 1); /* {0, 0} is mixed into itself */
    cr_expect_eq(add(s, unmix((key128){UINT64_MAX, UINT64_MAX})), 0);
    seen_free(s);
}

/* A key is kept by 80 bits: the two that differ elsewhere only are the same. */
Test(seen, eighty_bits_are_compared)
{
    for (unsigned bit = 0; bit < 128; bit++) {
        seen *s = make(1, 0);
        key128 a = {any(), any()}, b = a;
        *(bit < 64 ? &b.lo : &b.hi) ^= (uint64_t)1 << bit % 64;
        add(s, unmix(a));
        cr_expect_eq(add(s, unmix(b)), bit >= 64 && bit < 64 + 48, "bit %u", bit);
        seen_free(s);
    }
    seen *s = make(1, 0);
    for (int i = 0; i < 1000; i++)
        add(s, (key128){any(), any()});
    cr_expect_float_eq(seen_expected_false(s) / (1000. * 999 / 2 / pow(2, 80)), 1, 1e-9);
    seen_free(s);
}

Test(seen, clear_forgets_all_and_keeps_little)
{
    seen *s = make(2, 0);
    uint64_t empty = seen_bytes(s);
    static const unsigned sizes[] = {1, 10, 1000, 200000, 3, 0, 5};
    for (size_t n = 0; n < sizeof sizes / sizeof *sizes; n++) {
        for (unsigned i = 0; i < sizes[n]; i++)
            cr_assert_eq(add(s, (key128){i, n}), 0);
        cr_expect_eq(seen_count(s), sizes[n]);
        for (unsigned i = 0; i < 300; i++)
            add(s, home_alike(i));
        seen_clear(s);
        cr_expect_eq(seen_count(s), 0);
        cr_expect_eq(seen_expected_false(s), 0);
        cr_expect_lt(seen_bytes(s), 160 * 1024);
    }
    cr_expect_lt(empty, 4096);
    seen_free(s);
}

/* What is held with `keys` keys, and whether as many go in when no more than a quarter above that
   may ever be taken. */
Test(seen, growth_never_takes_a_quarter_more)
{
    for (size_t keys = 50; keys < 1500000; keys = keys * 7 / 5 + 11) {
        seen *s = make(1, 0);
        for (size_t i = 0; i < keys; i++)
            add(s, (key128){i, i * i});
        uint64_t steady = seen_bytes(s);
        seen_free(s);
        if (keys >= 1000000)
            cr_expect_leq((double)steady / (double)keys, 12, "%zu keys: %g bytes each", keys,
                          (double)steady / (double)keys);
        s = make(1, steady + steady / 4);
        for (size_t i = 0; i < keys; i++) {
            int repeat;
            winnow_status st = seen_add(s, (key128){i, i * i}, &repeat);
            cr_assert_eq(st, WINNOW_OK, "%zu keys, %llu bytes: key %zu", keys,
                         (unsigned long long)steady, i);
        }
        seen_free(s);
    }
}

/* Adds keys 0, 1... until one is refused with `why`; answers how many went in. */
static uint64_t add_until(seen *s, winnow_status why, uint64_t most)
{
    for (uint64_t i = 0; i < most; i++) {
        int repeat = -1;
        winnow_status st = seen_add(s, (key128){i * 3, i}, &repeat);
        cr_assert_eq(repeat, 0);
        if (st == WINNOW_OK)
            continue;
        cr_assert_eq(st, why);
        return i;
    }
    return most;
}

static void expect_known(seen *s, uint64_t count)
{
    size_t wrong = 0;
    cr_expect_eq(seen_count(s), count);
    for (uint64_t i = 0; i < count; i++)
        wrong += add(s, (key128){i * 3, i}) != 1;
    cr_expect_eq(wrong, 0, "%zu of %llu", wrong, (unsigned long long)count);
}

Test(seen, the_limit_holds_and_what_is_known_stays_known)
{
    static const uint64_t limits[] = {1, 500, 2000, 5000, 30000, 100000, 1000000, 5000000};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        seen *s = make(1, limits[i]);
        uint64_t count = add_until(s, WINNOW_ERR_FULL, UINT64_MAX);
        if (seen_count(s))
            cr_expect_leq(seen_bytes(s), limits[i]);
        expect_known(s, count);
        for (uint64_t n = 0; n < 1000; n++) {
            int repeat = -1;
            seen_add(s, (key128){~n, n}, &repeat); /* some still go in, where there is room */
            cr_expect_eq(repeat, 0);
        }
        cr_expect_leq(seen_bytes(s), limits[i] + 2048);
        cr_expect(limits[i] < 1000000 || count > limits[i] / 20, "%llu bytes hold %llu",
                  (unsigned long long)limits[i], (unsigned long long)count);
        seen_free(s);
    }
    seen *s = make(1, 200000);
    int repeat;
    uint64_t alike = 0;
    while (seen_add(s, home_alike(alike), &repeat) == WINNOW_OK)
        alike++;
    for (uint64_t i = 0; i < alike; i++)
        cr_expect_eq(add(s, home_alike(i)), 1);
    cr_expect_leq(seen_bytes(s), 200000);
    seen_free(s);
}

/* Alike ones among the keys, so that the tree grows too. */
static key128 key_for_failing(uint64_t i)
{
    return i % 3 ? (key128){i * 3, i} : home_alike(i);
}

/* The n-th allocation fails, and all later ones, until it is said that memory is there again. */
static bool survives_failure(unsigned n, uint64_t keys)
{
    seen *s = NULL;
    fail_allocation(n);
    winnow_status st = seen_create(&s, 1, 0);
    if (st == WINNOW_ERR_NOMEM) {
        fail_allocation(0);
        cr_expect_null(s);
        return true;
    }
    uint64_t i = 0;
    int repeat;
    while (i < keys && (st = seen_add(s, key_for_failing(i), &repeat)) == WINNOW_OK)
        i++;
    cr_expect(i == keys || st == WINNOW_ERR_NOMEM);
    cr_expect_eq(seen_count(s), i);
    size_t wrong = 0;
    for (uint64_t k = 0; k < i; k++)
        wrong += seen_add(s, key_for_failing(k), &repeat) != WINNOW_OK || repeat != 1;
    fail_allocation(0);
    bool failed = i < keys;
    for (; i < keys; i++)
        wrong += add(s, key_for_failing(i)) != 0;
    for (uint64_t k = 0; k < keys; k++)
        wrong += add(s, key_for_failing(k)) != 1;
    cr_expect_eq(wrong, 0, "allocation %u: %zu wrong", n, wrong);
    cr_expect_eq(seen_count(s), keys);
    seen_free(s);
    return failed;
}

Test(seen, any_allocation_may_fail)
{
    unsigned n = 1;
    while (survives_failure(n, 30000))
        n++;
    cr_expect_gt(n, 100, "%u allocations", n);
}
