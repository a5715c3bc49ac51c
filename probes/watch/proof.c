/* SPDX-License-Identifier: MIT
 * Two rounds of up to four watchpoints, two on each thread. */
#include "probes/watch/proof.h"

#include "base/arch/arch.h"
#include "base/compare.h"
#include "probes/watch/watchpoint.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Of a line that both use all the time each side is seen as soon as its watchpoint works, which
 * takes up to twice as long where the other's is armed meanwhile; of one that both use now and
 * then, after times that are alike. In phases one side is seen at once, and the other when its
 * phase comes: a wait of up to a phase, next to one of nothing. */
enum { MOST_NS = 100000, ALIKE = 4 };
static const double CLOSE = 2.25; /* times the dead time */

/* A thread that does not run sees no time pass: while it waited for a cpu, the other may have ended
 * its phase. So little may each have run from when all was armed until both were seen, which is
 * noticed some 0.15 ms later; a scheduler's turns take longer. */
enum { NOTICED_NS = 400000 };

enum { OWN, OTHER, WATCHED };

struct round {
    struct watchpoint point[2][WATCHED]; /* of each side: its bytes, and those of the other one */
    bool hit[2][WATCHED];
    uint64_t ran_ns[2];   /* until its own access */
    uint64_t armed_ns[2]; /* what it ran until all was armed, */
    uint64_t seen_ns[2];  /* and until both were seen to be hit */
};

/* The largest part that a watchpoint can watch. */
static struct watchpoint_at part_of(const struct proof_side *side)
{
    const uint64_t end = side->address + side->bytes;
    for (uint64_t bytes = WATCHPOINT_BYTES_MOST; bytes > 1; bytes /= 2) {
        const uint64_t first = (side->address + bytes - 1) / bytes * bytes;
        if (first + bytes <= end)
            return (struct watchpoint_at){side->tid, first, (unsigned)bytes, !side->write};
    }
    return (struct watchpoint_at){side->tid, side->address, 1, !side->write};
}

static bool overlap(const struct proof_side *a, const struct proof_side *b)
{
    return a->address < b->address + b->bytes && b->address < a->address + a->bytes;
}

/* Only what both touch. */
static void narrow(struct proof_side side[2])
{
    const uint64_t first = side[0].address > side[1].address ? side[0].address : side[1].address;
    const uint64_t end0 = side[0].address + side[0].bytes, end1 = side[1].address + side[1].bytes;
    for (int i = 0; i < 2; i++) {
        side[i].address = first;
        side[i].bytes = (unsigned)((end0 < end1 ? end0 : end1) - first);
    }
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void disarm(struct round *r)
{
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < WATCHED; k++)
            watchpoint_disarm(&r->point[i][k]);
}

static void look(struct round *r)
{
    for (int i = 0; i < 2; i++) {
        r->hit[i][OWN] = watchpoint_hit(&r->point[i][OWN], &r->ran_ns[i]);
        r->hit[i][OTHER] =
            r->point[i][OTHER].fd >= 0 && watchpoint_hit(&r->point[i][OTHER], &r->seen_ns[i]);
    }
}

/* The bytes of the other side first: where a thread touches both, it is seen there before the
 * question is answered. */
static int arm(struct round *r, const struct watchpoint_at own[2], bool apart, struct err *err)
{
    int code = 0;
    *r = (struct round){.point = {{{-1}, {-1}}, {{-1}, {-1}}}};
    for (int i = 0; i < 2 && !code && apart; i++) {
        const struct watchpoint_at *const bytes = &own[1 - i];
        code =
            watchpoint_arm(&(struct watchpoint_at){own[i].tid, bytes->address, bytes->bytes, true},
                &r->point[i][OTHER], err);
    }
    for (int i = 0; i < 2 && !code; i++)
        code = watchpoint_arm(&own[i], &r->point[i][OWN], err);
    if (code)
        disarm(r);
    look(r);
    memcpy(r->armed_ns, r->seen_ns, sizeof r->armed_ns);
    return code;
}

