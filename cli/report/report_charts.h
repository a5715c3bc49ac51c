/* SPDX-License-Identifier: MIT
 * The charts of a report outside its page. */
#ifndef CLI_REPORT_REPORT_CHARTS_H
#define CLI_REPORT_REPORT_CHARTS_H

#include "analysis/report/report.h"

#include <stdio.h>

/* One PNG file a chart in `folder`, which is made if it is missing; each is named on `out`, unless
 * that is NULL. All of them are written or none. 0, -ENOENT without gnuplot, or -errno, with err.
 */
int report_charts_png(struct report *report, const char *folder, FILE *out, struct err *err);
/* As text, as wide as the terminal. The same. */
int report_charts_term(struct report *report, FILE *out, struct err *err);

#endif
