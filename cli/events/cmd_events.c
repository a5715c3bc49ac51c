/* SPDX-License-Identifier: MIT
 * numaprobe events: which of this processor's events play which role, and whether they count here.
 */
#include "cli/cmd.h"

#include "base/text.h"
#include "cli/events/event_reasons.h"
#include "cli/table_format.h"
#include "probes/counters/counters.h"
#include "probes/counters/perf_name.h"

struct events_args {
    const char *counters, *events;
    struct table_args form;
};

#define ARGS struct events_args
static const struct option_row rows[] = {
    {"--counters", 0, "NAME", "auto, perf or papi", "auto", OPTION_TEXT(counters)},
    {"--events", 0, "LIST", "These roles, or events by name (default: all roles)", NULL,
        OPTION_TEXT(events)},
    TABLE_FORMAT_OPTIONS,
};

static const struct options options = {
    .summary = "Lists the roles that 'run' and 'stat' count, the events of this processor that "
               "play them, what they cover, and whether they can be counted here.",
    .ending = "Examples:\n"
              "  numaprobe events\n"
              "  numaprobe events --events rfo,l3-miss --csv -",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

static const char *here_text(const struct counters_role *role)
{
    return !role->counted ? "no" : role->proven ? "counts" : "opens";
}

/* The codes of a role's terms, as perf stat -e takes them. */
static void add_codes(struct table *t, const struct counters_role *role)
{
    char codes[EVENT_TERMS * 100] = "";
    for (size_t i = 0; i < role->line.terms; i++) {
        char code[100];
        perf_name_code(role->line.term[i].name, code, sizeof code);
        if (!*code) { /* a sum without one of its terms is none */
            *codes = '\0';
            break;
        }
        text_append_item(
            codes, sizeof codes, " ", "%s%s", role->line.term[i].sign < 0 ? "-" : "", code);
    }
    table_cell(t, PAINT_NONE, "%s", codes);
}

static void add_role(struct table *t, const struct counters_role *role, bool everything)
{
    const struct event_line *const line = &role->line;
    TABLE_ROW(t, event_roles[role->role].name);
    table_cell(t, role->counted ? PAINT_GOOD : PAINT_WARN, "%s", here_text(role));
    TABLE_TEXTS(t, line->terms ? event_scopes[line->scope] : "",
        line->terms ? event_sees[line->sees] : "", line->terms ? line->formula : "");
    if (!everything)
        return;
    add_codes(t, role);
    TABLE_TEXTS(t, role->counted ? "" : role->why.text, line->terms ? line->note : "",
        line->terms ? line->source : "");
}

static struct table *table_of(const struct counters *c, bool everything)
{
    struct table *t = table_with(everything ? "role|here|scope|sees|event|code|why|note|source"
                                            : "role|here|scope|sees|event");
    for (size_t i = 0; i < c->roles; i++)
        add_role(t, &c->role[i], everything);
    return t;
}

static bool is_refused(const struct counters_role *role)
{
    return !role->counted;
}

static bool is_unproven(const struct counters_role *role)
{
    return role->counted && !role->proven;
}

static bool is_noted(const struct counters_role *role)
{
    return role->line.terms > 0 && *role->line.note;
}

/* Whether any role is; then a blank line, since a paragraph about them follows. */
static bool print_gap_if(const struct counters *c, bool (*is)(const struct counters_role *))
{
    bool any = false;
    for (size_t i = 0; i < c->roles; i++)
        any = any || is(&c->role[i]);
    if (any)
        putchar('\n');
    return any;
}

static int print_text(void *context, FILE *out)
{
    const struct counters *const c = context;
    (void)out; /* stdout, as every paragraph */
    text_print(stdout, "Processor  %s\n", *c->cpu ? c->cpu : "without an event file");
    printf("Backend    %s%s%s\n\n", c->backend ? c->backend->name : "none", c->backend ? ", " : "",
        c->backend ? c->backend->summary : "");
    if (c->roles > 0)
        cmd_print_table(table_of(c, false), stdout);
    if (print_gap_if(c, is_unproven))
        cmd_warn(
            stdout, "opens: no work of one thread proves that it counts; a run of several does.");
    print_gap_if(c, is_refused);
    event_reasons_print(c, stdout);
    print_gap_if(c, is_noted);
    for (size_t i = 0; i < c->roles; i++)
        if (is_noted(&c->role[i]))
            cmd_warn(stdout, "%s: %s", event_name(&c->role[i]), c->role[i].line.note);
    printf("\n");
    cmd_warn(stdout, "Always counted, by the kernel: context-switches, migrations, page-faults.");
    return 0;
}

static int print_csv(void *context, FILE *out)
{
    return table_print_csv(table_of(context, true), out);
}

static int print_json(void *context, FILE *out)
{
    return table_print_json(table_of(context, true), "events", out);
}

static int events_main(int argc, char **argv)
{
    struct events_args args = {.events = counters_all_roles};
    const int status = options_parse(&options, &argc, &argv, &args);
    if (status >= 0)
        return status;
    struct counters counters;
    struct err err;
    const struct counters_request request = {.backend = args.counters, .events = args.events};
    const int refused = counters_init(&counters, &request, &err);
    if (refused)
        return cmd_fail(&err, cmd_status(refused));
    const struct table_output output = {print_text, print_csv, print_json, &counters};
    const int written = table_write(&args.form, &output, EXIT_DONE);
    counters_fini(&counters);
    return written;
}

const struct cmd cmd_events = {
    "events", "list what can be counted, and by which events", events_main, &options, NULL};
