/* SPDX-License-Identifier: MIT
 * The profiles of waits that Go's runtime keeps of itself, switched on from outside by two words of
 * the process and read back (Go's source, src/runtime/mprof.go of 1.18 to 1.24). The only thing
 * that numaprobe writes into a process that it watches. */
#ifndef PROBES_WATCH_GO_PROFILE_H
#define PROBES_WATCH_GO_PROFILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the runtime has its words, in the process. */
struct go_profile_words {
    uint64_t mutex_rate, block_rate; /* runtime.mutexprofilerate, runtime.blockprofilerate */
    uint64_t mutexes, blocks;        /* runtime.xbuckets, runtime.bbuckets */
};

struct go_profile {
    int pid;
    struct go_profile_words words;
    bool mutex_set, block_set; /* by us: they were off */
};

/* Switches on what is off. 0, or -errno with err: -EPERM or -EACCES, it may not be written. */
int go_profile_start(struct go_profile *profile, struct err *err);
/* Switches off what was switched on; nothing where the process is gone. */
void go_profile_stop(struct go_profile *profile);
/* Switches off what a numaprobe that was killed left on. 0, -ENOENT: none did; or -errno with err.
 */
int go_profile_clear(struct go_profile *profile, struct err *err);

enum { GO_PROFILE_FRAMES = 64 };
struct go_profile_row {
    uint64_t id; /* of the row in the process, the same each time */
    double count;
    int64_t cycles;
    uint64_t pc[GO_PROFILE_FRAMES]; /* what calls return to, the innermost first */
    size_t frames;
};
/* bucketType */
enum go_profile_kind { GO_PROFILE_BLOCKS = 2, GO_PROFILE_MUTEXES = 3 };
/* Calls `see` for each row of the list at `list` (words.mutexes or blocks) until it returns
 * non-zero, which is returned; 0, also where the process is gone, or what is there is no such row.
 */
int go_profile_read(int pid, uint64_t list, enum go_profile_kind kind,
    int (*see)(void *of, const struct go_profile_row *row), void *of);

#endif
