/* SPDX-License-Identifier: MIT
 * What a probe costs on this machine: measured on a loop of our own. */
#ifndef PROBES_UPROBE_CALL_TOLL_H
#define PROBES_UPROBE_CALL_TOLL_H

#include "probes/uprobe/call_probes.h"

/* ns that a probe takes of the thread that hits it. */
struct call_toll {
    double hit_ns;  /* on an instruction that the kernel emulates, as a jump */
    double key_ns;  /* on the same where the call's key takes the place of another in the table */
    double step_ns; /* on another, which it single-steps */
    double pair_ns; /* at the beginning and at the return; 0: returns have none */
};

/* In some 200 ms; more where probes are slow to remove. `pairs` as in call_probes_open(). Leaves
 * the tables empty and nothing attached. 0, or -errno with err. */
int call_toll_measure(
    struct call_probes *probes, bool pairs, struct call_toll *out, struct err *err);

#endif
