/*
 * The inside of a JSON string (RFC 8259, 7): from its escapes to text, and back.
 */
#ifndef FRAME_JSON_STRING_H
#define FRAME_JSON_STRING_H

#include "base/buffer.h"
#include "frame/json_field.h"
#include "text/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether every escape is one that RFC 8259 knows. Halves of surrogate pairs count as such. */
bool json_string_valid(const uint8_t *string, size_t len);

/* Whether the string, unescaped, is `text`. */
bool json_string_is(const uint8_t *string, size_t len, const char *text, size_t text_len);

/* `string`, unescaped, replaces what `out` holds. Half a surrogate pair becomes U+FFFD, and
   `*halves` counts them. `map`, unless NULL, tells the offsets of the string that those of the text
   stand for. JSON_FOUND, or JSON_MALFORMED for an escape that is none, or JSON_NOMEM. */
json_found json_string_read(const uint8_t *string, size_t len, buffer *out, size_t *halves,
                            text_edits *map);

/* Appends `text` escaped: quotes, backslashes and C0 controls, the rest as it is. False: out of
   memory. */
bool json_string_write(const uint8_t *text, size_t len, buffer *out);

#ifdef __cplusplus
}
#endif

#endif
