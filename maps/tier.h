/* SPDX-License-Identifier: MIT
 * The tiers of maps/twotier.c: tables whose values are pointers to entries, and what readers do to
 * an entry by atomics. What is replaced is freed by QSBR; `delays` counts that. */
#ifndef MAPS_TIER_H
#define MAPS_TIER_H

#include "maps/qsbr.h"
#include "maps/table.h"

/* An entry's value is NULL once its key was deleted, and `value_expunged` when, being deleted, it
 * was left out of the dirty table: then it must be put there before it gets a value again. */
extern struct value value_expunged;
struct entry {
    struct qsbr_retired retired; /* first */
    _Atomic(struct value *) value;
    const struct tier *left; /* the readers' tier that it was the last to be in, if expunged */
};

struct tier {
    struct qsbr_retired retired; /* first */
    struct table table;
    atomic_bool amended; /* of the readers' tier: the dirty one has keys that it has not */
};

/* NULL: it has none. */
const struct value *entry_value(const struct entry *entry);
/* What the entry had becomes `new`; `only_new`: not if it had a value. Returns false, and nothing
 * was changed, if it is expunged. */
bool entry_exchange(struct entry *entry, struct value *new, bool only_new,
    struct qsbr_delays *delays, enum map_written *done);
/* Returns whether it had a value. */
bool entry_clear(struct entry *entry, struct qsbr_delays *delays);
void entry_free(struct qsbr_retired *entry); /* with its value */

/* For so many keys. NULL: no memory. */
struct tier *tier_new(uint64_t keys);
struct entry *tier_entry(const struct tier *tier, uint64_t key); /* NULL: it has none */
/* Copies what was not deleted to a table that has room for it; what was is expunged. */
void tier_copy(struct tier *from, struct table *to);
/* With the entries that were expunged from it, which are in no other. */
void tier_free(struct qsbr_retired *tier);

#endif
