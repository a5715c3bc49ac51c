/* SPDX-License-Identifier: MIT
 * Numbers for runs, by run_id and host. A file may have a million runs. */
#ifndef ANALYSIS_DATASET_RUN_INDEX_H
#define ANALYSIS_DATASET_RUN_INDEX_H

#include <stddef.h>

#define RUN_NONE ((size_t)-1)

/* Equal texts of all calls must share one address. NULL is an empty index. */
struct run_index;
/* From 0 in the order in which they come; RUN_NONE when out of memory. */
size_t run_index_intern(struct run_index **index, const char *run_id, const char *host);
size_t run_index_find(
    struct run_index *index, const char *run_id, const char *host); /* or RUN_NONE */
void run_index_free(struct run_index *index);

#endif
