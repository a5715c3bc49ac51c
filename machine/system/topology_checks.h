/* SPDX-License-Identifier: MIT
 * What is implausible in a topology. Firmware and hypervisors report caches and nodes that do not
 * exist, and the distances between cpus are only as good as these reports. */
#ifndef MACHINE_SYSTEM_TOPOLOGY_CHECKS_H
#define MACHINE_SYSTEM_TOPOLOGY_CHECKS_H

#include "base/topology.h"
#include "machine/system/check_result.h"

#include <stddef.h>

enum { TOPOLOGY_CHECKS_MAX = 16 };

/* Fills `out` with what is implausible and returns how many; 0 for a plausible machine. */
size_t topology_checks_run(
    const struct topology *topology, struct check_result out[TOPOLOGY_CHECKS_MAX]);

#endif
