/* SPDX-License-Identifier: MIT
 * A hash table of uthash. */
#include "analysis/fleet/seen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Without this, uthash ends the program when memory runs out. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct fleet_seen {
    const char *text;
    long index;
    UT_hash_handle hh;
};

long fleet_seen_find(const struct fleet_seen *seen, const char *text)
{
    struct fleet_seen *found = NULL;
    HASH_FIND_STR(seen, text, found);
    return found ? found->index : FLEET_UNSEEN;
}

int fleet_seen_add(struct fleet_seen **seen, const char *text, size_t index)
{
    struct fleet_seen *const entry = calloc(1, sizeof *entry);
    if (!entry)
        return -ENOMEM;
    entry->text = text;
    entry->index = (long)index;
    HASH_ADD_KEYPTR(hh, *seen, entry->text, strlen(entry->text), entry);
    if (entry->hh.tbl)
        return 0;
    free(entry);
    return -ENOMEM;
}

void fleet_seen_free(struct fleet_seen **seen)
{
    struct fleet_seen *entry, *next;
    HASH_ITER(hh, *seen, entry, next)
    {
        HASH_DEL(*seen, entry); /* NOLINT: the analyzer cannot follow uthash's list */
        free(entry);
    }
}
