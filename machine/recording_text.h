/* SPDX-License-Identifier: MIT
 * Pieces of /proc and /sys as one text, which a person can read and a diff compares by line:
 *
 *     #numaprobe recording 1
 *     /sys/devices/system/cpu/cpu0/cache/index0
 *     level<TAB>1
 *     size<TAB>32K
 *     #end 2
 *
 * A folder's path, then a line for each of its files. Further lines of a file begin with a TAB. A
 * text that does not end in a line end has \c behind it; a backslash is \\, and other bytes than
 * printable ASCII and TAB are \ooo, in octal. The last line has the number of files. */
#ifndef MACHINE_RECORDING_TEXT_H
#define MACHINE_RECORDING_TEXT_H

#include "base/err.h"
#include "machine/system/pieces.h"

#include <stdio.h>

enum { RECORDING_SCHEMA = 1 };

/* Pieces without a text are left out. */
void recording_text_write(const struct pieces *pieces, FILE *out);
/* Reads such a text, which `name` is called in messages. 0, -ENOEXEC: it is not a recording, is
 * broken or not whole; -ENOMEM. pieces_fini is safe in either case. */
int recording_text_read(FILE *in, const char *name, struct pieces *out, struct err *err);

#endif
