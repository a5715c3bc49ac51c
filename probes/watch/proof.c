/* SPDX-License-Identifier: MIT
 * Two rounds of up to four watchpoints, two on each thread. */
#include "probes/watch/proof.h"

#include "base/arch/arch.h"
#include "base/compare.h"
#include "probes/watch/watchpoint.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
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
enum { NOTICED_NS = 400000, LOOK_NS = 50000 };

/* After the last round both go on being watched at the other's bytes: a thread that has both under
 * a lock comes to the others when it has the lock again. */
enum { CYCLE_NS = 300000 };

struct question {
    struct watchpoint_at at[2];         /* what each side does */
    struct watchpoint own[2], other[2]; /* on each side: there, and at the other's bytes */
    bool apart;                         /* they have no byte in common: else `other` is not armed */
    bool crossed[2];                    /* has touched the other's bytes; both where not apart */
    bool seen[2];                       /* in this round */
    uint64_t ran_ns[2];                 /* until then */
    uint64_t armed_ns[2], now_ns[2];    /* what it had run when all was armed, and by now */
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

static uint64_t clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void disarm(struct watchpoint point[2])
{
    for (int i = 0; i < 2; i++)
        watchpoint_disarm(&point[i]);
}

/* Has any side touched bytes of the other? */
static bool is_common(struct question *q)
{
    for (int i = 0; i < 2; i++)
        q->crossed[i] = !q->apart || watchpoint_hit(&q->other[i], &q->now_ns[i]);
    return q->crossed[0] || q->crossed[1];
}

static struct watchpoint_at any_access(int tid, const struct watchpoint_at *of)
{
    return (struct watchpoint_at){tid, of->address, of->bytes, true};
}

/* Where a thread touches both, it is seen there before the question is answered. */
static int arm_other(struct question *q, struct err *err)
{
    int code = 0;
    for (int i = 0; i < 2 && !code && q->apart; i++) {
        const struct watchpoint_at at = any_access(q->at[i].tid, &q->at[1 - i]);
        code = watchpoint_arm(&at, &q->other[i], err);
    }
    return code;
}

static int arm_own(struct question *q, struct err *err)
{
    int code = 0;
    for (int i = 0; i < 2 && !code; i++)
        code = watchpoint_arm(&q->at[i], &q->own[i], err);
    is_common(q);
    memcpy(q->armed_ns, q->now_ns, sizeof q->armed_ns);
    return code;
}

static bool is_late(const struct question *q)
{
    for (int i = 0; i < 2; i++)
        if (q->now_ns[i] - q->armed_ns[i] > NOTICED_NS)
            return true;
    return false;
}

static bool is_close(const struct question *q, uint64_t dead_ns)
{
    const bool first_slower = q->ran_ns[0] > q->ran_ns[1];
    const uint64_t slow = q->ran_ns[!first_slower], fast = q->ran_ns[first_slower];
    if ((double)slow <= CLOSE * (double)dead_ns)
        return true;
    return slow <= dead_ns + MOST_NS && fast > dead_ns &&
           slow - dead_ns <= ALIKE * (fast - dead_ns);
}

static void rest(long ns)
{
    const struct timespec wait = {.tv_nsec = ns};
    nanosleep(&wait, NULL);
}

/* Until both sides were seen, or the time is over. */
static int play_round(struct question *q, uint64_t most_ns, struct err *err)
{
    const int code = arm_own(q, err);
    const uint64_t end = clock_ns() + most_ns;
    do {
        rest(LOOK_NS);
        for (int i = 0; i < 2; i++)
            q->seen[i] = watchpoint_hit(&q->own[i], &q->ran_ns[i]);
        is_common(q);
    } while (!code && !(q->seen[0] && q->seen[1]) && clock_ns() < end);
    disarm(q->own);
    return code;
}

static int play(struct question *q, uint64_t most_ns, uint64_t dead_ns, enum proof_answer *answer,
    struct err *err)
{
    enum { ROUNDS = 2 };
    int code = arm_other(q, err);
    for (int i = 0; i < ROUNDS && !code; i++) {
        code = play_round(q, most_ns / ROUNDS, err);
        if (code || !q->seen[0] || !q->seen[1])
            return code;
        *answer = is_late(q) ? PROOF_LATE : PROOF_NONE;
        if (*answer == PROOF_LATE || !is_close(q, dead_ns))
            return 0;
    }
    if (!code && !is_common(q))
        rest(CYCLE_NS);
    if (!code)
        *answer = is_common(q) ? PROOF_COMMON : PROOF_SEPARATE;
    return code;
}

int proof_try(const struct proof_side asked[2], uint64_t most_ns, uint64_t dead_ns,
    struct proof *out, struct err *err)
{
    struct proof_side side[2] = {asked[0], asked[1]};
    const bool apart = !overlap(&side[0], &side[1]);
    if (!apart)
        narrow(side);
    struct question q = {.at = {part_of(&side[0]), part_of(&side[1])},
        .own = {{-1}, {-1}},
        .other = {{-1}, {-1}},
        .apart = apart};
    *out = (struct proof){.answer = PROOF_NONE};
    const int code = play(&q, most_ns, dead_ns, &out->answer, err);
    memcpy(out->crossed, q.crossed, sizeof out->crossed);
    disarm(q.own);
    disarm(q.other);
    return code;
}

/* One access in so many at the other's bytes leaves the line in turns that are nearly all false,
 * also where each turn is long enough for some accesses. */
enum { RARELY = 16, COUNTED_ENOUGH = 8 * RARELY };
enum { COUNTED_NS = 500000, COUNTED_TIMES = 40 }; /* most of which others may have the cpu */

/* The crossing thread's own accesses, and those to the other's bytes. */
static enum proof_crossing count_crossing(const struct watchpoint own_and_other[2])
{
    for (int i = 0; i < COUNTED_TIMES; i++) {
        rest(COUNTED_NS);
        const uint64_t own = watchpoint_hits(&own_and_other[0]),
                       other = watchpoint_hits(&own_and_other[1]);
        if (own + other >= COUNTED_ENOUGH)
            return other * RARELY <= own + other ? CROSSING_RARELY : CROSSING_OFTEN;
    }
    return CROSSING_UNKNOWN;
}

int proof_count_crossing(
    const struct proof_side side[2], unsigned who, enum proof_crossing *out, struct err *err)
{
    const struct watchpoint_at mine = part_of(&side[who]), others = part_of(&side[1 - who]);
    const struct watchpoint_at at[2] = {any_access(mine.tid, &mine), any_access(mine.tid, &others)},
                               back = any_access(others.tid, &mine);
    struct watchpoint crossing[2] = {{-1}, {-1}}, crossed = {-1};
    *out = CROSSING_UNKNOWN;
    int code = watchpoint_arm(&back, &crossed, err);
    for (int i = 1; i >= 0 && !code; i--) /* what is armed last is counted least */
        code = watchpoint_hold(&at[i], &crossing[i], err);
    if (!code)
        *out = count_crossing(crossing);
    if (*out == CROSSING_RARELY && watchpoint_hits(&crossed) > 0)
        *out = CROSSING_OFTEN;
    disarm(crossing);
    watchpoint_disarm(&crossed);
    return code;
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
    enum { TIMES = 9, LOOKS = 40000, ENOUGH_NS = 100000000 };
    uint64_t ran[TIMES] = {0};
    for (int i = 0; i < TIMES; i++) {
        const struct watchpoint_at at = {busy->tid, (uint64_t)(uintptr_t)&busy->word, 8, false};
        struct watchpoint point;
        const int code = watchpoint_arm(&at, &point, err);
        if (code)
            return code;
        bool hit = false;
        for (int k = 0; k < LOOKS && !hit && ran[i] < ENOUGH_NS; k++) {
            rest(LOOK_NS);
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
