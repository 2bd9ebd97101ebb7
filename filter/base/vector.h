/*
 * Vectors of bytes: the few operations that the kernels are written in, with the instructions that
 * VECTOR_AVX2, VECTOR_SSSE3 or VECTOR_NEON names. Each such file is compiled for them, so no
 * function of it may be called before the machine is known to have them (machine.h).
 *
 * A mask is a vector of 0x00 and 0xFF. Blocks are of 64 bytes: VECS vectors.
 */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(VECTOR_AVX2)
#include <immintrin.h>

#define VECTOR_CODE __attribute__((target("avx2,bmi,popcnt")))
#define VECTOR static inline __attribute__((always_inline, target("avx2,bmi,popcnt")))

typedef __m256i vec;

#define VEC_X86(name) _mm256_##name
#define VEC_WHOLE(name) _mm256_##name##_si256

#elif defined(VECTOR_SSSE3)
#include <tmmintrin.h>

#define VECTOR_CODE __attribute__((target("ssse3")))
#define VECTOR static inline __attribute__((always_inline, target("ssse3")))

typedef __m128i vec;

#define VEC_X86(name) _mm_##name
#define VEC_WHOLE(name) _mm_##name##_si128

#elif defined(VECTOR_NEON)
#include <arm_neon.h>

#define VECTOR_CODE
#define VECTOR static inline __attribute__((always_inline))

typedef uint8x16_t vec;

#endif

enum { VEC_BYTES = sizeof(vec), VECS = 64 / VEC_BYTES };

#ifdef VEC_X86

VECTOR vec vec_load(const uint8_t *p)
{
    return VEC_WHOLE(loadu)((const vec *)(const void *)p);
}

VECTOR void vec_store(uint8_t *p, vec v)
{
    VEC_WHOLE(storeu)((vec *)(void *)p, v);
}

VECTOR vec vec_all(uint8_t byte)
{
    return VEC_X86(set1_epi8)((char)byte);
}

VECTOR vec vec_and(vec v, vec w)
{
    return VEC_WHOLE(and)(v, w);
}

VECTOR vec vec_or(vec v, vec w)
{
    return VEC_WHOLE(or)(v, w);
}

VECTOR vec vec_xor(vec v, vec w)
{
    return VEC_WHOLE(xor)(v, w);
}

/* v where `mask` is not. */
VECTOR vec vec_but(vec v, vec mask)
{
    return VEC_WHOLE(andnot)(mask, v);
}

VECTOR vec vec_equal(vec v, vec w)
{
    return VEC_X86(cmpeq_epi8)(v, w);
}

/* The bytes from..to, where 0x00 follows 0xFF. x86 compares signed bytes alone: the least ones are
   those from `from` on, once that is moved to -128. */
VECTOR vec vec_between(vec v, uint8_t from, uint8_t to)
{
    vec moved = VEC_X86(sub_epi8)(v, vec_all(from ^ 0x80));
    return VEC_X86(cmpgt_epi8)(vec_all((uint8_t)(to - from - 127)), moved);
}

/* v - w, 0 at least. */
VECTOR vec vec_less(vec v, vec w)
{
    return VEC_X86(subs_epu8)(v, w);
}

/* The upper halves of the bytes. */
VECTOR vec vec_high(vec v)
{
    return vec_and(VEC_X86(srli_epi16)(v, 4), vec_all(15));
}

/* By bytes below 16. */
VECTOR vec vec_look(vec table, vec v)
{
    return VEC_X86(shuffle_epi8)(table, v);
}

/* Of a block, the uppermost bits. */
VECTOR uint64_t vec_tops(const vec v[VECS])
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < VECS; i++)
        bits |= (uint64_t)(uint32_t)VEC_X86(movemask_epi8)(v[i]) << (i * VEC_BYTES);
    return bits;
}

/* Of a block of masks, a bit for each. */
VECTOR uint64_t vec_bits(const vec v[VECS])
{
    return vec_tops(v);
}

/* Whether an uppermost bit is set. */
VECTOR bool vec_any_top(vec v)
{
    return VEC_X86(movemask_epi8)(v) != 0;
}

/* Bytes that begin characters of more than one. */
VECTOR vec vec_leads(vec v)
{
    return vec_and(v, VEC_X86(slli_epi16)(v, 1)); /* of which the uppermost bit counts */
}

#ifdef VECTOR_AVX2

/* `byte` where `mask` is, else v. */
VECTOR vec vec_put(vec v, uint8_t byte, vec mask)
{
    return _mm256_blendv_epi8(v, vec_all(byte), mask);
}

/* Whether a byte is not 0. */
VECTOR bool vec_any(vec v)
{
    return !_mm256_testz_si256(v, v);
}

