/* SPDX-License-Identifier: MIT
 * A comparison as tables, for the terminal and the page. */
#ifndef ANALYSIS_AB_AB_TABLE_H
#define ANALYSIS_AB_AB_TABLE_H

#include "analysis/ab/ab_result.h"
#include "base/table.h"

/* Each is freed by the caller; NULL when out of memory. */
/* What each program took, by measure, and its ratio to the first. */
struct table *ab_table_estimates(const struct ab_result *result);
/* The judged ratio of each session. */
struct table *ab_table_sessions(const struct ab_result *result);

#endif
