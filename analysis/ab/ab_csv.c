/* SPDX-License-Identifier: MIT
 * The columns and the writer. */
#include "analysis/ab/ab_csv.h"

#include "analysis/ab/ab_columns.h"
#include "base/csv.h"

#include <inttypes.h>

#define COLUMN(name, type, member)                                                                 \
    {                                                                                              \
        (name), (type), offsetof(struct ab_row, member), false                                     \
    }
#define EVENT(name, role)                                                                          \
    {                                                                                              \
        (name), AB_REAL, offsetof(struct ab_row, value[AB_EVENT + (role)]), true                   \
    }
const struct ab_column ab_columns[AB_COLUMNS] = {
    COLUMN("ab_schema", AB_COUNT, schema),
    COLUMN("session", AB_TEXT, id),
    COLUMN("started_at", AB_TEXT, started_at),
    COLUMN("host", AB_TEXT, host),
    COLUMN("cpu_model", AB_TEXT, cpu_model),
    COLUMN("kernel", AB_TEXT, kernel),
    COLUMN("version", AB_TEXT, version),
    COLUMN("seed", AB_COUNT, seed),
    COLUMN("cpus", AB_TEXT, cpus),
    COLUMN("program", AB_TEXT, program),
    COLUMN("command", AB_TEXT, command),
    COLUMN("block", AB_COUNT, block),
    COLUMN("order", AB_COUNT, order),
    COLUMN("accepted", AB_COUNT, accepted),
    COLUMN("reject_reason", AB_TEXT, reject_reason),
    COLUMN("wall_s", AB_REAL, value[AB_WALL]),
    COLUMN("cpu_s", AB_REAL, value[AB_CPU]),
    COLUMN("memory_bytes", AB_REAL, value[AB_MEMORY]),
    COLUMN("switches", AB_REAL, value[AB_SWITCHES]),
    COLUMN("metric", AB_REAL, value[AB_METRIC]),
    COLUMN("canary_ns", AB_REAL, canary_ns),
    COLUMN("canary_after_ns", AB_REAL, canary_after_ns),
    COLUMN("round_trip_ns", AB_REAL, round_trip_ns),
    {"counters", AB_TEXT, offsetof(struct ab_row, counters), true},
    EVENT("cycles", EVENT_CYCLES),
    EVENT("instructions", EVENT_INSTRUCTIONS),
    EVENT("loads", EVENT_LOADS),
    EVENT("stores", EVENT_STORES),
    EVENT("rfo", EVENT_RFO),
    EVENT("fill_same_l3", EVENT_FILL_SAME_L3),
    EVENT("fill_remote", EVENT_FILL_REMOTE),
    EVENT("l3_miss", EVENT_L3_MISS),
    EVENT("l3_miss_remote", EVENT_L3_MISS_REMOTE),
    EVENT("stall_mem", EVENT_STALL_MEM),
    EVENT("raw1", EVENT_RAW1),
    EVENT("raw2", EVENT_RAW2),
    EVENT("raw3", EVENT_RAW3),
    EVENT("raw4", EVENT_RAW4),
};
#undef EVENT
#undef COLUMN

static void print_cell(const struct ab_row *row, const struct ab_column *column, FILE *out)
{
    const char *const at = (const char *)row + column->offset;
    char text[32] = "";
    if (column->type == AB_COUNT)
        snprintf(text, sizeof text, "%" PRIu64, *(const uint64_t *)(const void *)at);
    else if (column->type == AB_REAL && isfinite(*(const double *)(const void *)at))
        snprintf(text, sizeof text, "%.9g", *(const double *)(const void *)at);
    csv_print(out, column->type == AB_TEXT ? *(const char *const *)(const void *)at : text,
        column == ab_columns);
}

static struct ab_row row_of(const struct ab_session *s, const struct ab_run *run)
{
    const bool control = run->slot == s->programs;
    struct ab_row row = {.schema = AB_CSV_SCHEMA,
        .seed = s->seed,
        .block = run->block,
        .order = run->order,
        .accepted = run->accepted,
        .id = s->id,
        .started_at = s->started_at,
        .host = s->host,
        .cpu_model = s->cpu_model,
        .kernel = s->kernel,
        .version = s->version,
        .cpus = s->cpus,
        .program = ab_slot_name(run->slot, s->programs),
        .command = s->command[control ? 0 : run->slot],
        .reject_reason = run->reject_reason,
        .counters = s->counters ? s->counters : "",
        .canary_ns = run->canary_ns,
        .canary_after_ns = run->canary_after_ns,
        .round_trip_ns = run->round_trip_ns};
    for (unsigned i = 0; i < AB_MEASURES; i++)
        row.value[i] = run->value[i];
    return row;
}

void ab_csv_write(const struct ab_session *session, FILE *out)
{
    for (unsigned i = 0; i < AB_COLUMNS; i++)
        csv_print(out, ab_columns[i].name, i == 0);
    csv_end(out);
    for (size_t i = 0; i < session->runs; i++) {
        const struct ab_row row = row_of(session, &session->run[i]);
        for (unsigned k = 0; k < AB_COLUMNS; k++)
            print_cell(&row, &ab_columns[k], out);
        csv_end(out);
    }
}
