/* SPDX-License-Identifier: MIT
 * Ending by a signal: a command that measures looks between two trials, reports what it has and
 * returns 128 + the signal. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

/* From here on SIGINT and SIGTERM only set what this returns: 0, or the signal. One that was
 * ignored before, as SIGINT is in a command that a shell runs in the background, stays ignored. */
const volatile int *signals_listen(void);

#endif
