/* SPDX-License-Identifier: MIT
 * Counters in a shared library that the program is linked with; the library counts, the program's
 * threads call it.
 * False: one direction is one thread's. Fix: each on lines of its own. */
/* expect: false-sharing object=traffic field=in field=out module=liblibrary_global.so */
/* build: library */
#include "twin.h"

struct traffic {
    ON_LINE unsigned long in;
    APART unsigned long out;
};
struct traffic *traffic_of(void);
void traffic_count_in(unsigned long size);
void traffic_count_out(unsigned long size);

#ifdef LIBRARY
static struct traffic traffic;

struct traffic *traffic_of(void)
{
    return &traffic;
}

void traffic_count_in(unsigned long size)
{
    traffic.in += size; /* <- hot */
}

void traffic_count_out(unsigned long size)
{
    traffic.out += size; /* <- hot */
}
#else
static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        me == 0 ? traffic_count_in(i) : traffic_count_out(i);
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 40000000);
    WRITES(0, traffic_of()->in);
    WRITES(1, traffic_of()->out);
    twin_run(THREADS, work, NULL);
    printf("%lu %lu\n", traffic_of()->in, traffic_of()->out);
    return 0;
}
#endif
