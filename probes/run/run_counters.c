/* SPDX-License-Identifier: MIT
 * A run's counters: chosen once, opened by each thread, proven by the first canary. */
#include "probes/run/run_internal.h"

#include <string.h>

const struct counters *run_counters(const struct run *run)
{
    return &run->counters;
}

const char *run_counters_how(const struct run *run)
{
    return counters_how(run->trial.thread[0].hardware);
}

/* The first of the threads behind an L3 counts for all of them. Without an L3 known, each has its
 * own. */
static bool is_first_behind_l3(const struct run *run, unsigned thread)
{
    const int l3 = topology_cpu(run->topology, run->plan->cpus.cpu[thread])->l3;
    for (unsigned i = 0; i < thread && l3 >= 0; i++)
        if (topology_cpu(run->topology, run->plan->cpus.cpu[i])->l3 == l3)
            return false;
    return true;
}

/* Counters count the thread that opens them. */
static void prepare_counters(void *context, unsigned thread)
{
    struct run *run = context;
    struct trial_thread *const me = &run->trial.thread[thread];
    const unsigned cpu = run->plan->cpus.cpu[thread];
    const struct backend_target target = {
        .pid = 0, .cpu = (int)cpu, .wide = is_first_behind_l3(run, thread)};
    me->software = counters_open_software(cpu);
    me->hardware = counters_open(&run->counters, &target, &run->counters_err[thread]);
}

struct choice {
    struct run *run;
    int code;
    struct err *err;
};

static void choose_counters(void *context, unsigned thread)
{
    struct choice *c = context;
    const struct counters_request request = {
        .backend = c->run->options.counters, .events = c->run->options.events};
    if (thread == 0)
        c->code = counters_init(&c->run->counters, &request, c->err);
}

static void begin_counting(void *context, unsigned thread)
{
    struct run *run = context;
    counters_begin(run->trial.thread[thread].hardware);
}

static void end_counting(void *context, unsigned thread)
{
    struct run *run = context;
    counters_end(run->trial.thread[thread].hardware);
}

/* A ping-pong is the work that events of contested lines must see: what counts in it is proven. */
static void prove_counters(struct run *run)
{
    struct canary_reading reading;
    crew_run(run->crew, begin_counting, run);
    canary_read(&run->canary, run->crew, &run->clock, &reading);
    crew_run(run->crew, end_counting, run);
    for (unsigned i = 0; i < run->threads; i++) {
        int64_t count[EVENT_ROLES] = {0};
        double share[EVENT_HARDWARE];
        counters_result(run->trial.thread[i].hardware, count, share);
        counters_trust_zeros(&run->counters, count);
    }
}

static void describe_counters(struct run *run)
{
    char *const text = run->counters_reason;
    const size_t size = sizeof run->counters_reason;
    counters_describe(&run->counters, run->counters_text, sizeof run->counters_text);
    counters_reasons(&run->counters, text, size);
    for (unsigned i = 0; i < run->threads; i++) {
        const size_t used = strlen(text);
        if (*run->counters_err[i].text)
            snprintf(text + used, size - used, "%sthread %u: %s", used ? "; " : "", i,
                run->counters_err[i].text);
    }
}

int run_prepare_counters(struct run *run, struct err *err)
{
    struct choice choice = {.run = run, .err = err};
    crew_run(run->crew, choose_counters, &choice);
    if (choice.code)
        return choice.code;
    crew_run(run->crew, prepare_counters, run);
    if (run->counters.events > 0 && run->canary.pairs > 0)
        prove_counters(run);
    describe_counters(run);
    return 0;
}

void run_close_counters(struct run *run)
{
    for (unsigned i = 0; run->trial.thread && i < run->threads; i++) {
        counters_close(run->trial.thread[i].hardware);
        counters_close(run->trial.thread[i].software);
    }
    counters_fini(&run->counters);
}
