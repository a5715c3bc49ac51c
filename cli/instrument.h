/* SPDX-License-Identifier: MIT
 * What run, matrix and costs do alike, from the command line to the exit code. */
#ifndef CLI_INSTRUMENT_H
#define CLI_INSTRUMENT_H

#include "base/outfile.h"
#include "cli/instrument_args.h"
#include "cli/sampling.h"
#include "machine/topology.h"

/* The first member of each command's session. */
struct instrument {
    const struct instrument_args *args;
    struct machine *machine;
    struct topology topology;
    struct outfile csv, json, prometheus, card;
    struct sampling sampling; /* of a command that measures by instrument_sample */
    const volatile int *stop; /* 0, or the signal that ends the command */
};

/* What differs. Each function gets the command's session; those with `err` return 0 or -errno. */
struct instrument_hooks {
    const struct options *options;
    /* NULL, or those of another instrument that the options ask for. */
    const struct instrument_hooks *(*choose)(const void *session);
    /* NULL, or prints a list instead of measuring. The exit code; -1: no list was asked for. */
    int (*list)(void *session);
    int (*make_plan)(void *session, struct err *err); /* the machine is open */
    int (*print_plan)(void *session);                 /* for --dry-run; returns the exit code */
    int (*prepare)(void *session, struct err *err);   /* threads, memory, counters */
    int (*measure)(void *session, struct err *err);   /* until it is enough or was stopped */
    int (*summarise)(void *session, struct err *err); /* what was measured, be it nothing */
    int (*print_report)(void *session, FILE *out, bool json); /* 0 or -EIO */
    int (*print_metrics)(void *session, FILE *out);           /* NULL: there is no --prometheus */
    int (*print_card)(void *session, FILE *out); /* NULL: no --card; not of an interrupted run */
    int (*write_csv)(void *session, FILE *out, struct err *err);
    int (*judge)(void *session); /* NULL, or the exit code of a run that has ended well */
};

/* The whole command: parses into `args`, which contains `instrument->args`, measures, prints and
 * writes. Returns the exit code; the caller then ends its part of the session and calls
 * instrument_fini. */
int instrument_main(const struct instrument_hooks *hooks, struct instrument *instrument, void *args,
    int argc, char **argv);
void instrument_fini(struct instrument *instrument);

/* Hooks of a command that measures block after block: instrument_begin, in `prepare`, starts the
 * clock of --max-time. `threads` bounds the rows. */
void instrument_begin(struct instrument *instrument, size_t threads,
    int (*block)(void *session, struct samples *samples, struct err *err),
    bool (*enough)(void *session, const struct summary *summary));
int instrument_sample(void *session, struct err *err);
int instrument_write_samples(void *session, FILE *out, struct err *err);

#endif
