/* SPDX-License-Identifier: MIT
 * /proc/cpuinfo and sysfs, as far as events depend on them. */
#include "probes/counters/uarch.h"

#include "machine/system/sysfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static unsigned read_number(const char *root, const char *key)
{
    char text[64];
    return sysfile_value(root, "/proc/cpuinfo", key, text, sizeof text)
               ? (unsigned)strtoul(text, NULL, 0)
               : 0;
}

void uarch_read_at(const char *root, struct event_cpu *cpu)
{
    struct utsname name;
    *cpu = (struct event_cpu){0};
    if (uname(&name) == 0)
        snprintf(cpu->arch, sizeof cpu->arch, "%.15s", name.machine);
    if (sysfile_value(root, "/proc/cpuinfo", "vendor_id", cpu->vendor, sizeof cpu->vendor)) {
        cpu->family = read_number(root, "cpu family");
        cpu->model = read_number(root, "model");
    } else if (sysfile_value(
                   root, "/proc/cpuinfo", "CPU implementer", cpu->vendor, sizeof cpu->vendor)) {
        cpu->model = read_number(root, "CPU part");
    }
}

void uarch_read(struct event_cpu *cpu)
{
    uarch_read_at("", cpu);
}

bool uarch_is_wide(const char *event)
{
    char path[160], text[8];
    const char *const slash = strchr(event, '/');
    if (!slash || slash - event > 64)
        return false;
    snprintf(path, sizeof path, "/sys/bus/event_source/devices/%.*s/cpumask", (int)(slash - event),
        event);
    return sysfile_read("", path, text, sizeof text);
}
