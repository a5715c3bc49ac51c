/* SPDX-License-Identifier: MIT
 * One row for each target and role. scripts/perf-stat writes the same columns. */
#include "cli/events/stat_table.h"

#include "analysis/format/format.h"
#include "base/sample.h"
#include "cli/cmd.h"
#include "cli/events/event_reasons.h"
#include "machine/system/system.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the kernel accounts to the program and its children anyway. */
static void add_usage(struct stat_target *t, struct counters *counters, const struct rusage *usage)
{
    for (size_t i = 0; i < counters->roles; i++) {
        struct counters_role *const role = &counters->role[i];
        if (t->count[role->role] != SAMPLE_NONE)
            continue;
        if (role->role == EVENT_CONTEXT_SWITCHES)
            t->count[role->role] = usage->ru_nvcsw + usage->ru_nivcsw;
        if (role->role == EVENT_PAGE_FAULTS)
            t->count[role->role] = usage->ru_minflt + usage->ru_majflt;
        role->counted = role->counted || t->count[role->role] != SAMPLE_NONE;
    }
}

void stat_target_read(
    struct stat_target *target, struct counters *counters, const struct command_end *end)
{
    for (int i = 0; i < EVENT_ROLES; i++) {
        target->count[i] = SAMPLE_NONE;
        target->share[i] = NAN;
    }
    counters_end(target->counters);
    counters_result(target->counters, target->count, target->share);
    counters_trust_zeros(counters, target->count);
    if (target->cpu < 0)
        add_usage(target, counters, &end->usage);
}

/* Why a cell is empty; "" when it is not. */
static const char *reason_of(const struct stat_target *t, const struct counters_role *role)
{
    const double share = t->share[role->role];
    const bool wide = role->line.scope != EVENT_THREAD;
    if (t->count[role->role] != SAMPLE_NONE)
        return "";
    if (!role->counted)
        return role->why.text;
    if (!t->counters)
        return t->why.text;
    if (isnan(share) && wide)
        return t->cpu < 0 ? "counts a whole L3: name its cpus with --cpus"
                          : "counted for the whole L3, at its first cpu";
    if (isnan(share))
        return *t->why.text ? t->why.text : "cannot be read";
    if (share < COUNTERS_SHARE_MIN)
        return share > 0 ? "ran too small a share of the time to be scaled"
                         : "never ran: other events had the counters";
    return role->line.terms > 1 ? "a difference of events that came out below zero, or unproven"
                                : "reads 0, and nothing proves that it counts here";
}

/* What the kernel accounts begins with the fork, some 30 page faults before the exec. */
static const char *event_of(const struct stat_target *t, const struct counters_role *role)
{
    if (t->count[role->role] != SAMPLE_NONE && *role->why.text)
        return "wait4(2)";
    return role->line.terms ? role->line.formula : "";
}

static void add_share(struct table *t, double share, bool text)
{
    if (isnan(share))
        table_cell(t, PAINT_NONE, NULL);
    else
        table_cell(t, PAINT_NONE, text ? "%.0f%%" : "%.6g", text ? share * 100 : share);
}

static void add_cpu(struct table *t, const struct stat_target *target)
{
    table_cell(t, PAINT_NONE, target->cpu < 0 ? NULL : "%d", target->cpu);
}

/* Others are listed below the table, by their reason. */
static bool is_shown(const struct stat_result *r, size_t role)
{
    for (size_t i = 0; i < r->targets; i++)
        if (r->target[i].count[r->counters->role[role].role] != SAMPLE_NONE)
            return true;
    return r->counters->role[role].counted;
}

static struct table *text_table(const struct stat_result *r)
{
    const bool by_cpu = r->target[0].cpu >= 0;
    struct table *t = table_with(by_cpu ? "cpu>|role|count>|ran>||" : "role|count>|ran>||");
    for (size_t i = 0; i < r->targets; i++)
        for (size_t k = 0; k < r->counters->roles; k++) {
            const struct counters_role *const role = &r->counters->role[k];
            if (!is_shown(r, k))
                continue;
            table_row(t);
            if (by_cpu)
                add_cpu(t, &r->target[i]);
            table_cell(t, PAINT_NONE, "%s", event_name(role));
            cell_int(t, r->target[i].count[role->role]);
            add_share(t, r->target[i].share[role->role], true);
            table_cell(t, PAINT_DIM, "%s", reason_of(&r->target[i], role));
        }
    return t;
}

static char *join_words(char *const *word)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    for (size_t i = 0; out && word[i]; i++)
        fprintf(out, "%s%s", i ? " " : "", word[i]);
    if (out)
        fclose(out);
    return text;
}

static struct table *data_table(const struct stat_result *r)
{
    struct system_info system;
    system_read(&system);
    char *const command = join_words(r->command);
    struct table *t = table_with("tool|host|cpu_model|kernel|command|seconds|status|"
                                 "cpu|role|event|scope|count|share|reason");
    for (size_t i = 0; i < r->targets; i++)
        for (size_t k = 0; k < r->counters->roles; k++) {
            const struct counters_role *const role = &r->counters->role[k];
            TABLE_ROW(t, "numaprobe stat", system.host, system.cpu_model, system.kernel,
                command ? command : r->command[0]);
            table_cell(t, PAINT_NONE, "%.6f", r->end->seconds);
            table_cell(t, PAINT_NONE, "%d", r->end->status);
            add_cpu(t, &r->target[i]);
            TABLE_TEXTS(t, event_roles[role->role].name, event_of(&r->target[i], role),
                role->line.terms ? event_scopes[role->line.scope] : "");
            cell_int(t, r->target[i].count[role->role]);
            add_share(t, r->target[i].share[role->role], false);
            table_cell(t, PAINT_NONE, "%s", reason_of(&r->target[i], role));
        }
    free(command);
    return t;
}

static void print_ending(const struct stat_result *r, FILE *out)
{
    fprintf(out, "\n%.3f s elapsed, %.3f s user, %.3f s system", r->end->seconds,
        command_user_seconds(r->end), command_system_seconds(r->end));
    if (r->end->signal)
        fprintf(out, "; ended by signal %d, %s", r->end->signal, strsignal(r->end->signal));
    fprintf(out, "\n");
}

int stat_table_print(const struct stat_result *r, enum table_format form, FILE *out)
{
    if (form != TABLE_TEXT)
        return form == TABLE_CSV ? table_print_csv(data_table(r), out)
                                 : table_print_json(data_table(r), "stat", out);
    struct table *const t = text_table(r);
    fputc('\n', out);
    const int code = table_rows(t) > 0 ? table_text(t, out, cmd_look(out)) : 0;
    table_free(t);
    print_ending(r, out);
    event_reasons_print(r->counters, out);
    return code;
}
