/* SPDX-License-Identifier: MIT
 * Sets up what pricing works with. */
#include "cli/detect/price_session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void subject_fini(struct price_subject *s)
{
    replay_free(s->replay);
    pattern_fini(&s->pattern);
    free(s->target_ns);
    free(s->block);
}

void price_session_fini(struct price_session *s)
{
    for (size_t i = 0; i < s->subjects; i++)
        subject_fini(&s->subject[i]);
    replay_stage_free(s->stage);
    topology_fini(&s->topology);
    machine_close(s->machine);
    free(s->all);
    free(s->regime);
    free(s->program.cpu_ns);
    free(s->argv);
}

static int new_subject(
    struct price_session *s, const struct sharing *sharing, struct price *price, struct err *err)
{
    struct pattern pattern;
    const char *why;
    if (pattern_build(sharing, &pattern, &why))
        return err_set(err, -ENOMEM, "out of memory for the pattern of a finding");
    if (why) {
        pattern_fini(&pattern);
        err_set(&price->why, -ENOTSUP, "%s", why);
        return 0;
    }
    const size_t threads = pattern.threads;
    struct price_subject *const one = &s->subject[s->subjects++];
    *one = (struct price_subject){.pattern = pattern, .price = price};
    one->target_ns = calloc(4 * threads, sizeof(double));
    one->block = calloc(PRICE_BLOCKS, sizeof *one->block);
    if (!one->target_ns || !one->block)
        return err_set(err, -ENOMEM, "out of memory for the price of a finding");
    one->shared_ns = one->target_ns + threads;
    one->padded_ns = one->shared_ns + threads;
    one->one_ns = one->padded_ns + threads;
    return 0;
}

int price_session_choose(struct price_session *s, struct detect_prices *out, struct err *err)
{
    const struct sharing_list *const list = &s->with->list;
    int code = 0;
    for (size_t i = 0; i < list->count && !code; i++) {
        const struct sharing *const sharing = list->finding[i];
        struct err *const why = &out->price[i].why;
        if ((int)sharing->recording->header.pid != s->with->pid)
            err_set(why, -ENOTSUP,
                "process %u is not the one that was started, whose time is taken",
                sharing->recording->header.pid);
        else if (s->subjects == PRICE_FINDINGS)
            err_set(why, -E2BIG, "only the first %d are priced", PRICE_FINDINGS);
        else
            code = new_subject(s, sharing, &out->price[i], err);
        if (!*why->text)
            s->recording = sharing->recording;
    }
    return code;
}

static size_t threads_most(const struct price_session *s)
{
    size_t most = 0;
    for (size_t i = 0; i < s->subjects; i++)
        most = s->subject[i].pattern.threads > most ? s->subject[i].pattern.threads : most;
    return most;
}

int price_session_stage(struct price_session *s, struct err *err)
{
    enum { SEED = 1 };
    int code = machine_open(NULL, &s->machine, &s->topology, err);
    if (code)
        return code;
    struct cpuset cpus = {.cpu = calloc(s->topology.cpus + 1, sizeof *cpus.cpu)};
    for (size_t i = 0; cpus.cpu && i < s->topology.cpus; i++)
        if (s->topology.cpu[i].allowed)
            cpus.cpu[cpus.count++] = s->topology.cpu[i].cpu;
    s->program.cpus = (unsigned)cpus.count;
    const size_t most = threads_most(s);
    cpus.count = cpus.count < most ? cpus.count : most;
    code = cpus.cpu ? replay_stage_new(s->machine, &s->topology, &cpus, SEED, &s->stage, err)
                    : err_set(err, -ENOMEM, "out of memory for %zu cpus", s->topology.cpus);
    cpuset_fini(&cpus);
    for (size_t i = 0; i < s->subjects && !code; i++)
        code = replay_new(s->stage, &s->subject[i].pattern, &s->subject[i].replay, err);
    if (!code)
        s->stage->stop = s->with->stop;
    return code;
}

int price_session_allocate(struct price_session *s, struct err *err)
{
    const size_t threads = s->recording->threads;
    size_t words = 0;
    while (s->with->args.command[words])
        words++;
    s->argv = calloc(words + 1, sizeof *s->argv);
    s->program.cpu_ns = calloc(4 * threads + 1, sizeof(double));
    s->all = calloc(PRICE_BLOCKS, sizeof *s->all);
    s->regime = calloc(PRICE_BLOCKS, sizeof *s->regime);
    if (!s->argv || !s->program.cpu_ns || !s->all || !s->regime)
        return err_set(err, -ENOMEM, "out of memory for the prices");
    s->program.alone_ns = s->program.cpu_ns + threads;
    s->saved_ns = s->program.alone_ns + threads;
    s->saved_all_ns = s->saved_ns + threads;
    memcpy(s->argv, s->with->args.command, words * sizeof *s->argv);
    s->argv[0] = (char *)s->with->args.plain;
    return 0;
}
