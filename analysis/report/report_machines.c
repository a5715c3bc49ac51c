/* SPDX-License-Identifier: MIT
 * Where it was measured: machines, and each run's placement. */
#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"
#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"
#include "base/text.h"

#include <string.h>

enum { HOSTS_MAX = 8, FILES_MAX = 8 }; /* at the top of the page; the section has all */

static bool same_machine(const struct dataset_run *a, const struct dataset_run *b)
{
    const char *const text[][2] = {{a->host, b->host}, {a->cpu_model, b->cpu_model},
        {a->kernel, b->kernel}, {a->arch, b->arch}, {a->hypervisor, b->hypervisor},
        {a->prefetchers, b->prefetchers}};
    return compare_texts(text, sizeof text / sizeof *text) == 0;
}

static bool is_seen(const struct dataset *d, size_t run)
{
    for (size_t i = 0; i < run; i++)
        if (same_machine(&d->run[i], &d->run[run]))
            return true;
    return false;
}

static void print_files(const struct dataset *d, const struct dataset_run *first, FILE *out)
{
    char name[RUN_NAME_TEXT];
    size_t files = 0;
    for (size_t i = 0; i < d->runs; i++) {
        if (!same_machine(&d->run[i], first) || files++ >= FILES_MAX)
            continue;
        html_print_text(out, "%s%s (%s)", files > 1 ? ", " : "", run_name_text(d, &d->run[i], name),
            d->run[i].instrument);
    }
    if (files > FILES_MAX)
        html_print_text(out, " and %zu more", files - FILES_MAX);
}

static void print_host(const struct dataset *d, const struct dataset_run *run, FILE *out)
{
    fputs("<li>", out);
    html_print(out, "strong", NULL, "%s", run->cpu_model);
    html_print_text(out, "%s%s, kernel %s", *run->host ? "host " : "", run->host, run->kernel);
    if (*run->hypervisor)
        html_print_text(out, ", virtual machine (%s)", run->hypervisor);
    fputs("\n<small>", out);
    print_files(d, run, out);
    fputs("</small></li>\n", out);
}

static bool ran_on(const struct detect_view *view, const char *host, const char *cpu_model)
{
    return view->cpu_model && view->host && strcmp(view->host, host) == 0 &&
           strcmp(view->cpu_model, cpu_model) == 0;
}

static bool is_shown_before(const struct report *r, size_t detected)
{
    const struct detect_view *const view = &r->detected->file[detected];
    for (size_t i = 0; i < r->dataset->runs; i++)
        if (ran_on(view, r->dataset->run[i].host, r->dataset->run[i].cpu_model))
            return true;
    for (size_t i = 0; i < detected; i++)
        if (ran_on(&r->detected->file[i], view->host, view->cpu_model))
            return true;
    return false;
}

/* Machines on which programs ran, and nothing was measured. */
static size_t print_detect_hosts(const struct report *r, size_t hosts, FILE *out)
{
    for (size_t i = 0; i < r->detected->files; i++) {
        const struct detect_view *const view = &r->detected->file[i];
        if (!view->cpu_model || !*view->cpu_model || is_shown_before(r, i) || hosts++ >= HOSTS_MAX)
            continue;
        html_print(out, "li", NULL, "%s, host %s, kernel %s", view->cpu_model,
            view->host ? view->host : "unknown", view->kernel ? view->kernel : "unknown");
    }
    return hosts;
}

void report_print_hosts(const struct report *report, FILE *out)
{
    const struct dataset *const d = report->dataset;
    size_t hosts = 0;
    fputs("<ul class=\"hosts\">\n", out);
    for (size_t i = 0; i < d->runs; i++)
        if (!is_seen(d, i) && hosts++ < HOSTS_MAX)
            print_host(d, &d->run[i], out);
    hosts = print_detect_hosts(report, hosts, out);
    if (hosts == 0 && d->stats)
        html_print(out, "li", NULL, "%s, host %s, kernel %s", d->stat[0].cpu_model, d->stat[0].host,
            d->stat[0].kernel);
    fputs("</ul>\n", out);
    if (hosts > HOSTS_MAX)
        html_print(out, "p", "note", "%zu more are under “Machines”.", hosts - HOSTS_MAX);
}

static struct table *list_machines(const struct dataset *d)
{
    struct table *const t = table_with("host|processor|architecture|kernel|hypervisor|prefetchers");
    for (size_t i = 0; i < d->runs; i++) {
        const struct dataset_run *const run = &d->run[i];
        if (is_seen(d, i))
            continue;
        const char *const cell[] = {run->host, run->cpu_model, run->arch, run->kernel,
            *run->hypervisor ? run->hypervisor : "none seen", run->prefetchers};
        table_row(t);
        for (size_t c = 0; c < sizeof cell / sizeof *cell; c++)
            table_cell(t, PAINT_NONE, "%s", cell[c]);
    }
    return t;
}

/* The distances between the cpus of a run's estimates, each once. */
static void add_distances(struct table *t, const struct dataset *d, const struct dataset_run *run)
{
    char text[256] = "";
    for (size_t i = 0; i < d->summary.count; i++) {
        const struct estimate *const f = &d->summary.estimate[i];
        if (SAME_RUN(f, run) && !strstr(text, f->distance))
            text_append_item(text, sizeof text, ", ", "%s", f->distance);
    }
    table_cell(t, PAINT_NONE, "%s", text);
}

static void add_run(struct table *t, const struct dataset *d, const struct dataset_run *run)
{
    char name[RUN_NAME_TEXT];
    table_row(t);
    table_cell(t, PAINT_NONE, "%s", run_name_text(d, run, name));
    table_cell(t, PAINT_NONE, "%s", run->host);
    table_cell(t, PAINT_NONE, "%s", run->instrument);
    table_cell(t, PAINT_NONE, "%s", run->started_at);
    table_cell(t, PAINT_NONE, "%s", run->mode);
    table_cell(t, PAINT_NONE, "%s", run->cpus);
    add_distances(t, d, run);
    table_cell(t, PAINT_NONE, "%s", run->shards);
    table_cell(t, PAINT_NONE, "%s", run->mem_nodes);
    table_cell(t, PAINT_NONE, "%s", run->homes);
    table_cell(t, run->unverified ? PAINT_WARN : PAINT_NONE, "%s", run->verified);
    table_cell(t, PAINT_NONE, "%s", run->pages);
    table_cell(t, PAINT_NONE, "%zu", run->rows);
    table_cell(t, PAINT_NONE, "%zu", run->rejected);
    cell_number(t, run->clock_overhead_ns);
    cell_number(t, run->clock_resolution_ns);
    table_cell(t, PAINT_NONE, "%s", run->protocol);
    table_cell(t, PAINT_NONE, "%s", run->version);
    cell_int(t, run->seed);
    table_cell(t, PAINT_NONE, "%s", run->source);
    table_cell(t, PAINT_NONE, "%s", run->run_id);
}

int report_print_machines(const struct report *report, FILE *out)
{
    const struct dataset *const d = report->dataset;
    int code = report_print_table(out, list_machines(d), "Machines");
    struct table *const t = table_with(
        "run|host|measured by|started|mode|cpus|distance|shards|memory node|home|memory verified "
        "(rows)|"
        "pages|rows>|rejected>|clock pair ns>|clock step ns>|canary|version|seed>|file|id");
    for (size_t i = 0; i < d->runs; i++)
        add_run(t, d, &d->run[i]);
    const int runs = report_print_table(out, t, "Runs and their placement");
    code = code ? code : runs;
    return code ? code : report_print_cpus(report, out);
}
