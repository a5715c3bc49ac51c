/* SPDX-License-Identifier: MIT
 * RLIMIT_DATA, which since Linux 4.7 counts all private writable mappings (getrlimit(2)). */
#include "probes/maps/map_limit.h"

#include "machine/system/sysfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A line "Name:  123 kB" of a file in /proc, in bytes; 0: it is not there. */
static uint64_t read_field(const char *path, const char *name)
{
    enum { KIB = 1024 };
    char text[64];
    uint64_t kib = 0;
    if (sysfile_value("", path, name, text, sizeof text))
        sscanf(text, "%" SCNu64, &kib);
    return kib * KIB;
}

struct map_limit map_limit_set(void)
{
    struct map_limit limit;
    const uint64_t taken = read_field("/proc/self/status", "VmData");
    const uint64_t available = read_field("/proc/meminfo", "MemAvailable");
    limit.code = getrlimit(RLIMIT_DATA, &limit.before) || !taken || !available;
    if (limit.code)
        return limit;
    struct rlimit lower = limit.before;
    if (lower.rlim_cur > taken + available / 2) /* RLIM_INFINITY is the largest */
        lower.rlim_cur = taken + available / 2;
    limit.code = setrlimit(RLIMIT_DATA, &lower);
    return limit;
}

void map_limit_end(struct map_limit limit)
{
    if (!limit.code)
        setrlimit(RLIMIT_DATA, &limit.before);
}
