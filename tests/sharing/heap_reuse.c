/* SPDX-License-Identifier: MIT
 * Round after round main allocates an array for its threads and frees it; between the rounds the
 * same memory holds a text that is only read.
 * False: each thread has its element of the array. The text shares nothing, for all that the
 * memory is the same: its life is another. Fix: elements on lines of their own. */
/* expect: false-sharing heap=jobs_new field=done */
#include "twin.h"

#include <string.h>

#define ROUNDS 8
#define JOBS 4
struct job {
    APART unsigned long done;
    unsigned long id;
};

static NOINLINE struct job *jobs_new(void)
{
#ifdef FIXED
    struct job *jobs = aligned_alloc(PAD, JOBS * sizeof(*jobs));
#else
    struct job *jobs = malloc(JOBS * sizeof(*jobs));
#endif
    if (!jobs) {
        abort();
    }
    memset(jobs, 0, JOBS * sizeof(*jobs));
    return jobs;
}

static NOINLINE char *text_new(void)
{
    char *text = malloc(JOBS * sizeof(struct job));
    if (!text) {
        abort();
    }
    return strcpy(text, "only read");
}

static void work(unsigned me, void *arg)
{
    struct job *mine = (struct job *)arg + me, *next = mine + THREADS;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        mine->done++; /* <- hot */
        next->done++; /* <- hot */
        twin_settle();
    }
}

static void look(unsigned me, void *arg)
{
    const char *text = (const char *)arg;
    for (unsigned long i = 0; i < 1000; i++) {
        if (text[(i + me) % 9] == 0) {
            abort();
        }
        twin_settle();
    }
}

int main(int argc, char **argv)
{
    unsigned long done = 0;
    twin_amount(argc, argv, 20000000);
    twin_moves(alignof(struct job) > 16 ? alignof(struct job) : 16);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct job *jobs = jobs_new();
        for (unsigned i = 0; round == 0 && i < JOBS; i++) {
            WRITES(i % THREADS, jobs[i].done);
        }
        twin_run(THREADS, work, jobs);
        done += jobs[0].done + jobs[1].done + jobs[2].done + jobs[3].done;
        free(jobs);
        char *text = text_new();
        twin_run(THREADS, look, text);
        free(text);
    }
    printf("%lu\n", done);
    return 0;
}
