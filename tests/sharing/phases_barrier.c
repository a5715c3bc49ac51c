/* SPDX-License-Identifier: MIT
 * Between two barriers each thread works on its half of the lines; in the next phase the halves
 * change hands, and another word of the line is written.
 * None: what lies in different phases is not shared, for all that different threads write
 * different bytes. */
/* expect: none */
#include "twin.h"

#define PHASES 8
#define LINES 8
static struct {
    alignas(PAD) unsigned long word[PHASES];
} area[LINES];
static struct {
    alignas(PAD) pthread_barrier_t barrier;
} phase_end;

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned phase = 0; phase < PHASES; phase++) {
        for (unsigned long i = 0; i < ops; i++) {
            for (unsigned line = (me + phase) % THREADS; line < LINES; line += THREADS) {
                area[line].word[phase] += i ^ line;
            }
            twin_settle();
        }
        pthread_barrier_wait(&phase_end.barrier);
    }
}

int main(int argc, char **argv)
{
    unsigned long sum = 0;
    twin_amount(argc, argv, 5000000);
    pthread_barrier_init(&phase_end.barrier, NULL, THREADS);
    for (unsigned line = 0; line < LINES; line++) {
        WRITES(line % THREADS, area[line].word); /* of each phase, one thread at a time */
    }
    twin_run(THREADS, work, NULL);
    for (unsigned line = 0; line < LINES; line++) {
        for (unsigned phase = 0; phase < PHASES; phase++) {
            sum = sum * 31 + area[line].word[phase];
        }
    }
    printf("%lx\n", sum);
    return 0;
}
