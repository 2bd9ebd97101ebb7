/*
 * The seen set: 16 regions, each a table of cache-line buckets, each grown by a quarter when full.
 *
 * A bucket holds 7 keys of 9 bytes. With the 8 bits that the place tells (4 the region, 4 the part
 * of the region) 80 bits of a key are compared. The regions' sizes are staggered, so that they grow
 * one after another: less than 12 bytes a key from some 900,000 keys on, and while one region is
 * copied a twelfth above that.
 *
 * A key goes into the first bucket with room from its home on, at most REACH buckets away within
 * its part. The home bucket knows how far its keys went, so a search reads no further. Keys that
 * find no room there, one in a thousand unless they were made to share a home, go into a tree.
 *
 * No key value is special: a bucket counts its keys.
 *
 * With keep = N, copy i of a key (from 0) is held as a key of its own, derived from it: memory
 * grows with what is kept, as it does for N = 1, and there is no other code for it.
 */
#define _DEFAULT_SOURCE /* madvise, MAP_ANONYMOUS */

#include "judge/seen.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "judge/seen_table.h"

enum {
    SPILLED = REACH, /* of a bucket: keys at home here are in the tree, too */
    SMALL = 512,     /* buckets a part: below this a region doubles, above it grows by a quarter */
    KEPT = 2,        /* buckets a part of the largest region that seen_clear keeps */
    HUGE_PAGE = 2 << 20 /* bytes */
};

/* A region is filled at once, from one that is nearly as large: its pages come in one go. */
#ifdef MAP_POPULATE
enum { POPULATE = MAP_POPULATE };
#else
enum { POPULATE = 0 };
#endif

/* Fuller, and searches grow longer and the tree fills: at 29/32 four times as many go there. */
#define FULL(slots) ((slots) / 8 * 7)

static size_t region_bytes(uint32_t per_part)
{
    return (size_t)per_part * SEEN_PARTS * sizeof(bucket);
}

/* Large regions get pages of their own, given back when the region is freed. */
static bool is_mapped(size_t bytes)
{
    return bytes >= 16 * 1024;
}

static void *map_pages(size_t bytes, int flags)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

/* Begins at a multiple of HUGE_PAGE, so that huge pages can stand below it; none beyond its end, so
   no more becomes resident than is used. */
static void *map_huge_pages(size_t bytes)
{
    uint8_t *p = map_pages(bytes + HUGE_PAGE, 0);
    if (!p)
        return NULL;
    size_t head = (HUGE_PAGE - (uintptr_t)p % HUGE_PAGE) % HUGE_PAGE;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), end = (head + bytes + page - 1) / page * page;
    if (head)
        munmap(p, head);
    if (end < bytes + HUGE_PAGE)
        munmap(p + end, bytes + HUGE_PAGE - end);
#ifdef MADV_HUGEPAGE
    madvise(p + head, bytes, MADV_HUGEPAGE);
#endif
    return p + head;
}

static bucket *alloc_buckets(uint32_t per_part)
{
    size_t bytes = region_bytes(per_part);
    void *p = NULL;
    if (is_mapped(bytes))
        return bytes < HUGE_PAGE ? map_pages(bytes, POPULATE) : map_huge_pages(bytes);
    if (posix_memalign(&p, sizeof(bucket), bytes))
        return NULL;
    return memset(p, 0, bytes);
}

static void free_buckets(bucket *b, uint32_t per_part)
{
    if (b && is_mapped(region_bytes(per_part)))
        munmap(b, region_bytes(per_part));
    else
        free(b);
}

static unsigned reach_of(const bucket *b)
{
    return b->tags[SLOTS] >> 3;
}

static void set_reach(bucket *b, unsigned reach)
{
    b->tags[SLOTS] = (uint8_t)(reach << 3 | count_of(b));
}

static uint64_t slots_of(const region *r)
{
    return (uint64_t)r->per_part * SEEN_PARTS * SLOTS;
}

static uint32_t next_bucket(const region *r, uint32_t at)
{
    return at + 1 < r->per_part ? at + 1 : 0;
}

