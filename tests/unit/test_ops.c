/* SPDX-License-Identifier: MIT
 * Walks the registry of ops: every loop of every op does what it says, exactly as often as it says.
 */
#include "tests/test.h"

#include "probes/trial/op.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { N = 1000, SHARDS = 8, LOOPS = 5 };

/* A worker with memory of its own. */
struct bench {
    word memory[SHARDS + 4 + LAYOUT_SLOTS];
    word *all[SHARDS];
    struct clock clock;
    struct histogram histogram;
    struct worker worker;
};

static struct bench *bench_new(void)
{
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    for (unsigned i = 0; i < SHARDS; i++)
        b->all[i] = &b->memory[i];
    clock_calibrate(&b->clock);
    b->worker = (struct worker){.own = &b->memory[0],
        .peer = &b->memory[SHARDS],
        .lock = &b->memory[SHARDS + 1],
        .data = &b->memory[SHARDS + 4],
        .all = b->all,
        .shards = SHARDS,
        .turns = 3,
        .step = 2,
        .gap = 1,
        .clock = &b->clock,
        .histogram = &b->histogram};
    return b;
}

static op_loop *loop_of(const struct op_loops *loops, unsigned kind)
{
    op_loop *const all[LOOPS] = {
        loops->plain, loops->gapped, loops->chained, loops->chained_gapped, loops->timed};
    return all[kind];
}

/* What N attempts of an op's first role leave behind, alone on its word. */
static const struct effect {
    const char *op;
    uint64_t done, own, lock;
} effects[] = {
    {"add", N, N, 0},
    {"cas", N, N, 0},
    {"evict", N, N, 0},
    {"load", N, 0, 0},
    {"lock", N, N, 0},
    {"queue", LAYOUT_SLOTS, LAYOUT_SLOTS, 0}, /* then it is full */
    {"rmw", N, N, 0},
    {"size", N, N / 4, 0}, /* a quarter of its four shards' adds */
    {"store", N, N, 0},    /* the number of the store */
    {"store-fence", N, N, 0},
};

static const struct effect *effect_of(const char *op)
{
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (strcmp(effects[i].op, op) == 0)
            return &effects[i];
    return NULL;
}

static void every_loop_leaves_its_effect(void **state)
{
    (void)state;
    for (size_t i = 0; i < op_count; i++) {
        const struct op *op = op_table[i];
        if (op_find(op->name) != op) /* another cpu's flavour */
            continue;
        const struct effect *e = effect_of(op->name);
        assert_non_null(e); /* a new op states its effect above */
        for (unsigned kind = 0; kind < LOOPS; kind++) {
            struct bench *b = bench_new();
            assert_int_equal(loop_of(op->first, kind)(&b->worker, N), e->done);
            assert_int_equal(atomic_load(b->worker.own), e->own);
            assert_int_equal(atomic_load(b->worker.lock), e->lock);
            free(b);
        }
    }
}

static void a_size_adder_takes_its_shards_in_turn(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    b->worker.first = 1;
    op_find("size")->first->plain(&b->worker, N);
    for (unsigned i = 0; i < SHARDS; i++)
        assert_int_equal(atomic_load(&b->memory[i]), i % 2 ? N / 4 : 0);
    free(b);
}

static void a_summer_changes_nothing(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    for (unsigned kind = 0; kind < LOOPS; kind++)
        assert_int_equal(loop_of(op_role(op_find("size"), 1), kind)(&b->worker, N), N);
    for (unsigned i = 0; i < SHARDS; i++)
        assert_int_equal(atomic_load(&b->memory[i]), 0);
    free(b);
}

static void an_evicted_reader_changes_nothing(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    for (unsigned kind = 0; kind < LOOPS; kind++)
        assert_int_equal(loop_of(op_role(op_find("evict"), 1), kind)(&b->worker, N), N);
    assert_int_equal(atomic_load(b->worker.own), 0);
    free(b);
}

static void a_role_without_a_part_loads(void **state)
{
    (void)state;
    assert_ptr_equal(op_role(op_find("add"), 1), op_find("load")->first);
    assert_ptr_equal(op_role(op_find("add"), 0), op_find("add")->first);
    assert_null(op_find("subtract"));
}

static void timed_ops_are_all_in_the_histogram(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    op_find("add")->first->timed(&b->worker, N);
    assert_int_equal(b->histogram.count, N);
    assert_true(b->histogram.min <= b->histogram.max);
    free(b);
}

/* Two threads on the same words: nothing is lost. */
struct party {
    struct worker worker;
    op_loop *loop;
    uint64_t done;
};

static void *join_in(void *argument)
{
    struct party *p = argument;
    for (int i = 0; i < 50; i++)
        p->done += p->loop(&p->worker, N);
    return NULL;
}

static void run_two(struct party party[2])
{
    pthread_t thread[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, join_in, &party[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
}

static void contended_counts_are_exact(void **state)
{
    (void)state;
    static const char *const names[] = {"add", "cas", "lock"};
    for (unsigned i = 0; i < 3; i++) {
        struct bench *b = bench_new();
        struct party party[2] = {{.worker = b->worker, .loop = op_find(names[i])->first->plain}};
        party[1] = party[0];
        run_two(party);
        assert_int_equal(atomic_load(b->worker.own), party[0].done + party[1].done);
        assert_int_equal(atomic_load(b->worker.lock), 0);
        free(b);
    }
}

static void a_queue_loses_no_item(void **state)
{
    (void)state;
    struct bench *b = bench_new();
    const struct op *queue = op_find("queue");
    struct party party[2] = {{.worker = b->worker, .loop = queue->first->plain},
        {.worker = b->worker, .loop = queue->second->plain}};
    party[1].worker.own = b->worker.peer;
    party[1].worker.peer = b->worker.own;
    run_two(party);
    const uint64_t pushed = atomic_load(b->worker.own), popped = atomic_load(b->worker.peer);
    assert_int_equal(pushed, party[0].done);
    assert_int_equal(popped, party[1].done);
    assert_true(popped <= pushed && pushed - popped <= LAYOUT_SLOTS);
    free(b);
}

static void registry_names_every_op_once(void **state)
{
    (void)state;
    unsigned here = 0;
    for (size_t i = 0; i < op_count; i++) {
        assert_true(op_table[i]->summary && *op_table[i]->summary);
        assert_true(op_table[i]->needs & NEEDS(WRITER));
        assert_non_null(op_find(op_table[i]->name));
        here += op_find(op_table[i]->name) == op_table[i];
    }
    assert_int_equal(here, sizeof effects / sizeof *effects);
}
