/* SPDX-License-Identifier: MIT
 * Which lines of a file of /proc concern the machine, and not what runs on it. */
#include "machine/system/pieces_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool begins_with(const char *line, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(line, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}
#define BEGINS_WITH(line, words) begins_with(line, words, sizeof(words) / sizeof *(words))

/* Small boards have a serial number there. The flags are some 1.5 KiB of each cpu, and only those
 * of the first are read. */
bool piece_keep_cpuinfo(const char *line, bool first)
{
    static const char *const secret[] = {"Serial"};
    static const char *const once[] = {"flags", "vmx flags", "bugs", "power management",
        "address sizes", "clflush size", "cache_alignment", "TLB size", "fpu", "wp", "cpuid level",
        "bogomips", "BogoMIPS", "microcode", "cpu MHz", "cache size", "initial apicid"};
    return !BEGINS_WITH(line, secret) && (first || !BEGINS_WITH(line, once));
}

/* "DEVICE PLACE TYPE OPTIONS 0 0", proc_pid_mounts(5); all others say what is stored where. */
bool piece_keep_cgroup_mounts(const char *line, bool first)
{
    char type[32], options[256];
    (void)first;
    if (sscanf(line, "%*s %*s %31s %255s", type, options) != 2)
        return false;
    return strcmp(type, "cgroup2") == 0 || strcmp(type, "cpuset") == 0 ||
           (strcmp(type, "cgroup") == 0 && strstr(options, ",cpu"));
}

/* "N:CONTROLLERS:PATH", cgroups(7): those of cpus, and version 2, which has no controllers there.
 */
bool piece_keep_cgroups(const char *line, bool first)
{
    static const char *const controllers[] = {":cpu", "::"};
    (void)first;
    const char *const colon = strchr(line, ':');
    return colon && BEGINS_WITH(colon, controllers);
}

bool piece_keep_memory(const char *line, bool first)
{
    static const char *const keys[] = {"MemTotal", "MemFree", "HugePages_", "Hugepagesize", "Node"};
    (void)first;
    return BEGINS_WITH(line, keys);
}

bool piece_keep_allowed(const char *line, bool first)
{
    static const char *const keys[] = {"Cpus_allowed_list", "Mems_allowed_list"};
    (void)first;
    return BEGINS_WITH(line, keys);
}

bool piece_keep_cpu_times(const char *line, bool first)
{
    (void)first;
    return strncmp(line, "cpu", 3) == 0 && isdigit((unsigned char)line[3]);
}

size_t piece_filter(char *text, size_t length, piece_keep *keep)
{
    bool first = true;
    char *to = text;
    for (char *at = text, *next; at < text + length; at = next) {
        char *const end = memchr(at, '\n', (size_t)(text + length - at));
        next = end ? end + 1 : text + length;
        if (end)
            *end = '\0'; /* else the NUL behind the text ends it */
        const bool is_kept = keep(at, first);
        first = first && *at;
        if (end)
            *end = '\n';
        if (!is_kept)
            continue;
        memmove(to, at, (size_t)(next - at));
        to += next - at;
    }
    *to = '\0';
    return (size_t)(to - text);
}
