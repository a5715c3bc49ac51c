/* SPDX-License-Identifier: MIT
 * Counters are opened, read and closed by the threads that they count. */
#include "probes/trial/stage_counters.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>

/* While they are opened. */
struct opening {
    struct stage *stage;
    struct stage_counters *out;
    const struct counters_request *request;
    struct err *failed; /* by thread */
};

const char *stage_counters_how(const struct stage *stage)
{
    return counters_how(stage->trial.thread[0].hardware);
}

/* Counters count the thread that opens them, and it has to close them, too. */
static void open_counters(void *context, unsigned thread)
{
    const struct opening *const o = context;
    const struct stage *const stage = o->stage;
    const struct backend_target target = {.pid = 0,
        .cpu = (int)stage->cpu[thread],
        .wide = counters_is_first(stage->topology, stage->cpu, thread)};
    stage->trial.thread[thread].hardware =
        counters_open(&o->out->counters, &target, &o->failed[thread]);
}

static void close_counters(void *context, unsigned thread)
{
    const struct stage *const stage = context;
    counters_close(stage->trial.thread[thread].hardware);
    stage->trial.thread[thread].hardware = NULL;
}

static int choose_counters(void *context, struct err *err)
{
    const struct opening *const o = context;
    return counters_init(&o->out->counters, o->request, err);
}

static void begin_counting(void *context, unsigned thread)
{
    const struct stage *const stage = context;
    counters_begin(stage->trial.thread[thread].hardware);
}

static void end_counting(void *context, unsigned thread)
{
    const struct stage *const stage = context;
    counters_end(stage->trial.thread[thread].hardware);
}

/* A ping-pong is the work that events of contested lines must see: what counts in it is proven. */
static void prove_counters(struct stage *stage, struct counters *counters)
{
    struct canary_reading reading;
    crew_run(stage->crew, begin_counting, stage);
    canary_read(&stage->canary, stage->crew, &stage->clock, &reading);
    crew_run(stage->crew, end_counting, stage);
    for (unsigned i = 0; i < stage->threads; i++) {
        int64_t count[EVENT_ROLES] = {0};
        double share[EVENT_HARDWARE];
        counters_result(stage->trial.thread[i].hardware, count, share);
        counters_trust_zeros(counters, count);
    }
}

static void describe_counters(const struct opening *o)
{
    struct stage_counters *const out = o->out;
    counters_describe(&out->counters, out->text, sizeof out->text);
    counters_reasons(&out->counters, out->reason, sizeof out->reason);
    for (unsigned i = 0; i < o->stage->threads; i++)
        if (*o->failed[i].text)
            text_append_item(
                out->reason, sizeof out->reason, "; ", "thread %u: %s", i, o->failed[i].text);
}

int stage_counters_open(struct stage *stage, const struct counters_request *request,
    struct stage_counters *out, struct err *err)
{
    struct opening o = {stage, out, request, calloc(stage->threads, sizeof *o.failed)};
    if (!o.failed)
        return err_set(
            err, -ENOMEM, "out of memory for the counters of %u threads", stage->threads);
    const int code = crew_call(stage->crew, 0, choose_counters, &o, err);
    if (!code) {
        crew_run(stage->crew, open_counters, &o);
        if (out->counters.events > 0 && stage->canary.pairs > 0)
            prove_counters(stage, &out->counters);
        describe_counters(&o);
    }
    free(o.failed);
    return code;
}

void stage_counters_close(struct stage *stage, struct stage_counters *counters)
{
    if (counters->counters.events > 0)
        crew_run(stage->crew, close_counters, stage);
    counters_fini(&counters->counters);
}
