/* SPDX-License-Identifier: MIT
 * Pools that deal out memory, each in a process: a thread works on what it got, and then main on
 * what it got. Also as C++. */
#include "runtime/numaprobe.h"
#include "tests/access/turns.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINES = 64, LINE = 64, ROUNDS = 5000, BYTES = 1 << 20 };
static struct turn begin, worked, done;

static void work(char *at, unsigned byte)
{
    volatile char *line = at;
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned i = 0; i < LINES; i++)
            line[i * LINE + byte]++;
}

/* An arena that only grows, until it is reset. */
static char *arena;
static size_t used;

static void *deal(size_t bytes)
{
    char *at = arena + used;
    used += bytes;
    NUMAPROBE_ALLOC(at, bytes);
    return at;
}

struct record {
    long hits, misses[3];
};

static struct record *make_record(void)
{
    struct record *made = (struct record *)deal(sizeof(struct record));
    return made;
}

/* Two records a line, each another thread's. */
static struct record *records[2][LINES] __attribute__((aligned(64)));
static void make_records(void)
{
    for (int i = 0; i < LINES; i++)
        for (int k = 0; k < 2; k++)
            records[k][i] = make_record();
}

static void use_records(int whose)
{
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < LINES; i++)
            ++*(volatile long *)&records[whose][i]->hits;
}

static void first_records(void)
{
    make_records();
    use_records(0);
}

static void second_records(void)
{
    use_records(1);
}

/* A list of one free block. */
static char *free_block;
static void first_freed(void)
{
    char *block = (char *)deal(LINES * LINE);
    work(block, 0);
    NUMAPROBE_FREE(block);
    free_block = block;
}

static void second_freed(void)
{
    char *block = free_block;
    NUMAPROBE_ALLOC(block, LINES * LINE);
    work(block, 40);
}

static void first_reset(void)
{
    for (int i = 0; i < LINES; i++)
        deal(LINE);
    work(arena, 0);
    used = 0;
}

static void second_reset(void)
{
    deal(24); /* other blocks than before lie across each other */
    work((char *)deal(LINES * LINE) - 24, 40);
}

/* The pool's chunk goes back to malloc, with what it had dealt out. malloc maps it. */
enum { CHUNK = 64 * BYTES };
static char *chunk;
static void first_chunk(void)
{
    chunk = (char *)malloc(CHUNK);
    NUMAPROBE_ALLOC(chunk, LINES * LINE + LINE);
    free(chunk);
}

static char *take_chunk(void)
{
    return (char *)malloc(CHUNK);
}

static void *use_chunk(void *chunk_again)
{
    work((char *)chunk_again, 0);
    return NULL;
}

static void second_chunk(void)
{
    pthread_t thread;
    char *again = take_chunk();
    if (again != chunk)
        exit(2);
    pthread_create(&thread, NULL, use_chunk, again);
    work(again, 40);
    pthread_join(thread, NULL);
}

/* The thread sets up what is then main's. */
static void first_phase(void)
{
    work(arena, 0);
}

static void second_phase(void)
{
    NUMAPROBE_PHASE();
    work(arena, 40);
}

/* Two threads that live when the phase begins share what they use after that. */
static struct turn phased;
static void *use_phase(void *unused)
{
    turn_await(&phased);
    work(arena, 0);
    return unused;
}

static void second_shared(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, use_phase, NULL);
    NUMAPROBE_PHASE();
    turn_give(&phased);
    work(arena, 40);
    pthread_join(thread, NULL);
}

static const struct pool {
    const char *name;
    void (*first)(void), (*second)(void);
} pools[] = {
    {"records", first_records, second_records},
    {"freed", first_freed, second_freed},
    {"reset", first_reset, second_reset},
    {"chunk", first_chunk, second_chunk},
    {"phase", first_phase, second_phase},
    {"shared", first_phase, second_shared},
};

static void *run(void *pool)
{
    turn_await(&begin);
    ((const struct pool *)pool)->first();
    turn_give(&worked);
    turn_await(&done);
    return NULL;
}

static void try_out(const struct pool *p)
{
    pthread_t thread;
    arena = (char *)mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_create(&thread, NULL, run, (void *)p);
    turn_give(&begin);
    turn_await(&worked);
    p->second();
    turn_give(&done);
    pthread_join(thread, NULL);
}

int main(void)
{
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++) {
        const pid_t child = fork();
        if (child == 0) {
            try_out(&pools[i]);
            return 0;
        }
        printf("%d %s\n", child, pools[i].name);
        fflush(stdout);
        waitpid(child, NULL, 0);
    }
    return 0;
}
