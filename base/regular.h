/* SPDX-License-Identifier: MIT
 * Whether a path that came with input names a regular file. Opening a FIFO waits for its other end,
 * and opening a device may do anything. */
#ifndef BASE_REGULAR_H
#define BASE_REGULAR_H

#include <stdbool.h>
#include <sys/stat.h>

/* False also where there is no such file; follows links. */
static inline bool is_regular(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

#endif
