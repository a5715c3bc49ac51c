/* SPDX-License-Identifier: MIT
 * Mapping measured memory on a pinned thread. */
#include "probes/trial/arena.h"

#include <errno.h>
#include <string.h>

static size_t arena_bytes(const struct arena *arena)
{
    return arena->areas * arena->area_bytes;
}

static int map_memory(void *context, struct err *err)
{
    struct arena *const a = context;
    void *memory;
    const int code = memory_new(arena_bytes(a), a->policy, &memory, err);
    if (code)
        return code;
    a->memory = memory;
    memory_pages_got(memory, arena_bytes(a), a->pages_got);
    return memory_verify(memory, arena_bytes(a), a->policy, &a->verified, err);
}

int arena_map(
    struct arena *arena, struct crew *crew, const struct topology *topology, struct err *err)
{
    const unsigned near = crew_near(crew, topology, arena->policy.node);
    return crew_call(crew, near, map_memory, arena, err);
}

static int check_pages(const struct arena *arena, struct err *err)
{
    const char *const asked = memory_pages_name[arena->policy.pages];
    /* The default asks for nothing: the kernel's own pages may be larger than 4 KiB. */
    if (arena->policy.pages == PAGES_4K || strcmp(arena->pages_got, asked) == 0)
        return 0;
    return err_set(err, -EPERM,
        "--strict: --pages %s: the memory %s%s; see 'thp' in 'numaprobe doctor', or run without "
        "--strict",
        asked, *arena->pages_got ? "has pages of " : "is not known to have such pages",
        arena->pages_got);
}

int arena_check_strict(const struct arena *arena, struct err *err)
{
    if (!arena->memory)
        return 0;
    if (strcmp(arena->verified, "unverified") != 0)
        return check_pages(arena, err);
    return err_set(err, -EPERM,
        "--strict: the kernel does not report where the memory lies (move_pages and numa_maps are "
        "refused); run without --strict, or with CAP_SYS_PTRACE");
}

void arena_fini(struct arena *arena)
{
    memory_free(arena->memory, arena_bytes(arena), arena->policy);
    arena->memory = NULL;
}

int arena_verify(const struct arena *arena, struct err *err)
{
    const char *how;
    return memory_verify(arena->memory, arena_bytes(arena), arena->policy, &how, err);
}

int arena_verify_area(const struct arena *arena, size_t turn, struct err *err)
{
    const char *how;
    return arena->memory
               ? memory_verify(arena_area(arena, turn), arena->area_bytes, arena->policy, &how, err)
               : 0;
}