VECTOR vec vec_table(const uint8_t table[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

#define VEC_BEHIND(now, past, by) \
    _mm256_alignr_epi8(now, _mm256_permute2x128_si256(past, now, 0x21), 16 - (by))

#else

VECTOR vec vec_put(vec v, uint8_t byte, vec mask)
{
    return vec_or(vec_but(v, mask), vec_and(mask, vec_all(byte)));
}

VECTOR bool vec_any(vec v)
{
    return _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_setzero_si128())) != 0xFFFF;
}

VECTOR vec vec_table(const uint8_t table[16])
{
    return vec_load(table);
}

#define VEC_BEHIND(now, past, by) _mm_alignr_epi8(now, past, 16 - (by))

#endif

/* Eight bytes, by their places. */
VECTOR void vec_gather8(uint8_t *to, const uint8_t *from, const uint8_t place[8])
{
    __m128i v = _mm_loadl_epi64((const __m128i *)(const void *)from);
    __m128i p = _mm_loadl_epi64((const __m128i *)(const void *)place);
    _mm_storel_epi64((__m128i *)(void *)to, _mm_shuffle_epi8(v, p));
}

#else

VECTOR vec vec_load(const uint8_t *p)
{
    return vld1q_u8(p);
}

VECTOR void vec_store(uint8_t *p, vec v)
{
    vst1q_u8(p, v);
}

VECTOR vec vec_all(uint8_t byte)
{
    return vdupq_n_u8(byte);
}

VECTOR vec vec_and(vec v, vec w)
{
    return vandq_u8(v, w);
}

VECTOR vec vec_or(vec v, vec w)
{
    return vorrq_u8(v, w);
}

VECTOR vec vec_xor(vec v, vec w)
{
    return veorq_u8(v, w);
}

VECTOR vec vec_but(vec v, vec mask)
{
    return vbicq_u8(v, mask);
}

VECTOR vec vec_equal(vec v, vec w)
{
    return vceqq_u8(v, w);
}

VECTOR vec vec_between(vec v, uint8_t from, uint8_t to)
{
    return vcleq_u8(vsubq_u8(v, vec_all(from)), vec_all((uint8_t)(to - from)));
}

VECTOR vec vec_less(vec v, vec w)
{
    return vqsubq_u8(v, w);
}

VECTOR vec vec_high(vec v)
{
    return vshrq_n_u8(v, 4);
}

VECTOR vec vec_look(vec table, vec v)
{
    return vqtbl1q_u8(table, v);
}

/* Each byte keeps the bit of its place; added up in pairs, eight bytes become one. */
VECTOR uint64_t vec_bits(const vec v[VECS])
{
    static const uint8_t place[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    vec p = vec_load(place);
    vec low = vpaddq_u8(vec_and(v[0], p), vec_and(v[1], p));
    vec high = vpaddq_u8(vec_and(v[2], p), vec_and(v[3], p));
    vec all = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
}

VECTOR uint64_t vec_tops(const vec v[VECS])
{
    vec mask[VECS];
    for (unsigned i = 0; i < VECS; i++)
        mask[i] = vcltzq_s8(vreinterpretq_s8_u8(v[i]));
    return vec_bits(mask);
}

VECTOR bool vec_any_top(vec v)
{
    return vmaxvq_u8(v) >= 0x80;
}

VECTOR vec vec_leads(vec v)
{
    return vec_and(v, vshlq_n_u8(v, 1));
}

VECTOR vec vec_put(vec v, uint8_t byte, vec mask)
{
    return vbslq_u8(mask, vec_all(byte), v);
}

VECTOR bool vec_any(vec v)
{
    return vmaxvq_u8(v) != 0;
}

VECTOR vec vec_table(const uint8_t table[16])
{
    return vec_load(table);
}

#define VEC_BEHIND(now, past, by) vextq_u8(past, now, 16 - (by))

VECTOR void vec_gather8(uint8_t *to, const uint8_t *from, const uint8_t place[8])
{
    vst1_u8(to, vtbl1_u8(vld1_u8(from), vld1_u8(place)));
}

#endif

/* The lower halves of the bytes. */
VECTOR vec vec_low(vec v)
{
    return vec_and(v, vec_all(15));
}

VECTOR vec vec_is(vec v, uint8_t byte)
{
    return vec_equal(v, vec_all(byte));
}

/* Of a block, which bytes are not 0. */
VECTOR uint64_t vec_set(const vec v[VECS])
{
    vec zero[VECS];
    for (unsigned i = 0; i < VECS; i++)
        zero[i] = vec_is(v[i], 0);
    return ~vec_bits(zero);
}

VECTOR void vec_load_block(vec v[VECS], const uint8_t *p)
{
    for (unsigned i = 0; i < VECS; i++)
        v[i] = vec_load(p + i * VEC_BYTES);
}

/* Of a block, which bytes are this one. */
VECTOR uint64_t vec_where(const vec v[VECS], uint8_t byte)
{
    vec mask[VECS];
    for (unsigned i = 0; i < VECS; i++)
        mask[i] = vec_is(v[i], byte);
    return vec_bits(mask);
}

#endif
