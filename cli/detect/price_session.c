/* SPDX-License-Identifier: MIT
 * Sets up what pricing works with. */
#include "cli/detect/price_session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void price_session_fini(struct price_session *s)
{
    for (size_t i = 0; i < s->subjects; i++) {
        price_scene_fini(&s->subject[i].moved);
        free(s->subject[i].block);
    }
    price_scene_fini(&s->all);
    replay_stage_free(s->stage);
    topology_fini(&s->topology);
    machine_close(s->machine);
    dwarf_free(s->plain);
    free(s->all_block);
    free(s->regime);
    free(s->program.cpu_ns);
    free(s->argv);
}

static const char *why_not(const struct price_session *s, const struct sharing *sharing)
{
    if (sharing->recording->joined)
        return "between processes: only threads are replayed";
    if ((int)sharing->recording->header.pid != s->with->pid)
        return "another process than the one that was started, whose time is taken";
    if (sharing->kind == SHARING_TRUE)
        return "true sharing: no layout changes it";
    if (sharing->latent == LATENT_WIDE)
        return "lines of 128 bytes: this machine has others";
    return NULL;
}

/* What lies otherwise in the instrumented program than in the one that is priced: which address of
 * the former is a line's start, and its pair's, in the latter. 0: not known, or it lies alike. A
 * global's place in memory is that in its file, up to whole pages. */
static uint64_t origin_in_plain(const struct price_session *s, const struct sharing *sharing)
{
    const struct sharing_object *const o = &sharing->object[0];
    uint64_t start;
    const bool one = sharing->objects == 1 && o->kind == OBJECT_GLOBAL && s->plain;
    const char *const name = one ? dwarf_symbol(sharing->dwarf, o->start, &start) : NULL;
    const uint64_t at = name ? dwarf_symbol_address(s->plain, name) : 0;
    return at && (at - start) % PATTERN_LINE ? start - at % (2 * PATTERN_LINE) : 0;
}

static int new_subject(
    struct price_session *s, const struct sharing *sharing, struct price *price, struct err *err)
{
    const uint64_t origin = origin_in_plain(s, sharing);
    const bool happens =
        latent_happens_here(sharing->latent) || (origin && pattern_happens(sharing, origin));
    struct price_scene moved = {.fixes = 1, .fix = {1}};
    const char *why = NULL;
    int code = happens ? 0 : pattern_build_moved(sharing, &moved.pattern, &why);
    if (!code && why) {
        price_scene_fini(&moved);
        err_set(&price->why, -ENOTSUP, "%s", why);
        return 0;
    }
    struct price_subject *const one = &s->subject[s->subjects++];
    *one = (struct price_subject){.sharing = sharing, .price = price, .happens = happens};
    one->moved = moved;
    one->block = calloc(PRICE_BLOCKS, sizeof *one->block);
    if (!code && (!one->block || price_scene_allocate(&one->moved)))
        code = -ENOMEM;
    if (!code && happens) {
        one->fix = s->happening;
        s->item[s->happening++] = (struct pattern_item){sharing, origin};
    }
    return code ? err_set(err, code, "out of memory for the price of a finding") : 0;
}

/* What else the threads do on shared lines: what is truly shared has its part of what they cost
 * each other, and the rest is work that the replay then does, too. */
static size_t add_others(struct price_session *s)
{
    const struct sharing_list *const list = &s->with->list;
    size_t items = s->happening;
    for (size_t i = 0; i < list->count && items < PATTERN_ITEMS; i++) {
        const struct sharing *const sharing = list->finding[i];
        size_t j = 0;
        while (j < items && s->item[j].sharing != sharing)
            j++;
        if (j == items && !sharing->recording->joined &&
            (int)sharing->recording->header.pid == s->with->pid)
            s->item[items++] = (struct pattern_item){.sharing = sharing};
    }
    return items;
}

/* Those that happen cannot be replayed. */
static void drop_happening(struct price_session *s, const char *why)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->subjects; i++) {
        if (s->subject[i].happens) {
            err_set(&s->subject[i].price->why, -ENOTSUP, "%s", why);
            free(s->subject[i].block);
        } else {
            s->subject[kept++] = s->subject[i];
        }
    }
    s->subjects = kept;
    s->happening = 0;
}

static int build_all(struct price_session *s, struct err *err)
{
    const char *why = NULL;
    if (s->happening == 0)
        return 0;
    int code = pattern_build(s->item, add_others(s), &s->all.pattern, &why);
    if (!code && why) {
        drop_happening(s, why);
        return 0;
    }
    for (size_t i = 0; i < s->happening; i++) {
        s->all.fix[i] = 1u << i;
        s->all.fix[s->happening] |= 1u << i;
    }
    s->all.fixes = s->happening + 1;
    if (!code)
        code = price_scene_allocate(&s->all);
    return code ? err_set(err, code, "out of memory for the pattern of the findings") : 0;
}

int price_session_choose(struct price_session *s, struct detect_prices *out, struct err *err)
{
    const struct sharing_list *const list = &s->with->list;
    const struct dwarf_module plain = {.path = s->with->args.plain, .end = UINT64_MAX};
    int code = 0;
    s->plain = dwarf_new(&plain, 1);
    for (size_t i = 0; i < list->count && !code; i++) {
        const struct sharing *const sharing = list->finding[i];
        const char *const why = why_not(s, sharing);
        if (why)
            err_set(&out->price[i].why, -ENOTSUP, "%s", why);
        else if (s->subjects == PRICE_FINDINGS)
            err_set(&out->price[i].why, -E2BIG, "only the first %d are priced", PRICE_FINDINGS);
        else
            code = new_subject(s, sharing, &out->price[i], err);
        if (!why)
            s->recording = sharing->recording;
    }
    return code ? code : build_all(s, err);
}

static size_t threads_most(const struct price_session *s)
{
    size_t most = s->all.pattern.threads;
    for (size_t i = 0; i < s->subjects; i++) {
        const size_t threads = s->subject[i].moved.pattern.threads;
        most = threads > most ? threads : most;
    }
    return most;
}

static int new_replay(struct price_session *s, struct price_scene *scene, struct err *err)
{
    return scene->pattern.threads ? replay_new(s->stage, &scene->pattern, &scene->replay, err) : 0;
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
    code = code ? code : new_replay(s, &s->all, err);
    for (size_t i = 0; i < s->subjects && !code; i++)
        code = new_replay(s, &s->subject[i].moved, err);
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
    s->program.cpu_ns = calloc(3 * threads + 1, sizeof(double));
    s->all_block = calloc(PRICE_BLOCKS, sizeof *s->all_block);
    s->regime = calloc(PRICE_BLOCKS, sizeof *s->regime);
    if (!s->argv || !s->program.cpu_ns || !s->all_block || !s->regime)
        return err_set(err, -ENOMEM, "out of memory for the prices");
    s->program.alone_ns = s->program.cpu_ns + threads;
    s->saved_ns = s->program.alone_ns + threads;
    s->crowded = true;
    memcpy(s->argv, s->with->args.command, words * sizeof *s->argv);
    s->argv[0] = (char *)s->with->args.plain;
    return 0;
}
