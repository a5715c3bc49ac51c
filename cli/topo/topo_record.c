/* SPDX-License-Identifier: MIT
 * Recording this machine: its files, the doctor's calls and what its events answer. Then the
 * recording is read back and compared with the machine. */
#include "cli/topo/topo_record.h"

#include "base/version.h"
#include "cli/cmd.h"
#include "cli/table_format.h"
#include "cli/topo/topo_tables.h"
#include "machine/system/doctor_calls.h"
#include "machine/topology.h"
#include "probes/counters/event_answers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As doctor's: ten ticks of /proc/stat. */
enum { WINDOW_MS = 100 };

static json_t *calls_of(const struct topology *topology)
{
    struct doctor_facts facts;
    doctor_gather("", topology, WINDOW_MS, &facts);
    return doctor_calls_json(&facts);
}

static int take_events(json_t **out, struct err *err)
{
    struct event_answers answers;
    int code = event_answers_take(&answers, err);
    *out = code ? NULL : event_answers_json(&answers);
    if (!code && !*out)
        code = err_set(err, -ENOMEM, "out of memory for a recording");
    event_answers_fini(&answers);
    return code;
}

/* All that topo knows of a machine, but for where that is from. NULL when out of memory. */
static char *described(const struct topology *topology)
{
    struct table *const part[] = {
        topo_data_nodes(topology), topo_data_distances(topology), topo_data_cpus(topology)};
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        if (out)
            table_print_csv(part[i], out);
        else
            table_free(part[i]);
    if (!out)
        return NULL;
    fprintf(out, "%zu %zu %zu %llu %u\n", topology->packages, topology->cores, topology->l3s,
        (unsigned long long)topology->l3_bytes, topology->line_bytes);
    fclose(out);
    return text;
}

static bool is_alike(const struct topology *a, const struct topology *b)
{
    char *const text[] = {described(a), described(b)};
    const bool alike = text[0] && text[1] && strcmp(text[0], text[1]) == 0;
    free(text[0]);
    free(text[1]);
    return alike;
}

/* Whether the recording is read back as this machine. */
static int compare_recording(
    const char *folder, const struct topology *topology, bool *alike, struct err *err)
{
    struct machine *machine;
    struct topology recorded;
    struct err why = {0};
    const int code = machine_open(folder, &machine, &recorded, &why);
    if (code)
        return err_set(err, code,
            "--record: '%.100s' was written and is not to be used, since it cannot be read back: "
            "%.300s",
            folder, why.text);
    *alike = is_alike(topology, &recorded);
    topology_fini(&recorded);
    machine_close(machine);
    return 0;
}

static void print_made(const char *folder, const struct recording_made *made)
{
    char size[32];
    topo_size(made->bytes, size, sizeof size);
    printf("Recorded in %s: %zu files of %s.\n", folder, made->files, size);
    if (made->unread > 0)
        cmd_warn(stdout, "%zu more could not be read; %s/manifest.json has the reasons.",
            made->unread, folder);
    cmd_warn(stdout,
        "Host name, serial numbers, the kernel's command line and file systems are not in it; the "
        "names of this process's cgroup, of the kernel and of the machine's model are.");
}

static int record_machine(struct machine *machine, const struct topology *topology,
    const char *folder, bool quiet, struct err *err)
{
    struct recording_parts parts = {
        .root = "", .version = numaprobe_version, .calls = calls_of(topology)};
    struct recording_made made;
    bool alike = true;
    int code = parts.calls ? take_events(&parts.events, err)
                           : err_set(err, -ENOMEM, "out of memory for a recording");
    if (!code)
        code = recording_make(folder, &parts, &made, err);
    json_decref(parts.calls);
    json_decref(parts.events);
    if (!code)
        code = compare_recording(folder, topology, &alike, err);
    if (!code && !alike)
        code = machine_export(machine, folder, err);
    if (!code && !quiet)
        print_made(folder, &made);
    return code;
}

int topo_record(const char *folder, bool quiet)
{
    struct machine *machine;
    struct topology topology;
    struct err err = {0};
    int code = machine_open(NULL, &machine, &topology, &err);
    if (code)
        return cmd_fail(&err, EXIT_CANNOT);
    code = topology.is_this_machine
               ? record_machine(machine, &topology, folder, quiet, &err)
               : err_set(&err, -EINVAL,
                     "--record: an HWLOC_ environment variable names another machine; unset it");
    topology_fini(&topology);
    machine_close(machine);
    return !code ? cmd_done(EXIT_DONE) : cmd_fail(&err, code == -EINVAL ? EXIT_USAGE : EXIT_FILE);
}
