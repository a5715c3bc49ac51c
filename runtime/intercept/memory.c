/* SPDX-License-Identifier: MIT
 * Lives of memory: the objects and what tier 1 has of their lines. */
#include "runtime/intercept/memory.h"

#include "runtime/base/recording.h"
#include "runtime/line_table.h"
#include "runtime/tier1.h"

/* Larger blocks are mapped by malloc itself (glibc, M_MMAP_THRESHOLD). What smaller ones lie in was
 * a block before, or a stack, and was forgotten then. */
enum { MAPPED_BYTES = 1 << 18 };

void memory_forget(uintptr_t start, size_t size)
{
    if (!size)
        return;
    objects_end(RECORD_POOLED, start, size);
    if (record->threads_created)
        tier1_forget(start, size);
}

void memory_begin(unsigned kind, uintptr_t start, size_t size, uintptr_t pc, uintptr_t frame)
{
    if (kind != RECORD_HEAP || size >= MAPPED_BYTES)
        memory_forget(start, size);
    if (objects_add(kind, start, size, pc, frame))
        line_note_object(start, size);
}

void memory_move(const struct object *o)
{
    objects_put(o);
    line_note_object(o->start, o->size);
}
