/* SPDX-License-Identifier: MIT
 * Which pairs meet in which round, on machines that are not here. */
#include "tests/test.h"

#include "probes/matrix/matrix_plan.h"
#include "tests/probes.h"

#include <stdlib.h>
#include <string.h>

struct planned {
    struct here here;
    struct matrix_plan plan;
};

static void planned_open(struct planned *p, const char *source, struct matrix_request request)
{
    struct err err = {0};
    p->here = here_open(source);
    if (matrix_plan_build(&request, &p->here.topology, &p->plan, &err))
        fail_msg("%s: %s", source, err.text);
}

static void planned_close(struct planned *p)
{
    matrix_plan_fini(&p->plan);
    here_close(&p->here);
}

static bool share_core(const struct matrix_plan *p, uint16_t a, uint16_t b)
{
    return a == b || (p->cpu[a]->core >= 0 && p->cpu[a]->core == p->cpu[b]->core);
}

static bool collide(
    const struct matrix_plan *p, const struct matrix_slot *a, const struct matrix_slot *b)
{
    return share_core(p, a->first, b->first) || share_core(p, a->first, b->second) ||
           share_core(p, a->second, b->first) || share_core(p, a->second, b->second);
}

/* Each pair that counts once; in a round no cpu, and no core, in two pairs. */
static void check_rounds(const struct matrix_plan *p)
{
    const size_t n = p->cpus.count;
    unsigned char *met = calloc(n * n, 1);
    unsigned *last = calloc(n, sizeof *last);
    size_t pairs = 0, slots = 0;
    assert_true(met && last);
    for (size_t r = 0; r < p->rounds; r++) {
        const struct matrix_round *round = &p->round[r];
        assert_true(round->slots > 0);
        assert_int_equal(round->slot, slots);
        slots += round->slots;
        for (size_t i = 0; i < round->slots; i++) {
            const struct matrix_slot *s = &p->slot[round->slot + i];
            assert_true(s->first < s->second && s->second < n);
            assert_true(last[s->first] != r + 1 && last[s->second] != r + 1);
            last[s->first] = last[s->second] = (unsigned)r + 1;
            /* Quadratic: a few of a large round's. */
            for (size_t j = 0; j < i && j < 16; j++)
                assert_false(collide(p, s, &p->slot[round->slot + j]));
            if (!s->counts)
                continue;
            assert_int_equal(met[s->first * n + s->second]++, 0);
            pairs++;
        }
    }
    assert_int_equal(slots, p->slots);
    assert_int_equal(pairs, n * (n - 1) / 2);
    free(met);
    free(last);
}

static const struct machine_case {
    const char *source;
    size_t cpus, rounds; /* a block's: those of checks left out */
} cases[] = {
    {"core:2 pu:1", 2, 1},
    {"core:3 pu:1", 3, 3},
    {"core:7 pu:1", 7, 7},
    {"pack:2 l3:1 core:4 pu:1", 8, 7},
    {"core:1 pu:2", 2, 1},
    {"pack:2 l3:2 core:2 pu:2", 16, 29},
    {"core:3 pu:2", 6, 13},
    {"core:2 pu:4", 8, 16 + 6},
    {"pack:2 numa:1 l3:4 core:8 pu:1", 64, 63},
    {"pack:2 numa:1 l3:12 core:4 pu:2", 192, 381},
    {"pack:4 numa:4 l3:8 core:8 pu:1", 1024, 1023},
    {"pack:4 numa:4 l3:8 core:4 pu:2", 1024, 2045},
    {"pack:16 numa:2 l3:8 core:8 pu:2", 4096, 8189},
};

static void each_pair_once_and_no_core_twice(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct planned p;
        planned_open(&p, cases[i].source, (struct matrix_request){.seed = 1});
        assert_int_equal(p.plan.cpus.count, cases[i].cpus);
        assert_int_equal(p.plan.rounds - p.plan.checks, cases[i].rounds);
        check_rounds(&p.plan);
        planned_close(&p);
    }
}

/* Six cores with two threads and eight with one. */
static void hybrid_cores_meet_too(void **state)
{
    (void)state;
    struct planned p;
    planned_open(&p, "data/topologies/hybrid-6p-8e.xml", (struct matrix_request){.seed = 1});
    assert_int_equal(p.plan.cpus.count, 20);
    check_rounds(&p.plan);
    planned_close(&p);
}

static void any_cpus_in_any_order(void **state)
{
    (void)state;
    struct planned p;
    planned_open(&p, "pack:2 l3:2 core:2 pu:2",
        (struct matrix_request){.cpus = CPUS(9, 0, 1, 2, 3, 4, 15), .seed = 1});
    assert_int_equal(p.plan.cpus.count, 7);
    assert_int_equal(p.plan.cpu[0]->cpu, 9);
    check_rounds(&p.plan);
    planned_close(&p);
}

