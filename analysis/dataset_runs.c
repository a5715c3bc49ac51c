/* SPDX-License-Identifier: MIT
 * Runs by their rows. */
#include "analysis/dataset_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/cpuset.h"

struct reason {
    const char *text;
    size_t rows;
};

struct run_tally {
    unsigned char cpu[CPUSET_MAX / 8]; /* a bit a cpu */
    struct reason *reason;
    size_t reasons;
};

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static struct dataset_run run_of(const struct sample *row, const char *source)
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

static bool add_run(struct dataset *d, const struct sample *row, const char *source)
{
    struct dataset_run *run = reallocarray(d->run, d->runs + 1, sizeof *run);
    if (run)
        d->run = run;
    struct run_tally *tally = reallocarray(d->inside->tally, d->runs + 1, sizeof *tally);
    if (tally)
        d->inside->tally = tally;
    if (!run || !tally)
        return false;
    run[d->runs] = run_of(row, source);
    tally[d->runs++] = (struct run_tally){0};
    return true;
}

static bool add_reason(struct run_tally *tally, const char *text)
{
    for (size_t i = 0; i < tally->reasons; i++)
        if (same_text(tally->reason[i].text, text)) {
            tally->reason[i].rows++;
            return true;
        }
    struct reason *reason = reallocarray(tally->reason, tally->reasons + 1, sizeof *reason);
    if (!reason)
        return false;
    tally->reason = reason;
    reason[tally->reasons++] = (struct reason){.text = text, .rows = 1};
    return true;
}

static void add_cpu(struct run_tally *tally, int64_t cpu)
{
    if (cpu >= 0 && cpu < CPUSET_MAX)
        tally->cpu[cpu / 8] |= (unsigned char)(1 << cpu % 8);
}

struct dataset_run *dataset_run_take(
    struct dataset *d, const struct sample *row, const char *source)
{
    const char *const run_id = or_empty(row->run_id), *const host = or_empty(row->host);
    size_t i = d->inside->last;
    if (i >= d->runs || !same_text(d->run[i].run_id, run_id) || !same_text(d->run[i].host, host))
        i = find_run(d, run_id, host);
    if (i == d->runs && !add_run(d, row, source))
        return NULL;
    d->inside->last = i;
    struct dataset_run *run = &d->run[i];
    run->rows++;
    run->rejected += row->accepted != 1;
    run->unverified += same_text(or_empty(row->mem_verified), "unverified");
    add_cpu(&d->inside->tally[i], row->cpu);
    add_cpu(&d->inside->tally[i], row->peer);
    const char *const reason = or_empty(row->reject_reason);
    return row->accepted == 1 || !*reason || add_reason(&d->inside->tally[i], reason) ? run : NULL;
}

static const char *cpus_text(struct strings *strings, const struct run_tally *tally)
{
    unsigned cpu[CPUSET_MAX];
    size_t count = 0;
    for (unsigned i = 0; i < CPUSET_MAX; i++)
        if (tally->cpu[i / 8] & 1 << i % 8)
            cpu[count++] = i;
    char *text = cpuset_format(cpu, count);
    const char *kept = text ? strings_intern(strings, text) : NULL;
    free(text);
    return kept;
}

static const char *commonest(const struct run_tally *tally)
{
    struct reason best = {.text = ""};
    for (size_t i = 0; i < tally->reasons; i++)
        if (tally->reason[i].rows > best.rows)
            best = tally->reason[i];
    return best.text;
}

int dataset_runs_finish(struct dataset *d)
{
    for (size_t i = 0; i < d->runs; i++) {
        d->run[i].reject_reason = commonest(&d->inside->tally[i]);
        d->run[i].cpus = cpus_text(d->strings, &d->inside->tally[i]);
        if (!d->run[i].cpus)
            return -ENOMEM;
    }
    return 0;
}

void dataset_runs_fini(struct dataset *d)
{
    for (size_t i = 0; i < d->runs; i++)
        free(d->inside->tally[i].reason);
    free(d->inside->tally);
}

const struct dataset_run *dataset_run_of(
    const struct dataset *dataset, const char *run_id, const char *host)
{
    const size_t i = find_run(dataset, run_id, host);
    return i < dataset->runs ? &dataset->run[i] : NULL;
}
