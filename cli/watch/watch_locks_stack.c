/* SPDX-License-Identifier: MIT
 * The functions of a stack, with those that are inlined. */
#include "cli/watch/watch_locks.h"

#include <string.h>

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same_place(const struct dwarf_frame *a, const struct dwarf_frame *b)
{
    return a->line == b->line && is_same_text(a->function, b->function);
}

/* Go lists the function that others are inlined in once more. */
static bool is_repeated(const struct locks_stack *stack, size_t count)
{
    const struct dwarf_frame *const new = &stack->frame[stack->frames], *const last = new - count;
    bool same = count <= stack->frames;
    for (size_t i = 0; i < count && same; i++)
        same = is_same_place(&last[i], &new[i]);
    return same;
}

/* A frame that was split has no place; where Go lists the function once more, that has it. */
static bool completes(struct locks_stack *stack)
{
    const struct dwarf_frame *const new = &stack->frame[stack->frames];
    struct dwarf_frame *const last = stack->frames ? &stack->frame[stack->frames - 1] : NULL;
    if (!last || last->file || !last->function || !is_same_text(last->function, new->function))
        return false;
    *last = *new;
    return true;
}

/* Of a stripped program: the last frame becomes two, where a lock's function is inlined there. */
static void split_inlined(struct locks_stack *stack, bool released)
{
    const size_t most = sizeof stack->frame / sizeof *stack->frame;
    struct dwarf_frame *const last = &stack->frame[stack->frames - 1];
    const char *const inlined = lock_part_of_file(last->function, last->file, released);
    if (!inlined || stack->frames == most)
        return;
    last[1] = (struct dwarf_frame){.function = last->function};
    last->function = inlined;
    stack->frames++;
}

void locks_name_stack(
    struct dwarf *dwarf, const struct locks_row *row, bool go, struct locks_stack *out)
{
    const size_t most = sizeof out->frame / sizeof *out->frame;
    out->frames = 0;
    for (size_t i = 0; i < row->frames && out->frames < most; i++) {
        const bool returned = go || i > 0;
        const size_t left = most - out->frames,
                     all =
                         dwarf_frames(dwarf, row->pc[i] - returned, &out->frame[out->frames], left),
                     count = all < left ? all : left;
        if (go && (is_repeated(out, count) || (count == 1 && completes(out))))
            continue;
        out->frames += count;
        if (go && count == 1)
            split_inlined(out, row->held);
    }
}
