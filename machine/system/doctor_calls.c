/* SPDX-License-Identifier: MIT
 * What system calls answered, written and read back. */
#include "machine/system/doctor_calls.h"

#include <errno.h>
#include <stdio.h>

/* A limit or a time as JSON has it: null is "unlimited". */
json_t *doctor_calls_json(const struct doctor_facts *facts)
{
    const struct system_times *const w = &facts->window;
    return json_pack("{s:i, s:i, s:i, s:o, s:s, s:{s:o, s:o, s:o}, s:i}", "perf_event_open",
        facts->pmu, "mbind", facts->mbind, "move_pages", facts->move_pages, "memlock_bytes",
        facts->memlock_bytes == UINT64_MAX ? json_null() : json_count(facts->memlock_bytes),
        "prefetchers", facts->system.prefetchers, "window", "busy_ns", json_count(w->busy_ns),
        "idle_ns", json_count(w->idle_ns), "steal_ns", json_count(w->steal_ns), "line_bytes",
        (int)facts->topology->line_bytes);
}

static int read_calls(const json_t *calls, struct doctor_facts *facts)
{
    json_int_t busy, idle, steal;
    json_t *memlock;
    const char *prefetchers;
    if (json_unpack((json_t *)calls, "{s:i, s:i, s:i, s:o, s:s, s:{s:I, s:I, s:I}}",
            "perf_event_open", &facts->pmu, "mbind", &facts->mbind, "move_pages",
            &facts->move_pages, "memlock_bytes", &memlock, "prefetchers", &prefetchers, "window",
            "busy_ns", &busy, "idle_ns", &idle, "steal_ns", &steal) != 0)
        return -ENOEXEC;
    facts->memlock_bytes =
        json_is_null(memlock) ? UINT64_MAX : (uint64_t)json_integer_value(memlock);
    facts->window = (struct system_times){(uint64_t)busy, (uint64_t)idle, (uint64_t)steal};
    snprintf(facts->system.prefetchers, sizeof facts->system.prefetchers, "%.60s", prefetchers);
    return 0;
}

int doctor_recall(const char *root, const struct topology *topology, const json_t *calls,
    struct doctor_facts *facts, struct err *err)
{
    doctor_read_files(root, topology, facts);
    return read_calls(calls, facts)
               ? err_set(err, -ENOEXEC,
                     "--topology: the recording's manifest lacks answers of system calls "
                     "(\"calls\"); record it anew with 'numaprobe topo --record DIR'")
               : 0;
}
