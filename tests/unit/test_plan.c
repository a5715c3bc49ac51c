/* SPDX-License-Identifier: MIT
 * probes/plan/plan: from the words of a command line to the points, on machines made up for it. */
#include "tests/test.h"

#include "probes/plan/plan.h"
#include "probes/plan/plan_points.h"
#include "tests/probes.h"

#include <glob.h>
#include <stdbool.h>

#define CORES_4 "pack:1 l3:1 core:4 pu:1"
#define TWO_PACKAGES "pack:2 numa:1 l3:2 core:4 pu:2"

struct planned {
    struct here here;
    struct plan plan;
};

static struct planned planned(const char *machine, struct plan_request request)
{
    struct planned p = {.here = here_open(machine)};
    struct err err = {0};
    if (plan_build(&request, &p.here.topology, &p.plan, &err))
        fail_msg("%s: %s", machine, err.text);
    return p;
}

static void end(struct planned *p)
{
    plan_fini(&p->plan);
    here_close(&p->here);
}

static void refuse(const char *machine, struct plan_request request, int code, const char *text)
{
    struct here h = here_open(machine);
    struct plan plan;
    struct err err = {0};
    assert_refused(plan_build(&request, &h.topology, &plan, &err), code, &err, text);
    plan_fini(&plan);
    here_close(&h);
}

/* "store@0a store@0b …": op, alignment (0: isolated) and twin of each point. */
static void assert_points(const struct plan *plan, const char *expected)
{
    char text[1024] = "";
    for (size_t i = 0; i < plan->points; i++) {
        const struct point *p = &plan->point[i];
        const size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s@%u%s", i ? " " : "", p->op->name,
            p->shape->align_bytes, p->twin);
    }
    assert_string_equal(text, expected);
}

static void points_are(const char *machine, struct plan_request request, const char *expected)
{
    struct planned p = planned(machine, request);
    assert_points(&p.plan, expected);
    end(&p);
}

#define DEFAULT_POINTS "store@0 store@8 store@64 rmw@0 rmw@8 rmw@64 add@0 add@8 add@64"

static void nothing_said_is_counters_at_8_and_64(void **state)
{
    (void)state;
    struct planned p = planned(CORES_4, (struct plan_request){0});
    assert_points(&p.plan, DEFAULT_POINTS);
    assert_int_equal(p.plan.cpus.count, 2);
    assert_int_equal(p.plan.mode, MODE_THROUGHPUT);
    assert_true(p.plan.gap_ns == 0);
    assert_int_equal(p.plan.shards, 64);
    assert_int_equal(p.plan.memory.node, 0);
    assert_int_equal(p.plan.memory.pages, PAGES_4K);
    assert_string_equal(p.plan.mem_node, "0");
    assert_string_equal(p.plan.apart, "same L3");
    for (size_t i = 0; i < p.plan.points; i++)
        assert_string_equal(p.plan.point[i].shape->name, "counter");
    end(&p);
}

static void a_self_test_has_twins_and_no_reference(void **state)
{
    (void)state;
    points_are(CORES_4, (struct plan_request){.self_test = true, .op = "add", .aligns = 8},
        "add@8a add@8b");
    points_are(CORES_4, (struct plan_request){.self_test = true, .op = "add,store"},
        "add@8a add@8b add@64a add@64b store@8a store@8b store@64a store@64b");
}

static void what_is_said_twice_is_measured_once(void **state)
{
    (void)state;
    points_are(CORES_4,
        (struct plan_request){.aligns = 64 | 8, .op = "add,add", .layout = "counter,counter"},
        "add@0 add@8 add@64");
}

static void alignments_ascend(void **state)
{
    (void)state;
    points_are(CORES_4, (struct plan_request){.aligns = 256 | 8 | 128 | 16 | 64 | 32, .op = "rmw"},
        "rmw@0 rmw@8 rmw@16 rmw@32 rmw@64 rmw@128 rmw@256");
}

static void a_layout_says_which_ops_suit_it(void **state)
{
    (void)state;
    points_are(CORES_4, (struct plan_request){.layout = "ring,lock", .aligns = 8},
        "queue@0 queue@8 lock@0 lock@8");
    points_are(CORES_4, (struct plan_request){.layout = "mixed", .aligns = 8}, "store@0 store@8");
}

static void an_op_that_does_not_suit_is_refused(void **state)
{
    (void)state;
    refuse(CORES_4, (struct plan_request){.op = "lock"}, -EINVAL,
        "--op: lock does not suit layout counter, which has no lock; leave --op out to measure "
        "what suits it (store,rmw,add)");
    refuse(CORES_4, (struct plan_request){.op = "queue"}, -EINVAL, "which has no second role");
    refuse(CORES_4, (struct plan_request){.op = "size", .layout = "mixed"}, -EINVAL,
        "whose threads differ already");
    refuse(CORES_4, (struct plan_request){.op = "size", .layout = "ring"}, -EINVAL, "--op: size");
}

