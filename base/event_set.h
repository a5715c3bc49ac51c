/* SPDX-License-Identifier: MIT
 * data/events: one file for each microarchitecture, embedded in the program. It lists which events
 * of a processor play which role, their scope, and the source. data/events/generic.txt describes
 * the format. */
#ifndef BASE_EVENT_SET_H
#define BASE_EVENT_SET_H

#include "base/err.h"
#include "base/event.h"

#include <stddef.h>

enum { EVENT_TERMS = 4 };

/* One event of a sum. Names are libpfm4's ("MEM_LOAD_RETIRED:L3_MISS"), perf's generic ones
 * ("cycles"), PAPI's presets ("PAPI_TOT_CYC") or codes as in sysfs ("cpu/event=0x24,umask=0x42/").
 */
struct event_term {
    const char *name;
    int sign; /* 1 or -1 */
};

/* One way to count a role. A role may have several; the first that can be counted here is used. */
struct event_line {
    enum event_role role;
    enum event_scope scope;
    enum event_sees sees;
    struct event_term term[EVENT_TERMS];
    size_t terms;
    const char *formula;       /* as written */
    const char *source, *note; /* note: "" where there is none */
    size_t line;               /* in its file */
};

struct event_set {
    char *name;      /* the processors, for a reader; "" for generic */
    const char *pmu; /* libpfm4's names of the PMU, space-separated, that names are checked against;
                        "" where its version knows none */
    struct event_line *line;
    size_t lines;
    char *text; /* owns all strings above */
};

/* What distinguishes microarchitectures, as in /proc/cpuinfo. */
struct event_cpu {
    char arch[16];   /* "x86_64", "aarch64" */
    char vendor[32]; /* x86: "GenuineIntel"; aarch64: implementer "0x41" */
    unsigned family; /* x86 only; 0 */
    unsigned model;  /* x86: model; aarch64: part */
};

/* A file of data/events, embedded in the program; sorted by name. */
struct event_file {
    const char *name; /* "intel-skx.txt" */
    const char *text;
};
extern const struct event_file event_file_table[];
extern const size_t event_file_count;

/* Reads `text`; `name` is for messages. 0, or -EINVAL with file and line in err, or -ENOMEM. */
int event_set_parse(const char *name, const char *text, struct event_set *out, struct err *err);
void event_set_fini(struct event_set *set); /* a zeroed one is safe */
/* The file for a cpu: the one with a `match` line for it, or generic.txt. Never NULL. */
const struct event_file *event_file_for(const struct event_cpu *cpu);

#endif
