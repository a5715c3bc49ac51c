/* SPDX-License-Identifier: MIT
 * Strategies that `maps` compared: which wins each load, then charts and tables. */
#include "analysis/charts/panel_select.h"
#include "analysis/format/html.h"
#include "analysis/maps/map_verdict.h"
#include "analysis/report/report_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LOADS_MAX = 100 }; /* at the top of the page; the section has all */

struct mark {
    const char *class, *word;
};

/* Of the two fastest. */
static const struct mark marks[] = {[VERDICT_NONE] = {"warn", "too few blocks"},
    [VERDICT_SAME] = {"good", "alike"},
    [VERDICT_SLOWER] = {"good", "one wins"},
    [VERDICT_FASTER] = {"good", "one wins"},
    [VERDICT_OPEN] = {"warn", "undecided"}};

/* A strategy that differs from itself is a fault of the instrument. */
static struct mark twins_mark(const struct map_group *group, size_t groups)
{
    bool any = false;
    for (size_t i = 0; i < groups; i++)
        for (size_t k = 0; k < group[i].entries; k++) {
            const enum verdict_kind kind = verdict_kind(group[i].entry[k].ratio);
            if (kind == VERDICT_SLOWER || kind == VERDICT_FASTER)
                return (struct mark){"bad", "differs from itself"};
            any = any || kind != VERDICT_NONE;
        }
    return any ? (struct mark){"good", "self-test passed"} : marks[VERDICT_NONE];
}

static struct mark load_mark(const struct map_group *group, size_t groups)
{
    const struct map_group *const last = &group[groups - 1];
    if (last->twins)
        return twins_mark(group, groups);
    if (!last->runner_up.n)
        return (struct mark){"dim", "nothing compared"};
    return marks[verdict_kind(last->runner_up)];
}

/* "1 to 8 threads", "2 threads, 1 to 1000 clients" */
static void print_sizes(const struct map_group *group, size_t groups, FILE *out)
{
    char name[MAP_GROUP_NAME];
    if (group->clients != SAMPLE_NONE)
        fprintf(out, "%s, ", map_group_places(group, name));
    if (groups > 1)
        fprintf(out, "%" PRId64 " to ", map_group_size(group));
    fputs(map_group_name(&group[groups - 1], name), out);
}

/* The sizes, and whose it is where there are several runs. 0 or -ENOMEM. */
static int print_setting_of(
    const struct report *r, const struct map_group *group, size_t groups, FILE *out)
{
    char *text = NULL;
    size_t size;
    FILE *const in = open_memstream(&text, &size);
    if (!in)
        return -ENOMEM;
    print_sizes(group, groups, in);
    if (*group[groups - 1].entry->estimate->distance)
        fprintf(in, ", %s", group[groups - 1].entry->estimate->distance);
    print_source(in, r->dataset, group->entry->estimate);
    const bool failed = fclose(in) != 0;
    if (!failed)
        html_print(out, "small", NULL, "%s", text);
    free(text);
    return failed ? -ENOMEM : 0;
}

static int print_load(
    const struct report *r, const struct map_group *group, size_t groups, FILE *out)
{
    const struct map_group *const last = &group[groups - 1];
    const struct mark mark = load_mark(group, groups);
    char text[MAP_VERDICT_TEXT];
    fputs("<li><div class=\"what\">", out);
    html_print(out, "strong", NULL, "%s", group->load);
    const int code = print_setting_of(r, group, groups, out);
    fputs("</div>\n", out);
    html_print(out, "span", mark.class, "%s", mark.word);
    fputs("<div class=\"text\">", out);
    map_verdict_text(group, groups, text);
    html_print_text(out, "%s.", text);
    map_verdict_padding(last, text);
    if (*text)
        html_print(out, "small", NULL, "%s.", text);
    fputs("</div>\n</li>\n", out);
    return code;
}

static bool all_measured(const struct map_group *group, size_t groups)
{
    for (size_t i = 0; i < groups; i++)
        if (!group[i].entries)
            return false;
    return true;
}

int report_print_maps_summary(const struct report *report, FILE *out)
{
    const struct map_table *const t = &report->maps;
    size_t loads = 0;
    int code = 0;
    html_print(out, "h3", NULL, "Ways to share a map");
    fputs("<ul class=\"verdicts programs\">\n", out);
    for (size_t i = 0, groups; i < t->groups && !code; i += groups) {
        groups = map_table_series(t, i);
        if (all_measured(&t->group[i], groups) && loads++ < LOADS_MAX)
            code = print_load(report, &t->group[i], groups, out);
    }
    fputs("</ul>\n", out);
    if (loads > LOADS_MAX)
        html_print(out, "p", "note", "%zu more are not judged here.", loads - LOADS_MAX);
    return code;
}

int report_print_maps(const struct report *report, FILE *out)
{
    static const struct report_section charts[] = {
        {.panels = PANELS_MAPS,
            .whole = true,
            .lead = "The time of an op of each strategy under each load, by that of the baseline "
                    "in the same blocks, with the most threads measured: 0.50× is twice as fast. "
                    "Blue is faster, orange slower. Each load stands for itself, and is shown in "
                    "its regime with the most blocks. KiB: what the map takes after the load, and "
                    "after deleting every key."},
        {.panels = PANELS_SCALING,
            .lead = "What all threads together do, by how many threads there are, or clients that "
                    "they serve; bars are 95% intervals. Where a line falls, more of them do less. "
                    "It bends where two lines meet that fit it best, in at least five sizes."},
        {.panels = PANELS_MEMORY,
            .lead = "What the map takes after the load, with what waits to be freed, and once "
                    "every key is deleted."},
    };
    int code = 0;
    for (size_t i = 0; i < sizeof charts / sizeof *charts && !code; i++)
        if (report->panels[charts[i].panels].count)
            code = report_print_panels(report, &charts[i], out);
    return code;
}
