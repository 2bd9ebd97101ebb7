#include "base/list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool list_grow(void *items, size_t *cap, size_t len, size_t more, size_t item_size)
{
    if (more > SIZE_MAX / 2 / item_size - len)
        return false;
    size_t want = *cap + *cap / 2;
    if (want < len + more)
        want = len + more;
    void *old;
    memcpy(&old, items, sizeof old); /* the pointer's type is the caller's */
    void *grown = realloc(old, want * item_size);
    if (!grown)
        return false;
    memcpy(items, &grown, sizeof grown);
    *cap = want;
    /* cppcheck-suppress memleak ; memcpy gave it to the list */
    return true;
}
