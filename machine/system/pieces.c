/* SPDX-License-Identifier: MIT
 * The table of pieces, and walking it. */
#include "machine/system/pieces.h"

#include "machine/system/pieces_internal.h"
#include "machine/system/sysfile.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#define CPU "/sys/devices/system/cpu/"
#define CPUS CPU "cpu[0-9]*/"
#define NODES "/sys/devices/system/node/node[0-9]*/"
#define PMUS "/sys/bus/event_source/devices/"

static const struct piece_row {
    const char *pattern; /* for glob(3), with braces */
    piece_keep *keep;    /* which lines; NULL: all */
    size_t most;         /* bytes; 0: all */
    const char *unless;  /* not where this file exists, which has the same under a newer name */
    bool names_only;     /* what is in the file does not matter, only that it is there */
} rows[] = {
    {.pattern = "/proc/cpuinfo", .keep = piece_keep_cpuinfo},
    {.pattern = "/proc/loadavg"},
    {.pattern = "/proc/meminfo", .keep = piece_keep_memory},
    {.pattern = "/proc/mounts", .keep = piece_keep_cgroup_mounts},
    {.pattern = "/proc/self/cgroup", .keep = piece_keep_cgroups},
    {.pattern = "/proc/self/cpuset"},
    {.pattern = "/proc/self/status", .keep = piece_keep_allowed},
    {.pattern = "/proc/stat", .keep = piece_keep_cpu_times},
    {.pattern =
            "/proc/sys/kernel/{nmi_watchdog,numa_balancing,perf_event_paranoid,perf_user_access}"},
    {.pattern = "/proc/sys/vm/nr_hugepages"},
    {.pattern = "/proc/device-tree/{,hypervisor/}compatible"},
    {.pattern = PMUS "*/{type,cpus,cpumask}"},
    /* Servers have hundreds of PMUs in their uncore, of which the event files use none. */
    {.pattern = PMUS "[!u]*/{format,events}/*"},
    {.pattern = "/sys/class/dmi/id/{product_name,sys_vendor}"},
    {.pattern = "/sys/devices/cpu_{core,atom,lowpower}/cpus"},
    {.pattern = "/sys/devices/system/clocksource/clocksource0/{available,current}_clocksource"},
    {.pattern = CPU "{possible,online,offline,isolated}"},
    {.pattern = CPU "{smt/active,cpufreq/boost,intel_pstate/no_turbo}"},
    {.pattern = CPUS "{online,cpu_capacity,acpi_cppc/nominal_freq}"},
    {.pattern = CPUS "cpufreq/{scaling_governor,cpuinfo_max_freq,base_frequency}"},
    {.pattern = CPUS "topology/{core,cluster,die,package,book,drawer}_cpus"},
    {.pattern = CPUS "topology/{thread,core,book,drawer}_siblings",
        .unless = CPU "cpu0/topology/package_cpus"},
    {.pattern = CPUS "topology/{core,cluster,die,physical_package,book,drawer}_id"},
    {.pattern = CPUS "cache/index[0-9]*/{level,type,id,size,shared_cpu_map}"},
    {.pattern =
            CPUS "cache/index[0-9]*/{coherency_line_size,number_of_sets,physical_line_partition}"},
    /* The header of an ACPI table, which names a hypervisor. */
    {.pattern = "/sys/firmware/acpi/tables/APIC", .most = 36},
    {.pattern = "/sys/hypervisor/type"},
    {.pattern = "/sys/kernel/mm/hugepages/*/nr_hugepages"},
    {.pattern = "/sys/kernel/mm/transparent_hugepage/enabled"},
    {.pattern = "/sys/devices/system/node/{online,possible}"},
    {.pattern = NODES "{cpumap,meminfo,distance}"},
    {.pattern = NODES "hugepages/*/nr_hugepages"},
    {.pattern = NODES "access[0-9]*/initiators/{read,write}_{latency,bandwidth}"},
    {.pattern = NODES "access[0-9]*/initiators/node[0-9]*", .names_only = true},
    {.pattern = NODES "memory_side_cache/index[0-9]*/*"},
};

static int take_row(struct pieces *pieces, const char *root, const struct piece_row *row)
{
    const struct piece_rule rule = {row->keep, row->most, row->names_only};
    char pattern[SYSFILE_PATH];
    glob_t found = {0};
    int code = 0;
    if (row->unless && sysfile_exists(root, row->unless))
        return 0;
    snprintf(pattern, sizeof pattern, "%s%s", root, row->pattern);
    const int globbed = glob(pattern, GLOB_BRACE | GLOB_NOSORT, NULL, &found);
    if (globbed == GLOB_NOSPACE)
        code = -ENOMEM;
    if (globbed == 0)
        for (size_t i = 0; i < found.gl_pathc && !code; i++)
            code = piece_take(pieces, root, found.gl_pathv[i] + strlen(root), &rule);
    globfree(&found);
    return code;
}

int pieces_gather(const char *root, struct pieces *out)
{
    *out = (struct pieces){0};
    int code = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && !code; i++)
        code = take_row(out, root, &rows[i]);
    if (!code)
        code = pieces_take_cgroups(out, root);
    pieces_sort(out);
    return code;
}
