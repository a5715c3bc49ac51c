/* SPDX-License-Identifier: MIT
 * A row of the CSV of `numaprobe ab`, and its columns: one table for the writer and the reader. */
#ifndef ANALYSIS_AB_AB_COLUMNS_H
#define ANALYSIS_AB_AB_COLUMNS_H

#include "base/ab.h"

struct ab_row {
    uint64_t schema, seed, block, order, accepted;
    const char *id, *started_at, *host, *cpu_model, *kernel, *version, *cpus, *counters;
    const char *program, *command, *reject_reason;
    double value[AB_MEASURES];
    double canary_ns, canary_after_ns, round_trip_ns;
};

enum ab_type { AB_TEXT, AB_COUNT, AB_REAL };
struct ab_column {
    const char *name;
    enum ab_type type;
    size_t offset;
    bool optional; /* files of before it was there are read, too */
};
enum { AB_COLUMNS = 38 };
extern const struct ab_column ab_columns[AB_COLUMNS];

#endif
