/* SPDX-License-Identifier: MIT
 * Counting through PAPI 7: its presets, and the events that it and libpfm4 have names for, in user
 * mode. backend_perf.c counts whole cpus, other processes, and events given as codes. */
#include "probes/counters/backend.h"

#include <errno.h>

#ifndef HAVE_PAPI
static int papi_ready(struct err *err)
{
    return err_set(err, -ENOTSUP, "this numaprobe was built without PAPI (libpapi-dev)");
}

static void papi_fit(struct backend_event *event, size_t events)
{
    for (size_t i = 0; i < events; i++)
        event[i].fits = papi_ready(&event[i].why) == 0;
}

static int papi_open(const struct backend_event *event, size_t events,
    const struct backend_target *target, struct backend_set **set, struct err *err)
{
    (void)event, (void)events, (void)target, (void)set;
    return papi_ready(err);
}

static void papi_read(struct backend_set *set, struct backend_value *value)
{
    (void)set, (void)value;
}

static void papi_close(struct backend_set *set)
{
    (void)set;
}
#else
#include "probes/counters/papi_name.h"
#include "probes/counters/perf_name.h"
#include "probes/counters/perf_open.h"

#include <papi.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SETS = 1024 };

struct backend_set {
    int id; /* PAPI's */
    size_t events;
    int code[BACKEND_EVENTS];        /* of each event: PAPI_OK when it was added */
    long long count[BACKEND_EVENTS]; /* of those that were added, in their order */
};

/* PAPI has one state for the whole process, and guards its tables in part only. All calls but
 * PAPI_read are made under the lock. */
static struct {
    pthread_once_t once;
    pthread_mutex_t lock;
    pthread_key_t registered;
    size_t sets;
    int component;
    struct err err;
} papi = {.once = PTHREAD_ONCE_INIT, .lock = PTHREAD_MUTEX_INITIALIZER};

static unsigned long thread_id(void)
{
    return (unsigned long)gettid();
}

/* Only the thread itself can remove what PAPI keeps of it. */
static void unregister_thread(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&papi.lock);
    PAPI_unregister_thread();
    pthread_mutex_unlock(&papi.lock);
}

/* PAPI_read looks its set up without a lock in a table that a new set may move: the table gets its
 * final size before there are readers. */
static void reserve_sets(void)
{
    int id[SETS];
    for (size_t i = 0; i < SETS; i++) {
        id[i] = PAPI_NULL;
        PAPI_create_eventset(&id[i]);
    }
    for (size_t i = 0; i < SETS; i++)
        PAPI_destroy_eventset(&id[i]);
}

static int init_library(struct err *err)
{
    PAPI_set_debug(PAPI_QUIET);
    const int code = PAPI_library_init(PAPI_VER_CURRENT);
    if (code != PAPI_VER_CURRENT)
        return err_set(err, -ELIBACC, "PAPI does not start: %s",
            code > 0 ? "its library is of another version" : PAPI_strerror(code));
    papi.component = PAPI_get_component_index("perf_event");
    const PAPI_component_info_t *const info = PAPI_get_component_info(papi.component);
    if (!info)
        return err_set(err, -ENODEV, "this PAPI was built without perf_event");
    if (info->disabled && strstr(info->disabled_reason, "paranoid"))
        return papi_explain("PAPI", PAPI_EPERM, true, err);
    if (info->disabled)
        return err_set(err, -ENODEV, "PAPI cannot count here: %.128s (try --counters perf)",
            info->disabled_reason);
    if (PAPI_thread_init(thread_id) != PAPI_OK ||
        pthread_key_create(&papi.registered, unregister_thread) != 0)
        return err_set(err, -EAGAIN, "PAPI does not start: no threads");
    return 0;
}

static void init_once(void)
{
    if (init_library(&papi.err))
        return;
    PAPI_set_cmp_domain(PAPI_DOM_USER, papi.component);
    perf_raise_limit(); /* each event of each thread has a descriptor */
    reserve_sets();
}

static int start_library(struct err *err)
{
    pthread_once(&papi.once, init_once);
    return papi.err.code ? err_set(err, papi.err.code, "%s", papi.err.text) : 0;
}

/* Without PAPI_set_multiplex all events of a set are one group, which the kernel keeps pinned (PAPI
 * 7.0, perf_event.c: open_pe_events): while the thread runs all of it counts; and once it cannot,
 * PAPI_read fails. Nothing is scaled. A thread has one running set at most. */
static int start_set(const struct backend_event *event, struct backend_set *set)
{
    pthread_setspecific(papi.registered, &papi);
    int code = PAPI_create_eventset(&set->id); /* registers the thread, too */
    if (code == PAPI_OK)
        code = PAPI_assign_eventset_component(set->id, papi.component);
    if (code != PAPI_OK)
        return code;
    bool any = false;
    for (size_t i = 0; i < set->events; i++) {
        set->code[i] = event[i].fits ? papi_add(set->id, event[i].name) : PAPI_UNKNOWN;
        any |= set->code[i] == PAPI_OK;
        code = event[i].fits ? set->code[i] : code;
    }
    return any ? PAPI_start(set->id) : code ? code : PAPI_UNKNOWN;
}

