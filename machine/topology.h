/* SPDX-License-Identifier: MIT
 * The machine as hwloc sees it. Only topology*.c and crew.c include hwloc. */
#ifndef MACHINE_TOPOLOGY_H
#define MACHINE_TOPOLOGY_H

#include "base/err.h"
#include "base/topology.h"
#include "machine/recording.h"

struct machine; /* a loaded hwloc topology; its opener closes it */
struct hwloc_topology;

/* Opens this machine (source NULL), a recording (a folder, recording.h), a synthetic description
 * ("pack:2 core:4 pu:2") or an XML file made by lstopo (a source that names an existing file or
 * ends in .xml), and describes it in *topology, which the caller ends with topology_fini. Loading
 * this machine takes some 10 ms. -EINVAL: not a topology hwloc understands, with err naming
 * --topology; -ENOMEM. */
int machine_open(
    const char *source, struct machine **machine, struct topology *topology, struct err *err);
void machine_close(struct machine *machine);                   /* NULL is safe */
struct hwloc_topology *machine_hwloc(struct machine *machine); /* for crew.c */
/* Writes what hwloc sees to a recording whose files lack a part of it: hwloc asks the cpus, too.
 * Then a replay reads that instead. 0 or -errno with err. */
int machine_export(struct machine *machine, const char *folder, struct err *err);
/* Where its /proc and /sys are, a root as in sysfile.h: "" on this machine; NULL where it has none:
 * a synthetic or an XML one. */
const char *machine_root(const struct machine *machine);
const struct recording *machine_recording(const struct machine *machine); /* NULL: it is none */

#endif
