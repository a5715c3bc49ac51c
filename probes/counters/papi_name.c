/* SPDX-License-Identifier: MIT
 * Names of events and codes of errors, as PAPI 7 has them. */
#include "probes/counters/papi_name.h"

#ifdef HAVE_PAPI
#include "probes/counters/perf_open.h"

#include <errno.h>
#include <papi.h>
#include <stdio.h>
#include <string.h>

/* At 3 the kernel lets nobody count; below that PAPI may count, unless something else forbids it.
 */
static int explain_forbidden(const char *name, struct err *err)
{
    struct err why;
    const int64_t paranoid = perf_sysctl("/proc/sys/kernel/perf_event_paranoid", 2);
    perf_explain(paranoid < 3 ? -EPERM : -EACCES, &why);
    return err_set(err, -EACCES, "%s: %.200s", name, why.text);
}

int papi_explain(const char *name, int code, bool first, struct err *err)
{
    static const struct {
        int code, error;
        const char *text;
    } known[] = {
        {PAPI_UNKNOWN, -ENOENT,
            "PAPI knows no such event on this processor (papi_avail, papi_native_avail)"},
        {PAPI_ENOEVNT, -ENOENT,
            "PAPI finds nothing here that counts it; virtual machines rarely pass the PMU on"},
        {PAPI_ECNFLCT, -ENOSPC,
            "does not fit together with the others; with --counters perf they take turns"},
        {PAPI_EISRUN, -EBUSY, "PAPI counts one set of events for a thread, and has one"},
        /* Also what it makes of EMFILE. */
        {PAPI_ECOUNT, -EMFILE, "too many events or files open for PAPI (ulimit -n)"},
    };
    if (code == PAPI_EPERM)
        return explain_forbidden(name, err);
    if (code == PAPI_ECNFLCT && first)
        return err_set(err, -EBUSY, "%s: no counter is left; another program holds them", name);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return err_set(err, known[i].error, "%s: %s", name, known[i].text);
    return err_set(err, -EIO, "%s: PAPI: %s", name, PAPI_strerror(code));
}

bool papi_accepts(const struct backend_event *event, struct err *err)
{
    const char *const name = event->name;
    if (event->scope != EVENT_THREAD)
        err_set(
            err, -ENOTSUP, "%s: PAPI counts threads, not cores and L3s: use --counters perf", name);
    else if (strchr(name, '/'))
        err_set(err, -ENOTSUP, "%s: PAPI takes names, not codes: use --counters perf", name);
    else if (strcmp(name, "context-switches") == 0 || strcmp(name, "cpu-migrations") == 0)
        err_set(err, -ENOTSUP, "%s: happens in the kernel, which PAPI leaves out here", name);
    else if (strlen(name) >= PAPI_2MAX_STR_LEN)
        err_set(err, -ENAMETOOLONG, "%.40s...: too long for a name of PAPI's", name);
    else
        return true;
    return false;
}

/* Without the component in its name PAPI asks all of them, down to loading the drivers of GPUs. */
static int add_named(int id, const char *name)
{
    char full[PAPI_2MAX_STR_LEN + sizeof "perf_event:::"];
    int code;
    snprintf(
        full, sizeof full, "%s%s", strncmp(name, "PAPI_", 5) == 0 ? "" : "perf_event:::", name);
    if (PAPI_event_name_to_code(full, &code) != PAPI_OK || PAPI_query_event(code) != PAPI_OK)
        return PAPI_UNKNOWN;
    return PAPI_add_event(id, code);
}

/* perf's generic names are spelt otherwise in PAPI; the preset is for where it has no perf::. */
int papi_add(int id, const char *name)
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
#endif
