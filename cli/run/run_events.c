/* SPDX-License-Identifier: MIT
 * Counted events in the report of a run. */
#include "cli/run/run_events.h"

#include "analysis/dataset/event_rates.h"
#include "analysis/format/format.h"
#include "cli/cmd.h"
#include "cli/events/event_reasons.h"

#include <math.h>

static bool any_counted(const struct run_report *r, enum event_role role)
{
    for (size_t i = 0; i < r->summary->count; i++)
        if (r->summary->estimate[i].per_op[role].n > 0)
            return true;
    return false;
}

struct run_events run_events(const struct run_report *r)
{
    struct run_events shown = {.count = 0};
    const enum event_role telling = event_rates_usable(r->summary->estimate, r->summary->count);
    if (!r->events_asked && telling < EVENT_HARDWARE)
        shown.role[shown.count++] = telling;
    for (size_t i = 0; i < r->counters->roles; i++) {
        const enum event_role role = r->counters->role[i].role;
        if (any_counted(r, role) && (r->events_asked || role == EVENT_L3_MISS))
            shown.role[shown.count++] = role;
    }
    return shown;
}

static const char *role_name(const struct counters *counters, enum event_role role)
{
    for (size_t i = 0; i < counters->roles; i++)
        if (counters->role[i].role == role)
            return event_name(&counters->role[i]);
    return event_roles[role].name;
}

static bool is_wide(const struct counters *counters, enum event_role role)
{
    for (size_t i = 0; i < counters->roles; i++)
        if (counters->role[i].role == role)
            return counters->role[i].line.scope == EVENT_L3;
    return false;
}

void run_events_columns(
    const struct run_events *events, const struct counters *counters, struct table *table)
{
    for (size_t i = 0; i < events->count; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s/op", role_name(counters, events->role[i]),
            is_wide(counters, events->role[i]) ? "[l3]" : "");
        table_column(table, name, TABLE_RIGHT);
    }
}

void run_events_cells(
    const struct run_events *events, const struct estimate *figure, struct table *table)
{
    for (size_t i = 0; i < events->count; i++) {
        const struct interval per_op = figure->per_op[events->role[i]];
        cell_number(table, per_op.n ? per_op.mid : NAN);
    }
}

static void print_sight(const struct counters_role *role, FILE *out)
{
    if (role->counted && role->line.sees != EVENT_ALL)
        cmd_warn(out, "%s sees %s only.", event_name(role), event_sees[role->line.sees]);
    if (role->counted && !role->proven)
        cmd_warn(out, "%s: nothing proves that it counts here, so its zeros are left out.",
            event_name(role));
}

static bool has_user_events(const struct counters *c)
{
    for (size_t i = 0; i < c->roles; i++)
        if (c->role[i].role >= EVENT_RAW1)
            return true;
    return false;
}

void run_events_report(const struct run_report *r, FILE *out)
{
    const struct counters *const c = r->counters;
    if (r->counters_off)
        return;
    if (c->events == 0 && *c->none && !has_user_events(c)) {
        cmd_warn(out, "No events were counted: %s.", c->none);
        return;
    }
    if (c->events > 0)
        cmd_warn(out, "Events: %s (%s)%s%s; %s.", c->backend->name,
            r->counters_asked ? "as asked" : "preferred", *r->counters_how ? ", " : "",
            r->counters_how, *c->cpu ? c->cpu : "a processor without an event file");
    for (size_t i = 0; i < c->roles; i++)
        print_sight(&c->role[i], out);
    event_reasons_print(c, out);
}
