/* SPDX-License-Identifier: MIT
 * The machine as tables for programs: stable columns, plain numbers, an empty cell for "not known".
 */
#include "cli/topo/topo_tables.h"

#include <inttypes.h>

/* An empty cell for `unknown`. */
static void add_known(struct table *table, uint64_t value, uint64_t unknown)
{
    table_cell(table, PAINT_NONE, value == unknown ? NULL : "%" PRIu64, value);
}

static void add_u64(struct table *table, uint64_t value)
{
    table_cell(table, PAINT_NONE, "%" PRIu64, value);
}

static void add_index(struct table *table, int index)
{
    table_cell(table, PAINT_NONE, index < 0 ? NULL : "%d", index);
}

struct table *topo_data_machine(const struct topology *topology)
{
    struct table *table = table_with("source|packages|nodes|l3s|cores|cpus|l3_bytes|line_bytes");
    TABLE_ROW(table, topology->source);
    add_u64(table, topology->packages);
    add_u64(table, topology->nodes);
    add_u64(table, topology->l3s);
    add_u64(table, topology->cores);
    add_u64(table, topology->cpus);
    add_known(table, topology->l3_bytes, 0);
    add_known(table, topology->line_bytes, 0);
    return table;
}

struct table *topo_data_cpus(const struct topology *topology)
{
    struct table *table = table_with("cpu|core|smt|l3|package|node|allowed|kind");
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
        table_cell(table, PAINT_NONE, cpu->kind ? "%s" : NULL, cpu->kind);
    }
    return table;
}

struct table *topo_data_nodes(const struct topology *topology)
{
    struct table *table = table_with("node|memory_bytes|cpus|allowed");
    for (size_t i = 0; i < topology->nodes; i++) {
        table_row(table);
        add_u64(table, topology->node[i].node);
        add_known(table, topology->node[i].memory_bytes, TOPOLOGY_UNKNOWN);
        add_u64(table, topology->node[i].cpus);
        add_u64(table, topology->node[i].allowed);
    }
    return table;
}

struct table *topo_data_distances(const struct topology *topology)
{
    const size_t n = topology->distance != NULL ? topology->nodes : 0;
    struct table *table = table_with("from|to|distance");
    for (size_t i = 0; i < n * n; i++) {
        table_row(table);
        add_u64(table, topology->node[i / n].node);
        add_u64(table, topology->node[i % n].node);
        add_u64(table, topology->distance[i]);
    }
    return table;
}
