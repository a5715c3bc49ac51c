/* SPDX-License-Identifier: MIT
 * What the parts of `numaprobe watch --locks` share. */
#ifndef CLI_WATCH_WATCH_LOCKS_H
#define CLI_WATCH_WATCH_LOCKS_H

#include "analysis/dwarf/dwarf.h"
#include "analysis/locks/lock_view.h"
#include "cli/watch/watch.h"
#include "probes/watch/go_profile.h"

enum { LOCKS_FRAMES = 16 };

/* A stack that waited, or let others wait. */
struct locks_row {
    uint64_t pc[LOCKS_FRAMES]; /* what calls return to; the first may be where it is */
    size_t frames;
    uint64_t address; /* of the futex; 0: not known */
    bool held;        /* it let others wait */
    double waits;     /* NaN: not counted */
    double seconds;
};
struct locks_rows {
    struct locks_row *at;
    size_t count;
};

/* A stack's functions with those that are inlined, the innermost first. */
struct locks_stack {
    struct dwarf_frame frame[4 * LOCKS_FRAMES];
    size_t frames;
};
void locks_name_stack(
    struct dwarf *dwarf, const struct locks_row *row, bool go, struct locks_stack *out);

/* Of a Go process: where its own profiles are. */
struct locks_go {
    struct go_profile profile;
    char version[32];
    struct locks_known *known; /* what was in them before */
    uint64_t ticks, began_ns;  /* both clocks then */
    struct locks_rows last;    /* what came since, when it was last read */
    double read_s;             /* in the session */
};
/* -ENOENT: it is not built by Go; else 0 or -errno with err. */
int locks_go_find(struct address_space *space, struct locks_go *out, struct err *err);
int locks_go_begin(struct locks_go *go, struct err *err);
/* Reads what came since it began into `last`, or leaves that where the process is gone. 0 or
 * -ENOMEM. */
int locks_go_read(struct locks_go *go);
void locks_go_end(struct locks_go *go);

/* Of any other process: where its threads were seen asleep. */
struct locks_futex; /* opaque */
struct locks_futex *locks_futex_new(void);
void locks_futex_free(struct locks_futex *futex); /* NULL is safe */
/* Looks at the threads of a process. 0, or -errno with err. */
int locks_futex_look(struct locks_futex *futex, const struct watched *watched, unsigned process,
    struct dwarf *dwarf, struct err *err);
int locks_futex_rows(const struct locks_futex *futex, struct locks_rows *out);

void watch_print_locks(
    const struct watch_session *session, const struct lock_view *view, FILE *out);

#endif
