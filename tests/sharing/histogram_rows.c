/* SPDX-License-Identifier: MIT
 * Histograms of each thread in one heap array, a row (20 bins of 2 bytes) no multiple of a line.
 * False: each row is one thread's; at the borders rows share lines wherever the array starts. Fix:
 * rows padded. */
/* expect: false-sharing heap=main field=bin */
/* price: yes */
#include "twin.h"

#define ROWS 4
#define BINS 20
struct row {
    APART uint16_t bin[BINS];
};

static void work(unsigned me, void *arg)
{
    struct row *row = (struct row *)arg + me;
    const unsigned long ops = twin.ops;
    uint64_t x = me;
    for (unsigned long i = 0; i < ops; i++) {
        x = twin_mix(x, 1);
        row->bin[(x >> 33) % BINS]++; /* <- hot */
        twin_settle();
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 30000000);
#ifdef FIXED
    struct row *rows = aligned_alloc(PAD, ROWS * sizeof(*rows));
#else
    struct row *rows = malloc(ROWS * sizeof(*rows));
    twin_moves(16);
#endif
    if (!rows) {
        abort();
    }
    for (unsigned i = 0; i < ROWS; i++) {
        rows[i] = (struct row){{0}};
        WRITES(i, rows[i].bin);
    }
    twin_run(ROWS, work, rows);
    for (unsigned bin = 0; bin < BINS; bin++) {
        printf("%u%c", rows[0].bin[bin] ^ rows[1].bin[bin] ^ rows[2].bin[bin] ^ rows[3].bin[bin],
            bin + 1 < BINS ? ' ' : '\n');
    }
    free(rows);
    return 0;
}
