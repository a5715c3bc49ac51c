/* SPDX-License-Identifier: MIT
 * What a machine answered when its events were tried, so that `events` can print the same of
 * a recorded machine. An event that was not tried then is "not recorded". */
#ifndef PROBES_COUNTERS_EVENT_ANSWERS_H
#define PROBES_COUNTERS_EVENT_ANSWERS_H

#include "base/err.h"
#include "base/json.h"
#include "probes/counters/counters.h"

#include <errno.h>

/* Of a role by a backend; role "" is whether the backend can count at all. */
struct event_answer {
    const char *backend, *role, *formula;
    const char *why;  /* it cannot be counted; "" */
    const char *code; /* as perf stat -e takes it; "" */
    bool counted, proven;
};

struct event_answers {
    struct event_answer *answer;
    size_t count;
    struct strings *text; /* owns what the answers point to */
};

/* Tries all roles by every backend on this machine. 0 or -errno with err. event_answers_fini is
 * safe in either case. */
int event_answers_take(struct event_answers *out, struct err *err);
json_t *event_answers_json(const struct event_answers *answers); /* NULL when out of memory */
/* Reads such JSON. -ENOEXEC: it is none; -ENOMEM. As above. */
int event_answers_read(const json_t *json, struct event_answers *out, struct err *err);
void event_answers_fini(struct event_answers *answers);

/* Adds an answer, with copies of its texts. 0 or -ENOMEM. */
int event_answers_add(struct event_answers *answers, struct event_answer answer);
/* `backend` NULL: any. NULL: not recorded. */
const struct event_answer *event_answers_find(const struct event_answers *answers,
    const char *backend, const char *role, const char *formula);

/* Whether a backend was able to count: *why is "" or the reason. */
void event_answers_ready(
    const struct event_answers *answers, const struct backend *backend, char *why, size_t size);
/* Fills in what became of role->line. 0, -ENODEV: it cannot be counted; EVENT_NOT_RECORDED. */
enum { EVENT_NOT_RECORDED = -ENOMSG };
int event_answers_try(
    const struct event_answers *answers, const struct backend *backend, struct counters_role *role);

/* The codes of a role's terms, as perf stat -e takes them; "" where one of them has none. */
void event_codes(
    const struct counters *counters, const struct counters_role *role, char *out, size_t size);
enum { EVENT_CODES = EVENT_TERMS * 100 };

#endif
