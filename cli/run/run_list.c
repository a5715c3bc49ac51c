/* SPDX-License-Identifier: MIT
 * Listing the registries and a plan. */
#include "cli/run/run_list.h"

#include "base/cpuset.h"
#include "base/text.h"
#include "cli/cmd.h"

#include <stdlib.h>
#include <string.h>

/* The registry is sorted by name, and by alignment within a name. */
static void add_layouts(struct table *t)
{
    char aligns[64] = "";
    for (size_t i = 0; i < layout_count; i++) {
        const struct layout *l = layout_table[i];
        text_append_item(aligns, sizeof aligns, ",", "%zu", l->align_bytes);
        if (i + 1 < layout_count && strcmp(layout_table[i + 1]->name, l->name) == 0)
            continue;
        TABLE_ROW(t, l->name, aligns, l->summary);
        aligns[0] = '\0';
    }
}

static void add_ops(struct table *t)
{
    for (size_t i = 0; i < op_count; i++)
        if (op_find(op_table[i]->name) == op_table[i])
            TABLE_ROW(t, op_table[i]->name, "", op_table[i]->summary);
}

int run_list(void)
{
    struct table *layouts = table_with("layout|alignments|what it is");
    struct table *ops = table_with("op||what a thread does");
    add_layouts(layouts);
    add_ops(ops);
    cmd_print_table(layouts, stdout);
    fputc('\n', stdout);
    cmd_print_table(ops, stdout);
    printf("\nmode        throughput, latency\n"
           "reference   isolated: each role's words on lines of their own, always measured\n");
    return cmd_done(EXIT_DONE);
}

static void add_point(struct table *t, size_t index, const struct point *p)
{
    table_row(t);
    table_cell(t, PAINT_NONE, "%zu", index);
    table_cell(t, PAINT_NONE, "%s", p->shape->name);
    if (p->shape->align_bytes)
        table_cell(t, PAINT_NONE, "%u B%s%s", p->shape->align_bytes, *p->twin ? " " : "", p->twin);
    else
        table_cell(t, PAINT_NONE, "isolated");
    table_cell(t, PAINT_NONE, "%s", p->op->name);
    table_cell(t, PAINT_NONE, "%u", p->shape->shards);
    table_cell(t, PAINT_NONE, "%zu", p->shape->object_bytes);
}

int run_list_points(const struct plan *plan)
{
    struct table *t = table_with("point>|layout|variant|op|shards>|bytes>");
    for (size_t i = 0; i < plan->points; i++)
        add_point(t, i, &plan->point[i]);
    return cmd_done(cmd_print_table(t, stdout) ? EXIT_CANNOT : EXIT_DONE);
}

int run_list_plan(const struct plan *plan, const struct topology *topology)
{
    char *cpus = cpuset_format(plan->cpus.cpu, plan->cpus.count);
    text_print(stdout, "on       %s\n", topology->source);
    printf("mode     %s, gap %g ns\nthreads  %zu\ncpus     %s\n", mode_names[plan->mode],
        plan->gap_ns, plan->cpus.count, cpus ? cpus : "?");
    if (plan->cpus.count > 1)
        printf("farthest %s\n", plan->apart);
    printf("memory   %s%s, %s pages\n\n", plan->memory.node >= 0 ? "node " : "",
        *plan->mem_node ? plan->mem_node : "no node known", memory_pages_name[plan->memory.pages]);
    free(cpus);
    return run_list_points(plan);
}
