/*
 * Records, the pure part: in a batch of JSON Lines or WET, finds each record's text and cleans it.
 */
#ifndef RECORD_H
#define RECORD_H

#include "batch.h"

winnow_status record_scratch_init(record_scratch *s, const batch_plan *plan);
void record_scratch_free(record_scratch *s);

/* Fills b->clean, b->documents and b->records. On INVALID and RECORD, b->invalid_at and
   b->bad_record tell where. Errors: NOMEM, INVALID, RECORD. */
winnow_status record_clean(batch *b, batch_worker *w, const batch_plan *plan);

#endif
