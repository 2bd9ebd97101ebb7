/* Growable arrays of one type: LIST(type) is a struct of items, len and cap. All zero is empty. */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define LIST(type)    \
    struct {          \
        type *items;  \
        size_t len;   \
        size_t cap;   \
    }

/* Makes room for `more` items. False: out of memory, and the list is as it was. */
#define list_reserve(list, more) \
    ((more) <= (list)->cap - (list)->len || \
     list_grow(&(list)->items, &(list)->cap, (list)->len, (more), sizeof *(list)->items))

#define list_free(list) (free((list)->items), (list)->items = NULL, (list)->len = (list)->cap = 0)

/* `items` points at the pointer to the items, of whatever type. */
bool list_grow(void *items, size_t *cap, size_t len, size_t more, size_t item_size);

#endif
