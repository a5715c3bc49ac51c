/* SPDX-License-Identifier: MIT
 * numaprobe events: which of this processor's events play which role, and whether they count here.
 */
#include "cli/cmd.h"

#include "base/text.h"
#include "cli/events/event_reasons.h"
#include "cli/table_format.h"
#include "machine/recording.h"
#include "probes/counters/event_answers.h"

#include <errno.h>
#include <unistd.h>

struct events_args {
    const char *counters, *events;
    const char *topology; /* NULL: this machine */
    struct table_args form;
};

#define ARGS struct events_args
static const struct option_row rows[] = {
    {"--counters", 0, "NAME", "auto, perf or papi", "auto", OPTION_TEXT(counters)},
    {"--events", 0, "LIST", "These roles, or events by name (default: all roles)", NULL,
        OPTION_TEXT(events)},
    {"--topology", 't', "DIR", "Another machine, as 'numaprobe topo --record DIR' recorded it",
        NULL, OPTION_TEXT(topology)},
    TABLE_FORMAT_OPTIONS,
};

static const struct options options = {
    .summary = "Lists the roles that 'run' and 'stat' count, the events of this processor that "
               "play them, what they cover, and whether they can be counted here.",
    .ending = "Examples:\n"
              "  numaprobe events\n"
              "  numaprobe events --topology DIR\n"
              "  numaprobe events --events rfo,l3-miss --csv -",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

static const char *here_text(const struct counters_role *role)
{
    return !role->counted ? "no" : role->proven ? "counts" : "opens";
}

static void add_role(
    struct table *t, const struct counters *c, const struct counters_role *role, bool everything)
{
    char codes[EVENT_CODES];
    const struct event_line *const line = &role->line;
    TABLE_ROW(t, event_roles[role->role].name);
    table_cell(t, role->counted ? PAINT_GOOD : PAINT_WARN, "%s", here_text(role));
    TABLE_TEXTS(t, line->terms ? event_scopes[line->scope] : "",
        line->terms ? event_sees[line->sees] : "", line->terms ? line->formula : "");
    if (!everything)
        return;
    event_codes(c, role, codes, sizeof codes);
    TABLE_TEXTS(t, codes, role->counted ? "" : role->why.text, line->terms ? line->note : "",
        line->terms ? line->source : "");
}

static struct table *table_of(const struct counters *c, bool everything)
{
    struct table *t = table_with(everything ? "role|here|scope|sees|event|code|why|note|source"
                                            : "role|here|scope|sees|event");
    for (size_t i = 0; i < c->roles; i++)
        add_role(t, c, &c->role[i], everything);
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

static int list_events(
    const struct events_args *args, const struct counters_request *request, struct err *err)
{
    struct counters counters;
    const int refused = counters_init(&counters, request, err);
    if (refused)
        return cmd_fail(err, cmd_status(refused));
    const struct table_output output = {print_text, print_csv, print_json, &counters};
    const int written = table_write(&args->form, &output, EXIT_DONE);
    counters_fini(&counters);
    return written;
}

static int refuse_topology(const struct events_args *args, struct err *err)
{
    const bool is_there = access(args->topology, F_OK) == 0;
    err_set(err, -EINVAL,
        "--topology: '%.100s' is not a recording, which alone has events; 'numaprobe topo --record "
        "DIR' makes one",
        args->topology);
    return cmd_fail(err, is_there ? EXIT_USAGE : EXIT_FILE);
}

/* Of a recorded machine: its files, and what its events answered. */
static int list_recorded(
    const struct events_args *args, struct counters_request request, struct err *err)
{
    struct recording *recording;
    struct event_answers answers = {0};
    if (!recording_is_named(args->topology))
        return refuse_topology(args, err);
    int code = recording_open(args->topology, &recording, err);
    if (!code)
        code = event_answers_read(recording_value(recording, "events"), &answers, err);
    request.root = code ? NULL : recording_root(recording);
    request.given = &answers;
    const int status = code ? cmd_fail(err, cmd_status(code)) : list_events(args, &request, err);
    event_answers_fini(&answers);
    recording_close(recording);
    return status;
}

static int events_main(int argc, char **argv)
{
    struct events_args args = {.events = counters_all_roles};
    struct err err = {0};
    const int status = options_parse(&options, &argc, &argv, &args);
    if (status >= 0)
        return status;
    const struct counters_request request = {.backend = args.counters, .events = args.events};
    return args.topology ? list_recorded(&args, request, &err) : list_events(&args, &request, &err);
}

const struct cmd cmd_events = {
    "events", "list what can be counted, and by which events", events_main, &options, NULL};
