/* SPDX-License-Identifier: MIT
 * Argument structs in one array: each thread keeps its sum in its own.
 * False: no thread looks at another's struct. Fix: each struct on lines of its own. */
/* expect: false-sharing object=jobs field=sum also=ops also=seed */
/* price: yes */
#include "twin.h"

struct job {
    APART unsigned long ops;
    uint64_t seed;
    uint64_t sum;
};
ON_LINE static struct job jobs[THREADS];

static void work(unsigned me, void *arg)
{
    struct job *job = (struct job *)arg + me;
    uint64_t x = job->seed;                        /* <- touched */
    for (unsigned long i = job->ops; i > 0; i--) { /* <- touched */
        x = twin_mix(x, 1);
        job->sum += x >> 32; /* <- hot */
        twin_settle();
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 150000000);
    for (unsigned i = 0; i < THREADS; i++) {
        jobs[i].ops = twin.ops;
        jobs[i].seed = i;
        WRITES(i, jobs[i].sum);
    }
    twin_run(THREADS, work, jobs);
    printf("%llx %llx\n", (unsigned long long)jobs[0].sum, (unsigned long long)jobs[1].sum);
    return 0;
}
