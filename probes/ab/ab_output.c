/* SPDX-License-Identifier: MIT
 * Reading a file in memory back, and searching it. */
#include "probes/ab/ab_output.h"

#include "base/number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void ab_output_clear(int fd)
{
    /* The program had this offset, too. */
    if (ftruncate(fd, 0) == 0)
        lseek(fd, 0, SEEK_SET);
}

int ab_output_read(int fd, struct ab_output *out)
{
    struct stat st;
    *out = (struct ab_output){0};
    if (fstat(fd, &st) != 0)
        return -errno;
    out->at = malloc((size_t)st.st_size + 1);
    if (!out->at)
        return -ENOMEM;
    while (out->size < (size_t)st.st_size) {
        const ssize_t got =
            pread(fd, out->at + out->size, (size_t)st.st_size - out->size, (off_t)out->size);
        if (got <= 0)
            break;
        out->size += (size_t)got;
    }
    out->at[out->size] = '\0';
    return 0;
}

double ab_output_metric(const struct ab_output *output, const regex_t *pattern)
{
    regmatch_t group[2];
    double value = NAN;
    if (regexec(pattern, output->at, 2, group, 0) != 0 || group[1].rm_so < 0)
        return NAN;
    const char *const end = number_real(output->at + group[1].rm_so, &value);
    return end == output->at + group[1].rm_eo ? value : NAN;
}

const char *ab_output_last_line(struct ab_output *output)
{
    size_t end = output->size;
    while (end > 0 && strchr(" \r\n", output->at[end - 1]))
        end--;
    output->at[end] = '\0';
    const char *const line = strrchr(output->at, '\n');
    return line ? line + 1 : output->at;
}

bool ab_output_same(const struct ab_output *a, const struct ab_output *b)
{
    return a->size == b->size && memcmp(a->at, b->at, a->size) == 0;
}

size_t ab_output_line(const struct ab_output *a, const struct ab_output *b)
{
    size_t line = 1;
    for (size_t i = 0; i < a->size && i < b->size && a->at[i] == b->at[i]; i++)
        line += a->at[i] == '\n';
    return line;
}
