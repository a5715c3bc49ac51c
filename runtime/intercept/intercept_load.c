/* SPDX-License-Identifier: MIT
 * Libraries that come and go. Not in a static program's runtime, which has none. */
#include "runtime/real_libc.h"

#include <errno.h>

REAL(void *, dlopen, const char *, int)
REAL(int, dlclose, void *)

static void modules_changed(void)
{
    if (access_enter()) {
        const int before = errno;
        modules_update();
        errno = before;
        access_leave();
    }
}

void *OURS(dlopen)(const char *path, int flags);
INTERPOSE void *OURS(dlopen)(const char *path, int flags)
{
    void *handle = NEXT(dlopen)(path, flags);
    if (handle)
        modules_changed();
    return handle;
}

int OURS(dlclose)(void *handle);
INTERPOSE int OURS(dlclose)(void *handle)
{
    const int failed = NEXT(dlclose)(handle);
    if (!failed)
        modules_changed();
    return failed;
}
