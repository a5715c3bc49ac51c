/* SPDX-License-Identifier: MIT
 * From what was proved to findings with names, as the view that reports are made of. */
#include "analysis/dwarf/code_names.h"
#include "analysis/watch/watch_recording.h"
#include "base/version.h"
#include "cli/watch/watch_lines.h"
#include "probes/watch/perf_map.h"
#include "probes/watch/watched_modules.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct watch_process {
    struct watch_thread *thread;
    struct record_module *module;
    size_t threads, own_threads, modules;
    uint64_t samples; /* of its own threads */
    struct proved proved;
    struct recording recording;
    struct dwarf *dwarf;
    struct code_names *names; /* NULL: its code is all of files */
    struct sharing_list list;
};

static void process_fini(struct watch_process *p)
{
    sharing_fini(&p->list);
    dwarf_free(p->dwarf);
    code_names_free(p->names);
    record_fini(&p->recording);
    proved_fini(&p->proved);
    free(p->module);
    free(p->thread);
}

static bool is_user(const struct proved *proved, int tid)
{
    for (size_t i = 0; i < proved->lines; i++)
        for (unsigned k = 0; k < proved->line[i].users; k++)
            if (proved->line[i].user[k].tid == tid)
                return true;
    return false;
}

/* Those of the process, and of others those with which it shares a line. */
static int list_threads(struct watch_session *s, unsigned process, struct watch_process *p)
{
    p->thread = calloc(s->watched.threads + 1, sizeof *p->thread);
    for (size_t i = 0; p->thread && i < s->watched.threads; i++) {
        const struct watched_thread *const t = &s->watched.thread[i];
        const bool own = t->process == process;
        if (!own && !is_user(&p->proved, t->tid))
            continue;
        p->thread[p->threads++] = (struct watch_thread){.tid = t->tid,
            .samples = t->samples,
            .name = t->name,
            .stack_low = own ? t->stack_low : 0,
            .stack_high = own ? t->stack_high : 0,
            .thread_pointer = own ? t->thread_pointer : 0};
        p->own_threads += own;
        p->samples += own ? t->samples : 0;
    }
    return p->thread ? 0 : -ENOMEM;
}

struct dwarf *watch_dwarf(const struct record_module *from, size_t modules)
{
    struct dwarf_module *const module = calloc(modules + 1, sizeof *module);
    for (size_t i = 0; module && i < modules; i++)
        module[i] = (struct dwarf_module){
            .path = from[i].path, .bias = from[i].base, .begin = from[i].low, .end = from[i].high};
    struct dwarf *const dwarf = module ? dwarf_new(module, modules) : NULL;
    free(module);
    return dwarf;
}

static struct code_names *read_names(int pid)
{
    FILE *const map = perf_map_open(pid);
    struct code_names *const names = map ? code_names_read(map) : NULL;
    if (map)
        fclose(map);
    return names;
}

static int find_in_process(
    struct watch_session *s, unsigned index, struct watch_process *p, struct err *err)
{
    struct watched_process *const from = &s->watched.process[index];
    int code = watch_lines_of(s, index, &p->proved);
    if (!code)
        code = list_threads(s, index, p);
    p->module = watched_modules(&from->space, &p->modules);
    const struct watch_scene scene = {.pid = from->space.pid,
        .name = from->name,
        .thread = p->thread,
        .threads = p->threads,
        .module = p->module,
        .modules = p->modules,
        .proved = &p->proved,
        .seconds = watch_seconds(s)};
    if (!code)
        code = watch_record(&scene, &p->recording);
    if (code || !(p->dwarf = watch_dwarf(p->recording.module, p->recording.modules)))
        return err_set(err, -ENOMEM, "out of memory for the findings");
    p->names = read_names(from->space.pid);
    dwarf_name_code(p->dwarf, p->names);
    return sharing_find(&p->recording, p->dwarf, &watch_rule, &p->list, err);
}

static const struct proved_line *line_at(const struct proved *proved, uint64_t address)
{
    for (size_t i = 0; i < proved->lines; i++)
        if (proved_address(&proved->line[i]) == address)
            return &proved->line[i];
    return NULL;
}

/* The largest part of a thread's samples that lay near one of the lines: an estimate of what
 * there is to gain. */
static double share_of(struct watch_session *s, const struct proved_line *line)
{
    const struct contested_line *const seen = contested_at(s->contested, line->key);
    double most = 0;
    for (unsigned i = 0; seen && i < seen->users; i++) {
        const struct watched_thread *const t = watched_thread(&s->watched, seen->user[i].tid);
        const double part = t && t->samples ? seen->user[i].seen / (double)t->samples : 0;
        most = part > most ? part : most;
    }
    return most < 1 ? most : 1;
}

static unsigned fields_on(const struct sharing *s, const struct line_stat *line)
{
    unsigned count = 0;
    for (size_t i = 0; i < s->fields; i++) {
        const struct sharing_field *const f = &s->field[i];
        const uint64_t first = s->object[f->object].start + f->first;
        if (!f->known)
            return 2; /* bytes may be of several */
        count += first < line->address + RECORD_LINE && line->address < first + f->size;
    }
    return count;
}

