/* SPDX-License-Identifier: MIT
 * Where the loader put a file: its program headers against where they are mapped. */
#include "probes/watch/watched_modules.h"

#include "base/grow.h"
#include "base/text.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADERS_MOST = 64 };

/* The program's thread-locals end where the thread pointer points: variant 2 of "ELF Handling For
 * Thread-Local Storage" (Drepper), x86-64's. Of a library that is not known. */
static void set_tls(const Elf64_Phdr *part, size_t count, struct record_module *out)
{
    for (size_t i = 0; i < count; i++)
        if (part[i].p_type == PT_TLS) {
            const uint64_t align = part[i].p_align ? part[i].p_align : 1;
            out->tls_bytes = part[i].p_memsz;
            out->tls_before = (part[i].p_memsz + align - 1) / align * align;
        }
}

/* What was added to the file's addresses; false: it is no ELF file of 64 bits. */
static bool read_bias(const char *path, const struct address_mapping *m, struct record_module *out)
{
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    Elf64_Ehdr head;
    Elf64_Phdr part[HEADERS_MOST];
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool found = false;
    if (fd < 0)
        return false;
    if (pread(fd, &head, sizeof head, 0) == (ssize_t)sizeof head &&
        memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 && head.e_ident[EI_CLASS] == ELFCLASS64 &&
        head.e_phentsize == sizeof *part && head.e_phnum <= HEADERS_MOST) {
        const size_t bytes = head.e_phnum * sizeof *part;
        const bool whole = pread(fd, part, bytes, (off_t)head.e_phoff) == (ssize_t)bytes;
        for (size_t i = 0; whole && i < head.e_phnum && !found; i++) {
            const uint64_t within = part[i].p_vaddr % page;
            if (part[i].p_type != PT_LOAD || part[i].p_offset - within > m->offset ||
                part[i].p_offset + part[i].p_filesz <= m->offset)
                continue;
            out->base = m->begin - (part[i].p_vaddr + m->offset - part[i].p_offset);
            found = true;
        }
        if (found)
            set_tls(part, head.e_phnum, out);
    }
    close(fd);
    return found;
}

/* Of one file, with all its segments: those of data lie behind those of code. */
static bool fill_module(
    const struct address_space *space, const struct address_mapping *m, struct record_module *out)
{
    char room[4200];
    const char *const path = address_mapping_file(space, m, room, sizeof room);
    *out = (struct record_module){.low = m->begin, .high = m->end};
    if (!*path || !read_bias(path, m, out))
        return false;
    if (text_append(out->path, sizeof out->path, "%s", path))
        return false;
    for (size_t i = 0; i < space->count; i++) {
        const struct address_mapping *const other = &space->mapping[i];
        const bool bss = other->inode == 0 && !*other->path && other->begin == out->high &&
                         !other->executes; /* as a JIT's code, which may lie there */
        if (!bss && (other->inode != m->inode || other->device != m->device))
            continue;
        out->low = other->begin < out->low ? other->begin : out->low;
        out->high = other->end > out->high ? other->end : out->high;
    }
    return true;
}

static bool is_listed(const struct record_module *module, size_t count, uint64_t address)
{
    for (size_t i = 0; i < count; i++)
        if (address >= module[i].low && address < module[i].high)
            return true;
    return false;
}

/* The program is what /proc/PID/exe names. */
static void move_program_first(
    const struct address_space *space, struct record_module *module, size_t count)
{
    char path[32];
    struct stat exe, file;
    snprintf(path, sizeof path, "/proc/%d/exe", space->pid);
    if (stat(path, &exe) != 0)
        return;
    for (size_t i = 1; i < count; i++)
        if (stat(module[i].path, &file) == 0 && file.st_ino == exe.st_ino &&
            file.st_dev == exe.st_dev) {
            const struct record_module program = module[i];
            memmove(&module[1], &module[0], i * sizeof *module);
            module[0] = program;
            return;
        }
}

struct record_module *watched_modules(struct address_space *space, size_t *count)
{
    struct record_module *list = NULL;
    *count = 0;
    for (size_t i = 0; i < space->count; i++) {
        const struct address_mapping *const m = &space->mapping[i];
        struct record_module module;
        if (!m->executes || is_listed(list, *count, m->begin) || !fill_module(space, m, &module))
            continue;
        if (GROW(list, *count))
            break;
        list[(*count)++] = module;
    }
    move_program_first(space, list, *count);
    for (size_t i = 1; i < *count; i++)
        list[i].tls_before = list[i].tls_bytes = 0;
    return list;
}
