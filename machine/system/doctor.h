/* SPDX-License-Identifier: MIT
 * What prevents good measurements on this machine. First facts are gathered (system calls are
 * tried, time passes), then every check judges them, so that a test can invent facts. */
#ifndef MACHINE_SYSTEM_DOCTOR_H
#define MACHINE_SYSTEM_DOCTOR_H

#include "base/topology.h"
#include "machine/system/cgroup.h"
#include "machine/system/check_result.h"
#include "machine/system/system.h"

#include <stdint.h>

struct doctor_facts {
    const char *root; /* where /proc and /sys are: "" or a test's folder */
    const struct topology *topology;
    struct system_info system;
    struct cgroup_info cgroup;
    int pmu, mbind, move_pages; /* what the calls returned: 0 or -errno */
    /* The allowed cpus within the window, summed; all zero when it could not be read. */
    struct system_times window, since_boot;
    uint64_t memlock_bytes; /* RLIMIT_MEMLOCK; UINT64_MAX: unlimited */
};

/* Gathers the facts of this machine; waits for `window_ms` to see what else runs (0: does not
 * wait). Both pointers must outlive *facts. */
void doctor_gather(const char *root, const struct topology *topology, unsigned window_ms,
    struct doctor_facts *facts);

/* Only those that are in files below `root`; doctor_calls.h has the others of a recorded machine.
 */
void doctor_read_files(
    const char *root, const struct topology *topology, struct doctor_facts *facts);

enum { DOCTOR_CHECKS_MAX = 40 };
/* Fills `out` with one result for each check, in their order; returns how many. */
size_t doctor_judge(const struct doctor_facts *facts, struct check_result out[DOCTOR_CHECKS_MAX]);

#endif
