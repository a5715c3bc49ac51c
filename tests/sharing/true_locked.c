/* SPDX-License-Identifier: MIT
 * A counter under a lock, together on one line as they should be.
 * True: every thread takes the lock before the counter, so the line has to come anyway; apart (in
 * the "fixed" one) two lines have to. */
/* expect: true-sharing object=total */
#include "twin.h"

static struct {
    ON_LINE pthread_mutex_t lock;
    APART unsigned long count;
} total = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void work(unsigned me, void *arg)
{
    (void)me;
    (void)arg;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        pthread_mutex_lock(&total.lock);
        total.count++;
        pthread_mutex_unlock(&total.lock);
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 9000000);
    for (unsigned i = 0; i < THREADS; i++) {
        WRITES(i, total.lock);
        WRITES(i, total.count);
    }
    twin_run(THREADS, work, NULL);
    printf("%lu\n", total.count);
    return 0;
}
