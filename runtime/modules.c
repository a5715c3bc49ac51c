/* SPDX-License-Identifier: MIT
 * Which files are mapped where, so that an address can be read as file and offset afterwards. */
#include "runtime/modules.h"

#include "base/arch/arch.h"
#include "runtime/base/lock.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/recording.h"

#include <link.h>
#include <string.h>

/* What the program starts with has static TLS, below the thread pointer or above it (Drepper, "ELF
 * Handling For Thread-Local Storage", 3). Of libraries that dlopen loads, only that which lies
 * beside it: the rest was allocated, in each thread elsewhere. */
enum { BESIDE = 1 << 16 };
static bool is_started;
static uint64_t reach; /* of the program's static TLS from the thread pointer */

/* The distance below the thread pointer, modulo 2^64; 0: it is not static. */
static uint64_t static_tls_before(uintptr_t at)
{
    const uint64_t before = arch_thread_pointer() - at;
    const uint64_t distance = (int64_t)before < 0 ? -before : before;
    if (!is_started && distance > reach)
        reach = distance;
    return distance < reach + BESIDE ? before : 0;
}

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
            m->tls_bytes = p->p_memsz;
            m->tls_before = static_tls_before((uintptr_t)info->dlpi_tls_data);
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
    is_started = true;
    lock_release(lock_of(LOCK_MODULES));
}
