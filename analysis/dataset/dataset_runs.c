/* SPDX-License-Identifier: MIT
 * Runs by their rows, and the description of each; sums over its rows are in dataset_tally.c.
 */
#include "analysis/dataset/dataset_internal.h"
#include "base/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static struct dataset_run describe_run(const struct sample *row, const char *source)
{
    const char *instrument = or_empty(row->instrument);
    const char *const node = or_empty(row->fleet_node), *const host = or_empty(row->host);
    return (struct dataset_run){.source = source,
        .node = *node ? node : host,
        .run_id = or_empty(row->run_id),
        .started_at = or_empty(row->started_at),
        .host = host,
        .cpu_model = or_empty(row->cpu_model),
        .arch = or_empty(row->arch),
        .kernel = or_empty(row->kernel),
        .hypervisor = or_empty(row->hypervisor),
        .version = or_empty(row->version),
        .instrument = *instrument ? instrument : "run",
        .mode = or_empty(row->mode),
        .pages = or_empty(row->pages),
        .mem_node = or_empty(row->mem_node),
        .prefetchers = or_empty(row->prefetchers),
        .settings = or_empty(row->settings),
        .counters = or_empty(row->counters),
        .counters_reason = or_empty(row->counters_reason),
        .protocol = or_empty(row->protocol),
        .seed = row->seed,
        .threads = row->threads,
        .clock_overhead_ns = row->clock_overhead_ns,
        .clock_resolution_ns = row->clock_resolution_ns,
        .cpus = "",
        .verified = "",
        .mem_nodes = "",
        .homes = "",
        .shards = "",
        .reject_reason = ""};
}

static bool same_text(const char *a, const char *b)
{
    return a == b || strcmp(a, b) == 0;
}

/* The one address of an equal text; NULL when out of memory. */
static const char *intern_text(const struct dataset *d, const char *text)
{
    static const char empty[] = "";
    return *text ? strings_intern(d->strings, text) : empty;
}

/* The number of the run, which may be a new one; RUN_NONE when out of memory. */
static size_t number_run(struct dataset *d, const char *run_id, const char *host)
{
    const char *const id = intern_text(d, run_id), *const name = intern_text(d, host);
    return id && name ? run_index_intern(&d->inside->runs, id, name) : RUN_NONE;
}

/* Texts are stored once, so that equal ones are one pointer. */
static bool has_node(const struct dataset *d, const char *node)
{
    for (size_t i = 0; i < d->runs; i++)
        if (same_text(d->run[i].node, node))
            return true;
    return false;
}

static int add_run(struct dataset *d, const struct sample *row, const char *source)
{
    if (GROW(d->run, d->runs) || GROW(d->inside->tally, d->runs))
        return -ENOMEM;
    const struct dataset_run run = describe_run(row, source);
    d->nodes += d->nodes_most && !has_node(d, run.node);
    d->run[d->runs] = run;
    d->inside->tally[d->runs++] = (struct run_tally){0};
    return 0;
}

struct dataset_run *dataset_run_add(struct dataset *d, const struct sample *row, const char *source)
{
    const char *const run_id = or_empty(row->run_id), *const host = or_empty(row->host);
    size_t i = d->inside->last;
    if (i >= d->runs || !same_text(d->run[i].run_id, run_id) || !same_text(d->run[i].host, host))
        i = number_run(d, run_id, host);
    if (i == RUN_NONE || (i == d->runs && add_run(d, row, source)))
        return NULL;
    d->inside->last = i;
    struct dataset_run *run = &d->run[i];
    run->rows++;
    run->rejected += row->accepted != 1;
    return run_tally_add(&d->inside->tally[i], row) == 0 ? run : NULL;
}

int dataset_runs_finish(struct dataset *d)
{
    int failed = 0;
    for (size_t i = 0; i < d->runs && !failed; i++)
        failed = run_tally_finish(&d->inside->tally[i], d->strings, &d->run[i]);
    return failed;
}

void dataset_runs_fini(struct dataset *d)
{
    for (size_t i = 0; i < d->runs; i++)
        run_tally_fini(&d->inside->tally[i]);
    free(d->inside->tally);
    run_index_free(d->inside->runs);
}

const struct dataset_run *dataset_run_of(
    const struct dataset *dataset, const char *run_id, const char *host)
{
    if (dataset->runs == 0)
        return NULL;
    const char *const id = intern_text(dataset, run_id), *const name = intern_text(dataset, host);
    const size_t i = id && name ? run_index_find(dataset->inside->runs, id, name) : RUN_NONE;
    return i < dataset->runs ? &dataset->run[i] : NULL;
}
