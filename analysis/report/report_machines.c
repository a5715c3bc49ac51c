/* SPDX-License-Identifier: MIT
 * Where it was measured: machines, and each run's placement. */
#include "analysis/dataset/cell_compare.h"
#include "analysis/format/format.h"
#include "analysis/report/report_internal.h"
#include "base/text.h"

#include <string.h>

static bool same_machine(const struct dataset_run *a, const struct dataset_run *b)
{
    const char *const text[][2] = {{a->host, b->host}, {a->cpu_model, b->cpu_model},
        {a->kernel, b->kernel}, {a->arch, b->arch}, {a->hypervisor, b->hypervisor},
        {a->prefetchers, b->prefetchers}};
    return compare_texts(text, sizeof text / sizeof *text) == 0;
}

static struct table *list_machines(const struct dataset *d)
{
    struct table *const t = table_with("host|processor|architecture|kernel|hypervisor|prefetchers");
    for (size_t i = 0; i < d->runs; i++) {
        const struct dataset_run *const run = &d->run[i];
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = same_machine(&d->run[k], run);
        if (seen)
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
    table_row(t);
    table_cell(t, PAINT_NONE, "%.8s", run->run_id);
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
}

int report_print_machines(const struct report *report, FILE *out)
{
    const struct dataset *const d = report->dataset;
    int code = report_print_table(out, list_machines(d), "Machines");
    struct table *const t = table_with(
        "run|host|measured by|started|mode|cpus|distance|shards|memory node|home|memory verified "
        "(rows)|"
        "pages|rows>|rejected>|clock pair ns>|clock step ns>|canary|version|seed>|file");
    for (size_t i = 0; i < d->runs; i++)
        add_run(t, d, &d->run[i]);
    const int runs = report_print_table(out, t, "Runs and their placement");
    code = code ? code : runs;
    return code ? code : report_print_cpus(report, out);
}
