/* SPDX-License-Identifier: MIT
 * How far a session is. */
#include "cli/watch/watch.h"

#include "machine/clock.h"

double watch_seconds(const struct watch_session *s)
{
    return (double)(clock_raw_ns() - s->began_ns) / 1e9;
}

/* More in the beginning, when all is new. */
double watch_pace(const struct watch_session *s)
{
    enum { SETTLED_S = 10 };
    const double later = 0.25;
    return s->budget.pace * (s->mode->settles && watch_seconds(s) >= SETTLED_S ? later : 1);
}
