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
};

/* Shows nothing where standard error is not a terminal. */
void watch_live_open(struct watch_live *live, bool quiet);
/* Twice a second; at other times it returns at once. True: q was pressed. */
bool watch_live_show(struct watch_live *live, struct watch_session *session);
/* A line of what is drawn; what does not fit is left out. */
void watch_live_line(struct watch_live *live, const char *text);
/* Findings get their names by debug information, which takes long: whether it is time again, for a
 * small part of the time; and when it began. */
bool watch_live_may_name(const struct watch_live *live, double now_s);
void watch_live_named(struct watch_live *live, double began_s, double now_s);
void watch_live_close(struct watch_live *live); /* removes what is drawn */

#endif
