/* SPDX-License-Identifier: MIT
 * /proc/cpuinfo and sysfs, as far as events depend on them. */
#include "probes/counters/uarch.h"

#include "base/cpuset.h"
#include "machine/system/sysfile.h"
#include "machine/system/system.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PMUS "/sys/bus/event_source/devices/"

static unsigned read_number(const char *root, const char *key)
{
    char text[64];
    return sysfile_value(root, "/proc/cpuinfo", key, text, sizeof text)
               ? (unsigned)strtoul(text, NULL, 0)
               : 0;
}

/* Whether /proc/cpuinfo has two values of the key. */
static bool is_mixed(const char *root, const char *key)
{
    char path[SYSFILE_PATH], *line = NULL, *first = NULL;
    size_t size = 0;
    bool mixed = false;
    snprintf(path, sizeof path, "%s/proc/cpuinfo", root);
    FILE *in = fopen(path, "re");
    while (in && !mixed && getline(&line, &size, in) > 0) {
        if (strncmp(line, key, strlen(key)) != 0)
            continue;
        if (first)
            mixed = strcmp(first, line) != 0;
        else
            first = strdup(line);
    }
    if (in)
        fclose(in);
    free(first);
    free(line);
    return mixed;
}

void uarch_read(const char *root, struct event_cpu *cpu)
{
    struct system_kernel kernel;
    *cpu = (struct event_cpu){0};
    system_kernel_read(root, &kernel);
    snprintf(cpu->arch, sizeof cpu->arch, "%.15s", kernel.arch);
    if (sysfile_value(root, "/proc/cpuinfo", "vendor_id", cpu->vendor, sizeof cpu->vendor)) {
        cpu->family = read_number(root, "cpu family");
        cpu->model = read_number(root, "model");
    } else if (!is_mixed(root, "CPU part") &&
               sysfile_value(
                   root, "/proc/cpuinfo", "CPU implementer", cpu->vendor, sizeof cpu->vendor)) {
        cpu->model = read_number(root, "CPU part");
    }
}

bool uarch_is_wide(const char *root, const char *event)
{
    char path[160], text[8];
    const char *const slash = strchr(event, '/');
    if (!slash || slash - event > 64)
        return false;
    snprintf(path, sizeof path, PMUS "%.*s/cpumask", (int)(slash - event), event);
    return sysfile_read(root, path, text, sizeof text);
}

/* The cpus of a core's PMU; false for a PMU that is not a core's. */
static bool read_cpus(const char *root, const char *pmu, struct cpuset *out)
{
    char path[160], text[4096];
    snprintf(path, sizeof path, PMUS "%.64s/cpus", pmu);
    return sysfile_read(root, path, text, sizeof text) && cpuset_parse(text, out, NULL) == 0;
}

static bool holds(const struct cpuset *cpus, int cpu)
{
    for (size_t i = 0; i < cpus->count; i++)
        if ((int)cpus->cpu[i] == cpu)
            return true;
    return false;
}

/* Calls take(context, pmu, cpus) for each core PMU. Returns how many there are. */
static size_t each_core_pmu(const char *root,
    void (*take)(void *context, const char *pmu, const struct cpuset *cpus), void *context)
{
    char path[SYSFILE_PATH];
    size_t count = 0;
    snprintf(path, sizeof path, "%s" PMUS, root);
    DIR *const dir = opendir(path);
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        struct cpuset cpus;
        if (*entry->d_name == '.' || !read_cpus(root, entry->d_name, &cpus))
            continue;
        take(context, entry->d_name, &cpus);
        cpuset_fini(&cpus);
        count++;
    }
    if (dir)
        closedir(dir);
    return count;
}

/* Not hybrid, without a look at each PMU: x86 and others whose cores have the same one. */
static bool has_one_pmu(const char *root)
{
    int64_t type;
    return sysfile_i64(root, PMUS "cpu/type", &type);
}

struct search {
    const char *root;
    int cpu;
    bool found;
    int64_t type;
};

static void find_type(void *context, const char *pmu, const struct cpuset *cpus)
{
    struct search *const s = context;
    char path[160];
    snprintf(path, sizeof path, PMUS "%.64s/type", pmu);
    if (holds(cpus, s->cpu))
        s->found = sysfile_i64(s->root, path, &s->type);
}

bool uarch_core_pmu(const char *root, int cpu, uint32_t *type)
{
    struct search s = {.root = root, .cpu = cpu};
    if (cpu < 0 || has_one_pmu(root) || each_core_pmu(root, find_type, &s) < 2 || !s.found)
        return false;
    *type = (uint32_t)s.type;
    return true;
}

static void pass_over(void *context, const char *pmu, const struct cpuset *cpus)
{
    (void)context, (void)pmu, (void)cpus;
}

bool uarch_serves(const char *root, const char *event, int cpu)
{
    char pmu[64], path[160];
    const char *const slash = strchr(event, '/');
    int64_t type;
    if (!slash || has_one_pmu(root) || each_core_pmu(root, pass_over, NULL) < 2)
        return true;
    snprintf(pmu, sizeof pmu, "%.*s", (int)(slash - event), event);
    snprintf(path, sizeof path, PMUS "%s/type", pmu);
    struct cpuset cpus;
    if (!read_cpus(root, pmu, &cpus))
        return sysfile_i64(root, path, &type); /* a package's PMU; or there is none */
    const bool found = holds(&cpus, cpu);
    cpuset_fini(&cpus);
    return found;
}

struct kinds {
    cpu_set_t *allowed;
    size_t bytes, count;
    unsigned *cpu;
};

static void add_first_allowed(void *context, const char *pmu, const struct cpuset *cpus)
{
    struct kinds *const k = context;
    (void)pmu;
    for (size_t i = 0; i < cpus->count && k->count < UARCH_KINDS; i++)
        if (CPU_ISSET_S(cpus->cpu[i], k->bytes, k->allowed)) {
            k->cpu[k->count++] = cpus->cpu[i];
            return;
        }
}

size_t uarch_kinds(const char *root, unsigned cpu[UARCH_KINDS])
{
    struct kinds k = {
        .allowed = CPU_ALLOC(CPUSET_MAX), .bytes = CPU_ALLOC_SIZE(CPUSET_MAX), .cpu = cpu};
    size_t pmus = 0;
    if (k.allowed && !has_one_pmu(root) && sched_getaffinity(getpid(), k.bytes, k.allowed) == 0)
        pmus = each_core_pmu(root, add_first_allowed, &k);
    CPU_FREE(k.allowed);
    return pmus > 1 ? k.count : 0;
}