static void checks_are_pairs_of_shared_rounds_of_each_distance(void **state)
{
    (void)state;
    struct planned p;
    planned_open(&p, "pack:2 l3:2 core:4 pu:2", (struct matrix_request){.seed = 3});
    size_t seen[DISTANCE_COUNT] = {0};
    for (size_t i = 0; i < p.plan.checks; i++) {
        const struct matrix_check *c = &p.plan.check[i];
        const struct matrix_round *shared = &p.plan.round[c->shared_round];
        const struct matrix_slot *a = &p.plan.slot[c->shared_slot];
        const struct matrix_slot *b = &p.plan.slot[c->alone_slot];
        assert_true(shared->slots > 1);
        assert_in_range(c->shared_slot, shared->slot, shared->slot + shared->slots - 1);
        assert_int_equal(p.plan.round[c->alone_round].slot, c->alone_slot);
        assert_int_equal(p.plan.round[c->alone_round].slots, 1);
        assert_true(a->first == b->first && a->second == b->second);
        assert_true(a->counts && !b->counts);
        seen[a->distance]++;
    }
    for (enum distance d = DISTANCE_SMT; d < DISTANCE_COUNT; d++)
        assert_int_equal(seen[d], MATRIX_CHECKS);
    planned_close(&p);
}

static void a_distance_falls_back_to_pairs_alone(void **state)
{
    (void)state;
    struct planned p;
    planned_open(&p, "pack:2 l3:2 core:2 pu:1", (struct matrix_request){.seed = 1});
    assert_int_equal(matrix_plan_alone(&p.plan, DISTANCE_REMOTE), 0);
    check_rounds(&p.plan); /* still each pair once */
    for (size_t r = 0; r < p.plan.rounds; r++)
        for (size_t i = 0; i < p.plan.round[r].slots; i++) {
            const struct matrix_slot *s = &p.plan.slot[p.plan.round[r].slot + i];
            if (s->counts)
                assert_int_equal(p.plan.round[r].slots == 1, s->distance == DISTANCE_REMOTE);
        }
    planned_close(&p);
}

static void classes_are_a_sample_alone(void **state)
{
    (void)state;
    struct planned p;
    size_t seen[DISTANCE_COUNT] = {0};
    planned_open(
        &p, "pack:2 l3:2 core:8 pu:2", (struct matrix_request){.classes = true, .seed = 1});
    for (size_t i = 0; i < p.plan.slots; i++)
        seen[p.plan.slot[i].distance] += p.plan.slot[i].counts;
    for (enum distance d = DISTANCE_SMT; d < DISTANCE_COUNT; d++)
        assert_int_equal(seen[d], MATRIX_CLASS_PAIRS);
    assert_int_equal(p.plan.pairs[DISTANCE_SMT], 32);
    assert_int_equal(matrix_plan_widest(&p.plan), 1);
    planned_close(&p);
}

static void homes_are_nodes(void **state)
{
    (void)state;
    struct planned p;
    planned_open(&p, "pack:2 [numa] core:2 pu:1",
        (struct matrix_request){
            .cpus = CPUS(0, 2), .home = HOME_SECOND, .protocol = "pingpong,handover"});
    assert_int_equal(p.plan.serieses, 2);
    assert_string_equal(p.plan.series[0].protocol->name, "pingpong");
    assert_int_equal(matrix_plan_node(&p.plan, &p.plan.slot[0], &p.plan.series[0]), 1);
    planned_close(&p);
    planned_open(&p, "pack:2 [numa] core:2 pu:1",
        (struct matrix_request){.cpus = CPUS(0, 2), .home = HOME_NODE, .node = MATRIX_ALL_NODES});
    assert_int_equal(p.plan.serieses, 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(matrix_plan_node(&p.plan, &p.plan.slot[0], &p.plan.series[i]), i);
    planned_close(&p);
}

static void what_cannot_be_planned_says_why(void **state)
{
    (void)state;
    const struct {
        struct matrix_request request;
        int code;
        const char *begin;
    } bad[] = {
        {{.cpus = CPUS(0)}, -EINVAL, "--cpus: a matrix needs two cpus"},
        {{.cpus = CPUS(0, 9)}, -ENODEV, "--cpus: there is no cpu 9"},
        {{.protocol = "pong"}, -EINVAL, "--protocol: unknown protocol 'pong'"},
        {{.protocol = "message,message"}, -EINVAL, "--protocol: 'message' is named twice"},
        {{.protocol = "handover,"}, -EINVAL, "--protocol: 'handover,' has an empty word"},
        {{.home = HOME_NODE, .node = 7}, -ENODEV, "--home: node 7 does not exist"},
    };
    struct here here = here_open("pack:2 [numa] core:2 pu:1");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct matrix_plan plan;
        struct err err = {0};
        const int code = matrix_plan_build(&bad[i].request, &here.topology, &plan, &err);
        if (code >= 0 || strncmp(err.text, bad[i].begin, strlen(bad[i].begin)) != 0)
            fail_msg("%d, '%s' where '%s' was expected", code, err.text, bad[i].begin);
        assert_int_equal(code, bad[i].code);
    }
    here_close(&here);
}
