/* SPDX-License-Identifier: MIT
 * Roles as columns and as keys, and notes on them. */
#include "cli/events/event_view.h"

#include "analysis/dataset/event_rates.h"
#include "analysis/format/format.h"
#include "cli/cmd.h"
#include "cli/events/event_reasons.h"

#include <math.h>
#include <string.h>

struct event_view event_view_of(
    const struct counters *counters, const char *how, const char *backend, const char *events)
{
    return (struct event_view){.counters = counters,
        .how = how,
        .events_asked = events != NULL,
        .counters_asked = strcmp(backend, "auto") != 0,
        .counters_off = strcmp(backend, "none") == 0};
}

static bool any_counted(const struct summary *summary, enum event_role role)
{
    for (size_t i = 0; i < summary->count; i++)
        if (summary->estimate[i].per_op[role].n > 0)
            return true;
    return false;
}

struct event_shown event_view_shown(const struct event_view *view, const struct summary *summary)
{
    struct event_shown shown = {.count = 0};
    const enum event_role telling = event_rates_usable(summary->estimate, summary->count);
    if (!view->events_asked && telling < EVENT_HARDWARE)
        shown.role[shown.count++] = telling;
    for (size_t i = 0; i < view->counters->roles; i++) {
        const enum event_role role = view->counters->role[i].role;
        if (any_counted(summary, role) && (view->events_asked || role == EVENT_L3_MISS))
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

void event_view_columns(
    const struct event_view *view, const struct event_shown *shown, struct table *table)
{
    for (size_t i = 0; i < shown->count; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s/op", role_name(view->counters, shown->role[i]),
            is_wide(view->counters, shown->role[i]) ? "[l3]" : "");
        table_column(table, name, TABLE_RIGHT);
    }
}

void event_view_cells(
    const struct event_shown *shown, const struct estimate *estimate, struct table *table)
{
    for (size_t i = 0; i < shown->count; i++) {
        const struct interval per_op = estimate->per_op[shown->role[i]];
        cell_number(table, per_op.n ? per_op.mid : NAN);
    }
}

json_t *event_view_json(const struct event_view *view, const struct estimate *estimate)
{
    json_t *const object = json_object();
    for (size_t i = 0; i < view->counters->roles; i++) {
        const struct counters_role *const role = &view->counters->role[i];
        if (role->role < EVENT_HARDWARE && estimate->per_op[role->role].n > 0)
            json_object_set_new(
                object, event_name(role), json_interval(estimate->per_op[role->role]));
    }
    return object;
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

void event_view_report(const struct event_view *view, FILE *out)
{
    const struct counters *const c = view->counters;
    if (view->counters_off)
        return;
    if (c->events == 0 && *c->none && !has_user_events(c)) {
        cmd_warn(out, "No events were counted: %s.", c->none);
        return;
    }
    if (c->events > 0)
        cmd_warn(out, "Events: %s (%s)%s%s; %s.", c->backend->name,
            view->counters_asked ? "as asked" : "preferred", *view->how ? ", " : "", view->how,
            *c->cpu ? c->cpu : "a processor without an event file");
    for (size_t i = 0; i < c->roles; i++)
        print_sight(&c->role[i], out);
    event_reasons_print(c, out);
}
