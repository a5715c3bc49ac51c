/* SPDX-License-Identifier: MIT
 * The machine as tables for programs: stable columns, plain numbers, an empty cell for "not known".
 */
#include "cli/topo/topo_tables.h"

#include <inttypes.h>

static struct table *with_columns(const char *const *name, size_t count)
{
    struct table *table = table_new();
    for (size_t i = 0; i < count; i++)
        table_column(table, name[i], TABLE_LEFT);
    return table;
}
#define WITH_COLUMNS(names) with_columns(names, sizeof(names) / sizeof *(names))

static void add_index(struct table *table, int index)
{
    if (index < 0)
        table_cell(table, PAINT_NONE, "%s", "");
    else
        table_cell(table, PAINT_NONE, "%d", index);
}

static void add_u64(struct table *table, uint64_t value)
{
    table_cell(table, PAINT_NONE, "%" PRIu64, value);
}

/* 0 means "not known" in these. */
static void add_known(struct table *table, uint64_t value)
{
    if (value == 0)
        table_cell(table, PAINT_NONE, "%s", "");
    else
        add_u64(table, value);
}

struct table *topo_data_machine(const struct topology *topology)
{
    static const char *const names[] = {
        "source", "packages", "nodes", "l3s", "cores", "cpus", "l3_bytes", "line_bytes"};
    struct table *table = WITH_COLUMNS(names);
    table_row(table);
    table_cell(table, PAINT_NONE, "%s", topology->source);
    add_u64(table, topology->packages);
    add_u64(table, topology->nodes);
    add_u64(table, topology->l3s);
    add_u64(table, topology->cores);
    add_u64(table, topology->cpus);
    add_known(table, topology->l3_bytes);
    add_known(table, topology->line_bytes);
    return table;
}

struct table *topo_data_cpus(const struct topology *topology)
{
    static const char *const names[] = {"cpu", "core", "smt", "l3", "package", "node", "allowed"};
    struct table *table = WITH_COLUMNS(names);
    for (size_t i = 0; i < topology->cpus; i++) {
        const struct topology_cpu *cpu = &topology->cpu[i];
        table_row(table);
        add_u64(table, cpu->cpu);
        add_index(table, cpu->core);
        add_u64(table, cpu->smt);
        add_index(table, cpu->l3);
        add_index(table, cpu->package);
        add_index(table, cpu->node);
        add_u64(table, cpu->allowed);
    }
    return table;
}

struct table *topo_data_nodes(const struct topology *topology)
{
    static const char *const names[] = {"node", "memory_bytes", "cpus", "allowed"};
    struct table *table = WITH_COLUMNS(names);
    for (size_t i = 0; i < topology->nodes; i++) {
        table_row(table);
        add_u64(table, topology->node[i].node);
        if (topology->node[i].memory_bytes == TOPOLOGY_UNKNOWN)
            table_cell(table, PAINT_NONE, NULL);
        else
            add_u64(table, topology->node[i].memory_bytes);
        add_u64(table, topology->node[i].cpus);
        add_u64(table, topology->node[i].allowed);
    }
    return table;
}

struct table *topo_data_distances(const struct topology *topology)
{
    static const char *const names[] = {"from", "to", "distance"};
    const size_t n = topology->distance != NULL ? topology->nodes : 0;
    struct table *table = WITH_COLUMNS(names);
    for (size_t i = 0; i < n * n; i++) {
        table_row(table);
        add_u64(table, topology->node[i / n].node);
        add_u64(table, topology->node[i % n].node);
        add_u64(table, topology->distance[i]);
    }
    return table;
}
#undef WITH_COLUMNS
