/* SPDX-License-Identifier: MIT
 * Counting through PAPI 7: its presets and the names that it and libpfm4 have for a processor's
 * events, in the user's mode. Not for whole cpus, other processes or events as codes: those are
 * backend_perf.c's. */
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
#include "machine/system/sysfile.h"

#include <papi.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SETS = 1024, NAME = PAPI_2MAX_STR_LEN, UNKNOWN = 1 /* PAPI's own errors are below 0 */ };

struct backend_set {
    struct backend_set *next; /* of those open */
    int id;                   /* PAPI's; PAPI_NULL when its thread is gone */
    unsigned long owner;
    size_t events;
    int code[BACKEND_EVENTS];        /* of each event: PAPI_OK when it was added */
    long long count[BACKEND_EVENTS]; /* of those that were added, in their order */
};

/* PAPI is one for the whole process and guards its tables in part only. All calls but PAPI_read are
 * made under the lock. */
static struct {
    pthread_once_t once;
    pthread_mutex_t lock;
    pthread_key_t registered;
    struct backend_set *open;
    size_t opened;
    int component;
    struct err err;
} papi = {.once = PTHREAD_ONCE_INIT, .lock = PTHREAD_MUTEX_INITIALIZER};

static unsigned long thread_id(void)
{
    return (unsigned long)gettid();
}

static int explain_forbidden(const char *what, struct err *err)
{
    int64_t paranoid = 2;
    sysfile_i64("", "/proc/sys/kernel/perf_event_paranoid", &paranoid);
    if (paranoid < 3)
        return err_set(err, -EACCES,
            "%s: forbidden, though perf_event_paranoid is %d: by a container's seccomp profile?",
            what, (int)paranoid);
    return err_set(err, -EACCES,
        "%s: forbidden: perf_event_paranoid is %d (sudo sysctl kernel.perf_event_paranoid=1; at 3 "
        "PAPI counts for nobody, not even root)",
        what, (int)paranoid);
}

static int explain(const char *name, int code, bool first, struct err *err)
{
    static const struct {
        int code, error;
        const char *text;
    } known[] = {
        {UNKNOWN, -ENOENT,
            "PAPI knows no such event on this processor (papi_avail, papi_native_avail)"},
        {PAPI_ENOEVNT, -ENOENT,
            "PAPI finds nothing here that counts it; virtual machines seldom pass the PMU on"},
        {PAPI_ECNFLCT, -ENOSPC,
            "does not fit beside the others; with --counters perf they take turns"},
        {PAPI_EISRUN, -EBUSY, "PAPI counts one set of events for a thread, and has one"},
        /* Also what it makes of EMFILE. */
        {PAPI_ECOUNT, -EMFILE, "too many events or files open for PAPI (ulimit -n)"},
    };
    if (code == PAPI_EPERM)
        return explain_forbidden(name, err);
    if (code == PAPI_ECNFLCT && first)
        return err_set(err, -EBUSY, "%s: no counter is left; somebody else holds them", name);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return err_set(err, known[i].error, "%s: %s", name, known[i].text);
    return err_set(err, -EIO, "%s: PAPI: %s", name, PAPI_strerror(code));
}

/* From any thread. A set whose counters were taken away can be neither read nor stopped: it goes
 * with its thread's registration. */
static void end(struct backend_set *set)
{
    if (set->id == PAPI_NULL)
        return;
    PAPI_stop(set->id, NULL);
    PAPI_cleanup_eventset(set->id);
    if (PAPI_destroy_eventset(&set->id) != PAPI_OK && set->owner == thread_id())
        PAPI_unregister_thread();
    set->id = PAPI_NULL;
}

/* What PAPI knows of a thread only that thread can take back. Its sets go with it, and other sets
 * get their numbers: so nobody may keep one. */
static void thread_ends(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&papi.lock);
    for (struct backend_set *set = papi.open; set; set = set->next)
        if (set->owner == thread_id())
            end(set);
    PAPI_unregister_thread();
    pthread_mutex_unlock(&papi.lock);
}

/* PAPI_read looks its set up without a lock in a table that a new set may move: it gets its final
 * size before there are readers. */
static void reserve(void)
{
    int id[SETS];
    for (size_t i = 0; i < SETS; i++) {
        id[i] = PAPI_NULL;
        PAPI_create_eventset(&id[i]);
    }
    for (size_t i = 0; i < SETS; i++)
        PAPI_destroy_eventset(&id[i]);
}

/* A descriptor for each event of each thread soon is more than the usual soft limit of 1,024. */
static void raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
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
        return explain_forbidden("PAPI", err);
    if (info->disabled)
        return err_set(err, -ENODEV, "PAPI cannot count here: %.128s (try --counters perf)",
            info->disabled_reason);
    if (PAPI_thread_init(thread_id) != PAPI_OK ||
        pthread_key_create(&papi.registered, thread_ends) != 0)
        return err_set(err, -EAGAIN, "PAPI does not start: no threads");
    return 0;
}

static void init(void)
{
    if (init_library(&papi.err))
        return;
    PAPI_set_cmp_domain(PAPI_DOM_USER, papi.component);
    raise_limit();
    reserve();
}

static int start_up(struct err *err)
{
    pthread_once(&papi.once, init);
    return papi.err.code ? err_set(err, papi.err.code, "%s", papi.err.text) : 0;
}

