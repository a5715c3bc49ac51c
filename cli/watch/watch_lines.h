/* SPDX-License-Identifier: MIT
 * The lines of which a process's findings are made. Memory that several processes share is one line
 * for all of them, and is reported of one. */
#ifndef CLI_WATCH_WATCH_LINES_H
#define CLI_WATCH_WATCH_LINES_H

#include "cli/watch/watch.h"

/* Copies the lines that are the process's: of those that it shares, the ones that no process before
 * it in the session uses. Each has a user of the process first, and code addresses as that process
 * has them; 0 where another process has code that it does not. 0 or -ENOMEM; ended by
 * proved_fini. */
int watch_lines_of(struct watch_session *session, unsigned process, struct proved *out);

#endif