static void a_ring_needs_pairs(void **state)
{
    (void)state;
    refuse(CORES_4, (struct plan_request){.layout = "ring", .threads = 3}, -EINVAL,
        "ring works in pairs of threads; 3 threads cannot be paired");
    refuse("pu:1", (struct plan_request){.layout = "ring"}, -EINVAL, "1 thread cannot be paired");
}

static void every_thread_has_a_shard(void **state)
{
    (void)state;
    refuse(CORES_4, (struct plan_request){.shards = 3, .threads = 4}, -EINVAL, "--shards");
    struct planned p = planned(CORES_4, (struct plan_request){.shards = 4, .threads = 4});
    assert_int_equal(p.plan.shards, 4);
    assert_int_equal(p.plan.point[0].shape->shards, 4);
    end(&p);
    p = planned("pack:1 core:100 pu:1", (struct plan_request){.threads = 100});
    assert_int_equal(p.plan.shards, 100);
    end(&p);
}

static void what_cannot_be_planned_names_its_option(void **state)
{
    (void)state;
    const struct {
        struct plan_request request;
        const char *text;
        int code;
    } bad[] = {
        {{.threads = 5}, "--threads: 5 are too many", -ENODEV},
        {{.layout = "conter"}, "did you mean 'counter'", -ENOENT},
        {{.layout = ""}, "--layout", -EINVAL},
        {{.op = "ad"}, "did you mean 'add'", -ENOENT},
        {{.op = ""}, "--op", -EINVAL},
        {{.memory = {MEMORY_NODE, 7}}, "--mem-node: node 7 does not exist", -ENODEV},
        {{.cpus = CPUS(9)}, "--cpus: there is no cpu 9", -ENODEV},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refuse(CORES_4, bad[i].request, bad[i].code, bad[i].text);
}

static void a_place_does_not_go_with_a_list(void **state)
{
    (void)state;
    refuse(CORES_4, (struct plan_request){.cpus = CPUS(0, 1), .place = PLACE_SPREAD}, -EINVAL,
        "--place: cannot be used with --cpus");
    refuse(CORES_4, (struct plan_request){.cpus = CPUS(0, 1), .threads = 3}, -EINVAL,
        "--threads: 3, but --cpus names 2");
    struct planned p = planned(CORES_4, (struct plan_request){.cpus = CPUS(3, 1), .threads = 2});
    assert_int_equal(p.plan.cpus.cpu[0], 3);
    end(&p);
}

static void a_request_is_followed(void **state)
{
    (void)state;
    struct planned p = planned(TWO_PACKAGES, (struct plan_request){.place = PLACE_SPREAD,
                                                 .mode = MODE_LATENCY,
                                                 .gap_ns = 1500,
                                                 .pages = PAGES_THP,
                                                 .memory.kind = MEMORY_INTERLEAVED});
    assert_int_equal(p.plan.mode, MODE_LATENCY);
    assert_true(p.plan.gap_ns == 1500);
    assert_int_equal(p.plan.memory.pages, PAGES_THP);
    assert_int_equal(p.plan.memory.node, MEMORY_INTERLEAVE);
    assert_string_equal(p.plan.mem_node, "interleave");
    assert_string_equal(p.plan.apart, "other package");
    end(&p);
}

static void a_second_request_adds_its_own_points(void **state)
{
    (void)state;
    struct planned p =
        planned(CORES_4, (struct plan_request){.layout = "counter", .op = "add", .aligns = 64});
    const struct plan_request second = {.layout = "mixed", .op = "evict", .aligns = 8};
    struct err err = {0};
    assert_int_equal(plan_add_points(&p.plan, &second, &err), 0);
    assert_points(&p.plan, "add@0 add@64 evict@0 evict@8");
    end(&p);
}

static void one_cpu_is_planned(void **state)
{
    (void)state;
    struct planned p = planned("pu:1", (struct plan_request){0});
    assert_points(&p.plan, DEFAULT_POINTS);
    assert_int_equal(p.plan.cpus.count, 1);
    assert_string_equal(p.plan.apart, "same cpu");
    end(&p);
}

static void assert_cast(const struct point *point, const unsigned role[4], const unsigned shard[4])
{
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(plan_role(point, i), role[i]);
        assert_int_equal(plan_shard(point, i), shard[i]);
    }
}

