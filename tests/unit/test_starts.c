/* SPDX-License-Identifier: MIT
 * The runtime's set of start addresses, next to a plain list. The runtime is not a part of
 * numaprobe: its file is included here. */
#include "tests/test.h"

#include "runtime/starts.c"

#include <stdlib.h>
#include <sys/mman.h>

void *plain_map(size_t bytes)
{
    void *at = mmap(
        NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

/* As under qemu-user, where a mapping takes time for each of its pages (shadow.c). */
enum { BITS = 34 };
struct gate state_gate = {.lines = ((uintptr_t)1 << (BITS - LINE_SHIFT)) - 1};
static struct starts set;

static void init_set(void)
{
    if (!set.level[0] && !starts_init(&set))
        SKIP_BECAUSE("no address space for the set (ulimit -v)");
}

static void the_last_one_is_found_however_far_it_is(void **state)
{
    (void)state;
    init_set();
    const uintptr_t top = ((uintptr_t)1 << BITS) - 8;
    assert_true(starts_before(&set, top) == 0);
    starts_add(&set, 4096);
    assert_true(starts_before(&set, top) == 4096);
    assert_true(starts_before(&set, 4096 + 7) == 4096);
    assert_true(starts_before(&set, 4095) == 0);
    starts_add(&set, top);
    assert_true(starts_before(&set, top + 7) == top);
    assert_true(starts_before(&set, top - 1) == 4096);
    starts_remove(&set, top);
    starts_remove(&set, 4096);
    assert_true(starts_before(&set, top) == 0);
}

enum { PLACES = 4096, STEPS = 200000 };
static bool is_in[PLACES];

/* Eight clusters of adjacent places, far from each other. */
static uintptr_t address_of(unsigned place)
{
    return ((uintptr_t)(place / 512 + 1) << 30) + (uintptr_t)place % 512 * 8;
}

static uintptr_t last_in(unsigned place)
{
    for (unsigned i = place + 1; i-- > 0;)
        if (is_in[i])
            return address_of(i);
    return 0;
}

static void any_adds_and_removes_leave_what_a_list_has(void **state)
{
    (void)state;
    init_set();
    uint32_t random = 1;
    for (unsigned i = 0; i < STEPS; i++) {
        random = random * 1664525 + 1013904223;
        const unsigned place = random >> 8 & (PLACES - 1);
        const bool fill = i / 2048 % 4 < 1; /* mostly empty, at times full */
        if (fill && !is_in[place])
            starts_add(&set, address_of(place));
        else if (!fill && is_in[place])
            starts_remove(&set, address_of(place));
        is_in[place] = fill;
        const unsigned asked = random >> 20 & (PLACES - 1);
        assert_true(starts_before(&set, address_of(asked)) == last_in(asked));
        assert_true(starts_has(&set, address_of(asked)) == is_in[asked]);
    }
}
