/* SPDX-License-Identifier: MIT
 * The threads of a finding. */
#include "analysis/sharing/finding_thread.h"

#include <errno.h>
#include <stdlib.h>

static int by_use(const void *a, const void *b)
{
    const struct sharing_thread *const x = a, *const y = b;
    const uint64_t used_x = x->reads + x->writes, used_y = y->reads + y->writes;
    if (used_x != used_y)
        return used_x > used_y ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

int finding_threads_find(const struct recording *recording, const struct candidate *candidate,
    size_t count, struct sharing *out)
{
    struct sharing_thread *const all = calloc(recording->threads + 1, sizeof *all); /* by slot */
    if (!all)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < candidate[i].touches; j++) {
            const struct touched *const t = &candidate[i].touched[j];
            struct sharing_thread *const thread = &all[t->slot];
            thread->reads += t->from->reads;
            thread->writes += t->from->writes;
            thread->false_in += t->false_in;
            thread->true_in += t->true_in;
        }
    for (size_t i = 0; i < recording->threads; i++) {
        all[i].slot = (uint32_t)i;
        if (all[i].reads + all[i].writes > 0)
            all[out->threads++] = all[i];
    }
    qsort(all, out->threads, sizeof *all, by_use);
    out->thread = all;
    return 0;
}

size_t finding_thread_index(const struct sharing *sharing, uint32_t slot)
{
    size_t i = 0;
    while (i < sharing->threads && sharing->thread[i].slot != slot)
        i++;
    return i;
}
