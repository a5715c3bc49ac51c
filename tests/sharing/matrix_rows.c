/* SPDX-License-Identifier: MIT
 * A matrix whose rows (36 doubles, 4.5 lines) are dealt out to the threads: only the line at the
 * border is shared.
 * False: no element belongs to two threads. Fix: rows padded to whole lines. */
/* expect: false-sharing object=matrix field=x */
/* price: yes */
#include "twin.h"

#define COLUMNS 36
struct row {
    APART double x[COLUMNS];
};
ON_LINE static struct row matrix[THREADS];

static NOINLINE void row_relax(struct row *row)
{
    for (unsigned c = 0; c < COLUMNS; c++) {
        row->x[c] = row->x[c] * 0.5 + 1; /* <- hot */
    }
}

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        row_relax(&matrix[me]);
    }
}

int main(int argc, char **argv)
{
    double sum = 0;
    twin_amount(argc, argv, 10000000);
    for (unsigned i = 0; i < THREADS; i++) {
        WRITES(i, matrix[i].x);
        for (unsigned c = 0; c < COLUMNS; c++) {
            matrix[i].x[c] = c;
        }
    }
    twin_run(THREADS, work, NULL);
    for (unsigned c = 0; c < COLUMNS; c++) {
        sum += matrix[0].x[c] - matrix[1].x[c] / 2;
    }
    printf("%.6f\n", sum);
    return 0;
}