/* Without the component in its name PAPI asks all of them, down to loading the drivers of GPUs. */
static int add_named(int id, const char *name)
{
    char full[NAME + sizeof "perf_event:::"];
    int code;
    snprintf(
        full, sizeof full, "%s%s", strncmp(name, "PAPI_", 5) == 0 ? "" : "perf_event:::", name);
    if (PAPI_event_name_to_code(full, &code) != PAPI_OK || PAPI_query_event(code) != PAPI_OK)
        return UNKNOWN;
    return PAPI_add_event(id, code);
}

/* perf's generic names are spelt otherwise in PAPI; the preset is for where it has no perf::. */
static int add(int id, const char *name)
{
    static const struct {
        const char *name, *native, *preset;
    } known[] = {
        {"cycles", "perf::CYCLES", "PAPI_TOT_CYC"},
        {"instructions", "perf::INSTRUCTIONS", "PAPI_TOT_INS"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i].name) == 0) {
            const int code = add_named(id, known[i].native);
            return code && add_named(id, known[i].preset) == PAPI_OK ? PAPI_OK : code;
        }
    return add_named(id, name);
}

/* Without PAPI_set_multiplex all events of a set are one group, which the kernel keeps pinned (PAPI
 * 7.0, perf_event.c: open_pe_events): while the thread runs all of it counts; and once it cannot,
 * PAPI_read fails. Nothing is scaled. A thread has one running set at most. */
static int start(const struct backend_event *event, struct backend_set *set)
{
    pthread_setspecific(papi.registered, &papi);
    int code = PAPI_create_eventset(&set->id); /* registers the thread, too */
    if (code == PAPI_OK)
        code = PAPI_assign_eventset_component(set->id, papi.component);
    if (code != PAPI_OK)
        return code;
    bool any = false;
    for (size_t i = 0; i < set->events; i++) {
        set->code[i] = event[i].fits ? add(set->id, event[i].name) : UNKNOWN;
        any |= set->code[i] == PAPI_OK;
        code = event[i].fits ? set->code[i] : code;
    }
    return any ? PAPI_start(set->id) : code ? code : UNKNOWN;
}

/* 0 or PAPI's code; *out is to be closed in any case. */
static int set_open(const struct backend_event *event, size_t events, struct backend_set **out)
{
    struct backend_set *const set = calloc(1, sizeof *set);
    *out = set;
    if (!set)
        return PAPI_ENOMEM;
    set->id = PAPI_NULL;
    set->owner = thread_id();
    set->events = events;
    set->next = papi.open;
    papi.open = set;
    return ++papi.opened < SETS ? start(event, set) : PAPI_ECOUNT;
}

static void set_close(struct backend_set *set)
{
    if (!set)
        return;
    end(set);
    struct backend_set **at = &papi.open;
    while (*at != set)
        at = &(*at)->next;
    *at = set->next;
    papi.opened--;
    free(set);
}

static bool is_taken(const struct backend_event *event, struct err *err)
{
    const char *const name = event->name;
    if (event->scope != EVENT_THREAD)
        err_set(
            err, -ENOTSUP, "%s: PAPI counts threads, no cores and L3s: use --counters perf", name);
    else if (strchr(name, '/'))
        err_set(err, -ENOTSUP, "%s: PAPI takes names, not codes: use --counters perf", name);
    else if (strcmp(name, "context-switches") == 0 || strcmp(name, "cpu-migrations") == 0)
        err_set(err, -ENOTSUP, "%s: happens in the kernel, which PAPI leaves out here", name);
    else if (strlen(name) >= NAME)
        err_set(err, -ENAMETOOLONG, "%.40s...: too long for a name of PAPI's", name);
    else
        return true;
    return false;
}

static void refuse(struct backend_event *event, size_t index, int code)
{
    bool first = true;
    for (size_t i = 0; i < index; i++)
        first = first && !event[i].fits;
    event[index].fits = false;
    explain(event[index].name, code, first, &event[index].why);
}

/* 0 when all that is left of the events runs as one set; else PAPI's code. */
static int fit_set(struct backend_event *event, size_t events)
{
    struct backend_set *set;
    int code = set_open(event, events, &set);
    if (code == PAPI_OK)
        code = PAPI_read(set->id, set->count); /* fails unless they are on counters */
    for (size_t i = 0; set && i < events; i++)
        if (event[i].fits && set->code[i] != PAPI_OK)
            refuse(event, i, set->code[i]);
    set_close(set);
    return code;
}

static void papi_fit(struct backend_event *event, size_t events)
{
    struct err err = {0};
    const bool can = start_up(&err) == 0;
    for (size_t i = 0; i < events; i++) {
        event[i].group = 0;
        event[i].why = err;
        event[i].fits = can && is_taken(&event[i], &event[i].why);
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
            refuse(event, left - 1, code);
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
    if (start_up(err))
        return papi.err.code;
    pthread_mutex_lock(&papi.lock);
    const int code = set_open(event, events, out);
    if (code != PAPI_OK)
        set_close(*out);
    pthread_mutex_unlock(&papi.lock);
    return code == PAPI_OK ? 0 : explain(events > 0 ? event[0].name : "PAPI", code, true, err);
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
    set_close(set);
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
