/* SPDX-License-Identifier: MIT
 * Random state of each thread, one beside the other, as rand_r() and its like ask for.
 * False: each thread draws from its own. Fix: each state on lines of its own. */
/* expect: false-sharing object=states field=x */
#include "twin.h"

struct state {
    APART uint32_t x;
};
ON_LINE static struct state states[THREADS];

static NOINLINE uint32_t draw(struct state *state)
{
    uint32_t x = state->x; /* <- hot */
    x ^= x << 13;          /* Marsaglia, Xorshift RNGs, 2003 */
    x ^= x >> 17;
    x ^= x << 5;
    state->x = x; /* <- hot */
    return x;
}

static void work(unsigned me, void *arg)
{
    uint64_t *inside = (uint64_t *)arg + me * PAD / sizeof(uint64_t), hits = 0;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        const uint64_t x = draw(&states[me]) >> 16, y = draw(&states[me]) >> 16;
        hits += x * x + y * y <= (uint64_t)65535 * 65535;
    }
    *inside = hits;
}

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t inside[THREADS * PAD / sizeof(uint64_t)];
    twin_amount(argc, argv, 20000000);
    for (unsigned i = 0; i < THREADS; i++) {
        states[i].x = i + 1;
        WRITES(i, states[i].x);
    }
    twin_run(THREADS, work, inside);
    printf("%llu\n", (unsigned long long)(inside[0] + inside[PAD / sizeof(*inside)]));
    return 0;
}
