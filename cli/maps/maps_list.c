/* SPDX-License-Identifier: MIT
 * Listing loads, strategies and a plan. */
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/maps/maps_report.h"
#include "cli/signals.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

static void add_load_row(struct table *t, const struct load *load)
{
    char mix[LOAD_TEXT] = "";
    for (int op = 0; op < MAP_OPS; op++)
        if (load->share[op] > 0)
            text_append_item(mix, sizeof mix, " ", "%s=%g", map_op_name[op], load->share[op]);
    if (load->burst)
        text_append(mix, sizeof mix, "burst %" PRIu64, load->burst);
    TABLE_ROW(t, load->name, mix, load_draw_name[load->draw], load->summary);
}

static void add_strategies(struct table *t)
{
    char aligns[64] = "";
    for (size_t i = 0; i < map_strategy_count; i++) {
        const struct map_strategy *const s = map_strategy_table[i];
        if (s->align)
            text_append_item(aligns, sizeof aligns, ",", "%u", s->align);
        if (i + 1 < map_strategy_count && strcmp(map_strategy_table[i + 1]->name, s->name) == 0)
            continue;
        TABLE_ROW(t, s->name, aligns);
        table_cell(t, s->missing ? PAINT_WARN : PAINT_NONE, "%s%s%s", s->summary,
            s->missing ? "; not built, without " : "", s->missing ? s->missing : "");
        aligns[0] = '\0';
    }
}

int maps_print_list(void)
{
    struct table *loads = table_with("load|mix|keys|what it is");
    struct table *strategies = table_with("strategy|alignments|what it is");
    for (size_t i = 0; i < load_file_count; i++) {
        struct load load;
        struct err err;
        if (load_find("--load", load_file_table[i].name, &load, &err) == 0)
            add_load_row(loads, &load);
    }
    add_strategies(strategies);
    cmd_print_table(loads, stdout);
    fputc('\n', stdout);
    cmd_print_table(strategies, stdout);
    fputc('\n', stdout);
    cmd_warn(stdout, "Those under a lock, and sharded, iterate in two ways: NAME under it, and "
                     "NAME-copy over a copy that was made under it. --go adds four in Go.");
    return cmd_done(EXIT_DONE);
}

static void add_memory(
    struct table *t, const struct maps_plan *plan, const struct maps_point *point)
{
    const char *const node = maps_point_node(plan, point);
    table_cell(t, PAINT_NONE, isdigit((unsigned char)*node) ? "node %s" : "%s", node);
}

static void print_owners(const struct maps_plan *plan)
{
    struct table *t = table_with("thread>|cpu>|its shards>");
    for (size_t i = 0; i < plan->cpus.count; i++) {
        table_row(t);
        table_cell(t, PAINT_NONE, "%zu", i);
        table_cell(t, PAINT_NONE, "%u", plan->cpus.cpu[i]);
        table_cell(t, PAINT_NONE, plan->owner_node[i] < 0 ? "?" : "node %d", plan->owner_node[i]);
    }
    fputc('\n', stdout);
    cmd_print_table(t, stdout);
}

int maps_print_plan(const struct maps_plan *plan)
{
    struct table *t = table_with("load|strategy|align>|threads>|keys>|memory");
    for (size_t i = 0; i < plan->points; i++) {
        const struct maps_point *const p = &plan->point[i];
        char name[MAPS_NAME];
        maps_point_name(p, name);
        TABLE_ROW(t, p->load->name, name);
        if (p->strategy->align)
            table_cell(t, PAINT_NONE, "%u B", p->strategy->align);
        else
            table_cell(t, PAINT_NONE, NULL);
        table_cell(t, PAINT_NONE, "%u", p->threads);
        table_cell(t, PAINT_NONE, "%" PRIu64, load_keys(p->load, p->threads));
        add_memory(t, plan, p);
    }
    cmd_print_table(t, stdout);
    if (plan->owner_node)
        print_owners(plan);
    maps_print_missing(plan, stdout);
    return cmd_done(EXIT_DONE);
}

void maps_print_missing(const struct maps_plan *plan, FILE *out)
{
    for (size_t i = 0; i < plan->missings; i++)
        cmd_warn(out, "%s is not measured: numaprobe was built without %s.", plan->missing[i]->name,
            plan->missing[i]->missing);
}
