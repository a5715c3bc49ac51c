/* SPDX-License-Identifier: MIT
 * NUMA distances as a matrix, or by node on a machine where a matrix is too wide. */
#include "base/cpuset.h"
#include "cli/topo/topo_tables.h"

#include <stdio.h>
#include <stdlib.h>

/* Five columns of text a node, within 80. */
enum { MATRIX_NODES_MAX = 14 };

static struct table *distance_table(const struct topology *topology)
{
    struct table *table = table_with("node>");
    for (size_t i = 0; i < topology->nodes; i++) {
        char name[16];
        snprintf(name, sizeof name, "%u", topology->node[i].node);
        table_column(table, name, TABLE_RIGHT);
    }
    for (size_t i = 0; i < topology->nodes; i++) {
        table_row(table);
        table_cell(table, PAINT_NONE, "%u", topology->node[i].node);
        for (size_t j = 0; j < topology->nodes; j++)
            table_cell(table, PAINT_NONE, "%u", topology->distance[i * topology->nodes + j]);
    }
    return table;
}

/* The smallest distance in the row above `above`; UINT_MAX when there is none. */
static unsigned next_distance(const unsigned *row, size_t count, long above)
{
    unsigned next = ~0u;
    for (size_t i = 0; i < count; i++)
        if ((long)row[i] > above && row[i] < next)
            next = row[i];
    return next;
}

/* The nodes of the row at this distance, as ranges; the caller frees it. */
static char *nodes_at(const struct topology *topology, const unsigned *row, unsigned distance)
{
    unsigned *node = calloc(topology->nodes, sizeof *node);
    size_t count = 0;
    for (size_t i = 0; node != NULL && i < topology->nodes; i++)
        if (row[i] == distance)
            node[count++] = topology->node[i].node;
    char *text = node != NULL ? cpuset_format(node, count) : NULL;
    free(node);
    return text;
}

static void add_row(struct table *table, const struct topology *topology, size_t place)
{
    const unsigned *row = &topology->distance[place * topology->nodes];
    char *all = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&all, &size);
    if (out == NULL)
        return;
    unsigned at = next_distance(row, topology->nodes, -1);
    for (bool is_first = true; at != ~0u; is_first = false) {
        char *nodes = nodes_at(topology, row, at);
        fprintf(out, "%s%u: %s", is_first ? "" : "  ", at, nodes != NULL ? nodes : "?");
        free(nodes);
        at = next_distance(row, topology->nodes, at);
    }
    fclose(out);
    table_row(table);
    table_cell(table, PAINT_NONE, "%u", topology->node[place].node);
    table_cell(table, PAINT_NONE, "%s", all);
    free(all);
}

struct table *topo_distances(const struct topology *topology)
{
    if (topology->distance == NULL)
        return NULL;
    if (topology->nodes <= MATRIX_NODES_MAX)
        return distance_table(topology);
    struct table *table = table_with("node>|distance: nodes");
    for (size_t i = 0; i < topology->nodes; i++)
        add_row(table, topology, i);
    return table;
}
