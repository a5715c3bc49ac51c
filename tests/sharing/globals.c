/* SPDX-License-Identifier: MIT
 * Global counters that the linker puts side by side: one thread counts what comes in, one what
 * goes out. Four of them, in turn, so that two of different threads share a line wherever they
 * start.
 * False: each is one thread's. Fix: one struct a thread, on lines of its own. */
/* expect: false-sharing object=requests_in object=requests_out object=bytes_in object=bytes_out */
#include "twin.h"

#include <stdatomic.h>

#ifdef FIXED
static struct {
    alignas(PAD) atomic_ulong requests;
    atomic_ulong bytes;
} in, out;
#define requests_in in.requests
#define requests_out out.requests
#define bytes_in in.bytes
#define bytes_out out.bytes
#else
atomic_ulong requests_in, requests_out, bytes_in, bytes_out;
#endif

static NOINLINE void receive(unsigned long i)
{
    atomic_fetch_add_explicit(&requests_in, 1, memory_order_relaxed);  /* <- hot */
    atomic_fetch_add_explicit(&bytes_in, i & 7, memory_order_relaxed); /* <- hot */
}

static NOINLINE void answer(unsigned long i)
{
    atomic_fetch_add_explicit(&requests_out, 1, memory_order_relaxed);  /* <- hot */
    atomic_fetch_add_explicit(&bytes_out, i & 3, memory_order_relaxed); /* <- hot */
}

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        me == 0 ? receive(i) : answer(i);
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 15000000);
    WRITES(0, requests_in);
    WRITES(0, bytes_in);
    WRITES(1, requests_out);
    WRITES(1, bytes_out);
    twin_run(THREADS, work, NULL);
    printf("%lu %lu\n", atomic_load(&requests_in), atomic_load(&requests_out));
    printf("%lu %lu\n", atomic_load(&bytes_in), atomic_load(&bytes_out));
    return 0;
}
