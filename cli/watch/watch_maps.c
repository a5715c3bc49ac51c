/* SPDX-License-Identifier: MIT
 * Watching a Go program's maps: samples with a part of the stack, from which the call and the map
 * are found. Names come last. */
#include "cli/watch/watch_maps.h"

#include "analysis/code/effect.h"
#include "analysis/dwarf/dwarf.h"
#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "base/grow.h"
#include "base/version.h"
#include "cli/watch/watch_live.h"
#include "probes/watch/go_map.h"
#include "probes/watch/watched_modules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is kept of a process. */
struct maps_process {
    struct go_binary *binary; /* NULL: it is not Go's, or is not opened yet */
    struct go_arguments *arguments;
    struct record_module *module;
    size_t modules;
    struct dwarf *dwarf; /* opened when names are asked for */
    bool tried;
    bool readable; /* its memory */
    uint64_t samples, in_maps;
};

enum {
    SAMPLES = 64,
    TICK_NS = 10000000 /* a clock has room for twice the samples of that time */
};

struct maps_watch {
    struct maps_process *process; /* as in the session */
    size_t processes;
    struct map_shares *shares;
    struct map_view shown; /* on the terminal */
    struct thread_sample sample[SAMPLES];
    struct thread_stack stack[SAMPLES];
};

static bool read_word(void *of, uint64_t address, uint64_t *out)
{
    const struct address_space *const space = of;
    return address_space_copy(space->pid, address, out, sizeof *out);
}

/* The program's file, also where it was deleted. */
static int open_binary(struct watch_session *s, size_t index, struct err *err)
{
    char path[32];
    uint64_t word;
    struct maps_process *const p = &s->maps->process[index];
    struct address_space *const space = &s->watched.process[index].space;
    p->tried = true;
    snprintf(path, sizeof path, "/proc/%d/exe", space->pid);
    const int code = go_binary_open(path, &p->binary, err);
    if (code)
        return code;
    p->module = watched_modules(space, &p->modules);
    p->arguments = go_arguments_new(p->binary);
    p->readable = p->modules && read_word(space, p->module[0].low, &word);
    return p->modules && p->arguments ? 0 : err_set(err, -ENOMEM, "out of memory");
}

/* Room for processes that came since. */
static int follow_processes(struct watch_session *s)
{
    while (s->maps->processes < s->watched.processes) {
        if (GROW(s->maps->process, s->maps->processes))
            return -ENOMEM;
        s->maps->process[s->maps->processes++] = (struct maps_process){0};
    }
    return 0;
}

static int maps_open(struct watch_session *s, struct err *err)
{
    rng_seed(&s->rng, 1);
    s->maps = calloc(1, sizeof *s->maps);
    if (!s->maps || !(s->maps->shares = map_shares_new()) || follow_processes(s))
        return err_set(err, -ENOMEM, "out of memory");
    if (!code_effect_known())
        return err_set(
            err, -ENOTSUP, "watch: this build cannot look for maps: that needs x86-64 and Zydis");
    for (size_t i = 0; i < s->maps->processes; i++) {
        struct err why;
        const int code = open_binary(s, i, &why);
        if (code)
            return err_set(err, code == -ENOENT ? -EINVAL : code, "watch: --maps: process %d: %s",
                s->watched.process[i].space.pid, why.text);
    }
    return 0;
}

static bool is_map(
    const struct maps_process *p, int pid, const struct go_map_use *use, struct go_map *out)
{
    const unsigned minor = go_binary_minor(p->binary);
    return use->kind == GO_MAP_SYNC ? go_map_read_sync(pid, use->map, minor, out)
                                    : go_map_read(pid, use->map, minor, out);
}

