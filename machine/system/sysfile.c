/* SPDX-License-Identifier: MIT
 * Small files of /proc and /sys. Reads with read(2): the kernel makes the text on demand, and one
 * read of a small file is one consistent view of it. */
#include "machine/system/sysfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int file_open(const char *root, const char *path)
{
    char full[SYSFILE_PATH];
    const int length = snprintf(full, sizeof full, "%s%s", root, path);
    if (length < 0 || (size_t)length >= sizeof full)
        return -1;
    return open(full, O_RDONLY | O_CLOEXEC);
}

bool sysfile_exists(const char *root, const char *path)
{
    char full[SYSFILE_PATH];
    return (size_t)snprintf(full, sizeof full, "%s%s", root, path) < sizeof full &&
           access(full, F_OK) == 0;
}

static size_t file_fill(int fd, char *out, size_t room)
{
    size_t used = 0;
    while (used < room) {
        const ssize_t got = read(fd, out + used, room - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    return used;
}

bool sysfile_read(const char *root, const char *path, char *out, size_t size)
{
    out[0] = '\0';
    const int fd = file_open(root, path);
    if (fd < 0)
        return false;
    size_t used = file_fill(fd, out, size - 1);
    close(fd);
    /* Files of a device tree end in a NUL, the others in a line end. */
    while (used > 0 && (out[used - 1] == '\n' || out[used - 1] == '\0'))
        used--;
    out[used] = '\0';
    return used > 0;
}

bool sysfile_i64(const char *root, const char *path, int64_t *out)
{
    char text[64], *end;
    if (!sysfile_read(root, path, text, sizeof text))
        return false;
    errno = 0;
    const long long value = strtoll(text, &end, 0);
    if (end == text || errno != 0)
        return false;
    *out = value;
    return true;
}

/* The value in `line` when its key is `key`, else NULL. */
static char *line_value(char *line, const char *key)
{
    const size_t length = strlen(key);
    if (strncmp(line, key, length) != 0)
        return NULL;
    char *rest = line + length + strspn(line + length, " \t");
    return *rest == ':' ? rest + 1 + strspn(rest + 1, " \t") : NULL;
}

bool sysfile_value(const char *root, const char *path, const char *key, char *out, size_t size)
{
    /* The first processor's block of /proc/cpuinfo is some 2 KiB, most of it the flags. */
    char text[16384], *at = text, *line;
    out[0] = '\0';
    if (!sysfile_read(root, path, text, sizeof text))
        return false;
    while ((line = strsep(&at, "\n")) != NULL) {
        const char *value = line_value(line, key);
        if (value == NULL)
            continue;
        snprintf(out, size, "%s", value);
        return true;
    }
    return false;
}

static bool is_blank(unsigned char c)
{
    return c <= ' ' || c == 0x7f;
}

void sysfile_tidy(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (!is_blank((unsigned char)*from))
            *to++ = *from;
        else if (to != text && to[-1] != ' ')
            *to++ = ' ';
    }
    if (to != text && to[-1] == ' ')
        to--;
    *to = '\0';
}
