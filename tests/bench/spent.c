/* SPDX-License-Identifier: MIT
 * spent FILE COMMAND...: runs the command and writes to FILE what it spent, the children it waited
 * for included: seconds, seconds of processor time, peak memory in KiB. Exits as the command did,
 * as a shell tells it. Not in Python: Linux counts the memory of what exec replaces in the peak,
 * and that of this program is small. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int tell(const char *path, double elapsed, const struct rusage *used)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return -1;
    fprintf(file, "%.6f %.6f %ld\n", elapsed, seconds(used->ru_utime) + seconds(used->ru_stime),
        used->ru_maxrss);
    return fclose(file);
}

int main(int argc, char **argv)
{
    struct rusage used;
    int status;
    if (argc < 3) {
        fprintf(stderr, "usage: spent FILE COMMAND...\n");
        return 2;
    }
    const double began = now();
    const pid_t pid = vfork();
    if (pid == 0) {
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid ||
        tell(argv[1], now() - began, &used) != 0) {
        perror("spent");
        return 125;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
