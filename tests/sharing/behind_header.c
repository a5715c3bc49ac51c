/* SPDX-License-Identifier: MIT
 * A connection from a wrapper of malloc that stores the size in front, so that the struct begins
 * within its block: one thread answers requests, the other counts what it reads from the socket.
 * False: each thread has its members. Fix: those of the second thread on lines of their own. */
/* expect: false-sharing heap=client_new type=client field=asked field=reads also=answers */
#include "twin.h"

#ifdef FIXED
#define FRONT PAD
#else
#define FRONT 16
#endif

struct client {
    unsigned asked : 1, closed : 1;
    unsigned answers;
    APART uint64_t reads;
    uint64_t id;
};

static NOINLINE void *get_memory(size_t size)
{
#ifdef FIXED
    char *block = aligned_alloc(PAD, size + FRONT);
#else
    char *block = malloc(size + FRONT);
#endif
    if (!block) {
        abort();
    }
    *(size_t *)block = size;
    return block + FRONT;
}

static void drop_memory(void *memory)
{
    free((char *)memory - FRONT);
}

static NOINLINE struct client *client_new(uint64_t id)
{
    struct client *client = get_memory(sizeof(*client));
    *client = (struct client){.id = id};
    return client;
}

static void answer(struct client *client, unsigned long ops)
{
    for (unsigned long i = 0; i < ops; i++) {
        client->asked ^= 1; /* <- hot */
        client->answers++;  /* <- hot */
        twin_settle();
    }
}

static void receive(struct client *client, unsigned long ops)
{
    for (unsigned long i = 0; i < ops; i++) {
        client->reads++; /* <- hot */
        twin_settle();
    }
}

static void work(unsigned me, void *arg)
{
    (me == 0 ? answer : receive)(arg, twin.ops);
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 80000000);
#ifndef FIXED
    twin_moves(16);
#endif
    struct client *client = client_new(7);
    WRITES(0, client->answers);
    WRITES(1, client->reads);
    twin_run(THREADS, work, client);
    printf(
        "%u %lu %lu\n", client->answers, (unsigned long)client->reads, (unsigned long)client->id);
    drop_memory(client);
    return 0;
}
