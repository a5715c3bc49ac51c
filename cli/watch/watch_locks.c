/* SPDX-License-Identifier: MIT
 * Watching who waits for which lock: a Go program by its own profiles, any other by its threads
 * that are asleep. */
#include "cli/watch/watch_locks.h"

#include "analysis/finding/finding_text.h"
#include "base/grow.h"
#include "base/version.h"
#include "cli/cmd.h"
#include "cli/watch/watch_live.h"
#include "probes/watch/watched_modules.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct locks_process {
    bool tried, is_go;
    struct locks_go go;
    struct locks_futex *futex; /* NULL: it is Go's, or may not be watched */
    struct record_module *module;
    size_t modules;
    struct dwarf *dwarf;
};

struct locks_watch {
    struct locks_process *process; /* as in the session */
    size_t processes;
    struct lock_view shown; /* on the terminal */
};

static int open_names(struct watch_session *s, size_t index)
{
    struct locks_process *const p = &s->locks->process[index];
    if (p->dwarf)
        return 0;
    p->module = watched_modules(&s->watched.process[index].space, &p->modules);
    p->dwarf = watch_dwarf(p->module, p->modules);
    return p->dwarf ? 0 : -ENOMEM;
}

static int open_process(struct watch_session *s, size_t index, struct err *err)
{
    struct locks_process *const p = &s->locks->process[index];
    p->tried = true;
    int code = locks_go_find(&s->watched.process[index].space, &p->go, err);
    p->is_go = code == 0;
    if (p->is_go)
        code = locks_go_begin(&p->go, err);
    else if (code == -ENOENT)
        code = (p->futex = locks_futex_new()) ? open_names(s, index) : -ENOMEM;
    return code == -ENOMEM ? err_set(err, code, "out of memory") : code;
}

/* Room for processes that came since. */
static int follow_processes(struct watch_session *s, bool all, struct err *err)
{
    struct locks_watch *const l = s->locks;
    int code = 0;
    while (l->processes < s->watched.processes && !code) {
        if (GROW(l->process, l->processes))
            return err_set(err, -ENOMEM, "out of memory");
        l->process[l->processes++] = (struct locks_process){0};
        code = open_process(s, l->processes - 1, err);
    }
    return all ? code : 0; /* a child that may not be watched is left out */
}

static int locks_open(struct watch_session *s, struct err *err)
{
    s->locks = calloc(1, sizeof *s->locks);
    if (!s->locks)
        return err_set(err, -ENOMEM, "out of memory");
    const int code = follow_processes(s, true, err);
    if (!code || code == -ENOMEM)
        return code;
    const struct err why = *err;
    return err_set(err, code, "watch: --locks: %s", why.text);
}

/* Now and then, since it may end. */
static int read_go(struct watch_session *s, struct locks_go *go, struct err *err)
{
    const double every_s = 0.5, now_s = watch_seconds(s);
    if (now_s < go->read_s + every_s)
        return 0;
    go->read_s = now_s;
    return locks_go_read(go) ? err_set(err, -ENOMEM, "out of memory") : 0;
}

static int locks_tick(struct watch_session *s, struct err *err)
{
    int code = follow_processes(s, false, err);
    for (unsigned i = 0; i < s->locks->processes && !code; i++) {
        struct locks_process *const p = &s->locks->process[i];
        if (p->futex && !s->watched.process[i].gone)
            code = locks_futex_look(p->futex, &s->watched, i, p->dwarf, err);
        else if (p->is_go)
            code = read_go(s, &p->go, err);
    }
    return code;
}

static bool begins_thread(const char *function)
{
    static const char *const names[] = {
        "runtime.goexit", "start_thread", "clone", "__clone3", "__libc_start_call_main"};
    for (size_t i = 0; function && i < sizeof names / sizeof *names; i++)
        if (strcmp(function, names[i]) == 0)
            return true;
    return false;
}

