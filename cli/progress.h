/* SPDX-License-Identifier: MIT
 * One line on stderr while a run goes on, where stderr is a terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/widest.h"

#include <stdbool.h>
#include <stddef.h>

struct progress {
    bool shown;
    double precision, max_time_ns, shown_at_ns, width_at_ns, now_ns;
    struct widest widest;
};

void progress_begin(struct progress *progress, bool quiet, double precision, double max_time_ns);
/* The widest interval at a look. */
void progress_width(struct progress *progress, const struct widest *widest);
void progress_show(struct progress *progress, size_t blocks, double now_ns);
void progress_end(struct progress *progress); /* wipes the line */

#endif
