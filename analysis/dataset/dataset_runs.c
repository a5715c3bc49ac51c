/* SPDX-License-Identifier: MIT
 * Runs by their rows, and what each says of itself; what its rows add up to is dataset_tally.c's.
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
    return (struct dataset_run){.source = source,
        .run_id = or_empty(row->run_id),
        .started_at = or_empty(row->started_at),
        .host = or_empty(row->host),
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

static size_t find_run(const struct dataset *d, const char *run_id, const char *host)
{
    size_t i = 0;
    while (i < d->runs && !(same_text(d->run[i].run_id, run_id) && same_text(d->run[i].host, host)))
        i++;
    return i;
}

static int add_run(struct dataset *d, const struct sample *row, const char *source)
{
    if (GROW(d->run, d->runs) || GROW(d->inside->tally, d->runs))
        return -ENOMEM;
    d->run[d->runs] = describe_run(row, source);
    d->inside->tally[d->runs++] = (struct run_tally){0};
    return 0;
}

struct dataset_run *dataset_run_add(struct dataset *d, const struct sample *row, const char *source)
{
    const char *const run_id = or_empty(row->run_id), *const host = or_empty(row->host);
    size_t i = d->inside->last;
    if (i >= d->runs || !same_text(d->run[i].run_id, run_id) || !same_text(d->run[i].host, host))
        i = find_run(d, run_id, host);
    if (i == d->runs && add_run(d, row, source))
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
}

const struct dataset_run *dataset_run_of(
    const struct dataset *dataset, const char *run_id, const char *host)
{
    const size_t i = find_run(dataset, run_id, host);
    return i < dataset->runs ? &dataset->run[i] : NULL;
}
