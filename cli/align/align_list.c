/* SPDX-License-Identifier: MIT
 * What would be measured: the pairs, and the points, which are the same for each. */
#include "cli/align/align.h"

#include "base/text.h"
#include "cli/cmd.h"
#include "cli/run/run_list.h"

int align_list_plan(const struct align *align, const struct topology *topology)
{
    struct table *const t = table_with("pair>|cpus|distance|memory");
    for (size_t i = 0; i < align->pairs; i++) {
        const struct plan *const plan = &align->pair[i].plan;
        table_row(t);
        table_cell(t, PAINT_NONE, "%zu", i);
        table_cell(t, PAINT_NONE, "%u,%u", plan->cpus.cpu[0], plan->cpus.cpu[1]);
        table_cell(t, PAINT_NONE, "%s", plan->apart);
        table_cell(t, PAINT_NONE, "%s%s", plan->memory.node >= 0 ? "node " : "",
            *plan->mem_node ? plan->mem_node : "no node known");
    }
    text_print(stdout, "on %s\n\n", topology->source);
    cmd_print_table(t, stdout);
    putchar('\n');
    return run_list_points(&align->pair->plan);
}
