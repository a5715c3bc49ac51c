/* SPDX-License-Identifier: MIT
 * Keeping and giving answers. */
#include "probes/counters/event_answers.h"

#include "base/grow.h"
#include "base/strings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct event_answer *event_answers_find(
    const struct event_answers *answers, const char *backend, const char *role, const char *formula)
{
    for (size_t i = 0; i < answers->count; i++) {
        const struct event_answer *const a = &answers->answer[i];
        if ((!backend || strcmp(a->backend, backend) == 0) && strcmp(a->role, role) == 0 &&
            strcmp(a->formula, formula) == 0)
            return a;
    }
    return NULL;
}

int event_answers_add(struct event_answers *answers, struct event_answer answer)
{
    const char **const text[] = {
        &answer.backend, &answer.role, &answer.formula, &answer.why, &answer.code};
    if (!answers->text)
        answers->text = strings_new();
    if (!answers->text || GROW(answers->answer, answers->count))
        return -ENOMEM;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (!(*text[i] = strings_intern(answers->text, *text[i])))
            return -ENOMEM;
    answers->answer[answers->count++] = answer;
    return 0;
}

json_t *event_answers_json(const struct event_answers *answers)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < answers->count; i++) {
        const struct event_answer *const a = &answers->answer[i];
        if (json_array_append_new(
                list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "backend", a->backend,
                          "role", a->role, "event", a->formula, "why", a->why, "code", a->code,
                          "counted", a->counted, "proven", a->proven)) == 0)
            continue;
        json_decref(list);
        return NULL;
    }
    return list;
}

int event_answers_read(const json_t *json, struct event_answers *out, struct err *err)
{
    size_t i;
    const json_t *row;
    int code = json_is_array(json) ? 0 : -ENOEXEC;
    *out = (struct event_answers){0};
    json_array_foreach(json, i, row)
    {
        struct event_answer a;
        int counted, proven;
        if (json_unpack((json_t *)row, "{s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "backend", &a.backend,
                "role", &a.role, "event", &a.formula, "why", &a.why, "code", &a.code, "counted",
                &counted, "proven", &proven) != 0) {
            code = -ENOEXEC;
            break;
        }
        a.counted = counted;
        a.proven = proven;
        if ((code = event_answers_add(out, a)) != 0)
            break;
    }
    return code ? err_set(err, code,
                      "--topology: the recording's manifest lacks answers of events (\"events\"); "
                      "record it anew with 'numaprobe topo --record DIR'")
                : 0;
}

void event_answers_fini(struct event_answers *answers)
{
    free(answers->answer);
    strings_free(answers->text);
    *answers = (struct event_answers){0};
}

void event_answers_ready(
    const struct event_answers *answers, const struct backend *backend, char *why, size_t size)
{
    const struct event_answer *const a = event_answers_find(answers, backend->name, "", "");
    snprintf(why, size, "%s", a ? a->why : "not recorded");
}

int event_answers_try(
    const struct event_answers *answers, const struct backend *backend, struct counters_role *role)
{
    const struct event_answer *const a = event_answers_find(
        answers, backend->name, event_roles[role->role].name, role->line.formula);
    if (!a)
        return err_set(&role->why, EVENT_NOT_RECORDED, "not recorded");
    role->proven = a->proven;
    return a->counted ? 0 : err_set(&role->why, -ENODEV, "%s", a->why);
}
