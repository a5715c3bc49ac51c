/* SPDX-License-Identifier: MIT
 * What was proved of a process as a recording, as if it had been built by `numaprobe cc`: objects,
 * fields, places, kinds and suggestions are then found as those of `detect` are. Its hand-overs are
 * proofs times a constant, and its accesses samples. */
#ifndef ANALYSIS_WATCH_WATCH_RECORDING_H
#define ANALYSIS_WATCH_WATCH_RECORDING_H

#include "analysis/sharing/sharing.h"
#include "analysis/watch/proved.h"

struct watch_thread {
    int tid;
    uint64_t samples;
    const char *name;
    uint64_t stack_low, stack_high; /* of its stack; 0: not known */
    uint64_t thread_pointer;        /* 0: not known */
};

/* Strings must live as long as what is made of them. */
struct watch_scene {
    int pid;
    const char *name; /* of its program */
    const struct watch_thread *thread;
    size_t threads;
    const struct record_module *module; /* the program first */
    size_t modules;
    const struct proved *proved; /* lines of this process only */
    double seconds;
};

/* The address of a line in the process of the scene's proofs. */
uint64_t proved_address(const struct proved_line *line);
/* Fills a recording of all lines that are sure; ended by record_fini. 0 or -ENOMEM. */
int watch_record(const struct watch_scene *scene, struct recording *out);
/* There is no least number of hand-overs. */
extern const struct sharing_rule watch_rule;

#endif
