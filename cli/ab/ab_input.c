/* SPDX-License-Identifier: MIT
 * A file, or a copy of standard input that can be opened again. */
#include "cli/ab/ab_input.h"

#include "cli/input_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int copy_stdin(int fd)
{
    char part[1 << 14];
    ssize_t got;
    while ((got = read(STDIN_FILENO, part, sizeof part)) > 0)
        if (write(fd, part, (size_t)got) != got)
            return -ENOSPC;
    return got < 0 ? -errno : 0;
}

/* Opened by this path, each run has an offset of its own. */
static int keep_stdin(struct ab_input *input)
{
    const int fd = memfd_create("stdin", MFD_CLOEXEC);
    if (fd < 0)
        return -errno;
    input->fd = fd;
    snprintf(input->own, sizeof input->own, "/proc/self/fd/%d", fd);
    input->path = input->own;
    return copy_stdin(fd);
}

int ab_input_open(const char *path, struct ab_input *input, struct err *err)
{
    *input = (struct ab_input){.path = path};
    if (!path)
        return 0;
    const int code = input_is_stdin(path)      ? keep_stdin(input)
                     : access(path, R_OK) == 0 ? 0
                                               : -errno;
    return code ? err_set(err, code, "--input: '%s': %s", path, strerror(-code)) : 0;
}

void ab_input_close(struct ab_input *input)
{
    if (input->fd)
        close(input->fd);
    *input = (struct ab_input){0};
}
