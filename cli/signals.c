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

/* What was ignored when the program began stays so, as for any command in the background: its
 * children inherit it. */
static void listen_to(int number)
{
    const struct sigaction act = {.sa_handler = on_signal};
    struct sigaction before;
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(number, &act, NULL);
}

const volatile int *signals_listen(void)
{
    listen_to(SIGINT);
    listen_to(SIGTERM);
    return &stop;
}
