/* SPDX-License-Identifier: MIT
 * The reader: each field is bound to its column by its name. */
#include "analysis/ab/ab_csv.h"

#include "analysis/ab/ab_columns.h"
#include "base/csv.h"
#include "base/grow.h"
#include "base/number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    const char *name;
    struct ab_sessions *sessions;
    size_t first;          /* session of this file */
    bool bound;            /* there was a header */
    size_t at[AB_COLUMNS]; /* field of each column; SIZE_MAX: not in this file */
};

static int bind_header(struct reading *r, const struct csv_record *record, struct err *err)
{
    for (unsigned k = 0; k < AB_COLUMNS; k++) {
        size_t i = 0;
        while (i < record->count && strcmp(record->text[i], ab_columns[k].name) != 0)
            i++;
        if (i == record->count && !ab_columns[k].optional)
            return err_set(err, -EINVAL,
                "%s:%zu: column '%s' is missing; is this a CSV of 'numaprobe ab'?", r->name,
                record->line, ab_columns[k].name);
        r->at[k] = i < record->count ? i : SIZE_MAX;
    }
    r->bound = true;
    return 0;
}

static int read_cell(
    struct reading *r, const struct ab_column *column, const char *text, struct ab_row *row)
{
    void *const at = (char *)row + column->offset;
    const char *end = text + strlen(text);
    if (column->type == AB_TEXT) {
        *(const char **)at = strings_intern(r->sessions->strings, text);
        return *(const char **)at ? 0 : -ENOMEM;
    }
    if (column->type == AB_COUNT)
        return number_u64(text, at) == end ? 0 : -EINVAL;
    *(double *)at = NAN;
    return !*text || (number_real(text, at) == end && *(double *)at >= 0) ||
                   (column->offset == offsetof(struct ab_row, value[AB_METRIC]) &&
                       number_real(text, at) == end)
               ? 0
               : -EINVAL;
}

static int read_row(
    struct reading *r, const struct csv_record *record, struct ab_row *row, struct err *err)
{
    for (unsigned k = 0; k < AB_COLUMNS; k++) {
        if (r->at[k] >= record->count && r->at[k] != SIZE_MAX)
            return err_set(err, -EINVAL, "%s:%zu: the row ends before column '%s'", r->name,
                record->line, ab_columns[k].name);
        const char *const text = r->at[k] == SIZE_MAX ? "" : record->text[r->at[k]];
        const int code = read_cell(r, &ab_columns[k], text, row);
        if (code)
            return err_set(err, code, "%s:%zu: column '%s': '%.40s' is not %s", r->name,
                record->line, ab_columns[k].name, text,
                ab_columns[k].type == AB_COUNT ? "a count" : "a number");
    }
    return 0;
}

/* Index of a program; negative for another word, AB_PROGRAMS for the control. */
static int find_program(const char *name)
{
    for (int slot = 0; slot <= AB_PROGRAMS; slot++)
        if (strcmp(name, ab_slot_name((unsigned)slot, AB_PROGRAMS)) == 0)
            return slot;
    return -1;
}

static struct ab_session *find_session(const struct ab_sessions *s, const char *id)
{
    for (size_t i = s->count; i-- > 0;)
        if (strcmp(s->session[i].id, id) == 0)
            return &s->session[i];
    return NULL;
}

static struct ab_session *add_session(struct ab_sessions *s, const struct ab_row *row)
{
    if (GROW(s->session, s->count))
        return NULL;
    s->session[s->count] = (struct ab_session){.id = row->id,
        .started_at = row->started_at,
        .host = row->host,
        .cpu_model = row->cpu_model,
        .kernel = row->kernel,
        .version = row->version,
        .cpus = row->cpus,
        .counters = row->counters,
        .seed = row->seed};
    return &s->session[s->count++];
}

static int add_run(struct ab_session *s, const struct ab_row *row, int program)
{
    if (GROW(s->run, s->runs))
        return -ENOMEM;
    struct ab_run *const run = &s->run[s->runs++];
    *run = (struct ab_run){.block = (unsigned)row->block,
        .order = (unsigned)row->order,
        .slot = (unsigned)program,
        .accepted = row->accepted != 0,
        .reject_reason = row->reject_reason,
        .canary_ns = row->canary_ns,
        .canary_after_ns = row->canary_after_ns,
        .round_trip_ns = row->round_trip_ns};
    for (unsigned i = 0; i < AB_MEASURES; i++)
        run->value[i] = row->value[i];
    if (program < AB_PROGRAMS)
        s->command[program] = row->command;
    return 0;
}

static int add_row(
    struct reading *r, const struct csv_record *record, const struct ab_row *row, struct err *err)
{
    const int program = find_program(row->program);
    if (program < 0)
        return err_set(err, -EINVAL,
            "%s:%zu: column 'program': '%.40s' is not a, b, c, d or control", r->name, record->line,
            row->program);
    struct ab_session *session = find_session(r->sessions, row->id);
    if (session && session < r->sessions->session + r->first)
        return err_set(err, -EINVAL, "%s:%zu: session %s is also in a file before; give it once",
            r->name, record->line, row->id);
    if (!session)
        session = add_session(r->sessions, row);
    return session && add_run(session, row, program) == 0
               ? 0
               : err_set(err, -ENOMEM, "%s: out of memory", r->name);
}

static int on_record(void *context, const struct csv_record *record, struct err *err)
{
    struct reading *const r = context;
    struct ab_row row = {.id = "", .program = ""};
    if (!r->bound || strcmp(record->text[0], ab_columns[0].name) == 0)
        return bind_header(r, record, err);
    const int code = read_row(r, record, &row, err);
    return code ? code : add_row(r, record, &row, err);
}

/* Only at the end it is known how many programs there are, and so which slot is the control's. */
static int finish_session(struct ab_session *s, const char *name, struct err *err)
{
    while (s->programs < AB_PROGRAMS && s->command[s->programs])
        s->programs++;
    if (s->programs < 2)
        return err_set(err, -EINVAL, "%s: session %s has no run of program b", name, s->id);
    for (size_t i = 0; i < s->runs; i++) {
        if (s->run[i].slot >= s->programs && s->run[i].slot < AB_PROGRAMS)
            return err_set(err, -EINVAL, "%s: session %s has no run of program %c", name, s->id,
                'a' + (char)s->programs);
        if (s->run[i].slot == AB_PROGRAMS)
            s->run[i].slot = s->programs;
    }
    return 0;
}

int ab_csv_read(FILE *in, const char *name, struct ab_sessions *sessions, struct err *err)
{
    if (!sessions->strings)
        sessions->strings = strings_new();
    if (!sessions->strings)
        return err_set(err, -ENOMEM, "%s: out of memory", name);
    struct reading r = {.name = name, .sessions = sessions, .first = sessions->count};
    int code = csv_read(in, name, on_record, &r, err);
    if (!code && sessions->count == r.first)
        return err_set(err, -EINVAL, "%s: there is no run in it", name);
    for (size_t i = r.first; i < sessions->count && !code; i++)
        code = finish_session(&sessions->session[i], name, err);
    return code;
}

void ab_sessions_fini(struct ab_sessions *sessions)
{
    for (size_t i = 0; i < sessions->count; i++)
        free(sessions->session[i].run);
    free(sessions->session);
    strings_free(sessions->strings);
    *sessions = (struct ab_sessions){0};
}
