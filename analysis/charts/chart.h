/* SPDX-License-Identifier: MIT
 * Charts: one file analysis/charts/<name>.gp each, carried in the program, and the panels that they
 * draw. Knows neither what is measured nor HTML. */
#ifndef ANALYSIS_CHARTS_CHART_H
#define ANALYSIS_CHARTS_CHART_H

#include "base/err.h"
#include "base/table.h"

/* A file of analysis/charts, sorted by name. It begins with "# panels: NAME": whose data it draws
 * (analysis/charts/panels.h), as that file describes them. */
struct chart_file {
    const char *name; /* "latency" */
    const char *text;
};
extern const struct chart_file chart_file_table[];
extern const size_t chart_file_count;
extern const char chart_style[]; /* analysis/charts/style: run before each */

/* Data that charts draw and a table shows as well. Owns all of its members. */
struct panel {
    char *title;  /* of what: "counter, latency, adder, host vm" */
    char *about;  /* the estimates in words, for readers who cannot see the chart */
    char *brief;  /* the one sentence that a reader in a hurry needs; "" */
    char *note;   /* what to know about it; "" */
    char *script; /* gnuplot: data blocks and variables, as the charts expect them */
    unsigned width_px, height_px;
    struct table *table;
};

struct panels {
    struct panel *panel;
    size_t count;
    size_t left_out; /* there would be more */
};

/* A panel that is being written. */
struct panel_draft {
    struct panel panel;
    FILE *title, *about, *brief, *note, *script;
    size_t size[5];
};
/* 0 or -ENOMEM, after which the draft needs no fini. */
int panel_begin(struct panel_draft *draft, struct table *table);
/* Moves it to the end of *panels; the draft is gone in any case. 0 or -ENOMEM. */
int panel_end(struct panel_draft *draft, struct panels *panels);
void panels_fini(struct panels *panels);

/* True when the chart draws panels of that name. */
bool chart_draws(const struct chart_file *chart, const char *panels);

enum { CHART_WIDTH_PX = 520, CHART_HEIGHT_PX = 340 };

/* One chart of one panel, and where it goes. */
struct drawing {
    const struct chart_file *chart;
    const struct panel *panel;
    FILE *out;      /* of a file, opened for writing; the caller's */
    struct err why; /* it was not drawn; text "" when it was */
};

/* What is drawn with, as in gnuplot's "set terminal NAME size WIDTH,HEIGHT OPTIONS". */
struct chart_form {
    const char *terminal, *options;
    unsigned width, height; /* of a chart of the usual size */
    unsigned widest;        /* that a larger one may be; 0: as wide as it wants */
};

/* Draws all with as few runs of gnuplot as will do: one, and more only to find which of them it
 * cannot draw. 0 if each was drawn or has the reason why not in `why`; -ENOENT without gnuplot,
 * -ENOMEM, with err.
 */
int charts_draw(
    struct drawing *drawing, size_t count, const struct chart_form *form, struct err *err);

#endif
