/* SPDX-License-Identifier: MIT
 * Which estimates belong in one panel, and their names there. For
 * analysis/charts/panels_*.c.
 */
#ifndef ANALYSIS_CHARTS_PANEL_SELECT_H
#define ANALYSIS_CHARTS_PANEL_SELECT_H

#include "analysis/charts/chart.h"
#include "analysis/dataset/dataset.h"

/* Estimates in an order. */
struct panel_selection {
    const struct estimate **estimate;
    size_t count;
};

typedef bool panel_selection_fn(const struct dataset *dataset, const struct estimate *estimate);
typedef int order_fn(const struct estimate *a, const struct estimate *b); /* as strcmp */

/* The index after the last estimate that `order` takes for equal to the one at `from`. */
size_t panel_selection_end(const struct panel_selection *pick, size_t from, order_fn *order);

/* More panels than these are not read, and a file of a million different ops must not take a
 * minute. */
enum { PANELS_MAX = 200, PANEL_FIGURES_MAX = 400 };

/* Sorts those wanted by `within` (then by op, variant and gap), and calls `build` for each run of
 * estimates that `panel` takes for equal, up to PANELS_MAX times. 0, -ENOMEM or what it returned.
 */
typedef int build_fn(
    const struct dataset *dataset, const struct panel_selection *pick, struct panels *out);
struct panel_kind {
    panel_selection_fn *wanted;
    order_fn *within, *panel;
    build_fn *build;
};
int panels_each(const struct dataset *dataset, const struct panel_kind *kind, struct panels *out);
/* Names on an axis: each place once, where `order` decides which estimates share one. Places count
 * up from 0 in that order. */
size_t panel_place(
    const struct panel_selection *pick, const struct estimate *estimate, order_fn *order);
size_t panel_places(const struct panel_selection *pick, order_fn *order);
typedef void name_fn(FILE *out, const struct estimate *estimate);
void print_tics(
    FILE *script, char axis, const struct panel_selection *pick, order_fn *order, name_fn *name);
/* The first PANEL_FIGURES_MAX of a pick, and a sentence on the rest. */
struct panel_selection panel_selection_shown(const struct panel_selection *pick);
void print_left_out(FILE *note, const struct panel_selection *pick);

panel_selection_fn
    pick_run;           /* measured by `run`, in a regime with enough blocks or its run's largest */
order_fn order_kind;    /* layout, mode, role, distance, gap, threads */
order_fn order_origin;  /* host, run, regime */
order_fn order_setting; /* kind, then origin */
order_fn order_op, order_variant, order_question; /* question: setting and op */

/* The name of a run for readers: its file; where a file has several runs, with its id. Fills
 * RUN_NAME_TEXT bytes and returns them. */
enum { RUN_NAME_TEXT = 256 };
const char *run_name_text(const struct dataset *dataset, const struct dataset_run *run, char *out);
bool has_other_host(const struct dataset *dataset); /* are there several? */
/* "; host a; x.csv": host and run, each where it could be several; "" if not. */
void print_source(FILE *out, const struct dataset *dataset, const struct estimate *estimate);
/* The same with the regime, where the run has several. */
void print_origin(FILE *out, const struct dataset *dataset, const struct estimate *estimate);
/* "latency, adder, same L3, 2 threads" */
void print_question(FILE *out, const struct estimate *estimate);
/* Layout, question and origin. */
void print_setting(FILE *out, const struct dataset *dataset, const struct estimate *estimate);
void print_variant(FILE *out, const struct estimate *estimate); /* "isolated", "8 B", "8 B b" */
/* A word in quotes for a data block. */
void print_word(FILE *script, const char *text);
/* Begins the block of an op, and a sentence about it, if the estimate before is of another op.
 * Returns whether it did. */
bool print_op_start(struct panel_draft *draft, const struct panel_selection *pick, size_t index);

bool regime_is_brief(const struct dataset *dataset, const struct regime *regime);
/* A linear axis hides differences between small values if another value is ten times as large. */
bool wants_log(double least, double most);

#endif
