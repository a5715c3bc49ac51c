/* SPDX-License-Identifier: MIT
 * The short names of signals. glibc has them (sigabbrev_np) since 2.32 only. */
#ifndef MACHINE_SIGNAL_NAME_H
#define MACHINE_SIGNAL_NAME_H

/* Returns "INT" for SIGINT; NULL for a number that has no name, as a real-time signal's. */
const char *signal_name(int number);

#endif
