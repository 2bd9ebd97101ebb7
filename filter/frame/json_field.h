/*
 * Where the string at a dotted path stands in a JSON record (RFC 8259): simdjson's index of the
 * record, walked by our rules. The one part of the library that is C++ inside.
 */
#ifndef FRAME_JSON_FIELD_H
#define FRAME_JSON_FIELD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    JSON_PADDING = 64,   /* bytes behind a record that may be read */
    JSON_DEPTH_MAX = 256 /* objects and arrays inside each other */
};

typedef enum {
    JSON_FOUND,
    JSON_MALFORMED, /* no JSON, or no object */
    JSON_MISSING,   /* no field at the path */
    JSON_OTHER,     /* the field there is not a string */
    JSON_DEEP,      /* JSON_DEPTH_MAX does not suffice; what follows was not looked at */
    JSON_NOT_UTF8,  /* nothing is known of it until its bytes are UTF-8 */
    JSON_NOMEM
} json_found;

typedef struct json_field json_field; /* a path, and scratch; of one thread at a time */

/* Errors: NULL, out of memory. `path` must outlive it. */
json_field *json_field_create(const char *path);
void json_field_free(json_field *f);

/* Looks the field up in record[0..len), which JSON_PADDING bytes follow that may be read.
   JSON_FOUND: its string's inside is record[*start..*end), and all of the record was looked at, but
   for the escapes of that string: json_string_read sees those. Of keys that are the same the last
   counts. Linear in len. */
json_found json_field_find(json_field *f, const uint8_t *record, size_t len, size_t *start,
                           size_t *end);

#ifdef __cplusplus
}
#endif

#endif
