/* SPDX-License-Identifier: MIT */
/* verdict: none
 * build: -fopenmp
 * The serial part and the parallel region use bytes of one line, never at the same time. In the
 * region, what a barrier and the end of a loop divide does neither. */
#include <omp.h>

enum { TURNS = 20, WRITES = 100000 };
static _Alignas(64) struct {
    volatile long serial, part, first, second, third;
} line;

static void add(volatile long *number, int thread)
{
    if (omp_get_thread_num() == thread)
        for (int i = 0; i < WRITES; i++)
            ++*number;
}

int main(void)
{
    for (int turn = 0; turn < TURNS; turn++) {
        for (int i = 0; i < WRITES; i++)
            line.serial++;
#pragma omp parallel num_threads(2)
        {
            add(&line.part, 1);
#pragma omp barrier
            add(&line.first, 0);
#pragma omp for schedule(dynamic)
            for (int i = 0; i < 2; i++)
                ;
            add(&line.second, 1);
        }
#pragma omp parallel sections num_threads(2)
        {
#pragma omp section
            ;
#pragma omp section
            line.third++;
        }
    }
    return 0;
}
