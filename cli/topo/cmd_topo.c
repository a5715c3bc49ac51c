/* SPDX-License-Identifier: MIT
 * numaprobe topo: the machine as numaprobe sees it, what is implausible in that, and what this
 * process may use of it. */
#include "cli/cmd.h"

#include "base/text.h"
#include "cli/table_format.h"
#include "cli/topo/check_table.h"
#include "cli/topo/topo_record.h"
#include "cli/topo/topo_tables.h"
#include "machine/system/topology_checks.h"
#include "machine/topology.h"

#include <errno.h>

struct topo_args {
    const char *topology; /* NULL: this machine */
    const char *record;   /* a folder to record this machine in; NULL */
    struct table_args form;
};

#define ARGS struct topo_args
static const struct option_row rows[] = {
    {"--topology", 't', "TEXT",
        "Another machine: a folder made by --record, an XML file made by lstopo, or a string as "
        "'pack:2 numa:1 core:4 pu:2'",
        NULL, OPTION_TEXT(topology)},
    {"--record", 0, "DIR",
        "Record this machine in a new folder, for --topology on another one; prints no tables",
        NULL, OPTION_TEXT(record)},
    TABLE_FORMAT_OPTIONS,
};

static const struct options options = {
    .summary = "Shows packages, NUMA nodes, caches, cores and cpus as numaprobe sees them, values "
               "that are implausible, and what this process may use.",
    .ending = "Examples:\n"
              "  numaprobe topo\n"
              "  numaprobe topo --topology 'pack:2 numa:1 l3:1 core:4 pu:2'\n"
              "  numaprobe topo --json topo.json\n"
              "  numaprobe topo --record DIR && numaprobe topo --topology DIR",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

/* Renders as text under a title, and frees the table. An empty table (or none) is left out. */
static int print_section(const char *title, struct table *table)
{
    if (table_rows(table) > 0) {
        printf("\n%s\n", title);
        return cmd_print_table(table, stdout);
    }
    table_free(table);
    return 0;
}

static void print_count(size_t count, const char *one, const char *many)
{
    printf(", %zu %s", count, count == 1 ? one : many);
}

/* Threads of a core; 1 where there is no SMT. */
static unsigned threads_a_core(const struct topology *topology)
{
    unsigned most = 0;
    for (size_t i = 0; i < topology->cpus; i++)
        most = topology->cpu[i].smt > most ? topology->cpu[i].smt : most;
    return most + 1;
}

static void print_summary(const struct topology *topology)
{
    text_print(stdout, "%s: %zu package%s", topology->source, topology->packages,
        topology->packages == 1 ? "" : "s");
    print_count(topology->nodes, "node", "nodes");
    print_count(topology->l3s, "L3", "L3s");
    print_count(topology->cores, "core", "cores");
    print_count(topology->cpus, "cpu", "cpus");
    char l3[32], line[32];
    topo_size(topology->l3_bytes, l3, sizeof l3);
    topo_size(topology->line_bytes, line, sizeof line);
    printf("\n%u thread%s a core, L3 of %s, cache line of %s\n", threads_a_core(topology),
        threads_a_core(topology) == 1 ? "" : "s", topology->l3_bytes > 0 ? l3 : "unknown size",
        topology->line_bytes > 0 ? line : "unknown size");
}

/* What is shown. */
struct view {
    const struct topology *topology;
    const char *root; /* of /proc and /sys; NULL: it has none */
    const struct check_result *doubt;
    size_t doubts;
};

static int print_text(void *context, FILE *out)
{
    const struct view *const v = context;
    const struct topology *const topology = v->topology;
    (void)out; /* stdout, as every section */
    print_summary(topology);
    int code = print_section("NUMA nodes", topo_nodes(topology));
    if (code == 0)
        code = print_section("L3 caches", topo_l3s(topology));
    if (code == 0)
        code = print_section("Kinds of cores", topo_kinds(topology));
    if (code == 0 && topology->nodes > 1)
        code = print_section("NUMA distances (10: the node itself), as the firmware states them",
            topo_distances(topology));
    if (code == 0 && v->root)
        code = print_section("This process may use", topo_may_use(v->root));
    if (code == 0)
        code = print_section("Implausible", check_table_text(v->doubt, v->doubts));
    return code;
}

static int print_csv(void *context, FILE *out)
{
    const struct view *const v = context;
    return table_print_csv(topo_data_cpus(v->topology), out);
}

enum { JSON_SCHEMA = 1 };

static int print_json(void *context, FILE *out)
{
    const struct view *const v = context;
    const struct topology *const topology = v->topology;
    const struct {
        const char *name;
        struct table *table;
    } parts[] = {
        {"machine", topo_data_machine(topology)},
        {"nodes", topo_data_nodes(topology)},
        {"distances", topo_data_distances(topology)},
        {"doubts", check_table_data(v->doubt, v->doubts)},
        {"cpus", topo_data_cpus(topology)},
    };
    int code = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        fprintf(out, "%s\"%s\": ", i == 0 ? "{" : ", ", parts[i].name);
        if (code == 0)
            code = table_json(parts[i].table, out);
        table_free(parts[i].table);
    }
    fprintf(out, ", \"schema\": %d, \"command\": \"topo\"}\n", JSON_SCHEMA);
    return code;
}

static int show_machine(const struct topo_args *args)
{
    struct machine *machine;
    struct topology topology;
    struct check_result doubt[TOPOLOGY_CHECKS_MAX];
    struct err err = {0};
    const int code = machine_open(args->topology, &machine, &topology, &err);
    if (code)
        return cmd_fail(&err, cmd_status(code));
    struct view view = {
        &topology, machine_root(machine), doubt, topology_checks_run(&topology, doubt)};
    const struct table_output output = {print_text, print_csv, print_json, &view};
    const int status = table_write(&args->form, &output, EXIT_DONE);
    topology_fini(&topology);
    machine_close(machine);
    return status;
}

static int record_machine(const struct topo_args *args)
{
    struct err err;
    if (!args->topology && !args->form.csv && !args->form.json)
        return topo_record(args->record, args->form.quiet);
    err_set(&err, -EINVAL,
        "--record: records this machine and prints no tables; leave out --topology, --csv and "
        "--json");
    return cmd_fail(&err, EXIT_USAGE);
}

static int topo_main(int argc, char **argv)
{
    struct topo_args args = {0};
    const int status = options_parse(&options, &argc, &argv, &args);
    if (status >= 0)
        return status;
    return args.record ? record_machine(&args) : show_machine(&args);
}

const struct cmd cmd_topo = {
    "topo", "show the machine and flag doubtful values", topo_main, &options, NULL};
