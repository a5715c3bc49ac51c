/* SPDX-License-Identifier: MIT
 * Files, and "-". */
#include "cli/input_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool input_is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

const char *input_name(const char *path)
{
    return input_is_stdin(path) ? "stdin" : path;
}

FILE *input_open(const char *path)
{
    if (!input_is_stdin(path))
        return fopen(path, "re");
    const int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    return fd < 0 ? NULL : fdopen(fd, "r");
}
