/* SPDX-License-Identifier: MIT
 * Starting and ending all parts of the runtime. */
#include "runtime/lifecycle.h"

#include "runtime/base/confine.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/real_libc.h"
#include "runtime/baton.h"
#include "runtime/helper_thread.h"
#include "runtime/inside.h"
#include "runtime/line_table.h"
#include "runtime/modules.h"
#include "runtime/objects.h"
#include "runtime/schedule.h"
#include "runtime/stack.h"
#include "runtime/team.h"
#include "runtime/thread.h"
#include "runtime/vector_clock.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* A library that was built by cc brings the shared runtime along, for programs that have none. In a
 * program that has one, all hooks are the program's, and this runtime must see nothing: it would
 * take the program's calls of pthread_create for its own. */
static bool is_second(void)
{
#ifdef ACCESS_WRAP
    return false;
#else
    const void *first = dlsym(RTLD_DEFAULT, "numaprobe_gate_2");
    return first && first != &state_gate;
#endif
}

static bool start_parts(void)
{
    /* The recording first: it can then report why the rest failed. */
    return recording_init() && shadow_init() && vector_clock_init() && stack_init() &&
           objects_init() && thread_init();
}

/* Called before libc has set the environment, as by what gcc links for -fsanitize=thread, it
 * decides nothing: a later call does. */
void lifecycle_start(void)
{
    if (!environ || !state_begin())
        return;
    const int before = errno;
    state_me.inside = INSIDE;
    /* Of a program with more rights than its user, what the user asks is not done. */
    const bool done = secure_getenv("NUMAPROBE_RECORD") && !is_second() && start_parts();
    if (done) {
        schedule_init();
        modules_update(NULL);
    }
    state_me.inside = 0;
    state_set(done);
    errno = before;
}

/* A vfork child runs in its parent's memory, and is not its end. */
static bool is_recorded_process(void)
{
    return record && (confine_is_on() || record->pid == (uint32_t)NEXT(syscall)(SYS_getpid));
}

static void finish_recording(void)
{
    schedule_end(true);
    helper_harvest();
    if (recording_is_watched())
        line_finish_all();
}

/* A signal handler that ends the program may have interrupted the runtime: then what is counted is
 * left as it is. */
void lifecycle_end(unsigned how)
{
    if (!is_recorded_process())
        return;
    if (inside_enter()) {
        finish_recording();
        inside_leave();
    }
    record->end_tick = record->last_tick = arch_ticks();
    record->end_ns = record->last_ns = plain_now_ns();
    record->ended = how;
}

void lifecycle_resume(void)
{
    if (!is_recorded_process())
        return;
    record->ended = RECORD_RUNNING;
    record->end_tick = record->end_ns = 0;
    if (inside_enter()) {
        schedule_end(false);
        inside_leave();
    }
}

static void begin_child(void)
{
    if (!state_is_ready())
        return;
    const int before = errno;
    const uintptr_t inside = state_me.inside; /* a signal handler may fork */
    state_me.inside = INSIDE;
    lock_fork();
    vector_clock_fork();
    team_fork_child();
    baton_fork();
    schedule_fork();
    helper_fork();
    confine_fork();
    recording_fork(state_me.slot);
    thread_fork();
    state_me.inside = inside;
    errno = before;
}

/* What pthread_atfork needs; the compiler's start files define it, and -nostartfiles leaves them
 * out.
 */
HIDDEN __attribute__((weak)) void *__dso_handle;

/* As early as can be, and also when nothing instrumented is in the program itself. */
__attribute__((constructor(101))) static void at_start(void)
{
    lifecycle_start();
    pthread_atfork(NULL, NULL, begin_child);
}

__attribute__((destructor(101))) static void at_end(void)
{
    lifecycle_end(RECORD_EXITED);
}
