/* SPDX-License-Identifier: MIT
 * Listing the registries and a plan. */
#include "cli/run/run_list.h"

#include "base/cpuset.h"
#include "cli/cmd.h"

#include <stdlib.h>
#include <string.h>

static struct table *new_columns(const char *first, const char *second)
{
    struct table *t = table_new();
    table_column(t, first, TABLE_LEFT);
    table_column(t, "alignments", TABLE_LEFT);
    table_column(t, second, TABLE_LEFT);
    return t;
}

static void add_row(struct table *t, const char *name, const char *alignments, const char *summary)
{
    table_row(t);
    table_cell(t, PAINT_NONE, "%s", name);
    table_cell(t, PAINT_NONE, "%s", alignments);
    table_cell(t, PAINT_NONE, "%s", summary);
}

/* The registry is sorted by name, and by alignment within a name. */
static void add_layouts(struct table *t)
{
    char aligns[64] = "";
    for (size_t i = 0; i < layout_count; i++) {
        const struct layout *l = layout_table[i];
        const size_t used = strlen(aligns);
        snprintf(aligns + used, sizeof aligns - used, "%s%zu", used ? "," : "", l->align_bytes);
        if (i + 1 < layout_count && strcmp(layout_table[i + 1]->name, l->name) == 0)
            continue;
        add_row(t, l->name, aligns, l->summary);
        aligns[0] = '\0';
    }
}

static void add_ops(struct table *t)
{
    for (size_t i = 0; i < op_count; i++)
        if (op_find(op_table[i]->name) == op_table[i])
            add_row(t, op_table[i]->name, "", op_table[i]->summary);
}

static struct table *op_columns(void)
{
    struct table *t = table_new();
    table_column(t, "op", TABLE_LEFT);
    table_column(t, "", TABLE_LEFT);
    table_column(t, "what a thread does", TABLE_LEFT);
    return t;
}

int run_list(void)
{
    struct table *layouts = new_columns("layout", "what it is"), *ops = op_columns();
    add_layouts(layouts);
    add_ops(ops);
    table_text(layouts, stdout, cmd_look(stdout));
    fputc('\n', stdout);
    table_text(ops, stdout, cmd_look(stdout));
    printf("\nmode        throughput, latency\n"
           "reference   isolated: each role's words on lines of their own, always measured\n");
    table_free(layouts);
    table_free(ops);
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

static struct table *plan_table(const struct plan *plan)
{
    static const char *const names[] = {"point", "layout", "variant", "op", "shards", "bytes"};
    struct table *t = table_new();
    for (size_t i = 0; i < 6; i++)
        table_column(t, names[i], i == 0 || i > 3 ? TABLE_RIGHT : TABLE_LEFT);
    for (size_t i = 0; i < plan->points; i++)
        add_point(t, i, &plan->point[i]);
    return t;
}

int run_list_plan(const struct plan *plan, const struct topology *topology)
{
    char *cpus = cpuset_format(plan->cpus.cpu, plan->cpus.count);
    printf("on       %s\nmode     %s, gap %g ns\nthreads  %zu\ncpus     %s\n", topology->source,
        mode_names[plan->mode], plan->gap_ns, plan->cpus.count, cpus ? cpus : "?");
    if (plan->cpus.count > 1)
        printf("farthest %s\n", distance_name(plan->distance));
    printf("memory   %s%s, %s pages\n\n", plan->memory.node >= 0 ? "node " : "",
        *plan->mem_node ? plan->mem_node : "no node known", memory_pages_name[plan->memory.pages]);
    free(cpus);
    struct table *t = plan_table(plan);
    const int code = table_text(t, stdout, cmd_look(stdout));
    table_free(t);
    return cmd_done(code ? EXIT_FAILED : EXIT_DONE);
}