static bool is_close(const struct round *r, uint64_t dead_ns)
{
    const uint64_t slow = r->ran_ns[0] > r->ran_ns[1] ? r->ran_ns[0] : r->ran_ns[1],
                   fast = r->ran_ns[0] > r->ran_ns[1] ? r->ran_ns[1] : r->ran_ns[0];
    for (int i = 0; i < 2; i++)
        if (r->seen_ns[i] - r->armed_ns[i] > NOTICED_NS)
            return false;
    if ((double)slow <= CLOSE * (double)dead_ns)
        return true;
    return slow <= dead_ns + MOST_NS && fast > dead_ns &&
           slow - dead_ns <= ALIKE * (fast - dead_ns);
}

static void rest(void)
{
    const struct timespec wait = {.tv_nsec = 50000};
    nanosleep(&wait, NULL);
}

/* Plays one round to its end: both sides were seen, or the time is over. */
static int play(struct round *r, const struct watchpoint_at own[2], bool apart, uint64_t most_ns,
    struct err *err)
{
    const int code = arm(r, own, apart, err);
    const uint64_t end = now_ns() + most_ns;
    if (code)
        return code;
    do {
        rest();
        look(r);
    } while (!(r->hit[0][OWN] && r->hit[1][OWN]) && now_ns() < end);
    disarm(r);
    return 0;
}

int proof_try(const struct proof_side asked[2], uint64_t most_ns, uint64_t dead_ns,
    enum proof_answer *answer, struct err *err)
{
    enum { ROUNDS = 2 };
    struct proof_side side[2] = {asked[0], asked[1]};
    const bool apart = !overlap(&side[0], &side[1]);
    if (!apart)
        narrow(side);
    const struct watchpoint_at own[2] = {part_of(&side[0]), part_of(&side[1])};
    bool common = !apart;
    *answer = PROOF_NONE;
    for (int i = 0; i < ROUNDS; i++) {
        struct round r;
        const int code = play(&r, own, apart, most_ns / ROUNDS, err);
        if (code)
            return code;
        if (!r.hit[0][OWN] || !r.hit[1][OWN] || !is_close(&r, dead_ns))
            return 0;
        common |= r.hit[0][OTHER] || r.hit[1][OTHER];
    }
    *answer = common ? PROOF_COMMON : PROOF_SEPARATE;
    return 0;
}

struct busy {
    _Alignas(64) volatile uint64_t word;
    _Atomic int tid;
    _Atomic bool stop;
};

static void *write_always(void *context)
{
    struct busy *const busy = context;
    atomic_store(&busy->tid, (int)syscall(SYS_gettid));
    while (!atomic_load_explicit(&busy->stop, memory_order_relaxed))
        busy->word++;
    return NULL;
}

static int measure_dead(struct busy *busy, uint64_t *dead_ns, struct err *err)
{
    enum { TIMES = 9, LOOKS = 40000, ENOUGH_NS = 1000000 };
    uint64_t ran[TIMES] = {0};
    for (int i = 0; i < TIMES; i++) {
        const struct watchpoint_at at = {busy->tid, (uint64_t)(uintptr_t)&busy->word, 8, false};
        struct watchpoint point;
        const int code = watchpoint_arm(&at, &point, err);
        if (code)
            return code;
        bool hit = false;
        for (int k = 0; k < LOOKS && !hit && ran[i] < ENOUGH_NS; k++) {
            rest();
            hit = watchpoint_hit(&point, &ran[i]);
        }
        watchpoint_disarm(&point);
        if (!hit)
            return err_set(err, -ENOTSUP, "watchpoints do not stop at what a thread writes here");
    }
    qsort(ran, TIMES, sizeof *ran, order_u64);
    *dead_ns = ran[TIMES / 2];
    return 0;
}

int proof_dead_ns(uint64_t *dead_ns, struct err *err)
{
    struct busy busy = {.word = 0};
    pthread_t thread;
    const int failed = pthread_create(&thread, NULL, write_always, &busy);
    if (failed)
        return err_set(err, -failed, "cannot start a thread: %s", strerror(failed));
    while (!atomic_load(&busy.tid))
        arch_pause();
    const int code = measure_dead(&busy, dead_ns, err);
    atomic_store(&busy.stop, true);
    pthread_join(thread, NULL);
    return code;
}
