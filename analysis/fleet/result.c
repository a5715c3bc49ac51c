/* SPDX-License-Identifier: MIT
 * Record by record, by base/csv.h; samples also cell by cell, by base/sample.h. */
#include "analysis/fleet/result.h"

#include "analysis/fleet/seen.h"
#include "base/csv.h"
#include "base/sample.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ABSENT = CSV_FIELDS_MAX };

struct checking {
    struct fleet_results *results;
    int64_t task;
    char *header; /* the names, with commas between them */
    size_t fields, rows;
    size_t version, run;          /* fields of the columns; ABSENT */
    const char **first;           /* the first row's fields */
    struct sample_reader *reader; /* NULL: the rows are not samples */
};

int fleet_results_init(struct fleet_results *results, const char *version)
{
    *results = (struct fleet_results){.version = version, .strings = strings_new()};
    return results->strings ? 0 : -ENOMEM;
}

void fleet_results_fini(struct fleet_results *results)
{
    fleet_seen_free(&results->runs);
    strings_free(results->strings);
    *results = (struct fleet_results){0};
}

static int fail_memory(struct err *err)
{
    return err_set(err, -ENOMEM, "out of memory for the rows");
}

static char *join_names(const struct csv_record *record)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    for (size_t i = 0; out && i < record->count; i++)
        csv_print(out, record->text[i], i == 0);
    if (out)
        fclose(out);
    return text;
}

static size_t find_field(const struct csv_record *record, const char *name)
{
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->text[i], name) == 0)
            return i;
    return ABSENT;
}

static int drop_row(void *context, const struct sample *row, struct err *err)
{
    (void)context, (void)row, (void)err;
    return 0;
}

static int read_header(struct checking *c, const struct csv_record *record, struct err *err)
{
    c->header = join_names(record);
    c->fields = record->count;
    c->version = find_field(record, "version");
    c->run = find_field(record, "run_id");
    if (c->run == ABSENT)
        c->run = find_field(record, "session");
    if (!c->header)
        return fail_memory(err);
    if (c->results->header && strcmp(c->header, c->results->header) != 0)
        return err_set(err, -EINVAL, "another version: its columns are not those of the others");
    if (strcmp(record->text[0], "schema") != 0)
        return 0;
    c->reader = sample_reader_new("broken CSV", c->results->strings, drop_row, NULL);
    return c->reader ? 0 : fail_memory(err);
}

/* A run belongs to the task in whose file it was seen first. */
static int check_run(struct checking *c, const char *text, struct err *err)
{
    const char *const run = strings_intern(c->results->strings, text);
    if (!run)
        return fail_memory(err);
    const long other = fleet_seen_find(c->results->runs, run);
    if (other == FLEET_UNSEEN)
        return fleet_seen_add(&c->results->runs, run, (size_t)c->task) ? fail_memory(err) : 0;
    return other == c->task
               ? 0
               : err_set(err, -EINVAL,
                     "doubled CSV: its rows are of the same run as those of task %ld", other);
}

static bool has_changed(const struct checking *c, const struct csv_record *record, size_t field)
{
    bool changed = c->rows == 1;
    for (size_t i = 0; i < record->changes && !changed; i++)
        changed = record->changed[i] == field;
    return field != ABSENT && changed;
}

static bool is_header(const struct checking *c, const struct csv_record *record)
{
    const size_t size = strcspn(c->header, ",");
    return record->size[0] == size && strncmp(record->text[0], c->header, size) == 0;
}

static int keep_first(struct checking *c, const struct csv_record *record, struct err *err)
{
    bool kept = (c->first = calloc(record->count, sizeof *c->first)) != NULL;
    for (size_t i = 0; i < record->count && kept; i++)
        kept = (c->first[i] = strings_intern(c->results->strings, record->text[i])) != NULL;
    return kept ? 0 : fail_memory(err);
}

/* Rows that were measured, or that describe parts of a machine, differ. */
static bool is_first_again(const struct checking *c, const struct csv_record *record)
{
    size_t same = 0;
    while (same < record->count && strcmp(record->text[same], c->first[same]) == 0)
        same++;
    return c->rows > 1 && same == record->count;
}

static int read_row(struct checking *c, const struct csv_record *record, struct err *err)
{
    c->rows++;
    if (is_header(c, record))
        return err_set(
            err, -EINVAL, "doubled CSV: its header is there again, in line %zu", record->line);
    if (record->count != c->fields)
        return err_set(err, -EINVAL, "broken CSV: line %zu has %zu fields of %zu", record->line,
            record->count, c->fields);
    if (c->rows == 1 && keep_first(c, record, err))
        return -ENOMEM;
    if (is_first_again(c, record))
        return err_set(
            err, -EINVAL, "doubled CSV: its first row is there again, in line %zu", record->line);
    if (has_changed(c, record, c->version) &&
        strcmp(record->text[c->version], c->results->version) != 0)
        return err_set(err, -EINVAL,
            "another version: numaprobe %.40s answered, the plan is of numaprobe %s",
            record->text[c->version], c->results->version);
    return has_changed(c, record, c->run) ? check_run(c, record->text[c->run], err) : 0;
}

static int read_record(void *context, const struct csv_record *record, struct err *err)
{
    struct checking *const c = context;
    const int code = c->header ? read_row(c, record, err) : read_header(c, record, err);
    return code || !c->reader ? code : sample_reader_add(c->reader, record, err);
}

/* Every CSV of numaprobe ends so. */
static bool ends_whole(FILE *in)
{
    char end[2] = "";
    const bool whole = fseek(in, -2, SEEK_END) == 0 && fread(end, 1, 2, in) == 2 &&
                       end[0] == '\r' && end[1] == '\n';
    rewind(in);
    return whole;
}

static int check_file(struct checking *c, FILE *in, struct err *err)
{
    if (!ends_whole(in))
        return err_set(err, -EINVAL, "broken CSV: it is cut off");
    const int code = csv_read(in, "broken CSV", read_record, c, err);
    if (!code && c->rows == 0)
        return err_set(err, -EINVAL, "broken CSV: it has no rows");
    return code;
}

int fleet_result_check(
    struct fleet_results *results, FILE *in, int64_t task, size_t *rows, struct err *err)
{
    struct checking c = {.results = results, .task = task};
    int code = check_file(&c, in, err);
    if (!code && !results->header) {
        results->header = strings_intern(results->strings, c.header);
        code = results->header ? 0 : fail_memory(err);
    }
    *rows = code ? 0 : c.rows;
    sample_reader_free(c.reader);
    free(c.header);
    free(c.first);
    return code;
}

struct copying {
    const char *node;
    FILE *out;
    size_t records;
    bool first;
};

static int copy_record(void *context, const struct csv_record *record, struct err *err)
{
    struct copying *const c = context;
    (void)err;
    if (c->records++ == 0 && !c->first)
        return 0;
    for (size_t i = 0; i < record->count; i++)
        csv_print(c->out, record->text[i], i == 0);
    csv_print(c->out, c->records == 1 ? "fleet_node" : c->node, false);
    csv_end(c->out);
    return 0;
}

int fleet_result_copy(FILE *in, const char *node, bool first, FILE *out, struct err *err)
{
    struct copying c = {.node = node, .out = out, .first = first};
    return csv_read(in, "broken CSV", copy_record, &c, err);
}
