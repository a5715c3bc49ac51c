/* SPDX-License-Identifier: MIT
 * What hwloc sees, as its XML, without names and serial numbers. */
#include "machine/topology.h"

#include "base/outfile.h"
#include "machine/topology_source.h"

#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* hwloc also copies what the firmware says of the board, down to serial numbers, and the host's
 * name: of all that only the kinds of cores are kept (topology_kinds.c). */
static bool is_kept(const char *line)
{
    static const char *const names[] = {
        "CoreType", "LinuxCapacity", "FrequencyMaxMHz", "FrequencyBaseMHz"};
    static const char info[] = "<info name=\"";
    const char *const at = strstr(line, info);
    bool kept = !at;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        kept = kept || strncmp(at + strlen(info), names[i], strlen(names[i])) == 0;
    return kept;
}

static void write_lines(char *xml, FILE *out)
{
    for (char *line; (line = strsep(&xml, "\n")) != NULL;)
        if (*line && is_kept(line))
            fprintf(out, "%s\n", line);
}

int machine_export(struct machine *machine, const char *folder, struct err *err)
{
    char path[4096];
    struct outfile out;
    char *xml;
    int bytes;
    if (hwloc_topology_export_xmlbuffer(machine_hwloc(machine), &xml, &bytes, 0) != 0)
        return err_set(err, -errno, "hwloc writes no XML: %s", strerror(errno));
    snprintf(path, sizeof path, "%.4000s/" TOPOLOGY_EXPORT, folder);
    int code = outfile_open("--record", path, &out, err);
    if (!code) {
        write_lines(xml, out.stream);
        code = outfile_commit(&out, err);
    }
    hwloc_free_xmlbuffer(machine_hwloc(machine), xml);
    return code;
}
