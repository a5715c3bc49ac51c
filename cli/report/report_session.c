/* SPDX-License-Identifier: MIT
 * Reads the files of a report: once, and once more where they turn out to be of a fleet. */
#include "cli/report/report_session.h"

#include "cli/input_file.h"
#include "cli/report/report_files.h"
#include "cli/report/report_fleet.h"
#include "layouts/layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void drop_fleet(struct report_session *s)
{
    if (!s->fleet)
        return;
    s->fleet->kept = NULL; /* which is the session's */
    report_session_close(s->fleet);
    free(s->fleet);
    s->fleet = NULL;
}

void report_session_close(struct report_session *s)
{
    drop_fleet(s);
    for (size_t i = 0; s->kept && i < s->args.files; i++)
        if (s->kept[i])
            fclose(s->kept[i]);
    free(s->kept);
    free(s->identity);
    hosts_fini(&s->hosts);
    outfile_discard(&s->page);
    outfile_discard(&s->csv);
    report_fini(&s->report);
    dataset_fini(&s->dataset);
    detect_file_fini(&s->detected);
    watch_files_fini(&s->watched);
    cards_fini(&s->cards);
    ab_sessions_fini(&s->compared);
}

static int read_file(struct report_session *s, size_t index, struct err *err)
{
    FILE *in;
    int code = report_file_open(s, index, &in, err);
    if (in)
        code = dataset_read(in, input_name(s->args.file[index]), &s->dataset, err);
    report_file_close(s, index, in);
    return code;
}

static bool has_layout(const char *name)
{
    for (size_t i = 0; i < layout_count; i++)
        if (strcmp(layout_table[i]->name, name) == 0)
            return true;
    return false;
}

/* Reads all files; where the page alone is asked for, only until there are hosts enough for a
 * fleet's. Returns what the reading ended with; then a fleet's page is all there is. */
static int read_all(struct report_session *s, bool *fleet, struct err *err)
{
    const bool page_alone = s->args.output && !s->args.csv && !s->args.png && !s->args.term;
    size_t i = 0;
    int code = 0;
    s->dataset.nodes_most = page_alone ? HOSTS_FLEET_MIN - 1 : SIZE_MAX;
    for (; i < s->args.files && !code; i++)
        code = read_file(s, i, err);
    *fleet = s->args.output && code != -ENOMEM &&
             (code ? page_alone : s->dataset.nodes >= HOSTS_FLEET_MIN);
    struct err why = {0};
    const int unread = *fleet ? report_fleet_read(s, i, &why) : 0;
    if (unread == 0 && *fleet && s->fleet->hosts.count >= HOSTS_FLEET_MIN)
        return code == 0 || page_alone ? 0 : code;
    *fleet = false;
    drop_fleet(s);
    if (unread && code == -E2BIG) /* which only a fleet has */
        *err = why;
    return code;
}

int report_session_read(struct report_session *s, struct err *err)
{
    bool fleet;
    int code = read_all(s, &fleet, err);
    if (code || (fleet && !s->args.csv && !s->args.png && !s->args.term))
        return code;
    const size_t parts = s->dataset.runs + s->dataset.stats + s->detected.files + s->watched.count +
                         s->compared.count + s->cards.count;
    if (!code && parts == 0)
        code = err_set(err, -ENODATA, "no rows in '%s'%s: nothing to report", s->args.file[0],
            s->args.files > 1 ? " and the others" : "");
    if (!code)
        code = dataset_fold(&s->dataset, err);
    ab_sessions_group(&s->compared);
    const struct report_input input = {
        &s->dataset, &s->detected, &s->watched, &s->compared, NULL, &s->cards};
    if (!code && report_init(&s->report, &input))
        code = err_set(err, -ENOMEM, "out of memory for the report");
    s->report.has_layout = has_layout;
    return code;
}
