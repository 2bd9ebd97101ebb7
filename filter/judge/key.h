/* Keys: XXH3-128 of a folded unit, with a secret, so that no seed weakens it (xxHash#1127). */
#ifndef JUDGE_KEY_H
#define JUDGE_KEY_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t lo, hi;
} key128;

/* The bytes of the secret, ours: fixed, so that sets from several machines agree. */
enum { KEY_SECRET_BYTES = 192 };
extern const uint8_t key_secret[KEY_SECRET_BYTES];

/* Thread-safe. `secret` has KEY_SECRET_BYTES bytes. */
key128 key_of(const uint8_t *secret, const uint8_t *folded, size_t len);

#endif
