/* SPDX-License-Identifier: MIT
 * Counting calls in a Go program: probes are put in place, and removed for a while where they take
 * more than they may. */
#include "cli/watch/watch_exact.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "cli/cmd.h"
#include "cli/watch/watch_live.h"
#include "probes/watch/go_map.h"
#include "probes/watch/watched_modules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    TICK_NS = 10000000,
    LEAST_TIMES = 10 /* a shorter operation than that many probes is not measured but the probes */
};

static double seconds_of(clockid_t clock, double before)
{
    struct timespec t;
    return clock_gettime(clock, &t) ? before : (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int open_program(struct watch_session *s, struct exact_watch *e, struct err *err)
{
    struct err why;
    struct address_space *const space = &s->watched.process[0].space;
    snprintf(e->path, sizeof e->path, "/proc/%d/exe", space->pid);
    const int code = go_binary_open(e->path, &e->binary, &why);
    if (code)
        return err_set(err, code == -ENOENT ? -EINVAL : code, "watch: --exact: process %d: %s",
            space->pid, why.text);
    e->module = watched_modules(space, &e->modules);
    if (clock_getcpuclockid(space->pid, &e->clock))
        return err_set(err, -ESRCH, "watch: process %d has ended", space->pid);
    return e->modules
               ? 0
               : err_set(err, -EACCES, "watch: the files of process %d cannot be read", space->pid);
}

static int check_map(const struct watch_session *s, const struct exact_watch *e, struct err *err)
{
    struct go_map map;
    const int pid = s->watched.process[0].space.pid;
    if (!e->choice.map || go_map_read(pid, e->choice.map, go_binary_minor(e->binary), &map))
        return 0;
    return err_set(err, -EINVAL,
        "watch: --exact: '%s' is not the address of a map of process %d; 'numaprobe watch --maps' "
        "lists them",
        s->args.exact, pid);
}

static int open_probes(const struct watch_session *s, struct exact_watch *e, struct err *err)
{
    struct err why;
    int code = call_probes_open(s->args.overlaps, &e->probes, &why);
    if (!code)
        code = call_toll_measure(e->probes, s->args.overlaps, &e->toll, &why);
    if (code)
        return err_set(err, code, "watch: --exact: %s", why.text);
    const struct call_config config = {
        e->choice.map, (uint64_t)(LEAST_TIMES * e->toll.pair_ns), s->args.overlaps};
    call_probes_configure(e->probes, &config);
    e->least_ns = s->args.overlaps ? LEAST_TIMES * e->toll.pair_ns : 0;
    return 0;
}

/* When the probes are there: what runs from now on is counted. */
static void print_toll(const struct call_toll *toll)
{
    char hit[CELL_TEXT], step[CELL_TEXT], pair[CELL_TEXT];
    if (toll->pair_ns > 0)
        cmd_warn(stderr, "numaprobe: probes at a call and its return take %s us here.",
            number_text(toll->pair_ns / 1e3, pair));
    else
        cmd_warn(stderr,
            "numaprobe: a probe takes %s us of a call here; where it is single-stepped, %s us.",
            number_text(toll->hit_ns / 1e3, hit), number_text(toll->step_ns / 1e3, step));
}

static int attach(struct watch_session *s, struct err *err)
{
    struct err why;
    struct exact_watch *const e = s->exact;
    const struct call_place place = {
        s->watched.process[0].space.pid, e->path, e->choice.point, e->choice.points};
    const int code = call_probes_attach(e->probes, &place, &why);
    if (code)
        return err_set(err, code, "watch: --exact: %s", why.text);
    e->attached = true;
    e->times++;
    e->since_s = seconds_of(CLOCK_MONOTONIC, 0);
    return 0;
}

/* What is removed last still counts: the time is until all are. */
static void detach(struct exact_watch *e)
{
    if (!e->attached)
        return;
    call_probes_detach(e->probes);
    e->attached = false;
    e->attached_s += seconds_of(CLOCK_MONOTONIC, 0) - e->since_s;
}

static int exact_open(struct watch_session *s, struct err *err)
{
    struct exact_watch *const e = s->exact = calloc(1, sizeof *e);
    if (!e)
        return err_set(err, -ENOMEM, "out of memory");
    if (s->watched.processes != 1 || s->args.trees.count)
        return err_set(err, -EINVAL, "watch: --exact counts in one process; give one --pid");
    int code = open_program(s, e, err);
    if (!code)
        code = exact_choose(e, s->args.exact, s->args.overlaps, &e->choice, err);
    if (!code)
        code = check_map(s, e, err);
    if (!code)
        code = open_probes(s, e, err);
    if (code)
        return code;
    e->ran_s = e->began_ran_s = seconds_of(e->clock, 0);
    e->began_ns = (uint64_t)(seconds_of(CLOCK_MONOTONIC, 0) * 1e9);
    code = attach(s, err);
    if (!code && !s->args.quiet)
        print_toll(&e->toll);
    return code;
}

/* An account: the share of the threads' time comes in, what probes take goes out. */
static int keep_below(struct watch_session *s, struct err *err)
{
    struct exact_watch *const e = s->exact;
    const double ran_s = seconds_of(e->clock, e->ran_s), taken_s = watch_exact_taken_s(e);
    e->balance_s += (ran_s - e->ran_s) * s->args.max_overhead - (taken_s - e->counted_s);
    e->ran_s = ran_s;
    e->counted_s = taken_s;
    if (s->args.max_overhead <= 0)
        return 0;
    if (e->attached && e->balance_s < 0) {
        detach(e);
        return 0;
    }
    const int code = e->attached || e->balance_s < 0 ? 0 : attach(s, err);
    return code == -ESRCH ? 0 : code; /* it has just ended: what was counted is reported */
}

static int exact_tick(struct watch_session *s, struct err *err)
{
    /* One that has ended cannot be attached to again. */
    return s->watched.process[0].gone ? 0 : keep_below(s, err);
}

static void exact_draw(struct watch_live *live, struct watch_session *s)
{
    enum { SHOWN = 12 };
    char line[2 * FINDING_TEXT], title[FINDING_TEXT], calls[CELL_TEXT];
    struct exact_view *const view = &s->exact->shown;
    const double began = watch_seconds(s);
    if (watch_live_may_name(live, began)) {
        exact_view_fini(view);
        if (watch_exact_view(s, false, view))
            exact_view_fini(view);
        watch_live_named(live, began, watch_seconds(s));
    }
    for (size_t i = 0; i < view->groups && i < SHOWN; i++) {
        const struct exact_group *const g = &view->group[i];
        const struct exact_place *const p = &g->site[0].place;
        snprintf(line, sizeof line, "%7s  %s; %s %s", count_text((double)g->calls, calls),
            exact_group_title(g, title, sizeof title), g->site[0].operation,
            p->function ? p->function : "");
        watch_live_line(live, line);
    }
}

static int exact_report(
    struct watch_session *s, FILE *text, FILE *json, size_t *found, struct err *err)
{
    struct exact_view view = {0};
    *found = 0;
    detach(s->exact);
    int code = watch_exact_view(s, true, &view);
    if (!code && text)
        watch_print_exact(&view, text);
    if (!code && json)
        code = exact_view_json(&view, json);
    exact_view_fini(&view);
    return code == -ENOMEM ? err_set(err, code, "out of memory for the report") : 0;
}

static void exact_close(struct watch_session *s)
{
    struct exact_watch *const e = s->exact;
    if (!e)
        return;
    exact_view_fini(&e->shown);
    call_probes_close(e->probes);
    exact_choice_fini(&e->choice);
    dwarf_free(e->dwarf);
    go_binary_close(e->binary);
    free(e->module);
    free(e);
}

const struct watch_mode watch_exact = {
    .tick_ns = TICK_NS,
    .open = exact_open,
    .tick = exact_tick,
    .draw = exact_draw,
    .report = exact_report,
    .close = exact_close,
};