/* The bytes as a number, the first one lowest. */
static uint64_t load_bytes(const uint8_t *bytes)
{
    uint64_t v;
    memcpy(&v, bytes, sizeof v);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

/* The top bit of each byte whose slot may hold `tag`, and of each whose slot does. */
static uint64_t slots_tagged(const bucket *b, uint8_t tag)
{
    uint64_t ones = 0x0101010101010101, v = load_bytes(b->tags) ^ ones * tag;
    uint64_t in_use = ((uint64_t)1 << 8 * count_of(b)) - 1;
    return (v - ones) & ~v & ones << 7 & in_use;
}

static inline bool bucket_has(const bucket *b, uint64_t word, uint8_t tag)
{
    for (uint64_t found = slots_tagged(b, tag); found; found &= found - 1) {
        unsigned i = (unsigned)__builtin_ctzll(found) / 8;
        if (b->words[i] == word && b->tags[i] == tag)
            return true;
    }
    return false;
}

/* The home bucket lacks the key, and knows of keys that went further. */
static bool is_beyond(const seen *s, const region *r, seen_id id, uint32_t home)
{
    const bucket *part = part_of(r, id.part);
    unsigned reach = reach_of(&part[home]);
    uint32_t at = home;
    for (unsigned i = 1; i <= reach && i < REACH; i++) {
        at = next_bucket(r, at);
        if (bucket_has(&part[at], id.word, id.tag))
            return true;
    }
    return reach == SPILLED && spill_has(&s->spill, id);
}

/* Of a region that is not empty. */
static inline bucket *home_bucket(const region *r, seen_id id)
{
    return &part_of(r, id.part)[home_of(r, id.word)];
}

static inline bool has(const seen *s, seen_id id)
{
    const region *r = &s->regions[id.region];
    if (!r->buckets)
        return false;
    const bucket *home = home_bucket(r, id);
    return bucket_has(home, id.word, id.tag) ||
           (reach_of(home) && is_beyond(s, r, id, home_of(r, id.word)));
}

static inline void put_key(bucket *b, uint64_t word, uint8_t tag)
{
    unsigned i = count_of(b);
    b->words[i] = word;
    b->tags[i] = tag;
    b->tags[SLOTS]++;
}

/* The home bucket is full. False: so are all within reach. */
static bool place_beyond(region *r, bucket *part, uint32_t home, uint64_t word, uint8_t tag)
{
    uint32_t at = home;
    for (unsigned i = 1; i < REACH && i < r->per_part; i++) {
        at = next_bucket(r, at);
        if (count_of(&part[at]) == SLOTS)
            continue;
        put_key(&part[at], word, tag);
        if (reach_of(&part[home]) < i)
            set_reach(&part[home], i);
        r->count++;
        return true;
    }
    return false;
}

/* False: no room within reach. */
static inline bool place(region *r, unsigned part_number, uint64_t word, uint8_t tag)
{
    bucket *part = part_of(r, part_number);
    uint32_t home = home_of(r, word);
    if (!r->per_part || count_of(&part[home]) == SLOTS)
        return place_beyond(r, part, home, word, tag);
    put_key(&part[home], word, tag);
    r->count++;
    return true;
}

static void mark_spilled(region *r, seen_id id)
{
    set_reach(&part_of(r, id.part)[home_of(r, id.word)], SPILLED);
}

/* Whether `more` bytes may be taken while all that is held stays. */
static bool may_take(const seen *s, uint64_t more)
{
    return !s->max_bytes || seen_bytes(s) + more <= s->max_bytes;
}

static winnow_status spill_key(seen *s, region *r, seen_id id)
{
    if (!may_take(s, spill_need(&s->spill)))
        return WINNOW_ERR_FULL;
    if (!spill_add(&s->spill, id))
        return WINNOW_ERR_NOMEM;
    mark_spilled(r, id);
    return WINNOW_OK;
}

static winnow_status copy_part(seen *s, const region *from, region *to, uint8_t number, uint8_t part)
{
    for (uint32_t i = 0; i < from->per_part; i++) { /* of an empty region none */
        const bucket *b = &part_of(from, part)[i];
        for (unsigned k = 0; k < count_of(b); k++) {
            if (place(to, part, b->words[k], b->tags[k]))
                continue;
            winnow_status st = spill_key(s, to, (seen_id){b->words[k], number, part, b->tags[k]});
            if (st != WINNOW_OK)
                return st;
        }
    }
    return WINNOW_OK;
}

/* Puts all keys of `from` into `to`, which is larger. */
static winnow_status copy_keys(seen *s, const region *from, region *to, uint8_t number)
{
    for (unsigned part = 0; part < SEEN_PARTS; part++) {
        winnow_status st = copy_part(s, from, to, number, (uint8_t)part);
        if (st != WINNOW_OK)
            return st;
    }
    for (size_t i = 0; i < s->spill.len; i++)
        if (s->spill.nodes[i].id.region == number)
            mark_spilled(to, s->spill.nodes[i].id);
    return WINNOW_OK;
}

/* Sizes from SMALL on begin spread between it and five fourths of it; from there on each grows by a
   quarter, so that they never grow together. */
static uint32_t next_size(uint32_t per_part, uint8_t number)
{
    if (!per_part)
        return 1;
    if (per_part < SMALL / 2)
        return per_part * 2;
    if (per_part >= SMALL)
        return per_part + per_part / 4;
    return SMALL + number * (uint32_t)SMALL / (4 * SEEN_REGIONS);
}

/* The region becomes larger. Leaves all as it was unless it answers OK. */
static winnow_status resize(seen *s, uint8_t number, uint32_t per_part)
{
    region *old = &s->regions[number], new = {.per_part = per_part};
    if (!may_take(s, region_bytes(new.per_part)))
        return WINNOW_ERR_FULL;
    new.buckets = alloc_buckets(new.per_part);
    if (!new.buckets)
        return WINNOW_ERR_NOMEM;
    s->bytes += region_bytes(new.per_part);
    winnow_status st = copy_keys(s, old, &new, number);
    region gone = st == WINNOW_OK ? *old : new;
    s->bytes -= region_bytes(gone.per_part);
    free_buckets(gone.buckets, gone.per_part);
    if (st == WINNOW_OK)
        *old = new;
    return st;
}

static winnow_status grow(seen *s, uint8_t number)
{
    return resize(s, number, next_size(s->regions[number].per_part, number));
}

/* A small region's parts vary in how full they are: it grows when one has no room. In a large one,
   or one that is rather empty, keys without room are few, or made to share a home, which growing
   does not help. */
static bool grows_for_room(const region *r)
{
    return r->per_part < SMALL && r->count >= slots_of(r) / 4;
}

/* Puts the key where there is room for it, or makes some. */
static winnow_status find_room(seen *s, region *r, seen_id id)
{
    winnow_status st = WINNOW_OK;
    if (r->count >= FULL(slots_of(r)))
        st = grow(s, id.region);
    while (st == WINNOW_OK && !place(r, id.part, id.word, id.tag)) {
        if (!grows_for_room(r)) {
            st = spill_key(s, r, id);
            break;
        }
        st = grow(s, id.region);
    }
    return st;
}

/* Nearly all keys are put at home. False: not this one. */
static inline bool put_at_home(region *r, seen_id id)
{
    if (!r->buckets || r->count >= FULL(slots_of(r)))
        return false;
    bucket *home = home_bucket(r, id);
    if (count_of(home) == SLOTS)
        return false;
    put_key(home, id.word, id.tag);
    r->count++;
    return true;
}

/* `id` is not there. */
static inline winnow_status insert(seen *s, seen_id id)
{
    region *r = &s->regions[id.region];
    winnow_status st = put_at_home(r, id) ? WINNOW_OK : find_room(s, r, id);
    s->held += st == WINNOW_OK;
    return st;
}

winnow_status seen_put_new(seen *s, seen_id id)
{
    winnow_status st = insert(s, id);
    s->unique += st == WINNOW_OK;
    return st;
}

winnow_status seen_put(seen *s, seen_id id, bool *added)
{
    *added = !has(s, id);
    return *added ? seen_put_new(s, id) : WINNOW_OK;
}

winnow_status seen_reserve(seen *s, uint8_t number, uint64_t keys)
{
    const region *now = &s->regions[number];
    region then = *now;
    while (FULL(slots_of(&then)) < keys)
        then.per_part = next_size(then.per_part, number);
    return then.per_part > now->per_part ? resize(s, number, then.per_part) : WINNOW_OK;
}

winnow_status seen_create(seen **out, uint32_t keep, uint64_t max_bytes)
{
    seen *s = calloc(1, sizeof *s);
    if (!s)
        return WINNOW_ERR_NOMEM;
    s->keep = keep ? keep : 1;
    s->max_bytes = max_bytes;
    *out = s;
    return WINNOW_OK;
}

static void free_region(seen *s, region *r)
{
    s->bytes -= r->buckets ? region_bytes(r->per_part) : 0;
    free_buckets(r->buckets, r->per_part);
    *r = (region){0};
}

void seen_free(seen *s)
{
    if (!s)
        return;
    for (unsigned i = 0; i < SEEN_REGIONS; i++)
        free_region(s, &s->regions[i]);
    spill_free(&s->spill);
    free(s);
}

void seen_clear(seen *s)
{
    for (unsigned i = 0; i < SEEN_REGIONS; i++) {
        region *r = &s->regions[i];
        if (r->per_part > KEPT)
            free_region(s, r);
        else if (r->count)
            memset(r->buckets, 0, region_bytes(r->per_part));
        r->count = 0;
    }
    spill_free(&s->spill);
    s->held = s->unique = 0;
}

void seen_prefetch(const seen *s, key128 key)
{
    seen_id id = seen_id_of(key);
    const region *r = &s->regions[id.region];
    if (!r->buckets)
        return;
    const bucket *home = &part_of(r, id.part)[home_of(r, id.word)];
    __builtin_prefetch(home);
    __builtin_prefetch(home + 1);
}

/* The key that stands for copy `i` of `key`. */
static key128 copy_key(key128 key, uint32_t i)
{
    return (key128){key.lo, key.hi ^ (uint64_t)i * 0xE7037ED1A0B428DB};
}

/* How many copies are held, `keep` at most: copies are added in order, so the first that lacks is
   found by doubling, then halving. */
static uint32_t copies_held(const seen *s, key128 key)
{
    uint32_t held = 0, beyond = 1;
    while (beyond <= s->keep && has(s, seen_id_of(copy_key(key, beyond - 1)))) {
        held = beyond;
        beyond = beyond <= s->keep / 2 ? beyond * 2 : held == s->keep ? s->keep + 1 : s->keep;
    }
    while (held + 1 < beyond && held < s->keep) {
        uint32_t middle = held + (beyond - held) / 2;
        if (has(s, seen_id_of(copy_key(key, middle - 1))))
            held = middle;
        else
            beyond = middle;
    }
    return held;
}

int seen_has(const seen *s, key128 key)
{
    return s->keep == 1 ? has(s, seen_id_of(key)) : copies_held(s, key) == s->keep;
}

winnow_status seen_add(seen *s, key128 key, int *repeat)
{
    seen_id id = seen_id_of(key); /* copy 0 is the key itself */
    uint32_t copies = s->keep == 1 ? has(s, id) : copies_held(s, key);
    *repeat = copies == s->keep;
    if (*repeat)
        return WINNOW_OK;
    winnow_status st = insert(s, copies ? seen_id_of(copy_key(key, copies)) : id);
    s->unique += st == WINNOW_OK && copies == 0;
    return st;
}

uint64_t seen_count(const seen *s)
{
    return s->unique;
}

uint64_t seen_bytes(const seen *s)
{
    return sizeof *s + s->bytes + spill_bytes(&s->spill);
}

/* n (n - 1) / 2 pairs, each alike by chance once in 2^80. */
double seen_expected_false(const seen *s)
{
    double n = (double)s->held;
    return n > 1 ? n * (n - 1) / 2 * 0x1p-80 : 0;
}
