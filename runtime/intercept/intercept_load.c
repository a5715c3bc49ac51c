/* SPDX-License-Identifier: MIT
 * Libraries that come and go. Not in the runtime of a static program, which has none. */
#include "runtime/base/real_libc.h"
#include "runtime/inside.h"
#include "runtime/intercept/memory.h"
#include "runtime/modules.h"

#include <errno.h>

static void update_modules(void)
{
    if (inside_enter()) {
        const int before = errno;
        modules_update(memory_forget); /* libc unmaps a library, which is not seen */
        errno = before;
        inside_leave();
    }
}

REPLACE(void *, dlopen, const char *path, int flags)
{
    void *handle = NEXT(dlopen)(path, flags);
    if (handle)
        update_modules();
    return handle;
}

REPLACE(int, dlclose, void *handle)
{
    const int failed = NEXT(dlclose)(handle);
    if (!failed)
        update_modules();
    return failed;
}
