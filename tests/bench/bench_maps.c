/* SPDX-License-Identifier: MIT
 * What does the harness of `maps` cost? For each load, `none`, which does nothing, against a bare
 * loop over the same steps; and reads of `rcu` against a bare loop over liburcu's table, written by
 * hand. On one cpu, in pairs. */
#include "tests/bench/bench.h"

#include "analysis/stats/stats.h"
#include "machine/crew.h"
#include "machine/crew_clock.h"
#include "maps/table.h"
#include "probes/maps/map_loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined HAVE_URCU
#include <urcu-qsbr.h>
#include <urcu/rculfhash.h>
#endif

enum { PAIRS = 100, OPS = 1 << 18, QUIESCE = 64 };

struct bench {
    struct clock clock;
    struct load load;
    struct map_thread me;
    uint64_t *step, steps;
    double with_ns[PAIRS], bare_ns[PAIRS];
    bool failed;
};

static const struct map_strategy *find(const char *name)
{
    for (size_t i = 0; i < map_strategy_count; i++)
        if (strcmp(map_strategy_table[i]->name, name) == 0)
            return map_strategy_table[i];
    return NULL;
}

static double time_loop(struct bench *b, op_loop *loop)
{
    const struct worker worker = {.state = &b->me, .clock = &b->clock};
    const uint64_t before = clock_raw_ns();
    loop(&worker, OPS);
    return (double)(clock_raw_ns() - before) / OPS;
}

/* Which op, and which key: what any loop over steps has to know. */
static uint64_t walk_steps(const struct worker *worker, uint64_t n)
{
    struct map_thread *const me = worker->state;
    uint64_t ops = 0, keys = 0;
    do {
        const uint64_t step = me->step[me->at];
        me->at = me->at + 1 == me->steps ? 0 : me->at + 1;
        ops += step_op(step);
        keys += step_key(step);
    } while (--n);
    __asm__ volatile("" ::"r"(ops), "r"(keys));
    return keys;
}

static bool begin(struct bench *b, const struct map_strategy *s, void *self)
{
    struct rng rng;
    rng_seed(&rng, 1);
    b->steps = steps_count(&b->load, 1);
    b->step = calloc(b->steps, sizeof *b->step);
    if (!b->step)
        return false;
    steps_draw(&b->load, (struct steps_place){0, 1}, &rng, b->step);
    b->me = (struct map_thread){.strategy = s,
        .self = self,
        .step = b->step,
        .steps = b->steps,
        .clock = &b->clock,
        .place = {0, 1},
        .next = load_keys(&b->load, 1)};
    return true;
}

static void measure_pairs(struct bench *b, op_loop *with, op_loop *bare)
{
    for (int i = 0; i < PAIRS; i++) { /* each is the first one in turn */
        if (i % 2)
            b->bare_ns[i] = time_loop(b, bare);
        b->with_ns[i] = time_loop(b, with);
        if (i % 2 == 0)
            b->bare_ns[i] = time_loop(b, bare);
    }
}

static void measure_none(void *context, unsigned thread)
{
    struct bench *const b = context;
    (void)thread;
    b->failed = !begin(b, find("none"), NULL);
    if (!b->failed)
        measure_pairs(b, map_loops(&b->load, CLIENTS_NONE)->plain, walk_steps);
    free(b->step);
}

static void print_difference(struct bench *b)
{
    struct interval added;
    for (int i = 0; i < PAIRS; i++)
        b->with_ns[i] -= b->bare_ns[i];
    if (stats_interval(b->with_ns, NULL, PAIRS, &added) == 0)
        printf("none under %s, beyond a bare loop: %.2f ns an op (%.2f-%.2f, n=%zu)\n",
            b->load.name, added.mid, added.low, added.high, added.n);
}

#if defined HAVE_URCU
/* As any program has them: one by one, and freed by call_rcu some day. */
struct node {
    struct rcu_head head;
    struct cds_lfht_node link;
    uint64_t key, value;
};
static struct cds_lfht *table;

