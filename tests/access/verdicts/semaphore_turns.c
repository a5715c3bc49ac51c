/* SPDX-License-Identifier: MIT */
/* verdict: false-sharing
 * Two threads hand a line to and fro, each writing its part in its turn, as often as they can: what
 * happens that often costs, whatever orders it. */
#include <pthread.h>
#include <semaphore.h>

enum { TURNS = 20000 };
static _Alignas(64) struct {
    volatile long first, second;
} parts;
static _Alignas(256) sem_t first, second;

static void take_turns(volatile long *part, sem_t *mine, sem_t *other)
{
    for (int i = 0; i < TURNS; i++) {
        sem_wait(mine);
        ++*part;
        sem_post(other);
    }
}

static void *write_second(void *unused)
{
    take_turns(&parts.second, &second, &first);
    return unused;
}

int main(void)
{
    pthread_t writer;
    sem_init(&first, 0, 1);
    sem_init(&second, 0, 0);
    pthread_create(&writer, NULL, write_second, NULL);
    take_turns(&parts.first, &first, &second);
    pthread_join(writer, NULL);
    return 0;
}
