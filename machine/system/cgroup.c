/* SPDX-License-Identifier: MIT
 * The cpu quota of this process's cgroup, of version 2 (cpu.max) and version 1 (cpu.cfs_*). */
#include "machine/system/cgroup.h"

#include "machine/system/sysfile.h"

#include <stdio.h>
#include <string.h>

typedef double quota_fn(const char *root, const char *folder);

/* "max 100000" or "250000 100000": microseconds of each period. */
static double quota_v2(const char *root, const char *folder)
{
    char path[SYSFILE_PATH], text[64];
    double quota, period;
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    if (!sysfile_read(root, path, text, sizeof text) ||
        sscanf(text, "%lf %lf", &quota, &period) != 2 || period <= 0)
        return 0;
    return quota / period;
}

static double quota_v1(const char *root, const char *folder)
{
    char path[SYSFILE_PATH];
    int64_t quota, period;
    snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
    if (!sysfile_i64(root, path, &quota) || quota <= 0)
        return 0;
    snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
    if (!sysfile_i64(root, path, &period) || period <= 0)
        return 0;
    return (double)quota / (double)period;
}

/* The controllers of a hierarchy in /proc/self/cgroup, and where systemd and others mount it. */
static const struct hierarchy {
    const char *controllers; /* between the colons of its line */
    const char *mount;
    quota_fn *quota;
} hierarchies[] = {
    {"cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct", quota_v1},
    {"cpu", "/sys/fs/cgroup/cpu", quota_v1},
    {"", "/sys/fs/cgroup", quota_v2},
    {"", "/sys/fs/cgroup/unified", quota_v2},
};

/* The path of "N:controllers:path". */
static bool path_of(const char *lines, const char *controllers, char *out, size_t size)
{
    char wanted[64];
    const int length = snprintf(wanted, sizeof wanted, ":%s:", controllers);
    for (const char *line = lines; line != NULL && *line != '\0';) {
        const char *colon = strchr(line, ':'), *end = strchrnul(line, '\n');
        if (colon != NULL && strncmp(colon, wanted, (size_t)length) == 0) {
            const char *path = colon + length;
            snprintf(out, size, "%.*s", end > path ? (int)(end - path) : 0, path);
            return true;
        }
        line = *end == '\n' ? end + 1 : end;
    }
    return false;
}

static double tighter_quota(double a, double b)
{
    return a == 0 || (b > 0 && b < a) ? b : a;
}

/* A limit applies to all cgroups below it. In a container the path may be the host's, and not
 * exist: then the cgroup mounted at the top is the container's. */
static double quota_upwards(const char *root, const struct hierarchy *hierarchy, const char *path)
{
    char folder[SYSFILE_PATH];
    snprintf(folder, sizeof folder, "%s%s", hierarchy->mount, path);
    const size_t top = strlen(hierarchy->mount);
    double quota = 0;
    for (;;) {
        quota = tighter_quota(quota, hierarchy->quota(root, folder));
        char *slash = strrchr(folder, '/');
        if (slash == NULL || (size_t)(slash - folder) < top)
            return quota;
        *slash = '\0';
    }
}

void cgroup_read(const char *root, struct cgroup_info *info)
{
    char lines[4096], path[sizeof info->path];
    *info = (struct cgroup_info){0};
    if (!sysfile_read(root, "/proc/self/cgroup", lines, sizeof lines))
        return;
    for (size_t i = 0; i < sizeof hierarchies / sizeof *hierarchies; i++) {
        if (!path_of(lines, hierarchies[i].controllers, path, sizeof path))
            continue;
        if (info->path[0] == '\0')
            memcpy(info->path, path, sizeof path);
        info->quota_cpus =
            tighter_quota(info->quota_cpus, quota_upwards(root, &hierarchies[i], path));
    }
    sysfile_tidy(info->path);
}