/* 0 or PAPI's code; *out is to be closed in any case. */
static int open_set(const struct backend_event *event, size_t events, struct backend_set **out)
{
    struct backend_set *const set = calloc(1, sizeof *set);
    *out = set;
    if (!set)
        return PAPI_ENOMEM;
    set->id = PAPI_NULL;
    set->events = events;
    return ++papi.sets < SETS ? start_set(event, set) : PAPI_ECOUNT;
}

/* A set whose counters were taken away can be neither read nor stopped: it goes with its thread's
 * registration. */
static void close_set(struct backend_set *set)
{
    if (!set)
        return;
    PAPI_stop(set->id, NULL);
    PAPI_cleanup_eventset(set->id);
    if (set->id != PAPI_NULL && PAPI_destroy_eventset(&set->id) != PAPI_OK)
        PAPI_unregister_thread();
    papi.sets--;
    free(set);
}

static void refuse_event(struct backend_event *event, size_t index, int code)
{
    bool first = true;
    for (size_t i = 0; i < index; i++)
        first = first && !event[i].fits;
    event[index].fits = false;
    event[index].unknown = code == PAPI_UNKNOWN && !perf_name_is_elsewhere(event[index].name);
    papi_explain(event[index].name, code, first, &event[index].why);
}

/* 0 when all events that still fit run as one set; else PAPI's code. */
static int fit_set(struct backend_event *event, size_t events)
{
    struct backend_set *set;
    int code = open_set(event, events, &set);
    if (code == PAPI_OK)
        code = PAPI_read(set->id, set->count); /* fails unless they are on counters */
    for (size_t i = 0; set && i < events; i++)
        if (event[i].fits && set->code[i] != PAPI_OK)
            refuse_event(event, i, set->code[i]);
    close_set(set);
    return code;
}

static void papi_fit(struct backend_event *event, size_t events)
{
    struct err err = {0};
    const bool can = start_library(&err) == 0;
    for (size_t i = 0; i < events; i++) {
        event[i].group = 0;
        event[i].unknown = false;
        event[i].why = err;
        event[i].fits = can && papi_accepts(&event[i], &event[i].why);
    }
    if (!can)
        return;
    pthread_mutex_lock(&papi.lock);
    for (size_t left = events; left > 0; left--) {
        const int code = fit_set(event, events);
        if (code == PAPI_OK)
            break;
        while (left > 1 && !event[left - 1].fits)
            left--;
        if (event[left - 1].fits)
            refuse_event(event, left - 1, code);
    }
    pthread_mutex_unlock(&papi.lock);
}

static int papi_ready(struct err *err)
{
    struct backend_event tries[] = {{.name = "cycles"}, {.name = "instructions"}};
    for (size_t i = 0; i < 2; i++) {
        papi_fit(&tries[i], 1);
        if (tries[i].fits)
            return 0;
    }
    return err_set(err, tries[0].why.code, "%s", tries[0].why.text);
}

static int papi_open(const struct backend_event *event, size_t events,
    const struct backend_target *target, struct backend_set **out, struct err *err)
{
    if (target->pid != 0 || target->from_exec)
        return err_set(err, -ENOTSUP, "PAPI counts the calling thread only: use --counters perf");
    if (start_library(err))
        return papi.err.code;
    pthread_mutex_lock(&papi.lock);
    const int code = open_set(event, events, out);
    if (code != PAPI_OK)
        close_set(*out);
    pthread_mutex_unlock(&papi.lock);
    return code == PAPI_OK ? 0 : papi_explain(events > 0 ? event[0].name : "PAPI", code, true, err);
}

static void papi_read(struct backend_set *set, struct backend_value *value)
{
    const bool read = PAPI_read(set->id, set->count) == PAPI_OK;
    const long long *count = set->count;
    for (size_t i = 0; i < set->events; i++) {
        value[i] = (struct backend_value){.read = read && set->code[i] == PAPI_OK};
        if (set->code[i] == PAPI_OK)
            value[i].count = (uint64_t)*count++;
    }
}

static void papi_close(struct backend_set *set)
{
    if (!set)
        return;
    pthread_mutex_lock(&papi.lock);
    close_set(set);
    pthread_mutex_unlock(&papi.lock);
}
#endif

static const char *papi_how(const struct backend_set *set)
{
    (void)set;
    return "PAPI_read()";
}

const struct backend backend_papi = {
    .name = "papi",
    .summary = "PAPI: its presets, and libpfm4's names",
    .preference = 1,
    .ready = papi_ready,
    .fit = papi_fit,
    .open = papi_open,
    .read = papi_read,
    .close = papi_close,
    .how = papi_how,
};
