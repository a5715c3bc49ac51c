/* SPDX-License-Identifier: MIT
 * probes/costs/memory_plan: whose memory, from which cpus, on machines that are not plan-> */
#include "tests/test.h"

#include "machine/topology.h"
#include "probes/costs/memory_plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FOLDER "data/topologies/"

struct planned {
    struct machine *machine;
    struct topology topology;
    struct memory_plan plan;
    struct err err;
    int code;
};

static void planned_init(struct planned *p, const char *source, const char *cpus, int node)
{
    struct memory_request request = {.node = node};
    *p = (struct planned){0};
    if (machine_open(source, &p->machine, &p->topology, &p->err) != 0)
        fail_msg("%s", p->err.text);
    if (cpus)
        assert_int_equal(cpuset_parse(cpus, &request.cpus, NULL), 0);
    p->code = memory_plan_build(&request, &p->topology, &p->plan, &p->err);
    cpuset_fini(&request.cpus);
}

static void planned_fini(struct planned *p)
{
    memory_plan_fini(&p->plan);
    topology_fini(&p->topology);
    machine_close(p->machine);
}

/* "0>0 0>1 2>0": cpu and node of each point, with =NS where the firmware states one. */
static const char *points_of(const struct memory_plan *plan)
{
    static char text[1024];
    *text = '\0';
    for (size_t i = 0; i < plan->points; i++) {
        const struct memory_point *const p = &plan->point[i];
        const unsigned stated = memory_plan_stated(plan, p);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%u>%s", i ? " " : "",
            plan->cpus.cpu[p->cpu], plan->target[p->target].name);
        if (stated)
            snprintf(text + strlen(text), sizeof text - strlen(text), "=%u", stated);
    }
    return text;
}

static void a_cpu_of_each_kind_loads_from_each_node_with_memory(void **state)
{
    (void)state;
    static const struct {
        const char *source, *cpus;
        int node;
        const char *points;
    } cases[] = {
        {FOLDER "lab-x86-cxl.xml", NULL, -1, "0>0 0>1 0>2 2>0 2>1 2>2"},
        {FOLDER "lab-x86-cxl.xml", "3,2,1", -1, "3>0 3>1 3>2 1>0 1>1 1>2"},
        {FOLDER "lab-x86-cxl.xml", NULL, 2, "0>2 2>2"},
        {FOLDER "lab-x86-memless.xml", NULL, -1, "0>0 2>0"},
        {FOLDER "lab-x86-hmat.xml", NULL, -1, "0>0=80 0>1 2>0 2>1=80"},
        {FOLDER "lab-x86-snc.xml", "0,2", -1, "0>0 0>1 0>2 0>3 2>0 2>1 2>2 2>3"},
        {FOLDER "hybrid-6p-8e.xml", NULL, -1, "0>0 12>0"},
        {"data/recordings/lab-x86-hmat", NULL, -1, "0>0=80 0>1 2>0 2>1=80"},
        {"pu:4", NULL, -1, "0>0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct planned p;
        planned_init(&p, cases[i].source, cases[i].cpus, cases[i].node);
        if (p.code)
            fail_msg("%s: %s", cases[i].source, p.err.text);
        assert_string_equal(points_of(&p.plan), cases[i].points);
        planned_fini(&p);
    }
}

static void what_cannot_be_measured_has_a_reason(void **state)
{
    (void)state;
    struct planned p;
    planned_init(&p, FOLDER "lab-x86-memless.xml", NULL, -1);
    assert_int_equal(p.plan.targets, 2);
    assert_string_equal(p.plan.target[0].why, "");
    assert_string_equal(p.plan.target[1].why, "has no memory");
    planned_fini(&p);
    planned_init(&p, FOLDER "lab-x86-memless.xml", NULL, 1);
    assert_int_equal(p.code, -ENODEV);
    assert_string_equal(p.err.text, "no memory can be measured: node 1 has no memory");
    planned_fini(&p);
    planned_init(&p, FOLDER "lab-x86-memless.xml", NULL, 7);
    assert_int_equal(p.code, -ENODEV);
    assert_non_null(strstr(p.err.text, "there is no node 7"));
    planned_fini(&p);
    planned_init(&p, FOLDER "lab-x86-memless.xml", "9", -1);
    assert_int_equal(p.code, -ENODEV);
    assert_non_null(strstr(p.err.text, "--cpus: there is no cpu 9"));
    planned_fini(&p);
}
