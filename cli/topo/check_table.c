/* SPDX-License-Identifier: MIT
 * Findings as a table. */
#include "cli/topo/check_table.h"

static enum table_paint paint_of(enum finding_level level)
{
    static const enum table_paint paints[] = {
        [FINDING_OK] = PAINT_GOOD,
        [FINDING_NOTE] = PAINT_NONE,
        [FINDING_LIMIT] = PAINT_WARN,
        [FINDING_STOP] = PAINT_BAD,
    };
    return paints[level];
}

static void put_label(struct table *table, const struct finding *finding)
{
    table_row(table);
    table_cell(table, paint_of(finding->level), "%s", finding_level_name(finding->level));
    table_cell(table, PAINT_NONE, "%s", finding->name);
}

static void put_text(struct table *table, const struct finding *finding)
{
    put_label(table, finding);
    table_cell(table, PAINT_NONE, "%s%s%s", finding->found, finding->meaning[0] != '\0' ? ". " : "",
        finding->meaning);
    if (finding->command[0] == '\0')
        return;
    table_row(table);
    table_cell(table, PAINT_NONE, "%s", "");
    table_cell(table, PAINT_NONE, "%s", "");
    table_cell(table, PAINT_DIM, "$ %s", finding->command);
}

struct table *finding_table_text(const struct finding *finding, size_t count)
{
    struct table *table = table_new();
    for (size_t i = 0; i < 3; i++)
        table_column(table, "", TABLE_LEFT);
    for (int level = FINDING_STOP; level >= FINDING_OK; level--)
        for (size_t i = 0; i < count; i++)
            if ((int)finding[i].level == level)
                put_text(table, &finding[i]);
    return table;
}

struct table *finding_table_data(const struct finding *finding, size_t count)
{
    static const char *const columns[] = {"check", "level", "found", "meaning", "command"};
    struct table *table = table_new();
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(table, columns[i], TABLE_LEFT);
    for (size_t i = 0; i < count; i++) {
        table_row(table);
        table_cell(table, PAINT_NONE, "%s", finding[i].name);
        table_cell(table, PAINT_NONE, "%s", finding_level_name(finding[i].level));
        table_cell(table, PAINT_NONE, "%s", finding[i].found);
        table_cell(table, PAINT_NONE, "%s", finding[i].meaning);
        table_cell(table, PAINT_NONE, "%s", finding[i].command);
    }
    return table;
}
