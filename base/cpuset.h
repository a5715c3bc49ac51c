/* SPDX-License-Identifier: MIT
 * Lists of cpus as Linux and its users write them: "0,2-5,8-14:2".
 * The order is kept, since the first cpu runs the first thread. */
#ifndef BASE_CPUSET_H
#define BASE_CPUSET_H

#include "base/err.h"

#include <stddef.h>

enum { CPUSET_MAX = 8192 }; /* CONFIG_NR_CPUS of the largest distribution kernels */

struct cpuset {
    unsigned *cpu; /* OS indices, in the order given */
    size_t count;
};

/* Parses `text` into *set, which owns its memory afterwards (cpuset_fini).
 * -EINVAL: not a cpu list; -EEXIST: a cpu named twice; -ERANGE: index of CPUSET_MAX or more;
 * -ENOMEM. On failure *set is empty. */
int cpuset_parse(const char *text, struct cpuset *set, struct err *err);

/* The shortest list that cpuset_parse reads back to the same cpus in the same order
 * (ranges for ascending runs). The caller frees it; NULL when out of memory. */
char *cpuset_format(const unsigned *cpu, size_t count);

/* Copies `from`, which may be empty, into *to. 0 or -ENOMEM, and then *to is empty. */
int cpuset_copy(const struct cpuset *from, struct cpuset *to);

void cpuset_fini(struct cpuset *set); /* safe on an empty or zeroed set */

#endif
