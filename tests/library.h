/* SPDX-License-Identifier: MIT
 * Libraries built by a test from tests/fixture and loaded, so that the addresses asked for are
 * those that a process has. */
#ifndef TESTS_LIBRARY_H
#define TESTS_LIBRARY_H

#include "analysis/dwarf/dwarf.h"
#include "tests/test.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct library {
    char path[256];
    void *handle;
    struct dwarf_module module;
    struct dwarf *dwarf;
};

static char folder[] = "/tmp/numaprobe-test.XXXXXX";

static inline int make_folder(void)
{
    return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static inline int see(struct dl_phdr_info *info, size_t size, void *data)
{
    struct library *const l = data;
    (void)size;
    if (strcmp(info->dlpi_name, l->path) != 0)
        return 0;
    l->module.bias = info->dlpi_addr;
    l->module.begin = UINT64_MAX;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *const p = &info->dlpi_phdr[i];
        const uint64_t begin = info->dlpi_addr + p->p_vaddr, end = begin + p->p_memsz;
        if (p->p_type != PT_LOAD)
            continue;
        l->module.begin = begin < l->module.begin ? begin : l->module.begin;
        l->module.end = end > l->module.end ? end : l->module.end;
    }
    return 1;
}

static inline void build(
    struct library *l, const char *source, const char *const how[3], const char *more)
{
    char command[1024];
    static int number;
    *l = (struct library){.handle = NULL};
    snprintf(l->path, sizeof l->path, "%s/lib%d.so", folder, number++);
    const bool cxx = strstr(source, ".cc") != NULL;
    snprintf(command, sizeof command, "%s%s -fPIC -shared %s %s -o %s tests/fixture/%s %s", how[0],
        cxx ? " -xc++" : "", how[1], how[2], l->path, source, more);
    if (system(command) != 0)
        fail_msg("%s", command);
}

static inline uint16_t machine_of(const char *path)
{
    ElfW(Ehdr) header = {.e_machine = EM_NONE};
    FILE *const in = fopen(path, "rb");
    if (in && fread(&header, sizeof header, 1, in) != 1)
        header.e_machine = EM_NONE;
    if (in)
        fclose(in);
    return header.e_machine;
}

static inline void open_library(struct library *l)
{
    if (machine_of(l->path) != machine_of("/proc/self/exe"))
        SKIP_BECAUSE(
            "the compiler here builds for another machine than this program's (qemu-user)");
    l->handle = dlopen(l->path, RTLD_NOW);
    assert_non_null(l->handle);
    assert_true(dl_iterate_phdr(see, l));
    l->module.path = l->path;
    l->dwarf = dwarf_new(&l->module, 1);
    assert_non_null(l->dwarf);
}

static inline void close_library(struct library *l)
{
    dwarf_free(l->dwarf);
    dlclose(l->handle);
}

static inline uint64_t address_of(const struct library *l, const char *name)
{
    void *const at = dlsym(l->handle, name);
    assert_non_null(at);
    return (uint64_t)(uintptr_t)at;
}

static inline void *call(const struct library *l, const char *name)
{
    void *(*function)(void);
    *(void **)&function = dlsym(l->handle, name);
    assert_non_null(function);
    return function();
}

#define NEED_LIBDW()                                                                               \
    do {                                                                                           \
        if (!has_libdw())                                                                          \
            SKIP_BECAUSE("built without libdw");                                                   \
    } while (0)
static inline bool has_libdw(void)
{
    struct dwarf *const none = dwarf_new(NULL, 0);
    const bool has = dwarf_reason(none, 1) == NULL;
    dwarf_free(none);
    return has;
}

#endif