static int add_sample(
    struct watch_session *s, const struct thread_sample *sample, const struct thread_stack *stack)
{
    const struct watched_thread *const t = watched_thread(&s->watched, sample->tid);
    struct maps_process *const p = t ? &s->maps->process[t->process] : NULL;
    struct err why;
    struct go_map_use use;
    struct go_map map;
    if (!p)
        return 0;
    if (!p->tried)
        (void)open_binary(s, t->process, &why); /* a child; what is not Go's is not counted */
    if (!p->arguments || !p->modules)
        return 0;
    struct address_space *const space = &s->watched.process[t->process].space;
    const struct go_moment moment = {
        sample->ip, sample->reg, stack->at, stack->bytes, p->module[0].base};
    s->samples++;
    p->samples++;
    if (!go_map_use_find(
            p->binary, p->arguments, &moment, &(struct go_memory){read_word, space}, &use))
        return 0;
    p->in_maps++;
    if (use.map && p->readable && !map_shares_has(s->maps->shares, t->process, &use) &&
        !is_map(p, space->pid, &use, &map))
        use.map = use.global = 0;
    return map_shares_add(s->maps->shares, t->process, &use);
}

static int maps_tick(struct watch_session *s, struct err *err)
{
    struct maps_watch *const m = s->maps;
    size_t count;
    const uint64_t before = s->samples;
    int code = follow_processes(s);
    do {
        count = watched_read(&s->watched, m->sample, m->stack, SAMPLES);
        for (size_t i = 0; i < count && !code; i++)
            code = add_sample(s, &m->sample[i], &m->stack[i]);
    } while (count == SAMPLES && !code);
    map_shares_end_group(m->shares, s->samples - before);
    watched_jitter(&s->watched, &s->rng);
    return code ? err_set(err, code, "out of memory for the samples") : 0;
}

/* sync.Map's methods may be inlined in what calls them. */
static struct dwarf_frame caller_at(struct dwarf *dwarf, uint64_t site)
{
    enum { INLINED_MOST = 8 };
    static const char inlined[] = "sync.(*Map).";
    struct dwarf_frame frame[INLINED_MOST] = {{0}};
    const size_t all = dwarf_frames(dwarf, site, frame, INLINED_MOST),
                 frames = all < INLINED_MOST ? all : INLINED_MOST;
    for (size_t i = 0; i < frames; i++)
        if (frame[i].function && strncmp(frame[i].function, inlined, sizeof inlined - 1) != 0)
            return frame[i];
    return frame[0];
}

static int name_sites(
    struct maps_process *p, const struct map_share *from, struct map_view_map *out)
{
    out->site = calloc(from->sites + 1, sizeof *out->site);
    if (!out->site)
        return -ENOMEM;
    for (size_t i = 0; i < from->sites; i++) {
        const struct dwarf_frame frame = caller_at(p->dwarf, from->site[i].site);
        out->site[out->sites++] = (struct map_view_site){
            from->site[i].operation, frame.function, frame.file, frame.line, from->site[i].samples};
    }
    return 0;
}

static const char *type_at(struct maps_process *p, const struct map_share *m)
{
    const struct dwarf_type *const type =
        m->kind == GO_MAP_PLAIN && m->type ? dwarf_go_type(p->dwarf, m->type) : NULL;
    return type ? dwarf_type_name(p->dwarf, type) : NULL;
}

static int name_map(struct watch_session *s, const struct map_share *from, struct map_view_map *out)
{
    struct maps_process *const p = &s->maps->process[from->process];
    const int pid = s->watched.process[from->process].space.pid;
    struct dwarf_variable variable;
    struct go_map map;
    const struct go_map_use use = {.kind = from->kind, .map = from->map};
    if (!p->dwarf && !(p->dwarf = watch_dwarf(p->module, p->modules)))
        return -ENOMEM;
    *out = (struct map_view_map){.process = from->process,
        .kind = from->kind,
        .address = from->map,
        .type = type_at(p, from),
        .samples = from->samples};
    if (from->global && dwarf_global(p->dwarf, from->global, &variable))
        out->name = variable.name;
    out->read = from->map && is_map(p, pid, &use, &map);
    if (out->read) {
        out->has_length = map.has_length;
        out->growing = map.growing;
        out->length = map.length;
        out->buckets = map.buckets;
    }
    return name_sites(p, from, out);
}

