/* SPDX-License-Identifier: MIT
 * Findings as a table. */
#include "cli/topo/check_table.h"

static enum table_paint paint_of(enum check_level level)
{
    static const enum table_paint paints[] = {
        [CHECK_OK] = PAINT_GOOD,
        [CHECK_NOTE] = PAINT_NONE,
        [CHECK_LIMIT] = PAINT_WARN,
        [CHECK_STOP] = PAINT_BAD,
    };
    return paints[level];
}

static void add_text(struct table *table, const struct check_result *finding)
{
    table_row(table);
    table_cell(table, paint_of(finding->level), "%s", check_level_name(finding->level));
    TABLE_TEXTS(table, finding->name);
    table_cell(table, PAINT_NONE, "%s%s%s", finding->found, finding->meaning[0] != '\0' ? ". " : "",
        finding->meaning);
    if (finding->command[0] == '\0')
        return;
    TABLE_ROW(table, "", "");
    table_cell(table, PAINT_DIM, "$ %s", finding->command);
}

struct table *check_table_text(const struct check_result *finding, size_t count)
{
    struct table *table = table_with("|||");
    for (int level = CHECK_STOP; level >= CHECK_OK; level--)
        for (size_t i = 0; i < count; i++)
            if ((int)finding[i].level == level)
                add_text(table, &finding[i]);
    return table;
}

struct table *check_table_data(const struct check_result *finding, size_t count)
{
    struct table *table = table_with("check|level|found|meaning|command");
    for (size_t i = 0; i < count; i++) {
        TABLE_ROW(table, finding[i].name, check_level_name(finding[i].level), finding[i].found,
            finding[i].meaning, finding[i].command);
    }
    return table;
}
