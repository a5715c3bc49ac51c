/* SPDX-License-Identifier: MIT
 * What `numaprobe watch` shows on a terminal while it watches: how far it is, and the findings so
 * far. */
#ifndef CLI_WATCH_WATCH_LIVE_H
#define CLI_WATCH_WATCH_LIVE_H

#include "cli/watch/watch.h"

#include <termios.h>

struct watch_live {
    bool shown, keys; /* keys: q is read; the terminal is as it was in `before` again at the end */
    struct termios before;
    double next_s, names_s; /* the next time at the earliest: it is drawn, findings are named */
    unsigned drawn;         /* lines */
    struct watch_found found;
};

/* Shows nothing where standard error is not a terminal. */
void watch_live_open(struct watch_live *live, bool quiet);
/* Twice a second; at other times it returns at once. True: q was pressed. */
bool watch_live_show(struct watch_live *live, struct watch_session *session);
void watch_live_close(struct watch_live *live); /* removes what is drawn */

#endif
