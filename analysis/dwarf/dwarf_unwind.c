/* SPDX-License-Identifier: MIT
 * Calls by unwind information (.eh_frame), by libdw. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"
#include "base/arch/sampled_registers.h"

/* libdw asks for threads by number; there is one, whose state is what is asked for now. */
enum { THREAD = 1 };

static pid_t next_thread(Dwfl *dwfl, void *of, void **thread)
{
    (void)dwfl;
    if (*thread)
        return 0;
    *thread = of;
    return THREAD;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *of, void **thread)
{
    (void)dwfl, (void)tid;
    *thread = of;
    return true;
}

static bool read_memory(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *out, void *of)
{
    const struct dwarf *const dwarf = of;
    uint64_t word;
    (void)dwfl;
    if (!dwarf->stopped->read(dwarf->stopped->of, address, &word))
        return false;
    *out = word;
    return true;
}

static bool set_registers(Dwfl_Thread *thread, void *of)
{
    const struct dwarf *const dwarf = of;
    const Dwarf_Word stack = dwarf->stopped->stack;
    dwfl_thread_state_register_pc(thread, dwarf->stopped->pc);
    return dwfl_thread_state_registers(thread, ARCH_DWARF_STACK_POINTER, 1, &stack);
}

struct calls {
    uint64_t *pc;
    size_t count, max;
};

static int add_call(Dwfl_Frame *frame, void *of)
{
    struct calls *const c = of;
    Dwarf_Addr pc;
    if (c->count == c->max || !dwfl_frame_pc(frame, &pc, NULL))
        return DWARF_CB_ABORT;
    c->pc[c->count++] = pc;
    return DWARF_CB_OK;
}

size_t dwarf_unwind(
    struct dwarf *dwarf, const struct dwarf_stopped *stopped, uint64_t *pc, size_t max)
{
    static const Dwfl_Thread_Callbacks callbacks = {.next_thread = next_thread,
        .get_thread = get_thread,
        .memory_read = read_memory,
        .set_initial_registers = set_registers};
    struct calls calls = {pc, 0, max};
    if (!dwarf->attached)
        dwarf->attached = dwfl_attach_state(dwarf->dwfl, NULL, THREAD, &callbacks, dwarf);
    dwarf->stopped = stopped;
    if (dwarf->attached)
        (void)dwfl_getthread_frames(dwarf->dwfl, THREAD, add_call, &calls);
    if (calls.count == 0 && max > 0)
        pc[calls.count++] = stopped->pc;
    return calls.count;
}
#endif
