/* SPDX-License-Identifier: MIT
 * The nodes of a cluster, from what sinfo prints or from a file of hosts. Not for starting sinfo:
 * that is cli/fleet. */
#ifndef ANALYSIS_FLEET_NODES_H
#define ANALYSIS_FLEET_NODES_H

#include "base/err.h"
#include "base/strings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Texts are in `strings` of the nodes. */
struct fleet_node {
    const char *name;
    const char *kind;      /* nodes of one kind have the same hardware; "": not known */
    const char *partition; /* of Slurm; "" for a host */
    bool is_away;          /* down, drained or failing: nothing can be started there now */
};

struct fleet_nodes {
    struct fleet_node *node; /* grows by base/grow.h */
    size_t count;
    struct strings *strings;
};

/* The fields of a node, for sinfo: name, partition, state, features, cpus, sockets, cores,
 * threads, MiB (sinfo(1)). It has no field for the architecture. */
#define FLEET_SINFO_OPTION "--format=%N|%P|%T|%f|%c|%X|%Y|%Z|%m"

/* Reads lines of that format, sorted by name or not. A node of several partitions is listed once,
 * in the default one where it is in that. -EINVAL with err naming the line, -ENODATA without a
 * node, -ENOMEM. Both readers leave in *nodes what fleet_nodes_fini frees, also after a failure. */
int fleet_nodes_read_sinfo(FILE *in, struct fleet_nodes *nodes, struct err *err);
/* Reads a host a line, with its kind as a second word; `#` begins a comment. `name` is for
 * messages. The same errors; also for a host that is named twice. */
int fleet_nodes_read_hosts(FILE *in, const char *name, struct fleet_nodes *nodes, struct err *err);
/* Keeps the first node of each kind that is not away, or the first where all are. -EINVAL with err
 * for a node without a kind. */
int fleet_nodes_one_per_kind(struct fleet_nodes *nodes, struct err *err);
void fleet_nodes_fini(struct fleet_nodes *nodes);

/* Is it a name of a host, with or without a user before '@', that can be part of a file's name? */
bool fleet_is_host(const char *text);

#endif