static int fill_frames(const struct locks_stack *stack, size_t inner, struct lock_view_wait *out)
{
    enum { SHOWN = 8 };
    out->frame = calloc(SHOWN, sizeof *out->frame);
    if (!out->frame)
        return -ENOMEM;
    for (size_t i = inner; i < stack->frames && out->frames < SHOWN; i++) {
        const struct dwarf_frame *const f = &stack->frame[i];
        if (begins_thread(f->function))
            break;
        out->frame[out->frames++] = (struct lock_view_frame){f->function, f->file, f->line};
    }
    return 0;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same_wait(const struct lock_view_wait *a, const struct lock_view_wait *b)
{
    bool same = a->process == b->process && a->part == b->part && a->address == b->address &&
                a->frames == b->frames && strcmp(a->lock, b->lock) == 0;
    for (size_t i = 0; i < a->frames && same; i++)
        same = a->frame[i].line == b->frame[i].line &&
               is_same_text(a->frame[i].function, b->frame[i].function);
    return same;
}

/* A compiler makes several of a call. Takes the frames of `wait`. */
static int add_wait(struct lock_view *view, struct lock_view_wait *wait)
{
    for (size_t i = 0; i < view->waits; i++) {
        struct lock_view_wait *const w = &view->wait[i];
        if (!is_same_wait(w, wait))
            continue;
        w->waits += wait->waits;
        w->seconds += wait->seconds;
        free(wait->frame);
        return 0;
    }
    if (GROW(view->wait, view->waits)) {
        free(wait->frame);
        return -ENOMEM;
    }
    view->wait[view->waits++] = *wait;
    return 0;
}

/* Adds a row, or to the process's sums only. */
static int add_row(
    struct watch_session *s, size_t index, const struct locks_row *row, struct lock_view *view)
{
    struct locks_process *const p = &s->locks->process[index];
    struct lock_view_process *const sum = &view->process[index];
    const char *function[sizeof((struct locks_stack *)0)->frame / sizeof(struct dwarf_frame)];
    struct dwarf_variable variable;
    struct locks_stack stack;
    struct lock_view_wait wait = {.process = index, .lock = "futex", .address = row->address};
    size_t inner;
    locks_name_stack(p->dwarf, row, p->is_go, &stack);
    for (size_t i = 0; i < stack.frames; i++)
        function[i] = stack.frame[i].function;
    wait.part = lock_part_in(function, stack.frames, &wait.lock, &inner);
    if (wait.part == LOCK_TAKEN) {
        sum->seconds += row->seconds;
        sum->waits += row->waits;
    } else if (!row->held) {
        sum->other_seconds += row->seconds;
    }
    if (p->is_go && (wait.part == LOCK_OTHER || wait.part == LOCK_NOTHING))
        return 0; /* channels, timers: not locks */
    wait.counted = !isnan(row->waits);
    wait.waits = row->waits;
    wait.seconds = row->seconds;
    if (row->address && dwarf_global(p->dwarf, row->address, &variable))
        wait.name = variable.name;
    return fill_frames(&stack, inner, &wait) ? -ENOMEM : add_wait(view, &wait);
}

static int add_process(struct watch_session *s, size_t index, struct lock_view *view)
{
    struct locks_process *const p = &s->locks->process[index];
    struct locks_rows rows = {0}, *from = &rows;
    int code = 0;
    view->process[view->processes++] =
        (struct lock_view_process){.pid = (uint64_t)s->watched.process[index].space.pid,
            .program = s->watched.process[index].name,
            .go = p->is_go ? p->go.version : ""};
    if (p->is_go) {
        code = locks_go_read(&p->go);
        from = &p->go.last;
    } else if (p->futex) {
        code = locks_futex_rows(p->futex, &rows);
    }
    if (!code && from->count)
        code = open_names(s, index);
    for (size_t i = 0; i < from->count && !code; i++)
        code = add_row(s, index, &from->at[i], view);
    free(rows.at);
    return code;
}

static int make_view(struct watch_session *s, struct lock_view *out)
{
    int code = 0;
    *out = (struct lock_view){.seconds = watch_seconds(s), .version = numaprobe_version};
    out->process = calloc(s->locks->processes + 1, sizeof *out->process);
    if (!out->process)
        return -ENOMEM;
    for (size_t i = 0; i < s->locks->processes && !code; i++)
        code = add_process(s, i, out);
    lock_view_sort(out);
    return code;
}

static void locks_draw(struct watch_live *live, struct watch_session *s)
{
    enum { SHOWN = 12 };
    char line[2 * FINDING_TEXT];
    const double began = watch_seconds(s);
    if (watch_live_may_name(live, began)) {
        lock_view_fini(&s->locks->shown);
        if (make_view(s, &s->locks->shown))
            lock_view_fini(&s->locks->shown);
        watch_live_named(live, began, watch_seconds(s));
    }
    const struct lock_view *const view = &s->locks->shown;
    for (size_t i = 0; i < view->waits && i < SHOWN; i++) {
        const struct lock_view_wait *const w = &view->wait[i];
        const struct lock_view_frame *const f = w->frames ? &w->frame[0] : NULL;
        snprintf(line, sizeof line, "%8.3f s  %s  %s:%u", w->seconds, w->lock,
            f && f->function ? f->function : "?", f ? f->line : 0);
        watch_live_line(live, line);
    }
}

static int locks_report(
    struct watch_session *s, FILE *text, FILE *json, size_t *found, struct err *err)
{
    struct lock_view view;
    int code = make_view(s, &view);
    *found = 0;
    if (!code && text)
        watch_print_locks(s, &view, text);
    if (!code && json)
        code = lock_view_json(&view, json);
    lock_view_fini(&view);
    return code == -ENOMEM ? err_set(err, code, "out of memory for the report") : 0;
}

static void locks_close(struct watch_session *s)
{
    if (!s->locks)
        return;
    lock_view_fini(&s->locks->shown);
    for (size_t i = 0; i < s->locks->processes; i++) {
        struct locks_process *const p = &s->locks->process[i];
        locks_go_end(&p->go);
        locks_futex_free(p->futex);
        dwarf_free(p->dwarf);
        free(p->module);
    }
    free(s->locks->process);
    free(s->locks);
}

const struct watch_mode watch_locks = {
    .tick_ns = 10000000,
    .open = locks_open,
    .tick = locks_tick,
    .draw = locks_draw,
    .report = locks_report,
    .close = locks_close,
};

int watch_locks_off(int pid, struct err *err)
{
    struct address_space space;
    struct locks_go go;
    int code = address_space_read(pid, &space, err);
    if (code)
        return code;
    code = locks_go_find(&space, &go, err);
    if (!code)
        code = go_profile_clear(&go.profile, err);
    address_space_fini(&space);
    return code;
}
