/* SPDX-License-Identifier: MIT
 * Naming a run and describing its machine in a row. */
#include "probes/trial/provenance.h"

#include <sys/random.h>

void provenance_init(struct provenance *origin, const char *version, uint64_t seed)
{
    uint64_t id = 0;
    struct tm utc;
    const time_t now = time(NULL);
    *origin = (struct provenance){.version = version, .seed = seed};
    if (getrandom(&id, sizeof id, GRND_NONBLOCK) != (ssize_t)sizeof id)
        id = clock_raw_ns();
    snprintf(origin->id, sizeof origin->id, "%016llx", (unsigned long long)id);
    strftime(
        origin->started_at, sizeof origin->started_at, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    system_read(&origin->system);
}

void provenance_describe(const struct provenance *origin, const char *instrument,
    const struct clock *clock, struct sample *row)
{
    row->schema = SAMPLE_SCHEMA;
    row->instrument = instrument;
    row->run_id = origin->id;
    row->started_at = origin->started_at;
    row->host = origin->system.host;
    row->cpu_model = origin->system.cpu_model;
    row->arch = origin->system.arch;
    row->kernel = origin->system.kernel;
    row->hypervisor = origin->system.hypervisor;
    row->prefetchers = origin->system.prefetchers;
    row->settings = origin->system.settings;
    row->version = origin->version;
    row->seed = (int64_t)origin->seed;
    row->clock_overhead_ns = clock->overhead_ns;
    row->clock_resolution_ns = clock->resolution_ns;
}

static int64_t known_index(int index)
{
    return index < 0 ? SAMPLE_NONE : index;
}

void provenance_describe_cpu(const struct topology_cpu *cpu, struct sample *row)
{
    row->cpu = cpu->cpu;
    row->core = known_index(cpu->core);
    row->l3 = known_index(cpu->l3);
    row->package = known_index(cpu->package);
    row->node = known_index(cpu->node);
    row->cpu_kind = cpu->kind ? cpu->kind : "";
}
