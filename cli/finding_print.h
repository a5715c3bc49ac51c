/* SPDX-License-Identifier: MIT
 * Parts of a finding as text, for people. */
#ifndef CLI_FINDING_PRINT_H
#define CLI_FINDING_PRINT_H

#include "analysis/finding/finding_view.h"
#include "analysis/finding/line_map.h"

#include <stdio.h>

/* The calls that allocated its object, and what lies next to it. */
void finding_print_objects(const struct finding_view *finding, FILE *out);
/* Its worst line: which thread touches which bytes. */
void finding_print_picture(const struct finding_view *finding, FILE *out);
/* The places that access it. */
void finding_print_sites(const struct finding_view *finding, FILE *out);

#endif
