/* SPDX-License-Identifier: MIT
 * The handler of SIGINT and SIGTERM. */
#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

/* The only variable that outlives a call, since a handler can reach no other. sig_atomic_t is int
 * wherever Linux runs. */
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    stop = number;
}

const volatile int *signals_listen(void)
{
    const struct sigaction act = {.sa_handler = on_signal};
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    return &stop;
}
