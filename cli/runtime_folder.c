/* SPDX-License-Identifier: MIT
 * The runtime's folder, by that of this program. */
#include "cli/runtime_folder.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int runtime_folder_find(const char *command, char *folder, struct err *err)
{
    static const char *const places[] = {"runtime", "../lib/numaprobe"};
    char program[PATH_MAX] = "", file[PATH_MAX + 64];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    const char *home = dirname(program);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(folder, PATH_MAX, "%s/%s", home, places[i]);
        snprintf(file, sizeof file, "%s/libnumaprobe-access.a", folder);
        if (access(file, R_OK) != 0)
            continue;
        return strchr(folder, ',') ? err_set(err, -EINVAL,
                                         "%s: the runtime is in '%s', and -Wl and -Wa cannot pass "
                                         "a comma; install numaprobe in another folder",
                                         command, folder)
                                   : 0;
    }
    return err_set(err, -ENOENT,
        "%s: the runtime libnumaprobe-access.a is neither in %s/runtime nor in %s/../lib/numaprobe",
        command, home, home);
}
