/* SPDX-License-Identifier: MIT
 * Which backend counts, and which of a processor's events play the requested roles. Each event is
 * tried before it is used, and proven where a workload can prove it. */
#include "base/args.h"
#include "base/debug.h"
#include "base/text.h"
#include "probes/counters/event_answers.h"
#include "probes/counters/event_kinds.h"
#include "probes/counters/uarch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a contested line causes, and what to relate it to; six events fit into one group on most
 * processors. */
static const char default_roles[] = "cycles,instructions,rfo,fill-same-l3,fill-remote,l3-miss";
const char counters_all_roles[] = "cycles,instructions,loads,stores,rfo,fill-same-l3,fill-remote,"
                                  "l3-miss,l3-miss-remote,stall-mem";

static const struct backend *backend_find(const char *name)
{
    for (size_t i = 0; i < backend_count; i++)
        if (strcmp(name, backend_table[i]->name) == 0)
            return backend_table[i];
    return NULL;
}

/* A backend that cannot count hardware events may still count others. */
static void use_backend(struct counters *out, const struct backend *backend)
{
    struct err err;
    out->backend = backend;
    out->none[0] = '\0';
    if (out->given)
        event_answers_ready(out->given, backend, out->none, sizeof out->none);
    else if (backend->ready(&err))
        snprintf(out->none, sizeof out->none, "%s", err.text);
}

static const struct backend *backend_preferred(void)
{
    const struct backend *best = NULL;
    for (size_t i = 0; i < backend_count; i++)
        if (!best || backend_table[i]->preference > best->preference)
            best = backend_table[i];
    return best;
}

static int choose_backend(struct counters *out, const char *name, struct err *err)
{
    const char *known[8] = {"auto", "none"};
    size_t n = 2;
    for (size_t i = 0; i < backend_count && n < 8; i++)
        if (backend_table[i]->preference >= 0)
            known[n++] = backend_table[i]->name;
    const int choice = name ? args_choice("--counters", "backend", name, known, n, err) : 0;
    if (choice < 0)
        return -EINVAL;
    if (choice == 0)
        use_backend(out, backend_preferred());
    else if (choice == 1)
        snprintf(out->none, sizeof out->none, "--counters none");
    else
        use_backend(out, backend_find(name));
    return 0;
}

static int read_sets(struct counters *out, struct err *err)
{
    struct event_cpu cpu;
    uarch_read(out->root, &cpu);
    const struct event_file *const own = event_file_for(&cpu);
    int code = event_set_parse(own->name, own->text, &out->own, err);
    snprintf(out->cpu, sizeof out->cpu, "%s", code ? "" : out->own.name);
    for (size_t i = 0; i < event_file_count && !code; i++)
        if (strcmp(event_file_table[i].name, "generic.txt") == 0 && &event_file_table[i] != own)
            code = event_set_parse(
                event_file_table[i].name, event_file_table[i].text, &out->generic, err);
    return code;
}

static int try_line(const struct counters *out, struct counters_role *role)
{
    return out->given ? event_answers_try(out->given, out->backend, role)
                      : event_kinds_try(out->backend, &role->line, role);
}

/* A recording has one line of each role. */
static bool is_replaced(const struct counters_role *role)
{
    return role->line.terms == 0 || role->why.code == EVENT_NOT_RECORDED;
}

/* Chooses the first line that can be counted here; else the first one, with its reason. */
static void resolve_role(
    struct counters *out, struct counters_role *role, const struct event_set *set)
{
    for (size_t i = 0; i < set->lines && !role->counted; i++) {
        const struct event_line *const line = &set->line[i];
        if (line->role != role->role)
            continue;
        struct counters_role tried = {.role = role->role, .line = *line};
        if (role->role < EVENT_HARDWARE && *out->none)
            err_set(&tried.why, -ENODEV, "%s", out->none);
        else
            tried.counted = try_line(out, &tried) == 0;
        debug(DEBUG_PERF, "%s = %s: %s%s", event_roles[role->role].name, line->formula,
            tried.proven    ? "proven "
            : tried.counted ? "counts"
                            : "",
            tried.why.text);
        if (tried.counted || is_replaced(role))
            *role = tried;
    }
}

