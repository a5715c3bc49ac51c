/* SPDX-License-Identifier: MIT
 * In each of several processes a thread works on memory, and then main on other bytes of the same
 * lines. It is one object, although it was moved or resized, or they work far from its start. */
#include "turns.h"

#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINES = 64, LINE = 64, ROUNDS = 5000, BYTES = 1 << 20 };
static struct turn ready, done;

static void work(char *at, unsigned byte)
{
    volatile char *line = at;
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned i = 0; i < LINES; i++)
            line[i * LINE + byte]++;
}

static char *align(char *at)
{
    return at + (-(unsigned long)at & (LINE - 1));
}

static char *map(size_t bytes)
{
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static char *far(void)
{
    return align((char *)malloc(400ul * BYTES) + 300ul * BYTES);
}

static char *map_far(void)
{
    return map(9000ul * BYTES) + 8000ul * BYTES;
}

static char *grow(void)
{
    char *at = mremap(map(BYTES), BYTES, 4 * BYTES, MREMAP_MAYMOVE);
    return at + 3 * BYTES;
}

/* The middle is given back, and the part behind it is used. */
static char *divide(void)
{
    char *at = map(3 * BYTES);
    munmap(at + BYTES, BYTES);
    return at + 2 * BYTES;
}

/* Calls that fail change nothing. */
static char *fail(void)
{
    char *at = map(BYTES);
    const bool failed = mremap(at + 5, LINE, BYTES, MREMAP_MAYMOVE) == MAP_FAILED &&
                        mremap(at, BYTES, 1ul << 62, MREMAP_MAYMOVE) == MAP_FAILED &&
                        munmap(at + 1, LINE) != 0 && munmap(at, 0) != 0;
    return failed ? at : NULL;
}

static char *make_mapping(void)
{
    return map(BYTES);
}

static void empty(char *at)
{
    madvise(at, BYTES, MADV_DONTNEED);
}

static void shrink(char *at)
{
    if (mremap(at, BYTES, BYTES / 2, 0) != at)
        exit(2);
}

static char *make_block(void)
{
    return memalign(LINE, 1 << 15);
}

static void resize(char *at)
{
    if (realloc(at, 1 << 14) != at)
        exit(2);
}

/* Where malloc maps a block, its last page is the program's to its end. */
static char *use_all(void)
{
    char *at = malloc(BYTES + 1);
    return align(at + malloc_usable_size(at) - (LINES + 1) * LINE);
}

static char *make_pages(void)
{
    return pvalloc(LINES * LINE);
}

static void leave(char *at)
{
    (void)at;
}

static const struct kept {
    const char *name;
    char *(*make)(void);
    void (*change)(char *at);
} kept[] = {
    {"far", far, leave},
    {"map-far", map_far, leave},
    {"grow", grow, leave},
    {"divide", divide, leave},
    {"fail", fail, leave},
    {"empty", make_mapping, empty},
    {"shrink", make_mapping, shrink},
    {"resize", make_block, resize},
    {"usable", use_all, leave},
    {"pages", make_pages, leave},
};

static char *place;
static void *run(void *unused)
{
    work(place, 0);
    turn_give(&ready);
    turn_await(&done);
    return unused;
}

static void try(const struct kept *k)
{
    pthread_t thread;
    place = k->make();
    pthread_create(&thread, NULL, run, NULL);
    turn_await(&ready);
    k->change(place);
    work(place, 40);
    turn_give(&done);
    pthread_join(thread, NULL);
}

int main(void)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const pid_t child = fork();
        if (child == 0) {
            try(&kept[i]);
            return 0;
        }
        printf("%d %s\n", child, kept[i].name);
        fflush(stdout);
        waitpid(child, NULL, 0);
    }
    return 0;
}
