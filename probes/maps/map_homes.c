/* SPDX-License-Identifier: MIT
 * Pages by machine/memory.c, and a list of them for checking where they lie. */
#include "probes/maps/map_homes.h"

#include "base/grow.h"
#include "machine/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct home {
    struct map_home base; /* first */
    struct map_homes *all;
    struct memory_policy policy;
};

struct piece {
    void *memory;
    size_t bytes;
    const struct home *home;
    bool used;
};

/* What is given back stays for the next map, as malloc keeps it: asking the kernel for pages takes
 * longer than a table does to grow. */
struct map_homes {
    pthread_mutex_t mutex; /* guards the pieces */
    struct piece *piece;
    size_t pieces;
    double bytes; /* of those used */
    struct home *home;
    const struct map_home **list; /* of their addresses */
};

/* With the mutex. NULL: there is none. */
static struct piece *find_unused(const struct home *home, size_t bytes)
{
    struct map_homes *const all = home->all;
    for (size_t i = 0; i < all->pieces; i++) {
        struct piece *const p = &all->piece[i];
        if (!p->used && p->bytes == bytes && p->home->policy.node == home->policy.node)
            return p;
    }
    return NULL;
}

/* With the mutex. NULL: no memory. */
static struct piece *add_piece(const struct home *home, size_t bytes)
{
    struct map_homes *const all = home->all;
    struct piece piece = {.bytes = bytes, .home = home};
    struct err err;
    if (GROW(all->piece, all->pieces) || memory_new(bytes, home->policy, &piece.memory, &err))
        return NULL;
    all->piece[all->pieces] = piece;
    return &all->piece[all->pieces++];
}

static void *use_piece(const struct map_home *base, size_t bytes)
{
    const struct home *const home = (const struct home *)(const void *)base;
    struct map_homes *const all = home->all;
    void *memory = NULL;
    pthread_mutex_lock(&all->mutex);
    struct piece *const old = find_unused(home, bytes);
    struct piece *const p = old ? old : add_piece(home, bytes);
    if (p) {
        p->used = true;
        all->bytes += (double)bytes;
        memory = p->memory;
    }
    pthread_mutex_unlock(&all->mutex);
    return old ? memset(memory, 0, bytes) : memory;
}

static void leave_piece(const struct map_home *base, void *memory, size_t bytes)
{
    struct map_homes *const all = ((const struct home *)(const void *)base)->all;
    size_t i = 0;
    pthread_mutex_lock(&all->mutex);
    while (all->piece[i].memory != memory)
        i++;
    all->piece[i].used = false;
    all->bytes -= (double)bytes;
    pthread_mutex_unlock(&all->mutex);
}

struct map_homes *map_homes_new(const int *node, unsigned nodes, unsigned threads)
{
    struct map_homes *const all = calloc(1, sizeof *all);
    if (!all)
        return NULL;
    pthread_mutex_init(&all->mutex, NULL);
    all->home = calloc(threads, sizeof *all->home);
    all->list = calloc(threads, sizeof *all->list);
    if (!all->home || !all->list) {
        map_homes_free(all);
        return NULL;
    }
    for (unsigned i = 0; i < threads; i++) {
        all->home[i] = (struct home){{use_piece, leave_piece}, all, {.node = node[i % nodes]}};
        all->list[i] = &all->home[i].base;
    }
    return all;
}

void map_homes_free(struct map_homes *homes)
{
    if (!homes)
        return;
    pthread_mutex_destroy(&homes->mutex);
    for (size_t i = 0; i < homes->pieces; i++)
        memory_free(homes->piece[i].memory, homes->piece[i].bytes, homes->piece[i].home->policy);
    free(homes->piece);
    free(homes->home);
    free(homes->list);
    free(homes);
}

const struct map_home *const *map_homes_list(const struct map_homes *homes)
{
    return homes ? homes->list : NULL;
}

double map_homes_bytes(struct map_homes *homes)
{
    if (!homes)
        return 0;
    pthread_mutex_lock(&homes->mutex);
    const double bytes = homes->bytes;
    pthread_mutex_unlock(&homes->mutex);
    return bytes;
}

int map_homes_verify(struct map_homes *homes, const char **how, struct err *err)
{
    int code = 0;
    pthread_mutex_lock(&homes->mutex);
    for (size_t i = 0; i < homes->pieces && !code; i++) {
        const struct piece *const p = &homes->piece[i];
        const char *known = "";
        if (!p->used)
            continue;
        code = memory_verify(p->memory, p->bytes, p->home->policy, &known, err);
        if (strcmp(*how, "unverified") != 0)
            *how = known;
    }
    pthread_mutex_unlock(&homes->mutex);
    return code;
}
