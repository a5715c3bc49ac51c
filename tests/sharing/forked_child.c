/* SPDX-License-Identifier: MIT
 * The program forks, and the child's threads count in adjacent counters; the parent only waits.
 * False: each thread has its counter, and what the parent has at that address is a page of its
 * own. Fix: each counter on lines of its own. */
/* expect: false-sharing object=counters field=value */
#include "twin.h"

#include <sys/wait.h>
#include <unistd.h>

struct counter {
    APART unsigned long value;
};
ON_LINE static struct counter counters[THREADS];

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        counters[me].value++; /* <- hot */
        twin_settle();
    }
}

static int child(void)
{
    twin_run(THREADS, work, NULL);
    printf("child %lu\n", counters[0].value + counters[1].value);
    return 3;
}

int main(int argc, char **argv)
{
    int status = 0;
    twin_amount(argc, argv, 300000000);
    WRITES(0, counters[0].value);
    WRITES(1, counters[1].value);
    const pid_t pid = fork();
    if (pid == 0) {
        return child();
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        abort();
    }
    printf("parent %lu %d\n", counters[0].value + counters[1].value, WEXITSTATUS(status));
    return 0;
}
