/* SPDX-License-Identifier: MIT
 * The estimates of the page as CSV: a row for each estimate, with its interval, in the order of the
 * page's tables. docs/json.md, "report --csv", has the columns. */
#ifndef CLI_REPORT_REPORT_CSV_H
#define CLI_REPORT_REPORT_CSV_H

#include "analysis/dataset/dataset.h"

#include <stdio.h>

/* 0, -ENOMEM, or -EIO, which ferror(out) also reports. */
int report_csv(const struct dataset *dataset, FILE *out);

#endif
