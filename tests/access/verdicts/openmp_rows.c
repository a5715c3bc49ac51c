/* SPDX-License-Identifier: MIT */
/* verdict: false-sharing
 * build: -fopenmp
 * Each thread of a team adds to its own number, all on one line, in many short regions. */
#include <omp.h>

enum { TURNS = 50, WRITES = 20000 };
static _Alignas(64) volatile long sum[2];

int main(void)
{
    for (int turn = 0; turn < TURNS; turn++)
#pragma omp parallel for num_threads(2) schedule(static)
        for (int i = 0; i < 2 * WRITES; i++)
            sum[omp_get_thread_num()]++;
    return 0;
}
