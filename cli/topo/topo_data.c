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

static void put_index(struct table *table, int index)
{
    if (index < 0)
        table_cell(table, PAINT_NONE, "%s", "");
    else
        table_cell(table, PAINT_NONE, "%d", index);
}

static void put_u64(struct table *table, uint64_t value)
{
    table_cell(table, PAINT_NONE, "%" PRIu64, value);
}

/* 0 means "not known" in these. */
static void put_known(struct table *table, uint64_t value)
{
    if (value == 0)
        table_cell(table, PAINT_NONE, "%s", "");
    else
        put_u64(table, value);
}

struct table *topo_data_machine(const struct topology *topology)
{
    static const char *const names[] = {
        "source", "packages", "nodes", "l3s", "cores", "cpus", "l3_bytes", "line_bytes"};
    struct table *table = WITH_COLUMNS(names);
    table_row(table);
    table_cell(table, PAINT_NONE, "%s", topology->source);
    put_u64(table, topology->packages);
    put_u64(table, topology->nodes);
    put_u64(table, topology->l3s);
    put_u64(table, topology->cores);
    put_u64(table, topology->cpus);
    put_known(table, topology->l3_bytes);
    put_known(table, topology->line_bytes);
    return table;
}

struct table *topo_data_cpus(const struct topology *topology)
{
    static const char *const names[] = {"cpu", "core", "smt", "l3", "package", "node", "allowed"};
    struct table *table = WITH_COLUMNS(names);
    for (size_t i = 0; i < topology->cpus; i++) {
        const struct topology_cpu *cpu = &topology->cpu[i];
        table_row(table);
        put_u64(table, cpu->cpu);
        put_index(table, cpu->core);
        put_u64(table, cpu->smt);
        put_index(table, cpu->l3);
        put_index(table, cpu->package);
        put_index(table, cpu->node);
        put_u64(table, cpu->allowed);
    }
    return table;
}

struct table *topo_data_nodes(const struct topology *topology)
{
    static const char *const names[] = {"node", "memory_bytes", "cpus", "allowed"};
    struct table *table = WITH_COLUMNS(names);
    for (size_t i = 0; i < topology->nodes; i++) {
        table_row(table);
        put_u64(table, topology->node[i].node);
        if (topology->node[i].memory_bytes == TOPOLOGY_UNKNOWN)
            table_cell(table, PAINT_NONE, NULL);
        else
            put_u64(table, topology->node[i].memory_bytes);
        put_u64(table, topology->node[i].cpus);
        put_u64(table, topology->node[i].allowed);
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
        put_u64(table, topology->node[i / n].node);
        put_u64(table, topology->node[i % n].node);
        put_u64(table, topology->distance[i]);
    }
    return table;
}
#undef WITH_COLUMNS
