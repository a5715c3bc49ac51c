/* SPDX-License-Identifier: MIT
 * Main initialises, threads work on whole lines of their own, main sums after they are joined; in
 * the next round the lines belong to the other thread.
 * None: a line changes hands only where threads end and begin. */
/* expect: none */
#include "twin.h"

#define ROUNDS 4
#define PARTS 16
static struct part {
    alignas(PAD) unsigned long x[PAD / sizeof(unsigned long)];
} parts[PARTS];
static struct {
    alignas(PAD) unsigned round;
} now;

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    const unsigned first = (me + now.round) % THREADS;
    for (unsigned long i = 0; i < ops; i++) {
        for (unsigned p = first; p < PARTS; p += THREADS) {
            parts[p].x[i % (PAD / sizeof(unsigned long))] += p;
        }
        twin_settle();
    }
}

int main(int argc, char **argv)
{
    unsigned long sum = 0;
    twin_amount(argc, argv, 10000000);
    for (now.round = 0; now.round < ROUNDS; now.round++) {
        for (unsigned p = 0; p < PARTS; p++) {
            parts[p].x[now.round]++;
        }
        twin_run(THREADS, work, NULL);
        for (unsigned p = 0; p < PARTS; p++) {
            for (unsigned i = 0; i < PAD / sizeof(unsigned long); i++) {
                sum = sum * 31 + parts[p].x[i];
            }
        }
    }
    for (unsigned p = 0; p < PARTS; p++) {
        WRITES(p % THREADS, parts[p].x);
    }
    printf("%lx\n", sum);
    return 0;
}
