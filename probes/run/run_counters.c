/* SPDX-License-Identifier: MIT
 * A run's counters: chosen once, opened by each thread, proven by the first canary. */
#include "base/text.h"
#include "probes/run/run_internal.h"

const struct counters *run_counters(const struct run *run)
{
    return &run->counters;
}

const char *run_counters_how(const struct run *run)
{
    return counters_how(run->stage.trial.thread[0].hardware);
}

/* Counters count the thread that opens them, and it has to close them, too. */
static void open_counters(void *context, unsigned thread)
{
    struct run *run = context;
    const struct stage *const stage = &run->stage;
    const struct backend_target target = {.pid = 0,
        .cpu = (int)stage->cpu[thread],
        .wide = counters_is_first(stage->topology, stage->cpu, thread)};
    stage->trial.thread[thread].hardware =
        counters_open(&run->counters, &target, &run->counters_err[thread]);
}

static void close_counters(void *context, unsigned thread)
{
    const struct run *run = context;
    counters_close(run->stage.trial.thread[thread].hardware);
}

static int choose_counters(void *context, struct err *err)
{
    struct run *const run = context;
    const struct counters_request request = {
        .backend = run->options.counters, .events = run->options.events};
    return counters_init(&run->counters, &request, err);
}

static void begin_counting(void *context, unsigned thread)
{
    struct run *run = context;
    counters_begin(run->stage.trial.thread[thread].hardware);
}

static void end_counting(void *context, unsigned thread)
{
    struct run *run = context;
    counters_end(run->stage.trial.thread[thread].hardware);
}

/* A ping-pong is the work that events of contested lines must see: what counts in it is proven. */
static void prove_counters(struct run *run)
{
    struct canary_reading reading;
    crew_run(run->stage.crew, begin_counting, run);
    canary_read(&run->stage.canary, run->stage.crew, &run->stage.clock, &reading);
    crew_run(run->stage.crew, end_counting, run);
    for (unsigned i = 0; i < run->stage.threads; i++) {
        int64_t count[EVENT_ROLES] = {0};
        double share[EVENT_HARDWARE];
        counters_result(run->stage.trial.thread[i].hardware, count, share);
        counters_trust_zeros(&run->counters, count);
    }
}

static void describe_counters(struct run *run)
{
    char *const text = run->counters_reason;
    const size_t size = sizeof run->counters_reason;
    counters_describe(&run->counters, run->counters_text, sizeof run->counters_text);
    counters_reasons(&run->counters, text, size);
    for (unsigned i = 0; i < run->stage.threads; i++)
        if (*run->counters_err[i].text)
            text_append_item(text, size, "; ", "thread %u: %s", i, run->counters_err[i].text);
}

int run_prepare_counters(struct run *run, struct err *err)
{
    const int code = crew_call(run->stage.crew, 0, choose_counters, run, err);
    if (code)
        return code;
    crew_run(run->stage.crew, open_counters, run);
    if (run->counters.events > 0 && run->stage.canary.pairs > 0)
        prove_counters(run);
    describe_counters(run);
    return 0;
}

void run_close_counters(struct run *run)
{
    if (run->counters.events > 0)
        crew_run(run->stage.crew, close_counters, run);
    counters_fini(&run->counters);
}
