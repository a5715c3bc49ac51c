/* SPDX-License-Identifier: MIT
 * What the command lines of run, matrix and costs have in common. */
#ifndef CLI_INSTRUMENT_ARGS_H
#define CLI_INSTRUMENT_ARGS_H

#include "cli/options.h"

struct instrument_args {
    const char *topology, *csv, *json, *prometheus, *card; /* NULL: not given */
    double precision, max_time_ns;
    uint64_t seed;
    bool strict, dry_run, quiet;
};

/* Rows for a command whose arguments have a struct instrument_args `common`. */
#define INSTRUMENT_ROW_TOPOLOGY                                                                    \
    {                                                                                              \
        "--topology", 0, "TEXT", "Plan for another machine, as topo has it; with --dry-run", NULL, \
            OPTION_TEXT(common.topology)                                                           \
    }
#define INSTRUMENT_ROWS_LIMITS(share, what)                                                        \
    OPTION_HEADING("How well and how long"),                                                       \
        {"--precision", 0, "SHARE", "Stop when all 95% intervals are within this share", share,    \
            OPTION_SHARE(common.precision)},                                                       \
        {"--max-time", 0, "TIME", "Time limit", "30s",                                             \
            OPTION_DURATION(common.max_time_ns, 1e9, 0)},                                          \
        {"--seed", 0, "N", "Seed of the order of " what " and of the intervals", "1",              \
            OPTION_COUNT(common.seed, 0, INT64_MAX)},                                              \
    {                                                                                              \
        "--strict", 0, NULL, "Placement that cannot be verified is an error", NULL,                \
            OPTION_FLAG(common.strict)                                                             \
    }
#define INSTRUMENT_ROWS_OUTPUT(csv_help, json_help, dry_help, quiet_help)                          \
    OPTION_HEADING("Output"), {"--csv", 'c', "FILE", csv_help, NULL, OPTION_TEXT(common.csv)},     \
        {"--json", 'j', "FILE", json_help, NULL, OPTION_TEXT(common.json)},                        \
        {"--dry-run", 0, NULL, dry_help, NULL, OPTION_FLAG(common.dry_run)},                       \
    {                                                                                              \
        "--quiet", 'q', NULL, quiet_help, NULL, OPTION_FLAG(common.quiet)                          \
    }

#endif
