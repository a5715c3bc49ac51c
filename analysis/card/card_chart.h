/* SPDX-License-Identifier: MIT
 * The price list of cards as a chart. Drawn here, not by gnuplot, so that the page has it without.
 */
#ifndef ANALYSIS_CARD_CARD_CHART_H
#define ANALYSIS_CARD_CARD_CHART_H

#include "analysis/card/card_table.h"

/* Prints an SVG with a row for each price and a dot with its interval for each card, on one
 * logarithmic scale, and a key; nothing where no card has two prices. */
void card_chart_print(const struct card_columns *columns, FILE *out);

#endif
