/* SPDX-License-Identifier: MIT
 * Probes at the calls and returns of functions in a running process: eBPF programs on uprobes.
 * Needs root, a kernel with BPF, and a build with libbpf and clang on x86-64. Knows nothing of
 * names. Nothing stays in the process when they are closed, or this process ends. */
#ifndef PROBES_UPROBE_CALL_PROBES_H
#define PROBES_UPROBE_CALL_PROBES_H

#include "base/err.h"
#include "probes/uprobe/call_tables.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call_probes; /* opaque */

struct call_point {
    uint64_t offset; /* of an instruction in the file */
    uint64_t cookie; /* CALL_PROBE and others */
    bool at_return;
};
struct call_place {
    int pid;          /* all its threads */
    const char *path; /* of the file that it runs */
    const struct call_point *point;
    size_t points;
};

/* Loads the kernel's part; `pairs`: returns will have probes, too. 0, or -errno with err: -ENOTSUP,
 * this build has none; -EPERM, it needs root; else what the kernel answered. */
int call_probes_open(bool pairs, struct call_probes **out, struct err *err);
void call_probes_close(struct call_probes *probes); /* NULL is safe */

/* What counts from now on. */
void call_probes_configure(struct call_probes *probes, const struct call_config *config);
/* All points, or none: 0, or -errno with err. What was inside an operation before is forgotten. */
int call_probes_attach(struct call_probes *probes, const struct call_place *place, struct err *err);
/* Takes up to 0.1 s; where the kernel is older than 6.10, that for each point. */
void call_probes_detach(struct call_probes *probes);

uint64_t call_probes_stat(const struct call_probes *probes, enum call_stat which);
/* Empties all tables. */
void call_probes_clear(struct call_probes *probes);

struct call_counted {
    struct call_key key;
    struct call_count count;
};
struct call_keyed {
    struct call_map_key key;
    uint64_t count;
};
struct call_overlapped {
    struct call_overlap_key key;
    struct call_overlap overlap;
};
/* What a table has, into an array that the caller frees; in no order. 0 or -ENOMEM. */
int call_probes_counts(const struct call_probes *probes, struct call_counted **out, size_t *count);
int call_probes_keys(const struct call_probes *probes, struct call_keyed **out, size_t *count);
int call_probes_overlaps(
    const struct call_probes *probes, struct call_overlapped **out, size_t *count);

#endif
