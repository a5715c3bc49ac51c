/* SPDX-License-Identifier: MIT
 * What kind of file a path names, for paths that came with input. Opening a FIFO waits for its
 * other end, and opening a device may do anything. */
#ifndef BASE_REGULAR_H
#define BASE_REGULAR_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* False also where there is no such file; follows links. */
static inline bool is_regular(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Whether what a user names can be read to its end: also a pipe, which its writer ends, and
 * /dev/null. Other devices may go on forever. */
static inline bool has_end(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode) ||
                                       (S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3)));
}

#endif
