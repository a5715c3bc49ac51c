/* SPDX-License-Identifier: MIT
 * Two pairs of threads play ball, each pair over its own condition variable (48 bytes); these lie
 * side by side.
 * False: no thread uses the other pair's. Fix: each on lines of its own. It wins nothing worth
 * having: a turn costs a system call and a switch of threads, some fifty times the line's way. */
/* expect: false-sharing object=turns field=changed */
/* price: yes */
#include "twin.h"

struct turn {
    APART pthread_cond_t changed;
};
struct ball {
    alignas(PAD) pthread_mutex_t lock;
    unsigned long played;
};
ON_LINE static struct turn turns[2];
static struct ball balls[2];

static void work(unsigned me, void *arg)
{
    (void)arg;
    const unsigned long ops = twin.ops;
    struct turn *turn = &turns[me / 2];
    struct ball *ball = &balls[me / 2];
    pthread_mutex_lock(&ball->lock);
    while (ball->played < ops) {
        if (ball->played % 2 == me % 2) {
            ball->played++;
            pthread_cond_signal(&turn->changed); /* <- hot */
        } else {
            pthread_cond_wait(&turn->changed, &ball->lock); /* <- hot */
        }
    }
    pthread_mutex_unlock(&ball->lock);
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 25000);
    for (unsigned i = 0; i < 2; i++) {
        pthread_cond_init(&turns[i].changed, NULL);
        pthread_mutex_init(&balls[i].lock, NULL);
        WRITES(2 * i, turns[i].changed);
        WRITES(2 * i + 1, turns[i].changed);
    }
    twin_run(4, work, NULL);
    printf("%lu %lu\n", balls[0].played, balls[1].played);
    return 0;
}
