/* SPDX-License-Identifier: MIT
 * What the cpus did since boot, from /proc/stat. */
#include "machine/system/system.h"

#include "base/cpuset.h"
#include "machine/system/sysfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WORD_BITS = 64 };

struct wanted {
    uint64_t bits[CPUSET_MAX / WORD_BITS];
    size_t left; /* how many have not been found yet */
};

static bool wanted_remove(struct wanted *wanted, unsigned cpu)
{
    if (cpu >= CPUSET_MAX)
        return false;
    uint64_t *word = &wanted->bits[cpu / WORD_BITS];
    const uint64_t bit = UINT64_C(1) << cpu % WORD_BITS;
    const bool is_wanted = (*word & bit) != 0;
    *word &= ~bit;
    wanted->left -= is_wanted;
    return is_wanted;
}

static int wanted_fill(struct wanted *wanted, const unsigned *cpus, size_t count)
{
    *wanted = (struct wanted){0};
    for (size_t i = 0; i < count; i++) {
        if (cpus[i] >= CPUSET_MAX)
            return -ENOENT;
        wanted->bits[cpus[i] / WORD_BITS] |= UINT64_C(1) << cpus[i] % WORD_BITS;
    }
    for (size_t i = 0; i < CPUSET_MAX / WORD_BITS; i++)
        wanted->left += (size_t)__builtin_popcountll(wanted->bits[i]);
    return 0;
}

/* proc(5): user nice system idle iowait irq softirq steal; guest time is within user. */
static void line_add(const char *line, struct wanted *wanted, struct system_times *ticks)
{
    unsigned cpu;
    unsigned long long user, nice, system, idle, iowait, irq, softirq, steal;
    if (sscanf(line, "cpu%u %llu %llu %llu %llu %llu %llu %llu %llu", &cpu, &user, &nice, &system,
            &idle, &iowait, &irq, &softirq, &steal) != 9 ||
        !wanted_remove(wanted, cpu))
        return;
    ticks->busy_ns += user + nice + system + irq + softirq;
    ticks->idle_ns += idle + iowait;
    ticks->steal_ns += steal;
}

/* The lines of the cpus come first; what follows can be longer than all of them. */
static void lines_read(FILE *in, struct wanted *wanted, struct system_times *ticks)
{
    char line[512];
    while (wanted->left > 0 && fgets(line, sizeof line, in) != NULL && strncmp(line, "cpu", 3) == 0)
        line_add(line, wanted, ticks);
}

int system_times_at(
    const char *root, const unsigned *cpus, size_t count, struct system_times *times)
{
    struct wanted wanted;
    struct system_times ticks = {0};
    char path[SYSFILE_PATH], buffer[16384];
    if (wanted_fill(&wanted, cpus, count) != 0)
        return -ENOENT;
    snprintf(path, sizeof path, "%s/proc/stat", root);
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return -errno;
    setvbuf(in, buffer, _IOFBF, sizeof buffer);
    lines_read(in, &wanted, &ticks);
    fclose(in);
    const uint64_t tick_ns = UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK);
    *times = (struct system_times){
        ticks.busy_ns * tick_ns, ticks.idle_ns * tick_ns, ticks.steal_ns * tick_ns};
    return wanted.left == 0 ? 0 : -ENOENT;
}

int system_steal_ns(const unsigned *cpus, size_t count, uint64_t *ns)
{
    struct system_times times = {0};
    const int error = system_times_at("", cpus, count, &times);
    *ns = times.steal_ns;
    return error;
}
