/* SPDX-License-Identifier: MIT
 * The files of this process's cgroups, wherever they are mounted: hwloc reads their cpusets, doctor
 * their quota, each upwards to the root. */
#include "machine/system/pieces_internal.h"
#include "machine/system/sysfile.h"

#include <stdio.h>
#include <string.h>

static int take_folder(struct pieces *pieces, const char *root, const char *folder)
{
    static const char *const names[] = {"cpu.max", "cpu.cfs_quota_us", "cpu.cfs_period_us",
        "cpuset.cpus", "cpuset.mems", "cpuset.cpus.effective", "cpuset.mems.effective", "cpus",
        "mems"};
    static const struct piece_rule whole = {0};
    int code = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names && !code; i++) {
        char path[SYSFILE_PATH];
        snprintf(path, sizeof path, "%.3000s/%s", folder, names[i]);
        code = piece_take(pieces, root, path, &whole);
    }
    return code;
}

/* A cgroup and those around it, up to where the hierarchy is mounted. */
static int take_upwards(
    struct pieces *pieces, const char *root, const char *mount, const char *cgroup)
{
    char folder[SYSFILE_PATH];
    snprintf(folder, sizeof folder, "%.1000s%.1000s", mount, cgroup);
    for (;;) {
        const size_t length = strlen(folder);
        if (length > 0 && folder[length - 1] == '/')
            folder[length - 1] = '\0';
        const int code = take_folder(pieces, root, folder);
        if (code || strlen(folder) <= strlen(mount))
            return code;
        *strrchr(folder, '/') = '\0';
    }
}

/* "N:controllers:path" for each hierarchy; the same path often comes several times. */
static int take_mount(
    struct pieces *pieces, const char *root, const char *mount, const char *cgroups)
{
    char lines[4096], *rest = lines, *line, before[1024] = "";
    int code = 0;
    snprintf(lines, sizeof lines, "%s", cgroups);
    while (!code && (line = strsep(&rest, "\n")) != NULL) {
        const char *const colon = strchr(line, ':');
        const char *const path = colon ? strchr(colon + 1, ':') : NULL;
        if (!path || path[1] != '/' || strstr(path, "/..") || strcmp(path + 1, before) == 0)
            continue;
        snprintf(before, sizeof before, "%s", path + 1);
        code = take_upwards(pieces, root, mount, path + 1);
    }
    return code;
}

int pieces_take_cgroups(struct pieces *pieces, const char *root)
{
    char cgroups[4096], mounts[16384], *rest = mounts, *line;
    int code = 0;
    const struct piece *kept = NULL;
    for (size_t i = 0; i < pieces->count; i++)
        if (strcmp(pieces->piece[i].path, "/proc/mounts") == 0)
            kept = &pieces->piece[i];
    sysfile_read(root, "/proc/self/cgroup", cgroups, sizeof cgroups);
    snprintf(mounts, sizeof mounts, "%s", kept && kept->text ? kept->text : "");
    while (!code && (line = strsep(&rest, "\n")) != NULL) {
        char place[1000];
        if (sscanf(line, "%*s %999s", place) == 1 && place[0] == '/' && !strchr(place, '\\') &&
            !strstr(place, "/.."))
            code = take_mount(pieces, root, place, cgroups);
    }
    return code;
}
