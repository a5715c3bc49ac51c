/* SPDX-License-Identifier: MIT
 * A fleet's page: its sections, and the words and numbers that the terminal shows of it, too. */
#ifndef ANALYSIS_OVERVIEW_OVERVIEW_H
#define ANALYSIS_OVERVIEW_OVERVIEW_H

#include "analysis/hosts/hosts.h"

#include <stdio.h>

/* The sections, without their headings: who is not like the others; a row for each host, by kind; a
 * row for each quantity, by kind. 0 or -ENOMEM. */
int overview_print_named(const struct hosts *hosts, FILE *out);
int overview_print_hosts(const struct hosts *hosts, FILE *out);
int overview_print_values(const struct hosts *hosts, FILE *out);

/* A value and what the others of its kind have. */
struct strip_view {
    const struct peers_quantity *of;
    double value;
};

double off_percent(double off); /* 10 for ln(1.1) */
enum { CONFIDENCE_TEXT = 32 };
const char *confidence_text(
    double chance, char *out); /* "99.20%", at least CONFIDENCE_TEXT bytes */
size_t count_named_hosts(const struct hosts *hosts);
size_t count_not_compared(const struct hosts *hosts); /* hosts whose kind is too small */
/* Whether the host has another fact than its kind, or other quantities. */
bool host_differs(const struct host *host);

#endif
