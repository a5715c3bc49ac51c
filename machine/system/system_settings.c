/* SPDX-License-Identifier: MIT
 * Settings of the firmware and the kernel in which machines of one kind should not differ. What
 * they mean for a measurement is in doctor.h. */
#include "machine/system/system.h"

#include "base/text.h"
#include "machine/system/sysfile.h"

#include <stdio.h>
#include <string.h>

/* In the order of the text. The word in brackets is what is chosen, in the files that list all. */
static const struct {
    const char *name, *path;
    bool chosen;
} settings[] = {
    {"nodes", "/sys/devices/system/node/online", false},
    {"cpus", "/sys/devices/system/cpu/online", false},
    {"smt", "/sys/devices/system/cpu/smt/control", false},
    {"governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", false},
    {"boost", "/sys/devices/system/cpu/cpufreq/boost", false},
    {"no_turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo", false},
    {"thp", "/sys/kernel/mm/transparent_hugepage/enabled", true},
    {"numa_balancing", "/proc/sys/kernel/numa_balancing", false},
    {"clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource", false},
    {"microcode", "/sys/devices/system/cpu/cpu0/microcode/version", false},
};

static void take_chosen(char *text)
{
    char *const from = strchr(text, '['), *const to = from ? strchr(from, ']') : NULL;
    if (!to)
        return;
    *to = '\0';
    memmove(text, from + 1, (size_t)(to - from));
}

void settings_read(const char *root, char *out, size_t size)
{
    char text[64];
    *out = '\0';
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (!sysfile_read(root, settings[i].path, text, sizeof text))
            continue;
        if (settings[i].chosen)
            take_chosen(text);
        sysfile_tidy(text);
        for (char *blank = text; (blank = strchr(blank, ' '));)
            *blank = '_';
        if (*text)
            text_append_item(out, size, " ", "%s=%s", settings[i].name, text);
    }
}
