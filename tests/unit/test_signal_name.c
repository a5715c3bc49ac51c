/* SPDX-License-Identifier: MIT
 * machine/signal_name: the names are those that the shell knows. */
#include "tests/test.h"

#include "machine/signal_name.h"

#include <signal.h>
#include <stdio.h>

/* bash's `kill -l NUMBER` prints what `kill -NAME` takes. */
static void test_as_bash(void **state)
{
    (void)state;
    for (int i = 1; i < 32; i++) {
        char command[48], line[16] = "";
        snprintf(command, sizeof command, "bash -c 'kill -l %d'", i);
        FILE *const shell = popen(command, "r");
        assert_non_null(shell);
        assert_int_equal(fscanf(shell, "%15s", line), 1);
        pclose(shell);
        /* One number, two names: signal(7). */
        assert_string_equal(signal_name(i), i == SIGPOLL ? "POLL" : line);
    }
}

static void test_no_name(void **state)
{
    (void)state;
    assert_null(signal_name(-1));
    assert_null(signal_name(0));
    assert_null(signal_name(32));
    assert_null(signal_name(SIGRTMAX));
    assert_null(signal_name(1 << 30));
}
