/* SPDX-License-Identifier: MIT
 * Temporary folders. */
#include "machine/temporary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const char *temporary_place(void)
{
    const char *const place = getenv("TMPDIR");
    return place && *place ? place : "/tmp";
}

int temporary_folder(char *out, size_t size)
{
    const int length = snprintf(out, size, "%s/numaprobe-XXXXXX", temporary_place());
    if ((size_t)length >= size)
        return -ENAMETOOLONG;
    return mkdtemp(out) ? 0 : -errno;
}
