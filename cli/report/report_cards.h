/* SPDX-License-Identifier: MIT
 * Machine cards side by side as text. */
#ifndef CLI_REPORT_REPORT_CARDS_H
#define CLI_REPORT_REPORT_CARDS_H

#include "analysis/card/card_file.h"

/* 80 columns: the first card and one other at a time. 0 or -ENOMEM. */
int report_cards_term(const struct cards *cards, FILE *out);

#endif