static size_t event_add(struct counters *out, const struct event_line *line, size_t term)
{
    const char *const name = line->term[term].name;
    for (size_t i = 0; i < out->events; i++)
        if (strcmp(out->event[i].name, name) == 0)
            return i;
    out->event[out->events] = (struct backend_event){.name = name, .scope = line->scope};
    return out->events++;
}

/* Each role can be counted alone; finds out which can be counted together. */
static void gather_events(struct counters *out)
{
    for (size_t i = 0; i < out->roles; i++) {
        struct counters_role *const role = &out->role[i];
        if (role->counted && out->events + role->line.terms > BACKEND_EVENTS) {
            role->counted = false;
            err_set(&role->why, -E2BIG, "more than %d events at a time", BACKEND_EVENTS);
        }
        for (size_t k = 0; k < role->line.terms && role->counted; k++)
            role->event[k] = event_add(out, &role->line, k);
    }
    for (size_t i = 0; i < out->events; i++)
        out->event[i].fits = out->given != NULL; /* the answers were given by all roles together */
    if (out->backend && out->events > 0 && !out->given)
        event_kinds_fit(out->backend, out->event, out->events);
    for (size_t i = 0; i < out->roles; i++) {
        struct counters_role *const role = &out->role[i];
        for (size_t k = 0; k < role->line.terms && role->counted; k++)
            if (!out->event[role->event[k]].fits) {
                role->counted = false;
                role->why = out->event[role->event[k]].why;
            }
    }
}

enum { EVENT_NAME = 200 }; /* longer than any that libpfm4 has */

static int refuse_unknown(const char *name, const char *why, struct err *err)
{
    const char *roles[EVENT_RAW1];
    char near[128];
    for (size_t i = 0; i < EVENT_RAW1; i++)
        roles[i] = event_roles[i].name;
    args_near(name, roles, EVENT_RAW1, near, sizeof near);
    return err_set(err, -EINVAL, "--events: %s%s%s; 'numaprobe events' lists the roles", why,
        *near ? "; did you mean " : "", near);
}

static int add_raw(struct counters *out, const char *name, struct err *err)
{
    unsigned n = 0;
    for (size_t i = 0; i < out->roles; i++)
        n += out->role[i].role >= EVENT_RAW1 && out->role[i].role < EVENT_HARDWARE;
    if (n == EVENT_HARDWARE - EVENT_RAW1)
        return err_set(
            err, -EINVAL, "--events: at most 4 events that are not roles; '%s' is the fifth", name);
    if (strlen(name) > EVENT_NAME)
        return err_set(err, -EINVAL, "--events: '%.40s...' is too long for an event", name);
    out->raw[n] = strdup(name);
    if (!out->raw[n])
        return err_set(err, -ENOMEM, "out of memory for an event");
    struct counters_role *const role = &out->role[out->roles++];
    const struct event_line line = {.role = EVENT_RAW1 + n,
        .scope = uarch_is_wide(out->root, name) ? EVENT_L3 : EVENT_THREAD,
        .term = {{.name = out->raw[n], .sign = 1}},
        .terms = 1,
        .formula = out->raw[n],
        .source = "--events",
        .note = ""};
    *role = (struct counters_role){.role = line.role, .line = line};
    if (!out->backend)
        err_set(&role->why, -ENODEV, "%s", out->none);
    else
        role->counted = try_line(out, role) == 0;
    return role->unknown ? refuse_unknown(name, role->why.text, err) : 0;
}

static void add_role(struct counters *out, enum event_role found)
{
    for (size_t i = 0; i < out->roles; i++)
        if (out->role[i].role == found)
            return;
    struct counters_role *const role = &out->role[out->roles++];
    *role = (struct counters_role){.role = found};
    resolve_role(out, role, &out->own);
    if (!role->counted)
        resolve_role(out, role, &out->generic);
    if (role->line.terms == 0)
        err_set(&role->why, -ENOENT, "no event of %s plays this role",
            *out->cpu ? out->cpu : "this processor");
}

