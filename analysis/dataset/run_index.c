/* SPDX-License-Identifier: MIT
 * A hash of runs. */
#include "analysis/dataset/run_index.h"

#include <stdlib.h>

/* Without this, uthash ends the program when memory runs out. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct run_key {
    const char *run_id, *host;
};

struct run_index {
    struct run_key key;
    size_t number;
    UT_hash_handle hh;
};

static struct run_index *find_entry(struct run_index *index, const struct run_key *key)
{
    struct run_index *found;
    HASH_FIND(hh, index, key, sizeof *key, found); /* NOLINT: the analyzer loses the key's bytes */
    return found;
}

size_t run_index_find(struct run_index *index, const char *run_id, const char *host)
{
    const struct run_key key = {run_id, host};
    const struct run_index *const found = find_entry(index, &key);
    return found ? found->number : RUN_NONE;
}

size_t run_index_intern(struct run_index **index, const char *run_id, const char *host)
{
    const struct run_key key = {run_id, host};
    struct run_index *entry = find_entry(*index, &key);
    if (entry)
        return entry->number;
    entry = calloc(1, sizeof *entry);
    if (!entry)
        return RUN_NONE;
    entry->key = key;
    entry->number = HASH_COUNT(*index);
    HASH_ADD(hh, *index, key, sizeof entry->key, entry);
    if (entry->hh.tbl)
        return entry->number;
    free(entry);
    return RUN_NONE;
}

void run_index_free(struct run_index *index)
{
    struct run_index *entry, *next;
    HASH_ITER(hh, index, entry, next)
    {
        HASH_DEL(index, entry); /* NOLINT: the analyzer cannot follow uthash's list */
        free(entry);
    }
}
