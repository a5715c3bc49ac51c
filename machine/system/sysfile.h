/* SPDX-License-Identifier: MIT
 * Small files of /proc and /sys, below a root folder that is "" on the real system and a folder of
 * made-up files in a test. Not for big files: what does not fit is cut. */
#ifndef MACHINE_SYSTEM_SYSFILE_H
#define MACHINE_SYSTEM_SYSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYSFILE_PATH = 4096 };

bool sysfile_exists(const char *root, const char *path);
/* Reads root/path as text: NUL-terminated, cut to size - 1 bytes, NUL bytes and line ends at its
 * end removed. False (and out empty) when it cannot be read. */
bool sysfile_read(const char *root, const char *path, char *out, size_t size);
/* The same as a number (decimal, or hex after 0x); false when the file does not begin with one. */
bool sysfile_i64(const char *root, const char *path, int64_t *out);
/* The value of the first line "KEY<blanks>:<blanks>VALUE" of such a file; false when there is none.
 */
bool sysfile_value(const char *root, const char *path, const char *key, char *out, size_t size);
/* Control characters become blanks, runs of blanks one, none at either end: fit for a table cell.
 */
void sysfile_tidy(char *text);

#endif
