/* SPDX-License-Identifier: MIT
 * Threads that are asleep in a futex, seen a hundred times a second. Each time stands for all the
 * time since the thread was looked at before. */
#include "cli/watch/watch_locks.h"

#include "base/grow.h"
#include "machine/clock.h"
#include "probes/watch/address_space.h"
#include "probes/watch/futex_wait.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct stack {
    struct stack_key {
        uint64_t futex, pc[LOCKS_FRAMES];
    } key;
    size_t frames;
    double seconds;
    UT_hash_handle hh;
};

struct sleeper {
    int tid; /* the key */
    uint64_t looked_ns;
    struct futex_wait wait; /* the last one, */
    struct stack *stack;    /* and where that was; NULL: it was awake */
    UT_hash_handle hh;
};

struct locks_futex {
    struct stack *stack;
    struct sleeper *sleeper;
    size_t next; /* of the threads, where there are too many to look at all each time */
};

struct locks_futex *locks_futex_new(void)
{
    return calloc(1, sizeof(struct locks_futex));
}

void locks_futex_free(struct locks_futex *f)
{
    struct stack *s, *next_stack;
    struct sleeper *t, *next_sleeper;
    if (!f)
        return;
    HASH_ITER(hh, f->stack, s, next_stack)
    {
        HASH_DEL(f->stack, s);
        free(s);
    }
    HASH_ITER(hh, f->sleeper, t, next_sleeper)
    {
        HASH_DEL(f->sleeper, t);
        free(t);
    }
    free(f);
}

static bool read_word(void *of, uint64_t address, uint64_t *out)
{
    const int *const pid = of;
    return address_space_copy(*pid, address, out, sizeof *out);
}

/* NULL: out of memory. */
static struct stack *stack_of(
    struct locks_futex *f, int pid, const struct futex_wait *wait, struct dwarf *dwarf)
{
    struct stack_key key = {.futex = wait->futex};
    struct stack *s;
    const struct dwarf_stopped stopped = {wait->pc, wait->stack, read_word, &pid};
    const size_t frames = dwarf_unwind(dwarf, &stopped, key.pc, LOCKS_FRAMES);
    HASH_FIND(hh, f->stack, &key, sizeof key, s);
    if (s || !(s = calloc(1, sizeof *s)))
        return s;
    s->key = key;
    s->frames = frames;
    HASH_ADD(hh, f->stack, key, sizeof s->key, s);
    return s;
}

static struct sleeper *sleeper_of(struct locks_futex *f, int tid)
{
    struct sleeper *t;
    HASH_FIND_INT(f->sleeper, &tid, t);
    if (t || !(t = calloc(1, sizeof *t)))
        return t;
    t->tid = tid;
    HASH_ADD_INT(f->sleeper, tid, t);
    return t;
}

static bool is_same(const struct futex_wait *a, const struct futex_wait *b)
{
    return a->futex == b->futex && a->stack == b->stack && a->pc == b->pc;
}

static int look_at(struct locks_futex *f, int pid, int tid, struct dwarf *dwarf, struct err *err)
{
    struct futex_wait wait = {0};
    const int asleep = futex_wait_read(pid, tid, &wait, err);
    const uint64_t now_ns = clock_raw_ns();
    struct sleeper *const t = sleeper_of(f, tid);
    if (asleep < 0 || !t)
        return asleep < 0 ? asleep : err_set(err, -ENOMEM, "out of memory");
    if (!asleep)
        t->stack = NULL;
    else if (!t->stack || !is_same(&wait, &t->wait))
        t->stack = stack_of(f, pid, &wait, dwarf);
    if (t->stack && t->looked_ns)
        t->stack->seconds += (double)(now_ns - t->looked_ns) / 1e9;
    t->wait = wait;
    t->looked_ns = now_ns;
    return 0;
}

int locks_futex_look(struct locks_futex *f, const struct watched *w, unsigned process,
    struct dwarf *dwarf, struct err *err)
{
    enum { MOST = 128 };
    const int pid = w->process[process].space.pid;
    const size_t all = w->threads < MOST ? w->threads : MOST;
    int code = 0;
    for (size_t i = 0; i < all && !code; i++) {
        const struct watched_thread *const t = &w->thread[(f->next + i) % w->threads];
        if (t->process == process && !t->ended)
            code = look_at(f, pid, t->tid, dwarf, err);
    }
    f->next += all;
    return code;
}

int locks_futex_rows(const struct locks_futex *f, struct locks_rows *out)
{
    for (const struct stack *s = f->stack; s; s = s->hh.next) {
        if (s->seconds <= 0)
            continue;
        if (GROW(out->at, out->count))
            return -ENOMEM;
        struct locks_row *const row = &out->at[out->count++];
        *row = (struct locks_row){.frames = s->frames,
            .address = s->key.futex,
            .waits = (double)NAN,
            .seconds = s->seconds};
        memcpy(row->pc, s->key.pc, sizeof row->pc);
    }
    return 0;
}
