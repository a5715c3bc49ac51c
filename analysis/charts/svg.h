/* SPDX-License-Identifier: MIT
 * Prepares a gnuplot SVG for a page that has several. */
#ifndef ANALYSIS_CHARTS_SVG_H
#define ANALYSIS_CHARTS_SVG_H

#include <stddef.h>
#include <stdio.h>

struct svg_label {
    const char *prefix; /* for all ids, so that those of two charts do not clash */
    const char *title, *description;
};

/* Writes it with a new root: an image named by its title and description. Ids and what
 * refers to them get the prefix. Colours stay as they are: the page's style replaces them.
 * 0, or -EINVAL if it is not an SVG of gnuplot. */
int svg_print(FILE *out, const char *svg, size_t size, const struct svg_label *label);

#endif
