/* SPDX-License-Identifier: MIT */
/* verdict: false
 * names: put alignas(64) before used in struct class
 * One thread writes a field, a second one reads another field of the same element; a third one,
 * less often, one of the next element. */
#include <pthread.h>

struct class
{
    unsigned size, each;
    void *slots;
    unsigned used;
    char more[16];
};
static volatile struct class classes[4] __attribute__((aligned(64)));
enum { TIMES = 10000000, RARER = 4 }; /* long enough to meet each other on a busy machine */

static void *use(void *unused)
{
    for (unsigned i = 0; i < TIMES; i++)
        classes[0].used = i;
    return unused;
}
static void *look(void *unused)
{
    for (unsigned i = 0; i < TIMES; i++)
        (void)classes[0].size;
    return unused;
}
static void *look_at_next(void *unused)
{
    for (unsigned i = 0; i < TIMES / RARER; i++)
        (void)classes[1].size;
    return unused;
}

int main(void)
{
    void *(*const run[])(void *) = {use, look, look_at_next};
    pthread_t thread[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, run[i], NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
