/* SPDX-License-Identifier: MIT
 * A short run on this machine's cpus, for the tests of probes/run. */
#ifndef TESTS_RUN_SESSION_H
#define TESTS_RUN_SESSION_H

#include "probes/run/run_internal.h"
#include "tests/probes.h"

enum { SEED = 42, BLOCKS_MAX = 20, POINTS_MAX = 16 };

struct session {
    struct here here;
    struct plan plan;
    struct run *run;
    struct samples samples;
};

static volatile int stop;

/* On the first one or two cpus that this process may use. */
static inline struct session *session_new(struct plan_request request, unsigned cpus, uint64_t seed)
{
    struct session *s = calloc(1, sizeof *s);
    struct err err = {0};
    unsigned cpu[2] = {0};
    assert_non_null(s);
    s->here = here_open(NULL);
    request.cpus = (struct cpuset){cpu, here_cpus(&s->here, cpu, cpus)};
    if (plan_build(&request, &s->here.topology, &s->plan, &err))
        fail_msg("%s", err.text);
    const struct run_options options = {.seed = seed, .version = "1.2.3", .stop = &stop};
    if (run_new(s->here.machine, &s->here.topology, &s->plan, options, &s->run, &err))
        fail_msg("%s", err.text);
    return s;
}

static inline void session_free(struct session *s)
{
    samples_fini(&s->samples);
    run_free(s->run);
    plan_fini(&s->plan);
    here_close(&s->here);
    free(s);
}

static inline void block(struct session *s)
{
    struct err err = {0};
    if (run_block(s->run, &s->samples, &err))
        fail_msg("%s", err.text);
}

/* The point a row is of. */
static inline size_t point_of(const struct session *s, const struct sample *row)
{
    for (size_t i = 0; i < s->plan.points; i++) {
        const struct point *p = &s->plan.point[i];
        const int64_t align = p->shape->align_bytes ? p->shape->align_bytes : SAMPLE_NONE;
        if (strcmp(p->op->name, row->op) == 0 && align == row->align_bytes &&
            strcmp(p->twin, row->twin) == 0)
            return i;
    }
    fail_msg("a row of no point: %s %s", row->layout, row->op);
    return 0;
}

static inline size_t accepted(const struct samples *samples)
{
    size_t n = 0;
    for (size_t i = 0; i < samples->count; i++)
        n += samples->row[i].accepted == 1;
    return n;
}

#endif
