/* SPDX-License-Identifier: MIT
 * base/arch/generic.h, which no machine uses that the tests run on. */
#include "tests/test.h"

#include "base/arch/generic.h"

/* Findings are hand-overs a second: without a time, any number of them would be enough. */
static void time_passes_without_a_known_counter(void **state)
{
    (void)state;
    const uint64_t begin = arch_ticks_begin();
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    const uint64_t now = arch_ticks(), end = arch_ticks_end();
    assert_true(begin < now);
    assert_true(now <= end);
    assert_false(arch_has_ticks()); /* it is not one instruction, so clock.c does not use it */
}

static void what_is_not_known_is_not_claimed(void **state)
{
    (void)state;
    uint64_t place = 7;
    arch_known_work(&place, 3);
    arch_drain();
    arch_pause();
    assert_int_equal(place, 7);
    assert_int_equal(ARCH_KNOWN_INSTRUCTIONS, 0);
    assert_false(arch_has_counters());
    assert_int_equal(arch_counter(1), 0);
    assert_int_equal(arch_counter_config1(), 0);
    assert_false(arch_can_flush());
    assert_false(arch_flush(&place));
    assert_string_equal(arch_flavour(), "plain");
    assert_int_equal(arch_code_address(42), 42);
}
