/* SPDX-License-Identifier: MIT
 * Threads that take turns in a way which orders nothing for numaprobe: what they do counts as
 * concurrent, whichever of them the machine lets run. */
#ifndef TESTS_ACCESS_TURNS_H
#define TESTS_ACCESS_TURNS_H

#include <unistd.h>

struct turn {
    int come __attribute__((aligned(64)));
};

static inline void turn_give(struct turn *t)
{
    __atomic_store_n(&t->come, 1, __ATOMIC_RELEASE);
}

static inline void turn_await(struct turn *t)
{
    while (!__atomic_load_n(&t->come, __ATOMIC_ACQUIRE))
        usleep(100);
}

#endif
