/* SPDX-License-Identifier: MIT
 * What `watch --maps` and `watch --locks` saw in running programs. */
#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <inttypes.h>
#include <string.h>

enum { ROWS_MAX = 200 };

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static double number_of(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void cell_optional(struct table *t, const json_t *object, const char *key)
{
    if (json_is_null(json_object_get(object, key)))
        table_cell(t, PAINT_DIM, "not known");
    else
        table_cell(t, PAINT_NONE, "%.0f", number_of(object, key));
}

/* "main.go:7", by the file's name only. */
static void cell_place(struct table *t, const json_t *frame)
{
    const char *const file = text_of(frame, "file"), *const slash =
                                                         file ? strrchr(file, '/') : NULL;
    if (file)
        table_cell(t, PAINT_DIM, "%s:%.0f", slash ? slash + 1 : file, number_of(frame, "line"));
    else
        table_cell(t, PAINT_DIM, NULL);
}

static void add_site(struct table *t, const json_t *map, const json_t *site, bool first)
{
    const char *const function = text_of(site, "function"), *const name = text_of(map, "name"),
                      *const type = text_of(map, "type"), *const address = text_of(map, "address");
    table_row(t);
    if (first) {
        table_cell(t, PAINT_NONE, "%.1f%% (%.1f–%.1f)", 100 * number_of(map, "share"),
            100 * number_of(map, "share_low"), 100 * number_of(map, "share_high"));
        table_cell(t, PAINT_NONE, "%s", name ? name : address ? address : "not known");
        table_cell(t, PAINT_NONE, "%s", type ? type : text_of(map, "kind"));
        cell_optional(t, map, "keys");
        cell_optional(t, map, "buckets");
    } else {
        table_add_texts(t, (const char *const[]){NULL, NULL, NULL, NULL, NULL}, 5);
    }
    table_cell(t, PAINT_NONE, "%.1f%%", 100 * number_of(site, "share"));
    table_cell(t, PAINT_NONE, "%s", text_of(site, "operation"));
    table_cell(t, PAINT_NONE, "%s", function ? function : "not known");
    cell_place(t, site);
}

static int print_maps(const json_t *root, FILE *out)
{
    struct table *const t = table_with("share>|map|type|keys>|buckets>|of that>|operation|in|at|");
    const json_t *const maps = json_object_get(root, "maps");
    size_t rows = 0;
    for (size_t i = 0; i < json_array_size(maps); i++) {
        const json_t *const map = json_array_get(maps, i), *const sites =
                                                               json_object_get(map, "sites");
        for (size_t k = 0; k < json_array_size(sites) && rows < ROWS_MAX; k++, rows++)
            add_site(t, map, json_array_get(sites, k), k == 0);
    }
    html_print(out, "p", "note", "%s",
        "Shares are of the time that all threads were on cpus, with their 95% intervals. Keys and "
        "buckets are as they were at the end.");
    return report_print_table(out, t, "Maps by their share of the time");
}

static void add_wait(struct table *t, const json_t *wait)
{
    const json_t *const frame = json_array_get(json_object_get(wait, "stack"), 0),
                        *const waits = json_object_get(wait, "waits");
    const char *const name = text_of(wait, "name"), *const function = text_of(frame, "function");
    const double seconds = number_of(wait, "seconds"), count = json_number_value(waits);
    table_row(t);
    table_cell(t, PAINT_NONE, "%.3f", seconds);
    cell_optional(t, wait, "waits");
    if (count > 0)
        cell_number(t, seconds / count * 1e6);
    else
        table_cell(t, PAINT_NONE, NULL);
    table_cell(t, PAINT_NONE, "%s", text_of(wait, "role"));
    table_cell(
        t, PAINT_NONE, "%s%s%s", text_of(wait, "lock"), name ? " of " : "", name ? name : "");
    table_cell(t, PAINT_NONE, "%s", function ? function : "not known");
    cell_place(t, frame);
}

static int print_locks(const json_t *root, FILE *out)
{
    struct table *const t = table_with("seconds>|times>|us each>|role|lock|in|at|");
    const json_t *const waits = json_object_get(root, "waits");
    for (size_t i = 0; i < json_array_size(waits) && i < ROWS_MAX; i++)
        add_wait(t, json_array_get(waits, i));
    html_print(out, "p", "note", "%s",
        "A waiter waited there for the lock; a holder had it while others waited, and released it "
        "there. Times that are not known were not counted: threads were seen asleep.");
    return report_print_table(out, t, "Waits for locks");
}

static void print_process(const json_t *root, const json_t *process, FILE *out)
{
    const char *const go = text_of(process, "go");
    fputs("<h3>", out);
    html_print_text(
        out, "%s, process %.0f", text_of(process, "program"), number_of(process, "pid"));
    fputs("</h3>\n<p class=\"note\">", out);
    html_print_text(out, "%s%s", go && *go ? "Built by " : "", go && *go ? go : "Not built by Go");
    html_print_text(out, "; watched for %.1f s", number_of(root, "seconds"));
    if (watch_file_is_locks(root))
        html_print_text(out, "; threads waited %.3f s for locks.", number_of(process, "seconds"));
    else
        html_print_text(out, "; %.0f samples, %.0f%% of them in operations of maps.",
            number_of(process, "all_samples"), 100 * number_of(process, "share"));
    fputs("</p>\n", out);
}

static const char *or_unknown(const char *text)
{
    return text ? text : "a place that is not known";
}

/* What takes most; nothing where there is nothing. */
static void print_brief(const json_t *root, FILE *out)
{
    const bool locks = watch_file_is_locks(root);
    const json_t *const first = json_array_get(json_object_get(root, locks ? "waits" : "maps"), 0),
                        *const place =
                            json_array_get(json_object_get(first, locks ? "stack" : "sites"), 0);
    const char *const name = text_of(first, "name");
    if (!first)
        return;
    fputs("<p class=\"brief\">", out);
    html_print(out, "strong", NULL, "%s", locks ? "Locks: " : "Maps: ");
    if (locks)
        html_print_text(out, "in %.1f s threads waited longest, %.3f s, for %s%s%s in %s.",
            number_of(root, "seconds"), number_of(first, "seconds"), text_of(first, "lock"),
            name ? " of " : "", name ? name : "", or_unknown(text_of(place, "function")));
    else
        html_print_text(out, "most time, %.1f%%, goes to %s, %s in %s.",
            100 * number_of(first, "share"), name ? name : text_of(first, "kind"),
            or_unknown(text_of(place, "operation")), or_unknown(text_of(place, "function")));
    fputs("</p>\n", out);
}

void report_print_watched_summary(const struct report *report, FILE *out)
{
    for (size_t i = 0; i < report->watched->count; i++)
        print_brief(report->watched->root[i], out);
}

int report_print_watched(const struct report *report, FILE *out)
{
    int code = 0;
    for (size_t i = 0; i < report->watched->count && !code; i++) {
        const json_t *const root = report->watched->root[i], *const processes =
                                                                 json_object_get(root, "processes");
        for (size_t k = 0; k < json_array_size(processes); k++)
            print_process(root, json_array_get(processes, k), out);
        code = watch_file_is_locks(root) ? print_locks(root, out) : print_maps(root, out);
    }
    return code;
}
