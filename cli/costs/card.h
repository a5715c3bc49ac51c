/* SPDX-License-Identifier: MIT
 * A machine card: everything that `numaprobe costs --card` measures, written as one short document.
 * analysis/card/card_file.h reads it. */
#ifndef CLI_COSTS_CARD_H
#define CLI_COSTS_CARD_H

#include "cli/costs/costs_args.h"
#include "cli/costs/costs_report.h"
#include "cli/instrument.h"
#include "cli/matrix/matrix_measure.h"

/* The classes of the matrix: a hand-over between a few pairs of each distance. */
struct card_classes {
    struct matrix_args args;
    struct matrix_plan plan;
    struct matrix_run run;
    char
        home[24]; /* "first", or "node 1" where some cpus' nodes have no memory; "" before a plan */
    struct err err; /* why there are none; code 0: there are */
};

/* What a card asks for where the command line has nothing. */
void card_request(struct costs_request *request);
/* The share of --max-time that prices and curves get; the classes have the rest. */
extern const double card_costs_share;

/* What is measured, and if not, why, is in classes->err. -ENOMEM and other errors of measuring are
 * there too. */
void card_classes_plan(struct card_classes *classes, const struct costs_plan *plan,
    const struct topology *topology, const struct instrument_args *args);
void card_classes_measure(
    struct card_classes *classes, const struct instrument *in, const struct instrument_args *args);
void card_classes_fini(struct card_classes *classes); /* zeros are safe */
void card_classes_print(const struct card_classes *classes, FILE *out);

/* What a card will take, for --dry-run. */
void card_print_estimate(const struct costs_plan *plan, const struct card_classes *classes,
    const struct instrument_args *args, FILE *out);

struct card_report {
    const struct costs_report *costs;
    const struct card_classes *classes;
    const char *label;
    char *const *argv; /* up to NULL: the command line */
};
/* 0 or -EIO. */
int card_print(const struct card_report *report, FILE *out);

#endif
