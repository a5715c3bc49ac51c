/* SPDX-License-Identifier: MIT
 * The parts of `numaprobe watch --exact`. */
#ifndef CLI_WATCH_WATCH_EXACT_H
#define CLI_WATCH_WATCH_EXACT_H

#include "analysis/dwarf/dwarf.h"
#include "analysis/go/exact_view.h"
#include "analysis/go/map_function.h"
#include "analysis/go/probe_points.h"
#include "cli/watch/watch.h"
#include "probes/uprobe/call_toll.h"

#include <time.h>

/* A function with a probe. */
struct exact_function {
    struct go_function at;
    bool of_map;
    struct go_map_function map;
    struct go_probe_points points;
};

/* What is to be counted, and where. */
struct exact_choice {
    uint64_t map; /* 0: all */
    struct exact_function *function;
    size_t functions;
    struct call_point *point;
    size_t points;
};

struct exact_watch {
    struct go_binary *binary;
    struct record_module *module; /* the program is the first */
    size_t modules;
    struct dwarf *dwarf; /* opened when names are asked for */
    char path[32];       /* of the program's file */
    struct exact_choice choice;
    struct call_probes *probes;
    struct call_toll toll;
    double least_ns; /* of an operation that is reported as long; 0: returns have no probes */
    bool attached;
    unsigned times;
    double attached_s, since_s;  /* in all; since when */
    uint64_t began_ns;           /* CLOCK_MONOTONIC */
    clockid_t clock;             /* of the process's time on cpus */
    double ran_s, began_ran_s;   /* that time, and what it was at the beginning */
    double balance_s, counted_s; /* what probes may still take, and what they took so far */
    struct exact_view shown;     /* on the terminal */
};

/* The functions of WHAT, an address or a name, and their points. Ended by exact_choice_fini, also
 * after a failure. 0, or -errno with err: -EINVAL, there are none. */
int exact_choose(const struct exact_watch *exact, const char *what, bool pairs,
    struct exact_choice *out, struct err *err);
void exact_choice_fini(struct exact_choice *choice);

/* Seconds of the threads' time that probes took so far. */
double watch_exact_taken_s(const struct exact_watch *exact);
/* What was counted so far; `most` places, those with the most calls, have names. Ended by
 * exact_view_fini. 0 or -ENOMEM. */
int watch_exact_view(struct watch_session *session, bool with_keys, struct exact_view *out);
void watch_print_exact(const struct exact_view *view, FILE *out);

#endif
