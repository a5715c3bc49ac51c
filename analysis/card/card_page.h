/* SPDX-License-Identifier: MIT
 * Cards side by side as a section of a page, without its heading. */
#ifndef ANALYSIS_CARD_CARD_PAGE_H
#define ANALYSIS_CARD_CARD_PAGE_H

#include "analysis/card/card_file.h"

/* A sentence for the top of the page; nothing where there are no cards. */
void card_page_summary(const struct cards *cards, FILE *out);
int card_page_print(const struct cards *cards, FILE *out); /* 0 or -ENOMEM */

#endif
