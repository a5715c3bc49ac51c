/* SPDX-License-Identifier: MIT
 * For pieces*.c only: which lines of a file are kept, and the files of cgroups. */
#ifndef MACHINE_SYSTEM_PIECES_INTERNAL_H
#define MACHINE_SYSTEM_PIECES_INTERNAL_H

#include "machine/system/pieces.h"

#include <stdbool.h>

/* Whether a line (without its end) is kept; `first` is true up to the first empty line. */
typedef bool piece_keep(const char *line, bool first);
piece_keep piece_keep_cpuinfo, piece_keep_memory, piece_keep_cgroups, piece_keep_cgroup_mounts,
    piece_keep_allowed, piece_keep_cpu_times;
/* Drops the other lines in place; returns the new length. */
size_t piece_filter(char *text, size_t length, piece_keep *keep);

struct piece_rule {
    piece_keep *keep;
    size_t most;
    bool names_only;
};
/* Adds root/path when it exists. 0 or -ENOMEM. */
int piece_take(
    struct pieces *pieces, const char *root, const char *path, const struct piece_rule *rule);
/* Adds the cpuset and the quota of this process's cgroups and of those around them. */
int pieces_take_cgroups(struct pieces *pieces, const char *root);

#endif
