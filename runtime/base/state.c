/* SPDX-License-Identifier: MIT
 * The variables that all parts of the runtime read, and the runtime's way from new to ready or off.
 */
#include "runtime/base/state.h"

#include "runtime/base/plain_libc.h"
#include "runtime/base/recording.h"
#include "runtime/base/tag.h"

_Thread_local struct me numaprobe_me_1 INITIAL_EXEC = {.tag = TAG_STRANGER};
extern _Thread_local struct me state_me INITIAL_EXEC __attribute__((alias("numaprobe_me_1")));
struct gate numaprobe_gate_2;
extern struct gate state_gate __attribute__((alias("numaprobe_gate_2")));
uint32_t state_burst = 1;

enum stage { STAGE_NEW, STAGE_STARTING, STAGE_READY, STAGE_OFF };
static uint32_t stage;

bool state_begin(void)
{
    uint32_t fresh = STAGE_NEW;
    return __atomic_compare_exchange_n(
        &stage, &fresh, STAGE_STARTING, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE);
}

/* Release: pairs with the acquire of state_is_ready. */
void state_set(bool ready)
{
    __atomic_store_n(&stage, ready ? STAGE_READY : STAGE_OFF, __ATOMIC_RELEASE);
}

bool state_is_ready(void)
{
    return __atomic_load_n(&stage, __ATOMIC_ACQUIRE) == STAGE_READY;
}

void state_turn_off(const char *why)
{
    if (why)
        plain_text(record->note, sizeof record->note, why);
    state_set(false);
    state_gate.on = 0;
}
