/* SPDX-License-Identifier: MIT
 * The path has the number that the process has in its own namespace. */
#include "probes/watch/perf_map.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The last one of the line NSpid of /proc/PID/status (proc(5)): that of the innermost namespace. */
static int own_pid(int pid)
{
    char path[32], line[256];
    int own = pid;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *const file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        const char *const last = strrchr(line, '\t');
        if (strncmp(line, "NSpid:", 6) == 0 && last)
            own = (int)strtol(last, NULL, 10);
    }
    if (file)
        fclose(file);
    return own;
}

/* Anybody may write into /tmp. */
static bool is_users(int fd, int pid)
{
    char path[32];
    struct stat process, file;
    snprintf(path, sizeof path, "/proc/%d", pid);
    return fstat(fd, &file) == 0 && stat(path, &process) == 0 && S_ISREG(file.st_mode) &&
           file.st_uid == process.st_uid;
}

FILE *perf_map_open(int pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/root/tmp/perf-%d.map", pid, own_pid(pid));
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    FILE *const file = fd >= 0 && is_users(fd, pid) ? fdopen(fd, "r") : NULL;
    if (!file && fd >= 0)
        close(fd);
    return file;
}
