/* SPDX-License-Identifier: MIT
 * gnuplot as a child process: the only place that runs it. What it draws is the caller's script. */
#ifndef ANALYSIS_CHARTS_GNUPLOT_H
#define ANALYSIS_CHARTS_GNUPLOT_H

#include "base/err.h"

#include <stddef.h>
#include <stdio.h>

/* An anonymous file in memory, closed on exec; NULL with errno. */
FILE *gnuplot_file(void);
/* Runs a whole script (a stream of gnuplot_file) without the user's own settings; it may write to
 * the descriptors given, as /dev/fd/N. 0; -ENOENT: there is no gnuplot; -EIO with its message;
 * -errno. */
int gnuplot_run(FILE *script, const int *fd, size_t fds, struct err *err);
/* `text` fit for a script, between single quotes or as a word in double quotes of a data block:
 * gnuplot runs text between backquotes, so every special character becomes '?'. */
void gnuplot_text(FILE *out, const char *text);

#endif
