/* SPDX-License-Identifier: MIT
 * probes/maps/maps_plan: where maps lie, and how many clients there are, on machines made up for
 * it. */
#include "probes/maps/maps_plan.h"
#include "tests/probes.h"

#define TWO_NODES "pack:2 numa:1 l3:1 core:4 pu:1"

static struct maps_plan planned(struct here *here, struct maps_request request)
{
    struct maps_plan plan;
    struct err err = {0};
    *here = here_open(TWO_NODES);
    request.loads = "half";
    if (maps_plan_build(&request, &here->topology, &plan, &err))
        fail_msg("%s", err.text);
    return plan;
}

static void assert_no_plan(struct maps_request request, const char *text)
{
    struct maps_plan plan;
    struct err err = {0};
    struct here here = here_open(TWO_NODES);
    request.loads = "half";
    assert_refused(maps_plan_build(&request, &here.topology, &plan, &err), -EINVAL, &err, text);
    maps_plan_fini(&plan);
    here_close(&here);
}

/* Cpus 0 to 3 are on node 0, 4 to 7 on node 1. */
static void shards_lie_with_their_owners(void **state)
{
    (void)state;
    struct here here;
    char nodes[MAPS_OWNERS];
    struct maps_plan plan = planned(&here, (struct maps_request){.strategies = "mutex,sharded",
                                               .aligns = 64,
                                               .cpus = CPUS(5, 0, 7),
                                               .memory = {.kind = MEMORY_OWNER}});
    const int expected[] = {1, 0, 1};
    assert_memory_equal(plan.owner_node, expected, sizeof expected);
    maps_plan_owners(&plan, nodes);
    assert_string_equal(nodes, "0, 1");
    /* All else is local to the first thread. */
    assert_int_equal(plan.memory.node, 1);
    assert_int_equal(plan.points, 2);
    assert_string_equal(maps_point_node(&plan, &plan.point[0]), "1");
    assert_string_equal(maps_point_node(&plan, &plan.point[1]), "owner");
    maps_plan_fini(&plan);
    here_close(&here);
}

static void elsewhere_all_memory_is_alike(void **state)
{
    (void)state;
    static const struct {
        struct memory_place memory;
        const char *node;
    } cases[] = {{{.kind = MEMORY_LOCAL}, "0"}, {{.kind = MEMORY_REMOTE}, "1"},
        {{.kind = MEMORY_INTERLEAVED}, "interleave"}, {{.kind = MEMORY_NODE, .node = 1}, "1"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct here here;
        struct maps_plan plan =
            planned(&here, (struct maps_request){
                               .strategies = "sharded", .aligns = 64, .memory = cases[i].memory});
        assert_null(plan.owner_node);
        assert_string_equal(maps_point_node(&plan, &plan.point[0]), cases[i].node);
        maps_plan_fini(&plan);
        here_close(&here);
    }
}

static void owners_need_something_to_own(void **state)
{
    (void)state;
    assert_no_plan((struct maps_request){.strategies = "mutex", .memory = {.kind = MEMORY_OWNER}},
        "--mem-node owner: no strategy chosen has parts that a thread owns");
}

/* Next to clients that are dealt out, and on all cpus. */
static void clients_are_dealt_out_or_threads(void **state)
{
    (void)state;
    static const struct {
        unsigned threads, clients;
        bool client_threads;
    } expected[] = {{1, 8, false}, {1, 100, false}, {4, 8, false}, {4, 100, false}, {4, 9, true},
        {4, 10000, true}};
    struct here here;
    struct maps_plan plan = planned(&here, (struct maps_request){.strategies = "mutex",
                                               .threads = "1,4",
                                               .clients = "8,100",
                                               .client_threads = "9,1e4",
                                               .think_ns = 1e6});
    assert_int_equal(plan.points, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < plan.points; i++) {
        assert_int_equal(plan.point[i].threads, expected[i].threads);
        assert_int_equal(plan.point[i].clients, expected[i].clients);
        assert_int_equal(plan.point[i].client_threads, expected[i].client_threads);
    }
    maps_plan_fini(&plan);
    here_close(&here);
}

static void client_threads_alone(void **state)
{
    (void)state;
    struct here here;
    struct maps_plan plan =
        planned(&here, (struct maps_request){.strategies = "mutex", .client_threads = "2,50"});
    assert_int_equal(plan.points, 2);
    assert_true(plan.point[0].client_threads && plan.point[0].clients == 2);
    assert_true(plan.point[1].client_threads && plan.point[1].clients == 50);
    maps_plan_fini(&plan);
    here_close(&here);
}

static void too_many_or_too_few_client_threads(void **state)
{
    (void)state;
    assert_no_plan((struct maps_request){.client_threads = "10001"},
        "--client-threads: '10001' is not a whole number from 1 to 10000");
    assert_no_plan((struct maps_request){.client_threads = "3", .threads = "1,4"},
        "--client-threads: 3 are fewer than the 4 cpus for them");
    assert_no_plan((struct maps_request){.think_ns = 1e6}, "--think: needs --clients, who think");
}
