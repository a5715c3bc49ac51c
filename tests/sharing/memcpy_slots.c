/* SPDX-License-Identifier: MIT
 * Each thread publishes its latest reading by memcpy into its slot (20 bytes, no multiple of a
 * word).
 * False: slots are read only at the end. Fix: each slot on lines of its own. */
/* expect: false-sharing object=slots field=reading */
#include "twin.h"

#include <string.h>

#define READING 20
#define KINDS 8
struct slot {
    APART char reading[READING];
};
ON_LINE static struct slot slots[THREADS];

static NOINLINE void publish(struct slot *slot, const char *reading, size_t size)
{
    memcpy(slot->reading, reading, size); /* <- hot */
}

static void work(unsigned me, void *arg)
{
    (void)arg;
    char readings[KINDS][READING];
    const unsigned long ops = twin.ops;
    for (unsigned kind = 0; kind < KINDS; kind++) {
        memset(readings[kind], 'a' + (int)(kind + KINDS * me), READING);
    }
    for (unsigned long i = 0; i < ops; i++) {
        publish(&slots[me], readings[i % KINDS], READING);
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 45000000);
    WRITES(0, slots[0].reading);
    WRITES(1, slots[1].reading);
    twin_run(THREADS, work, NULL);
    printf("%.20s %.20s\n", slots[0].reading, slots[1].reading);
    return 0;
}
