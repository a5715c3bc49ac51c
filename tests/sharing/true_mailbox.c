/* SPDX-License-Identifier: MIT
 * A mailbox of one word: empty is 0, one thread fills it, the other empties it.
 * True: both write the same word. */
/* expect: true-sharing object=box */
#include "twin.h"

#include <sched.h>
#include <stdatomic.h>

static struct {
    ON_LINE atomic_ulong mail;
} box;

static void post(unsigned long mail)
{
    for (unsigned tries = 1;; tries++) {
        unsigned long empty = 0;
        if (atomic_compare_exchange_weak_explicit(
                &box.mail, &empty, mail, memory_order_release, memory_order_relaxed)) {
            return;
        }
        if (tries % 64 == 0) {
            sched_yield();
        }
    }
}

static unsigned long fetch(void)
{
    for (unsigned tries = 1;; tries++) {
        if (atomic_load_explicit(&box.mail, memory_order_relaxed) != 0) {
            return atomic_exchange_explicit(&box.mail, 0, memory_order_acquire);
        }
        if (tries % 64 == 0) {
            sched_yield();
        }
    }
}

static void work(unsigned me, void *arg)
{
    unsigned long sum = 0;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 1; i <= ops; i++) {
        if (me == 0) {
            post(i);
        } else {
            sum += fetch();
        }
    }
    if (me == 1) {
        *(unsigned long *)arg = sum;
    }
}

int main(int argc, char **argv)
{
    alignas(PAD) unsigned long sum = 0;
    twin_amount(argc, argv, 200000);
    WRITES(0, box.mail);
    WRITES(1, box.mail);
    twin_run(THREADS, work, &sum);
    printf("%lu\n", sum);
    return 0;
}
