/* SPDX-License-Identifier: MIT
 * Main allocates a small block for each worker, one after the other: the allocator puts them side
 * by side. Two rounds of it, so that two of different threads share a line wherever the first one
 * starts.
 * False: each block is one thread's. Fix: blocks as large as their lines. */
/* expect: false-sharing heap=node_new field=count also=next */
#include "twin.h"

struct node {
    unsigned long count;
    struct node *next;
};

static NOINLINE struct node *node_new(struct node *next)
{
#ifdef FIXED
    struct node *node = aligned_alloc(PAD, PAD);
#else
    struct node *node = malloc(sizeof(*node));
#endif
    if (!node) {
        abort();
    }
    node->count = 0;
    node->next = next;
    return node;
}

static void work(unsigned me, void *arg)
{
    struct node *const *lists = (struct node *const *)arg;
    struct node *first = lists[me];
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        for (struct node *node = first; node; node = node->next) { /* <- touched */
            node->count++;                                         /* <- hot */
            twin_settle();
        }
    }
}

int main(int argc, char **argv)
{
    static struct {
        alignas(PAD) struct node *of[THREADS];
    } lists;
    twin_amount(argc, argv, 85000000);
#ifndef FIXED
    twin_moves(16);
#endif
    for (unsigned i = 0; i < 2 * THREADS; i++) {
        lists.of[i % THREADS] = node_new(lists.of[i % THREADS]);
        WRITES(i % THREADS, lists.of[i % THREADS]->count);
    }
    twin_run(THREADS, work, lists.of);
    for (unsigned i = 0; i < THREADS; i++) {
        printf("%lu\n", lists.of[i]->count + lists.of[i]->next->count);
        free(lists.of[i]->next);
        free(lists.of[i]);
    }
    return 0;
}