static void fill_process(const struct watch_session *s, size_t index, struct map_view_process *out)
{
    const struct maps_process *const p = &s->maps->process[index];
    *out = (struct map_view_process){.pid = (uint64_t)s->watched.process[index].space.pid,
        .program = s->watched.process[index].name,
        .go = p->binary ? go_binary_version(p->binary) : "",
        .samples = p->samples,
        .in_maps = p->in_maps,
        .unread = p->binary && !p->readable};
    for (size_t i = 0; i < s->watched.threads; i++)
        out->threads += s->watched.thread[i].process == index;
}

/* `most` maps, those with the most samples. */
static int make_view(struct watch_session *s, size_t most, struct map_view *out)
{
    struct map_share_list list;
    int code = map_shares_list(s->maps->shares, &list);
    *out = (struct map_view){.seconds = watch_seconds(s),
        .design_effect = map_shares_design_effect(s->maps->shares),
        .version = numaprobe_version};
    out->process = calloc(s->maps->processes + 1, sizeof *out->process);
    out->map = calloc(list.maps + 1, sizeof *out->map);
    if (!out->process || !out->map)
        code = -ENOMEM;
    for (size_t i = 0; i < s->maps->processes && !code; i++)
        fill_process(s, out->processes++, &out->process[i]);
    for (size_t i = 0; i < list.maps && i < most && !code; i++)
        code = name_map(s, &list.map[i], &out->map[out->maps++]);
    map_share_list_fini(&list);
    return code;
}

static void maps_draw(struct watch_live *live, struct watch_session *s)
{
    enum { SHOWN = 12 };
    char line[2 * FINDING_TEXT], title[FINDING_TEXT], share[CELL_TEXT];
    const double began = watch_seconds(s);
    if (watch_live_may_name(live, began)) {
        map_view_fini(&s->maps->shown);
        if (make_view(s, SHOWN, &s->maps->shown))
            map_view_fini(&s->maps->shown);
        watch_live_named(live, began, watch_seconds(s));
    }
    const struct map_view *const view = &s->maps->shown;
    for (size_t i = 0; i < view->maps; i++) {
        const struct map_view_map *const m = &view->map[i];
        const uint64_t all = view->process[m->process].samples;
        snprintf(line, sizeof line, "%5s  %s; %s %s",
            share_text((double)m->samples / (double)all, share),
            map_view_title(m, title, sizeof title), m->site[0].operation,
            m->site[0].function ? m->site[0].function : "");
        watch_live_line(live, line);
    }
}

static int maps_report(
    struct watch_session *s, FILE *text, FILE *json, size_t *found, struct err *err)
{
    struct map_view view;
    int code = make_view(s, SIZE_MAX, &view);
    *found = 0;
    if (!code && text)
        watch_print_maps(s, &view, text);
    if (!code && json)
        code = map_view_json(&view, json);
    map_view_fini(&view);
    return code == -ENOMEM ? err_set(err, code, "out of memory for the report") : 0;
}

static void maps_close(struct watch_session *s)
{
    if (!s->maps)
        return;
    map_view_fini(&s->maps->shown);
    map_shares_free(s->maps->shares);
    for (size_t i = 0; i < s->maps->processes; i++) {
        struct maps_process *const p = &s->maps->process[i];
        go_arguments_free(p->arguments);
        go_binary_close(p->binary);
        dwarf_free(p->dwarf);
        free(p->module);
    }
    free(s->maps->process);
    free(s->maps);
}

const struct watch_mode watch_maps = {
    .samples = true,
    .tick_ns = TICK_NS,
    .stacks = true,
    .open = maps_open,
    .tick = maps_tick,
    .draw = maps_draw,
    .report = maps_report,
    .close = maps_close,
};