static void threads_play_the_cast_of_their_layout(void **state)
{
    (void)state;
    static const struct {
        const char *layout, *op;
        unsigned role[4], shard[4];
    } casts[] = {{"counter", "add", {0, 0, 0, 0}, {0, 1, 2, 3}},
        {"counter", "size", {1, 0, 0, 0}, {0, 0, 1, 2}}, /* the summer is the first */
        {"mixed", "store", {0, 1, 1, 1}, {0, 0, 0, 0}},
        {"ring", "queue", {0, 1, 0, 1}, {0, 0, 1, 1}}};
    for (size_t i = 0; i < sizeof casts / sizeof *casts; i++) {
        struct planned p = planned(CORES_4,
            (struct plan_request){.layout = casts[i].layout, .op = casts[i].op, .threads = 4});
        assert_cast(&p.plan.point[0], casts[i].role, casts[i].shard);
        end(&p);
    }
}

static void reference_has_the_shards_of_its_layout(void **state)
{
    (void)state;
    struct planned p = planned(CORES_4, (struct plan_request){.layout = "shard", .op = "lock"});
    const struct shape *reference = p.plan.point[0].shape;
    assert_int_equal(reference->align_bytes, 0);
    assert_string_equal(reference->name, "shard");
    assert_int_equal(reference->shards, p.plan.point[1].shape->shards);
    end(&p);
}

static int plan_file(
    const char *source, const char *before, const char *after, struct plan *plan, struct err *err)
{
    struct here h = here_open(CORES_4);
    char path[64], layouts[200];
    source_new(path, source);
    snprintf(layouts, sizeof layouts, "%s%s%s", before, path, after);
    const struct plan_request request = {.layout = layouts, .aligns = 8 | 64};
    const int code = plan_build(&request, &h.topology, plan, err);
    unlink(path);
    here_close(&h);
    return code;
}

static void a_layout_of_ones_own_is_planned(void **state)
{
    NEEDS_COMPILER;
    struct plan plan;
    struct err err = {0};
    const int code = plan_file(SOURCE(GOOD_WORD, ""), "", ",counter", &plan, &err);
    assert_int_equal(code, 0);
    assert_points(&plan, "add@0 add@8 add@64 " DEFAULT_POINTS);
    assert_string_equal(plan.point[1].shape->name, "mine");
    assert_string_equal(plan.point[0].shape->name, "mine");
    plan_fini(&plan);
}

static void refuse_file(const char *source, const char *before, const char *after, const char *text)
{
    struct plan plan;
    struct err err = {0};
    const int code = plan_file(source, before, after, &plan, &err);
    plan_fini(&plan);
    assert_refused(code, -EINVAL, &err, text);
}

static void names_of_layouts_do_not_clash(void **state)
{
    NEEDS_COMPILER;
    const char *const source = SOURCE(GOOD_WORD, ", .name = \"counter\"");
    refuse_file(source, "counter,", "", "is another layout named 'counter'");
    refuse_file(source, "", ",counter", "is another layout named 'counter'");
    refuse_file(SOURCE(GOOD_WORD, ", .name = \"isolated\""), "", "", "is named 'isolated'");
}

static void an_op_of_ones_own_layout_must_exist(void **state)
{
    NEEDS_COMPILER;
    struct plan plan;
    struct err err = {0};
    const int code = plan_file(SOURCE(GOOD_WORD, ", .ops = \"ad\""), "", "", &plan, &err);
    plan_fini(&plan);
    assert_refused(code, -ENOEXEC, &err, ".ops: unknown op 'ad'; did you mean 'add'");
}

static void a_file_that_is_missing_is_told(void **state)
{
    (void)state;
    refuse(CORES_4, (struct plan_request){.layout = "./none.c"}, -ENOEXEC, "cannot read ./none.c");
    refuse(CORES_4, (struct plan_request){.layout = "none.c"}, -ENOEXEC, "cannot read none.c");
}

static void a_large_machine_is_planned(void **state)
{
    (void)state;
    struct planned p = planned("pack:8 numa:2 l3:8 core:8 pu:2",
        (struct plan_request){.threads = 2048, .op = "add", .aligns = 256});
    assert_points(&p.plan, "add@0 add@256");
    assert_int_equal(p.plan.shards, 2048);
    assert_string_equal(p.plan.apart, "other package");
    end(&p);
}

static void recorded_machines_are_planned(void **state)
{
    (void)state;
    glob_t found = {0};
    if (glob("data/topologies/*.xml", 0, NULL, &found))
        SKIP_BECAUSE("no data/topologies/*.xml in the current folder");
    for (size_t i = 0; i < found.gl_pathc; i++) {
        points_are(found.gl_pathv[i], (struct plan_request){0}, DEFAULT_POINTS);
        points_are(found.gl_pathv[i],
            (struct plan_request){.place = PLACE_ONE_PER_NODE, .op = "add", .aligns = 8},
            "add@0 add@8");
    }
    globfree(&found);
}

static int set_up_group(void **state)
{
    return look_for_compiler(state);
}
