/* SPDX-License-Identifier: MIT
 * A comparison as text, Markdown, metrics, CSV and JSON. */
#ifndef CLI_COMPARE_COMPARE_FORMS_H
#define CLI_COMPARE_COMPARE_FORMS_H

#include "cli/compare/compare_labels.h"
#include "cli/table_format.h"

void compare_print_text(const struct compare_report *report, FILE *out);
/* For a comment on a pull request: what changed first, all else folded away. */
void compare_print_markdown(const struct compare_report *report, FILE *out);
void compare_print_metrics(const struct compare_report *report, FILE *out);
/* One row a pair, and one for each estimate without a partner. 0 or -errno. */
int compare_print_data(const struct compare_report *report, enum table_format form, FILE *out);

#endif
