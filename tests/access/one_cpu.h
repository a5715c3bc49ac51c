/* SPDX-License-Identifier: MIT
 * All threads of a program on one cpu, where they run in turns. */
#ifndef TESTS_ACCESS_ONE_CPU_H
#define TESTS_ACCESS_ONE_CPU_H

#define _GNU_SOURCE
#include <sched.h>

/* Before threads are created. */
static inline void one_cpu(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
}

#endif
