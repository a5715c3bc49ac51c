/* SPDX-License-Identifier: MIT
 * /proc/PID/maps, map_files and root: Linux, Documentation/filesystems/proc.rst. */
#include "probes/watch/address_space.h"

#include "base/grow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

/* "55d0-55e0 r-xp 00001000 fd:00 1234      /usr/bin/app" */
static bool parse_line(char *line, struct address_mapping *m)
{
    unsigned major, minor;
    char rights[5];
    int path = 0;
    line[strcspn(line, "\n")] = '\0';
    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n", &m->begin,
            &m->end, rights, &m->offset, &major, &minor, &m->inode, &path) < 7)
        return false;
    m->reads = rights[0] == 'r';
    m->writes = rights[1] == 'w';
    m->executes = rights[2] == 'x';
    m->shared = rights[3] == 's';
    m->device = makedev(major, minor);
    m->file = -1;
    m->path = strdup(line + path);
    return true;
}

static int read_maps(FILE *in, struct address_space *out)
{
    char *line = NULL;
    size_t room = 0;
    int code = 0;
    while (!code && getline(&line, &room, in) > 0) {
        struct address_mapping mapping = {0};
        if (!parse_line(line, &mapping))
            continue;
        if (!mapping.path || GROW(out->mapping, out->count)) {
            free(mapping.path);
            code = -ENOMEM;
        } else {
            out->mapping[out->count++] = mapping;
        }
    }
    free(line);
    return code;
}

int address_space_read(int pid, struct address_space *out, struct err *err)
{
    char path[48];
    *out = (struct address_space){.pid = pid};
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *const in = fopen(path, "re");
    if (!in)
        return err_set(err, -errno, "cannot read %s: %s", path, strerror(errno));
    const int code = read_maps(in, out);
    fclose(in);
    if (!code)
        return 0;
    address_space_fini(out);
    return err_set(err, code, "out of memory for the mappings of process %d", pid);
}

void address_space_fini(struct address_space *space)
{
    for (size_t i = 0; i < space->count; i++) {
        if (space->mapping[i].file >= 0)
            close(space->mapping[i].file);
        free(space->mapping[i].path);
    }
    free(space->mapping);
    *space = (struct address_space){0};
}

struct address_mapping *address_space_at(struct address_space *space, uint64_t address)
{
    size_t low = 0, high = space->count;
    while (low < high) {
        const size_t mid = (low + high) / 2;
        if (space->mapping[mid].end <= address)
            low = mid + 1;
        else
            high = mid;
    }
    return low < space->count && space->mapping[low].begin <= address ? &space->mapping[low] : NULL;
}

static bool is_that_file(const char *path, const struct address_mapping *m)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_ino == m->inode && st.st_dev == m->device;
}

/* map_files needs a capability, and has what was deleted, too; a path below root needs neither, and
 * may by now be another file. */
const char *address_mapping_file(
    const struct address_space *space, const struct address_mapping *m, char *out, size_t size)
{
    if (m->inode == 0 || m->path[0] != '/')
        return "";
    snprintf(out, size, "%s", m->path);
    if (is_that_file(out, m))
        return out;
    snprintf(out, size, "/proc/%d/root%s", space->pid, m->path);
    if (is_that_file(out, m))
        return out;
    snprintf(out, size, "/proc/self/fd/%d", m->file); /* read while it ran */
    if (m->file >= 0)
        return out;
    snprintf(out, size, "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, space->pid, m->begin, m->end);
    return access(out, R_OK) == 0 ? out : "";
}

static int file_of(const struct address_space *space, struct address_mapping *m)
{
    char room[4200];
    const char *const path = m->tried ? "" : address_mapping_file(space, m, room, sizeof room);
    if (*path)
        m->file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    m->tried = true;
    return m->file;
}

bool address_space_copy(int pid, uint64_t address, void *out, size_t size)
{
    const struct iovec to = {out, size}, from = {(void *)(uintptr_t)address, size};
    return process_vm_readv(pid, &to, 1, &from, 1, 0) == (ssize_t)size;
}

size_t address_space_code(struct address_space *space, uint64_t address, void *out, size_t size)
{
    struct address_mapping *const m = address_space_at(space, address);
    if (!m || !m->executes)
        return 0;
    if (size > m->end - address)
        size = (size_t)(m->end - address);
    const int fd = file_of(space, m);
    const ssize_t got =
        fd < 0 ? 0 : pread(fd, out, size, (off_t)(m->offset + (address - m->begin)));
    if (got > 0)
        return (size_t)got;
    return address_space_copy(space->pid, address, out, size) ? size : 0;
}
