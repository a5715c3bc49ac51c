/* SPDX-License-Identifier: MIT
 * The machine as tables for an eye at 80 columns: nodes, L3s, and what this process may use. */
#include "cli/topo/topo_tables.h"

#include "base/cpuset.h"
#include "cli/topo/topo_cpus.h"
#include "machine/system/cgroup.h"
#include "machine/system/sysfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More L3s than this become runs of equal ones, so that the table stays on one screen. */
enum { L3_ROWS_MAX = 16 };

void topo_size(uint64_t bytes, char *out, size_t size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    size_t unit = 0;
    while (value >= 1024 && unit + 1 < sizeof units / sizeof *units) {
        value /= 1024;
        unit++;
    }
    snprintf(out, size, value < 10 && value != (double)(int)value ? "%.1f %s" : "%.0f %s", value,
        units[unit]);
}

static void add_values(struct table *table, const struct topology *topology,
    const struct topo_group *group, enum topology_kind kind)
{
    char *text = topo_group_values(group, topology, kind);
    table_cell(table, PAINT_NONE, "%s", text != NULL ? text : "?");
    free(text);
}

/* The last column is wrapped at blanks, so that cpus numbered across packages stay within the page.
 */
static void add_cpu_list(
    struct table *table, const struct topology *topology, const struct topo_group *group)
{
    char *text = topo_group_values(group, topology, TOPOLOGY_CPU), *rest = text, *item;
    char *spaced = NULL;
    size_t size = 0;
    FILE *out = text != NULL ? open_memstream(&spaced, &size) : NULL;
    for (bool is_first = true; out != NULL && (item = strsep(&rest, ",")) != NULL; is_first = false)
        fprintf(out, "%s%s", is_first ? "" : ", ", item);
    if (out != NULL)
        fclose(out);
    table_cell(table, PAINT_NONE, "%s", spaced != NULL ? spaced : "?");
    free(spaced);
    free(text);
}

static void add_counts(struct table *table, const struct topo_group *group)
{
    table_cell(table, PAINT_NONE, "%zu", group->cores);
    table_cell(table, PAINT_NONE, "%zu", group->cpus);
}

static void add_node(
    struct table *table, const struct topology *topology, const struct topology_node *node)
{
    struct topo_group group;
    char memory[32];
    const int index = (int)node->node;
    if (topo_group_init(&group, topology, TOPOLOGY_NODE, index, index) != 0)
        return;
    topo_size(node->memory_bytes, memory, sizeof memory);
    table_row(table);
    table_cell(table, PAINT_NONE, "%u", node->node);
    table_cell(table, PAINT_NONE, "%s",
        node->memory_bytes == TOPOLOGY_UNKNOWN ? "not stated"
        : node->memory_bytes > 0               ? memory
                                               : "none");
    table_cell(table, node->allowed ? PAINT_NONE : PAINT_WARN, "%s", node->allowed ? "yes" : "no");
    add_values(table, topology, &group, TOPOLOGY_PACKAGE);
    add_values(table, topology, &group, TOPOLOGY_L3);
    add_counts(table, &group);
    table_cell(table, PAINT_NONE, "%zu", group.allowed);
    add_cpu_list(table, topology, &group);
    topo_group_fini(&group);
}

struct table *topo_nodes(const struct topology *topology)
{
    struct table *table =
        table_with("node>|memory>|usable|package|L3|cores>|cpus>|usable>|cpu list");
    for (size_t i = 0; i < topology->nodes; i++)
        add_node(table, topology, &topology->node[i]);
    return table;
}

/* Where each L3 lies and how large it is: what makes two of them equal in a table. */
struct l3_place {
    int package, node;
    size_t cpus, cores;
};

static bool is_alike(const struct l3_place *a, const struct l3_place *b)
{
    return a->package == b->package && a->node == b->node && a->cpus == b->cpus &&
           a->cores == b->cores;
}

static struct l3_place *l3_places(const struct topology *topology)
{
    struct l3_place *place = calloc(topology->l3s + 1, sizeof *place);
    for (size_t i = 0; place != NULL && i < topology->cpus; i++) {
        const struct topology_cpu *cpu = &topology->cpu[i];
        if (cpu->l3 < 0)
            continue;
        struct l3_place *at = &place[cpu->l3];
        at->package = cpu->package;
        at->node = cpu->node;
        at->cpus++;
        at->cores += cpu->smt == 0;
    }
    return place;
}

static void add_l3s(struct table *table, const struct topology *topology, size_t first, size_t last)
{
    struct topo_group group;
    if (topo_group_init(&group, topology, TOPOLOGY_L3, (int)first, (int)last) != 0)
        return;
    table_row(table);
    if (first == last)
        table_cell(table, PAINT_NONE, "%zu", first);
    else
        table_cell(table, PAINT_NONE, "%zu-%zu", first, last);
    add_values(table, topology, &group, TOPOLOGY_PACKAGE);
    add_values(table, topology, &group, TOPOLOGY_NODE);
    table_cell(table, PAINT_NONE, "%zu", group.cores / (last - first + 1));
    table_cell(table, PAINT_NONE, "%zu", group.cpus / (last - first + 1));
    add_cpu_list(table, topology, &group);
    topo_group_fini(&group);
}

struct table *topo_l3s(const struct topology *topology)
{
    const bool is_many = topology->l3s > L3_ROWS_MAX;
    struct table *table = table_with(is_many ? "L3|package|node|cores each>|cpus each>|cpu list"
                                             : "L3|package|node|cores>|cpus>|cpu list");
    struct l3_place *place = l3_places(topology);
    for (size_t first = 0, last; place != NULL && first < topology->l3s; first = last + 1) {
        last = first;
        while (is_many && last + 1 < topology->l3s && is_alike(&place[first], &place[last + 1]))
            last++;
        add_l3s(table, topology, first, last);
    }
    free(place);
    return table;
}

static void add_kind(struct table *table, const struct topology *topology, const char *kind)
{
    struct topo_group group = {.cpu = calloc(topology->cpus + 1, sizeof *group.cpu)};
    for (size_t i = 0; group.cpu && i < topology->cpus; i++) {
        const struct topology_cpu *cpu = &topology->cpu[i];
        if (cpu->kind != kind)
            continue;
        group.cpu[group.cpus++] = cpu->cpu;
        group.cores += cpu->smt == 0;
    }
    TABLE_ROW(table, kind);
    add_counts(table, &group);
    add_cpu_list(table, topology, &group);
    topo_group_fini(&group);
}

struct table *topo_kinds(const struct topology *topology)
{
    struct table *table = table_with("kind|cores>|cpus>|cpu list");
    for (size_t i = 0; i < topology->kinds; i++)
        add_kind(table, topology, topology->kind[i]);
    return table;
}

static void add_fact(struct table *table, const char *name, const char *value)
{
    TABLE_ROW(table, name, value[0] != '\0' ? value : "not stated");
}

struct table *topo_may_use(const char *root)
{
    char text[1024];
    struct cgroup_info cgroup;
    struct table *table = table_with("||");
    sysfile_value(root, "/proc/self/status", "Cpus_allowed_list", text, sizeof text);
    add_fact(table, "cpus", text);
    sysfile_value(root, "/proc/self/status", "Mems_allowed_list", text, sizeof text);
    add_fact(table, "memory nodes", text);
    cgroup_read(root, &cgroup);
    add_fact(table, "cgroup", cgroup.path);
    snprintf(text, sizeof text, "%.2f cpus' worth of time", cgroup.quota_cpus);
    add_fact(table, "cpu quota", cgroup.quota_cpus > 0 ? text : "none");
    return table;
}
