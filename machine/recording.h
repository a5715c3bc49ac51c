/* SPDX-License-Identifier: MIT
 * A recording of a machine: a folder that `topo --record` writes and --topology reads. It has
 *   files.txt      the pieces of /proc and /sys (recording_text.h)
 *   manifest.json  what is in no file: the answers of system calls, and what could not be read
 * A recording is unpacked where hwloc and sysfile.h can read it as they read a machine. */
#ifndef MACHINE_RECORDING_H
#define MACHINE_RECORDING_H

#include "base/err.h"
#include "base/json.h"

#include <stdbool.h>

/* Whether a value of --topology names a folder. */
bool recording_is_named(const char *source);

struct recording; /* an unpacked one; its opener closes it */
/* Until it is closed, signals that end the program wait, so that nothing stays behind. -ENOEXEC, or
 * -errno of a file system, with err naming --topology. */
int recording_open(const char *folder, struct recording **out, struct err *err);
void recording_close(struct recording *recording); /* NULL is safe */
/* Where its /proc and /sys are: a root as in sysfile.h. */
const char *recording_root(const struct recording *recording);
/* A value of its manifest, which the recording owns; NULL where it has none of this name. */
json_t *recording_value(const struct recording *recording, const char *name);

/* What a recording is made of. */
struct recording_parts {
    const char *root;    /* as in sysfile.h */
    const char *version; /* of numaprobe */
    json_t *calls;       /* the answers of system calls; borrowed */
    json_t *events;      /* and of events */
};
struct recording_made {
    size_t files, bytes, unread;
};
/* Writes a recording; `folder` must not exist, or be empty. It appears whole or not at all. */
int recording_make(const char *folder, const struct recording_parts *parts,
    struct recording_made *made, struct err *err);

/* For recording*.c: no signal ends the program from the first to the second. */
struct recording_quiet;
struct recording_quiet *recording_quiet_begin(void); /* NULL when out of memory */
void recording_quiet_end(struct recording_quiet *quiet);
/* Removes a folder and all that is in it. */
void recording_remove(const char *folder);

#endif
