/* SPDX-License-Identifier: MIT
 * What run, matrix and costs do alike, from the command line to the exit code. */
#ifndef CLI_INSTRUMENT_H
#define CLI_INSTRUMENT_H

#include "base/outfile.h"
#include "cli/instrument_args.h"
#include "machine/topology.h"

/* The first member of each command's session. */
struct instrument {
    const struct instrument_args *args;
    struct machine *machine;
    struct topology topology;
    struct outfile csv, json;
    const volatile int *stop; /* 0, or the signal that ends the command */
};

/* What differs. Each function gets the command's session; those with `err` return 0 or -errno. */
struct instrument_hooks {
    const struct options *options;
    const char *csv_file; /* without --csv; NULL: none is written */
    int (*list)(void
            *session); /* NULL, or prints a list and returns the exit code; -1: none is asked for */
    int (*make_plan)(void *session, struct err *err); /* after the machine was opened */
    int (*print_plan)(void *session);                 /* --dry-run; returns the exit code */
    int (*prepare)(void *session, struct err *err);   /* threads, memory, counters */
    int (*measure)(void *session, struct err *err);   /* until it is enough or was stopped */
    int (*summarise)(void *session, struct err *err); /* whatever was measured */
    void (*print_report)(void *session, FILE *out);   /* as text */
    int (*write_csv)(void *session, FILE *out, struct err *err);
    int (*write_json)(void *session, FILE *out); /* an error shows when the file is closed */
    int (*judge)(void *session);                 /* NULL, or the exit code of a complete run */
};

/* The whole command: parses into `args`, of which `instrument->args` is a part, measures, prints
 * and writes. Returns the exit code; the caller then ends its own part of the session and calls
 * instrument_fini. */
int instrument_main(const struct instrument_hooks *hooks, struct instrument *instrument, void *args,
    int argc, char **argv);
void instrument_fini(struct instrument *instrument);

#endif
