/* SPDX-License-Identifier: MIT
 * From /proc/zoneinfo: meminfo does not have the reserves, which are tens of MiB a node with
 * transparent huge pages. */
#include "machine/system/node_room.h"

#include "machine/system/sysfile.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of the zones read so far. A zone may be below its reserve. */
struct room {
    int64_t pages;
    unsigned node;
    bool inside, known;
};

static void read_line(const char *line, struct room *room)
{
    static const struct {
        const char *name;
        int sign;
    } counts[] = {{"pages free ", 1}, {"min ", -1}, {"nr_zone_inactive_file ", 1}};
    unsigned node;
    const char *const at = line + strspn(line, " ");
    if (sscanf(line, "Node %u, zone", &node) == 1)
        room->inside = node == room->node;
    for (size_t i = 0; room->inside && i < sizeof counts / sizeof *counts; i++)
        if (strncmp(at, counts[i].name, strlen(counts[i].name)) == 0) {
            room->pages += counts[i].sign * strtoll(at + strlen(counts[i].name), NULL, 10);
            room->known = true;
        }
}

int64_t node_room(const char *root, unsigned node)
{
    char path[SYSFILE_PATH], *line = NULL;
    size_t size = 0;
    struct room room = {.node = node};
    snprintf(path, sizeof path, "%s/proc/zoneinfo", root);
    FILE *const in = fopen(path, "re");
    while (in && getline(&line, &size, in) > 0)
        read_line(line, &room);
    if (in)
        fclose(in);
    free(line);
    return !room.known ? -1 : room.pages < 0 ? 0 : room.pages * sysconf(_SC_PAGESIZE);
}
