/* SPDX-License-Identifier: MIT
 * Where temporary files go: TMPDIR, or /tmp. */
#ifndef MACHINE_TEMPORARY_H
#define MACHINE_TEMPORARY_H

#include <stddef.h>

const char *temporary_place(void);
/* Makes a new folder there, for this user only, and returns its path in `out`. 0 or -errno. */
int temporary_folder(char *out, size_t size);

#endif
