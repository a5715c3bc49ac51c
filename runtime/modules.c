/* SPDX-License-Identifier: MIT
 * Which files are mapped where, so that an address can be read as file and offset afterwards. */
#include "runtime/modules.h"

#include "runtime/lock.h"
#include "runtime/plain_libc.h"
#include "runtime/recording.h"

#include <link.h>
#include <string.h>

/* What lies farther below the thread pointer was allocated for a library that dlopen loaded. */
enum { STATIC_TLS = 1 << 20 };

static void read_build_id(struct record_module *m, const char *notes, size_t bytes)
{
    while (bytes > sizeof(ElfW(Nhdr))) {
        const ElfW(Nhdr) *n = (const ElfW(Nhdr) *)notes;
        const size_t name = (n->n_namesz + 3u) & ~3u, text = (n->n_descsz + 3u) & ~3u;
        const size_t all = sizeof *n + name + text;
        if (all > bytes)
            return;
        if (n->n_type == NT_GNU_BUILD_ID && n->n_descsz <= sizeof m->build_id) {
            m->build_id_bytes = n->n_descsz;
            plain_copy(m->build_id, notes + sizeof *n + name, n->n_descsz);
        }
        notes += all;
        bytes -= all;
    }
}

static void read_segments(struct record_module *m, const struct dl_phdr_info *info)
{
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        const uintptr_t low = info->dlpi_addr + p->p_vaddr;
        if (p->p_type == PT_LOAD) {
            m->low = m->low && m->low < low ? m->low : low;
            m->high = m->high > low + p->p_memsz ? m->high : low + p->p_memsz;
        }
        if (p->p_type == PT_NOTE)
            read_build_id(m, (const char *)low, p->p_memsz);
        if (p->p_type == PT_TLS && info->dlpi_tls_data) {
            const uintptr_t here = (uintptr_t)__builtin_thread_pointer();
            m->tls_bytes = p->p_memsz;
            const uintptr_t at = (uintptr_t)info->dlpi_tls_data;
            m->tls_before = at < here && here - at < STATIC_TLS ? here - at : 0;
        }
    }
}

static int add_module(struct dl_phdr_info *info, size_t size, void *first)
{
    (void)size;
    bool *is_first = first;
    const char *path = *is_first ? record->exe : info->dlpi_name;
    *is_first = false;
    for (uint32_t i = 0; i < record->modules.count; i++) {
        struct record_module *m = &record_modules[i];
        if (m->base == info->dlpi_addr && strncmp(m->path, path, sizeof m->path - 1) == 0) {
            m->unloaded = 0;
            return 0;
        }
    }
    if (!path[0]) /* the kernel's vdso */
        return 0;
    if (record->modules.count == record->modules.capacity) {
        record->modules.overflowed++;
        return 0;
    }
    struct record_module *m = &record_modules[record->modules.count];
    m->base = info->dlpi_addr;
    plain_text(m->path, sizeof m->path, path);
    read_segments(m, info);
    record->modules.count++;
    return 0;
}

void modules_update(void (*gone)(uintptr_t start, size_t size))
{
    bool first = true;
    lock_take(lock_of(LOCK_MODULES));
    for (uint32_t i = 0; i < record->modules.count; i++)
        record_modules[i].unloaded++;
    dl_iterate_phdr(add_module, &first);
    for (uint32_t i = 0; gone && i < record->modules.count; i++) {
        const struct record_module *m = &record_modules[i];
        if (m->unloaded == 1)
            gone(m->low, m->high - m->low);
    }
    lock_release(lock_of(LOCK_MODULES));
}