static int add_name(struct counters *out, const char *name, struct err *err)
{
    const enum event_role found = event_role_find(name);
    if (*name == '\0')
        return err_set(
            err, -EINVAL, "--events: an empty name; expected roles or events, as in 'rfo,l3-miss'");
    if (found == EVENT_ROLES)
        return add_raw(out, name, err);
    if (found >= EVENT_RAW1 && found < EVENT_HARDWARE)
        return err_set(err, -EINVAL,
            "--events: '%s' is a place for an event of yours; name that event instead", name);
    if (found < EVENT_RAW1) /* software events are always counted */
        add_role(out, found);
    return 0;
}

/* A comma within cpu/.../ belongs to the event. */
static int add_names(struct counters *out, char *list, struct err *err)
{
    bool within = false;
    char *from = list;
    for (char *at = list;; at++) {
        within ^= *at == '/';
        if (*at && (*at != ',' || within))
            continue;
        const bool last = !*at;
        *at = '\0';
        const int code = add_name(out, from, err);
        if (code || last)
            return code;
        from = at + 1;
    }
}

int counters_init(struct counters *out, const struct counters_request *request, struct err *err)
{
    static const enum event_role software[] = {
        EVENT_CONTEXT_SWITCHES, EVENT_MIGRATIONS, EVENT_PAGE_FAULTS};
    *out = (struct counters){.root = request->root ? request->root : "", .given = request->given};
    int code = choose_backend(out, request->backend, err);
    if (!code)
        code = read_sets(out, err);
    char *const list = strdup(request->events ? request->events : default_roles);
    if (!code)
        code = list ? add_names(out, list, err) : err_set(err, -ENOMEM, "out of memory");
    free(list);
    for (size_t i = 0; i < 3 && !code && request->software && out->backend; i++)
        add_role(out, software[i]);
    if (!code)
        gather_events(out);
    if (code)
        counters_fini(out);
    return code;
}

void counters_fini(struct counters *counters)
{
    event_set_fini(&counters->own);
    event_set_fini(&counters->generic);
    for (size_t i = 0; i < sizeof counters->raw / sizeof *counters->raw; i++)
        free(counters->raw[i]);
    *counters = (struct counters){0};
}

void counters_describe(const struct counters *counters, char *out, size_t size)
{
    *out = '\0';
    if (counters->events == 0) {
        snprintf(out, size, "none");
        return;
    }
    text_append(out, size, "%s", counters->backend->name);
    for (size_t i = 0; i < counters->roles; i++) {
        const struct counters_role *const role = &counters->role[i];
        const bool wide = role->line.scope != EVENT_THREAD;
        if (role->counted)
            text_append(out, size, "%s%s%s%s%s=%s", i ? "; " : ": ", event_roles[role->role].name,
                wide ? "[" : "", wide ? event_scopes[role->line.scope] : "", wide ? "]" : "",
                role->line.formula);
    }
}

void counters_reasons(const struct counters *counters, char *out, size_t size)
{
    *out = '\0';
    if (*counters->none && counters->events == 0) {
        snprintf(out, size, "%s", counters->none);
        return;
    }
    for (size_t i = 0; i < counters->roles; i++) {
        const struct counters_role *const role = &counters->role[i];
        const char *const why =
            !role->counted  ? role->why.text
            : !role->proven ? "zeros are not trusted until this event has counted at least once"
                            : NULL;
        if (why)
            text_append_item(out, size, "; ", "%s: %s", event_roles[role->role].name, why);
        const int lacking = role->counted ? event_kinds_lacking(&role->line) : -1;
        if (lacking >= 0)
            text_append_item(out, size, "; ", "%s: no event of cores of the kind of cpu %d",
                event_roles[role->role].name, lacking);
    }
}