/* What lies within one field, as the words of a condition variable, no layout can take apart. */
static bool is_within_fields(const struct sharing *s)
{
    for (size_t i = 0; i < s->lines; i++)
        if (fields_on(s, s->line[i]) > 1)
            return false;
    return s->lines > 0 && s->fields > 0;
}

/* Of several lines the one that gains most. */
static void fill_gain(const struct relief *relief, struct finding_view *out)
{
    struct interval gain;
    if (!relief || relief_gain(relief, &gain) || isnan(gain.mid) || out->proofs.gain.mid > gain.mid)
        return;
    out->proofs.gain = gain;
    out->proofs.gain_tid = (uint64_t)relief->tid;
}

static void fill_finding(struct watch_session *s, const struct watch_process *p,
    struct sharing *from, struct finding_view *out)
{
    static const struct price unpriced = {
        .why = {.text = "it is not known what a watched program gains"}};
    finding_view_fill(from, &unpriced, out);
    out->handovers.false_sharing = out->handovers.true_sharing = 0;
    out->handovers.per_second = (double)NAN;
    out->share = 0;
    out->proofs.priced = s->args.price;
    out->proofs.gain = INTERVAL_NONE;
    if (is_within_fields(from))
        out->kind = SHARING_TRUE;
    for (size_t i = 0; i < from->lines; i++) {
        const struct proved_line *const line = line_at(&p->proved, from->line[i]->address);
        if (!line)
            continue;
        if (out->proofs.separate + out->proofs.common == 0 || line->first_s < out->proofs.first_s)
            out->proofs.first_s = line->first_s;
        out->proofs.separate += line->separate;
        out->proofs.common += line->common;
        out->share = fmax(out->share, share_of(s, line));
        fill_gain(watch_price_of(s, line->key), out);
    }
}

static int worst_first(const void *a, const void *b)
{
    const struct finding_view *const x = a, *const y = b;
    const int order = (x->kind == SHARING_TRUE) - (y->kind == SHARING_TRUE);
    return order ? order : (y->share > x->share) - (y->share < x->share);
}

static void fill_findings(struct watch_session *s, struct watch_found *out)
{
    size_t count = 0;
    for (size_t i = 0; i < out->processes; i++)
        count += out->process[i].list.count;
    VIEW_LIST(&out->view.pool, &out->view.findings, count);
    count = 0;
    for (size_t i = 0; i < out->processes && out->view.findings.at; i++)
        for (size_t k = 0; k < out->process[i].list.count; k++)
            fill_finding(s, &out->process[i], out->process[i].list.finding[k],
                &out->view.findings.at[count++]);
    if (count)
        qsort(out->view.findings.at, count, sizeof *out->view.findings.at, worst_first);
}

static void fill_process(const struct watch_session *s, const struct watch_process *p,
    unsigned index, struct view_pool *pool, struct view_process *out)
{
    const struct watched_process *const from = &s->watched.process[index];
    *out = (struct view_process){.pid = (uint64_t)from->space.pid,
        .threads = p->own_threads,
        .samples = p->samples,
        .seconds = watch_seconds(s),
        .accesses = {.share = (double)NAN},
        .ended = {.how = from->gone ? ENDED_EXIT : ENDED_RUNNING}};
    VIEW_LIST(pool, &out->command, 1);
    if (out->command.at)
        out->command.at[0] = from->name;
}

int watch_find(struct watch_session *s, struct watch_found *out, struct err *err)
{
    int code = 0;
    system_read(&out->system);
    out->view = (struct detect_view){.version = numaprobe_version,
        .host = out->system.host,
        .cpu_model = out->system.cpu_model,
        .kernel = out->system.kernel,
        .status = -1,
        .mode = RECORD_WATCHED,
        .line_bytes = CONTESTED_LINE};
    finding_view_price(&(struct price){.known = false}, &out->view.all);
    out->process = calloc(s->watched.processes + 1, sizeof *out->process);
    VIEW_LIST(&out->view.pool, &out->view.processes, s->watched.processes);
    if (!out->process || !out->view.processes.at)
        return err_set(err, -ENOMEM, "out of memory for the findings");
    for (unsigned i = 0; i < s->watched.processes && !code; i++) {
        code = find_in_process(s, i, &out->process[out->processes++], err);
        fill_process(s, &out->process[i], i, &out->view.pool, &out->view.processes.at[i]);
    }
    fill_findings(s, out);
    if (!code && out->view.pool.failed)
        code = err_set(err, -ENOMEM, "out of memory for the findings");
    return code;
}

void watch_found_fini(struct watch_found *found)
{
    detect_view_fini(&found->view);
    for (size_t i = 0; i < found->processes; i++)
        process_fini(&found->process[i]);
    free(found->process);
    *found = (struct watch_found){0};
}
