/* SPDX-License-Identifier: MIT
 * In each of several processes a thread works on memory and gives it back or moves it, and then
 * main works on other bytes of the same lines, in memory that it got at the same address. Nothing
 * is shared. Where main gets memory elsewhere, the program fails. */
#include "turns.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINES = 64, LINE = 64, ROUNDS = 5000, BYTES = 1 << 20, PAGE = 4096 };
static char *place; /* where the thread worked */
static struct turn given_back, done;

static void work(char *at, unsigned byte)
{
    volatile char *line = at;
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned i = 0; i < LINES; i++)
            line[i * LINE + byte]++;
}

static char *map(void *at, size_t bytes)
{
    return mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static char *map_at_place(void)
{
    return map(place, BYTES);
}

static void work_in(char *at)
{
    place = at;
    work(at, 0);
}

static void end_unmapped(void)
{
    work_in(map(NULL, BYTES));
    munmap(place, BYTES);
}

/* One munmap ends three mappings; the thread worked in the last. */
static void end_several(void)
{
    char *first = map(NULL, 3 * BYTES);
    munmap(first, 3 * BYTES);
    map(first, BYTES);
    map(first + BYTES, BYTES);
    work_in(map(first + 2 * BYTES, BYTES));
    munmap(first, 3 * BYTES);
}

static void end_middle(void)
{
    work_in(map(NULL, 3 * BYTES) + BYTES);
    munmap(place, BYTES);
}

static void end_moved(void)
{
    work_in(map(NULL, BYTES));
    mremap(place, BYTES, 8 * BYTES, MREMAP_MAYMOVE);
}

static void end_moved_to(void)
{
    char *to = map(NULL, BYTES);
    work_in(map(NULL, BYTES));
    mremap(place, BYTES, BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, to);
}

/* What the thread worked on is replaced by a mapping that moves there. */
static void end_covered(void)
{
    char *from = map(NULL, BYTES);
    work_in(map(NULL, BYTES));
    mremap(from, BYTES, BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, place);
}

static void end_shrunk(void)
{
    char *all = map(NULL, 2 * BYTES);
    work_in(all + BYTES);
    mremap(all, 2 * BYTES, BYTES, 0);
}

static char *same_place(void)
{
    return place;
}

static char *map_over_place(void)
{
    return mmap(
        place, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void end_mapped(void)
{
    work_in(map(NULL, BYTES));
}

static void end_break(void)
{
    work_in(sbrk(BYTES));
    sbrk(-BYTES);
}

static char *move_break(void)
{
    return sbrk(BYTES);
}

static void end_break_set(void)
{
    work_in(sbrk(BYTES));
    brk(place);
}

static char *attach(const void *at)
{
    const int id = shmget(IPC_PRIVATE, BYTES, IPC_CREAT | 0600);
    char *got = shmat(id, at, 0);
    shmctl(id, IPC_RMID, NULL);
    return got;
}

static void end_detached(void)
{
    work_in(attach(NULL));
    shmdt(place);
}

static char *attach_at_place(void)
{
    return attach(place);
}

/* More than fits in 32 bits, and the thread worked beyond that. */
enum { FAR = 72, LARGE = 80 };
static char *large;

static void end_large(void)
{
    large = malloc((size_t)LARGE << 26);
    work_in(large + ((size_t)FAR << 26));
    free(large);
}

static char *make_large(void)
{
    char *at = malloc((size_t)LARGE << 26);
    return at == large ? at + ((size_t)FAR << 26) : NULL;
}

/* The next block gets what the first gives up. */
static void end_resized(void)
{
    enum { SMALL = 1 << 15 };
    char *block = malloc(3 * SMALL);
    work_in(block + SMALL);
    char *rest = realloc(block, SMALL / 2) ? malloc(2 * SMALL) : NULL;
    if (place < rest || place + LINES * LINE > rest + 2 * SMALL)
        exit(2);
}

static void *work_on_stack(void *unused)
{
    _Alignas(LINE) char array[LINES * LINE];
    memset(array, 0, sizeof array);
    work_in(array);
    return unused;
}

static void *do_nothing(void *unused)
{
    return unused;
}

static bool is_mapped(void)
{
    return msync((void *)((uintptr_t)place & -(uintptr_t)PAGE), PAGE, MS_ASYNC) == 0;
}

/* A detached thread works on its stack. Where 40 MB of stacks are unused, libc unmaps one when
 * another thread has ended. */
static void end_stack(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 * BYTES);
    pthread_create(&thread, &attributes, work_on_stack, NULL);
    pthread_detach(thread);
    do {
        pthread_create(&thread, NULL, do_nothing, NULL);
        pthread_join(thread, NULL);
    } while (!place || is_mapped());
}

/* Mapped as libc does it, by a call that is not seen. */
static char *map_unseen(void)
{
    char *low = (char *)((uintptr_t)place & -(uintptr_t)PAGE);
    return (char *)syscall(SYS_mmap, low, LINES * LINE + PAGE, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == low
               ? place
               : NULL;
}

static const struct lives {
    const char *name;
    void (*end)(void);
    char *(*begin)(void);
} lives[] = {
    {"munmap", end_unmapped, map_at_place},
    {"munmap-several", end_several, map_at_place},
    {"munmap-middle", end_middle, map_at_place},
    {"mmap-over", end_mapped, map_over_place},
    {"mremap", end_moved, map_at_place},
    {"mremap-to", end_moved_to, map_at_place},
    {"mremap-over", end_covered, same_place},
    {"mremap-shrink", end_shrunk, map_at_place},
    {"sbrk", end_break, move_break},
    {"brk", end_break_set, move_break},
    {"shm", end_detached, attach_at_place},
    {"large", end_large, make_large},
    {"realloc-shrink", end_resized, same_place},
    {"stack", end_stack, map_unseen},
};

static void *run(void *entry)
{
    const struct lives *l = entry;
    l->end();
    turn_give(&given_back);
    turn_await(&done);
    return NULL;
}

static int try(const struct lives *l)
{
    pthread_t thread;
    pthread_create(&thread, NULL, run, (void *)l);
    turn_await(&given_back);
    char *again = l->begin();
    if (again == place)
        work(again, 40);
    else
        fprintf(stderr, "%s: the memory is elsewhere\n", l->name);
    turn_give(&done);
    pthread_join(thread, NULL);
    return again != place;
}

int main(void)
{
    int failed = 0, status;
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        const pid_t child = fork();
        if (child == 0)
            return try(&lives[i]);
        printf("%d %s\n", child, lives[i].name);
        fflush(stdout);
        waitpid(child, &status, 0);
        failed |= status;
    }
    return failed != 0;
}
