/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe watch`. */
#ifndef CLI_WATCH_WATCH_ARGS_H
#define CLI_WATCH_WATCH_ARGS_H

#include "cli/options.h"

struct watch_pids {
    int *at;
    size_t count;
};

struct watch_args {
    struct watch_pids pids, trees; /* owned */
    double duration_ns;            /* 0: until it is interrupted, or the processes have ended */
    unsigned fail_on;              /* 1: false sharing */
    double max_overhead;           /* a share of the threads' time; 0: no limit */
    const char *json;
    bool price;
    const char *exact; /* the map or function whose calls are counted; NULL: none */
    bool overlaps;
    bool locks;         /* who waits for which lock */
    uint64_t locks_off; /* the process whose profiles are to be switched off; 0: none */
    bool maps;          /* which maps of Go take how much of its threads' time */
    bool quiet;
};
extern const struct options watch_options;

/* -1 to go on, else the exit code. Errors have been printed. */
int watch_args_parse(int argc, char **argv, struct watch_args *args);

#endif