static int has_key(struct cds_lfht_node *link, const void *key)
{
    return caa_container_of(link, struct node, link)->key == *(const uint64_t *)key;
}

static uint64_t look_up(const struct worker *worker, uint64_t n)
{
    struct map_thread *const me = worker->state;
    uint64_t sum = 0;
    unsigned left = QUIESCE;
    do {
        struct cds_lfht_iter at;
        const uint64_t key = step_key(me->step[me->at]);
        me->at = me->at + 1 == me->steps ? 0 : me->at + 1;
        cds_lfht_lookup(table, table_hash(key), has_key, &key, &at);
        const struct cds_lfht_node *const link = cds_lfht_iter_get_node(&at);
        sum += link ? caa_container_of(link, const struct node, link)->value : 0;
        if (--left == 0) {
            left = QUIESCE;
            rcu_quiescent_state();
        }
    } while (--n);
    __asm__ volatile("" ::"r"(sum));
    return sum;
}

static bool fill(struct bench *b, const struct map_strategy *s, void *self)
{
    bool done = true;
    for (uint64_t key = 0; key < b->load.keys && done; key++) {
        struct node *const node = calloc(1, sizeof *node);
        done = node && s->put(self, key, &key) != MAP_NO_MEMORY;
        if (!node)
            continue;
        node->key = key;
        cds_lfht_node_init(&node->link);
        cds_lfht_add(table, table_hash(key), &node->link);
    }
    return done;
}

static void measure_rcu(void *context, unsigned thread)
{
    struct bench *const b = context;
    const struct map_strategy *const s = find("rcu");
    const struct map_needs needs = {
        .keys = b->load.keys, .threads = 1, .words = 1, .quiesce = QUIESCE};
    unsigned long buckets = 64;
    while (buckets < b->load.keys)
        buckets *= 2;
    void *const map = s->make(&needs), *const self = map ? s->join(map, thread) : NULL;
    table = cds_lfht_new(buckets, 64, 0, CDS_LFHT_AUTO_RESIZE | CDS_LFHT_ACCOUNTING, NULL);
    b->failed = !self || !table || !begin(b, s, self) || !fill(b, s, self);
    if (!b->failed)
        measure_pairs(b, map_loops(&b->load, CLIENTS_NONE)->plain, look_up);
    if (self)
        s->leave(self);
    if (map)
        s->destroy(map);
    free(b->step);
}
#endif

static bool load_named(const char *name, struct load *load)
{
    struct err err;
    return load_find("bench", name, load, &err) == 0;
}

int main(void)
{
    static struct bench b;
    struct err err = {0};
    struct machine *machine = NULL;
    struct topology topology;
    struct crew *crew = NULL;
    if (machine_open(NULL, &machine, &topology, &err) ||
        crew_new(machine, (const unsigned[]){topology.cpu[0].cpu}, 1, &crew, &err))
        return fail(&err);
    crew_calibrate(crew, &b.clock);
    for (size_t i = 0; i < load_file_count; i++) {
        if (!load_named(load_file_table[i].name, &b.load))
            return 1;
        if (load_iterates(&b.load)) /* what `none` adds to an iteration means nothing */
            continue;
        crew_run(crew, measure_none, &b);
        print_difference(&b);
    }
#if defined HAVE_URCU
    struct interval ratio;
    if (!load_named("reads-100", &b.load))
        return 1;
    crew_run(crew, measure_rcu, &b);
    if (b.failed || stats_ratio(b.with_ns, b.bare_ns, NULL, PAIRS, &ratio))
        return 1;
    printf("rcu's reads over a bare loop of liburcu: %.3f (%.3f-%.3f, n=%zu)\n", ratio.mid,
        ratio.low, ratio.high, ratio.n);
#endif
    crew_free(crew);
    topology_fini(&topology);
    machine_close(machine);
    return 0;
}
