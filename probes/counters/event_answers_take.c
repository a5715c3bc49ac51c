/* SPDX-License-Identifier: MIT
 * Taking the answers of this machine. */
#include "probes/counters/event_answers.h"

#include "base/text.h"
#include "probes/counters/perf_name.h"

#include <stdio.h>

static void codes_here(const struct event_line *line, char *out, size_t size)
{
    *out = '\0';
    for (size_t i = 0; i < line->terms; i++) {
        char code[100];
        perf_name_code(line->term[i].name, code, sizeof code);
        if (!*code) { /* a sum without one of its terms is none */
            *out = '\0';
            return;
        }
        text_append_item(out, size, " ", "%s%s", line->term[i].sign < 0 ? "-" : "", code);
    }
}

void event_codes(
    const struct counters *counters, const struct counters_role *role, char *out, size_t size)
{
    if (!counters->given) {
        codes_here(&role->line, out, size);
        return;
    }
    const struct event_answer *const a =
        role->line.terms ? event_answers_find(counters->given,
                               counters->backend ? counters->backend->name : NULL,
                               event_roles[role->role].name, role->line.formula)
                         : NULL;
    snprintf(out, size, "%s", a ? a->code : "");
}

static int take_role(
    struct event_answers *out, const struct counters *c, const struct counters_role *role)
{
    char codes[EVENT_CODES];
    if (role->line.terms == 0)
        return 0;
    event_codes(c, role, codes, sizeof codes);
    return event_answers_add(out, (struct event_answer){.backend = c->backend->name,
                                      .role = event_roles[role->role].name,
                                      .formula = role->line.formula,
                                      .why = role->counted || *c->none ? "" : role->why.text,
                                      .code = codes,
                                      .counted = role->counted,
                                      .proven = role->proven});
}

static int take_backend(struct event_answers *out, const char *name, struct err *err)
{
    struct counters c;
    const struct counters_request request = {.backend = name, .events = counters_all_roles};
    int code = counters_init(&c, &request, err);
    if (code)
        return code;
    code = event_answers_add(out, (struct event_answer){.backend = name,
                                      .role = "",
                                      .formula = "",
                                      .why = c.none,
                                      .code = "",
                                      .counted = !*c.none});
    for (size_t i = 0; i < c.roles && !code; i++)
        code = take_role(out, &c, &c.role[i]);
    counters_fini(&c);
    return code ? err_set(err, code, "out of memory for answers of events") : 0;
}

int event_answers_take(struct event_answers *out, struct err *err)
{
    *out = (struct event_answers){0};
    int code = 0;
    for (size_t i = 0; i < backend_count && !code; i++)
        if (backend_table[i]->preference >= 0)
            code = take_backend(out, backend_table[i]->name, err);
    return code;
}
