/* SPDX-License-Identifier: MIT
 * Copies and checks the tables of a recording. */
#include "base/record_read.h"

#include "base/regular.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int refuse_record(const char *name, const char *why, struct err *err)
{
    return err_set(
        err, -EINVAL, "'%s' is not a numaprobe recording that can be read: %s", name, why);
}

#define END_TEXT(array) ((array)[sizeof(array) - 1] = '\0')

static int read_header(FILE *in, const char *name, struct record_header *h, struct err *err)
{
    const size_t got = fread(h, 1, sizeof *h, in);
    if (got < sizeof h->magic || h->magic != RECORD_MAGIC)
        return refuse_record(name, "bad magic", err);
    if (got < 16 || h->version != RECORD_VERSION || h->bytes != sizeof *h)
        return refuse_record(name, "it was written by another version of numaprobe", err);
    if (got < sizeof *h)
        return refuse_record(name, "it is truncated", err);
    END_TEXT(h->note);
    END_TEXT(h->exe);
    END_TEXT(h->argv);
    if (h->argv_bytes > sizeof h->argv)
        h->argv_bytes = sizeof h->argv;
    return 0;
}

/* More than any table of the runtime can have. */
enum { ENTRIES_MAX = 1 << 24 };

struct table {
    const struct record_table *from;
    size_t bytes; /* of an entry, as this build has it */
    void **to;
    size_t *count;
};

/* Reads a few entries at a time, so that a count larger than the file costs no memory. */
static int read_table(FILE *in, const char *name, const struct table *t, struct err *err)
{
    enum { ENTRIES = 4096 };
    char *all = NULL;
    if (t->from->bytes != t->bytes)
        return refuse_record(name, "it was written by another version of numaprobe", err);
    if (t->from->count > t->from->capacity || t->from->count > ENTRIES_MAX ||
        t->from->offset > INT64_MAX)
        return refuse_record(name, "a table is impossibly large", err);
    if (fseeko(in, (off_t)t->from->offset, SEEK_SET) != 0)
        return refuse_record(name, "it is truncated", err);
    for (size_t have = 0; have < t->from->count;) {
        const size_t left = t->from->count - have, want = left < ENTRIES ? left : ENTRIES;
        char *const more = realloc(all, (have + want) * t->bytes);
        if (!more) {
            free(all);
            return err_set(err, -ENOMEM, "out of memory for the recording '%s'", name);
        }
        all = more;
        if (fread(all + have * t->bytes, t->bytes, want, in) != want) {
            free(all);
            return refuse_record(name, "it is truncated", err);
        }
        have += want;
    }
    *t->to = all;
    *t->count = t->from->count;
    return 0;
}

static int read_tables(FILE *in, const char *name, struct recording *r, struct err *err)
{
    const struct record_header *const h = &r->header;
    const struct table tables[] = {
        {&h->threads, sizeof *r->thread, (void **)&r->thread, &r->threads},
        {&h->modules, sizeof *r->module, (void **)&r->module, &r->modules},
        {&h->lines, sizeof *r->line, (void **)&r->line, &r->lines},
        {&h->touches, sizeof *r->touch, (void **)&r->touch, &r->touches},
        {&h->objects, sizeof *r->object, (void **)&r->object, &r->objects},
    };
    int code = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && !code; i++)
        code = read_table(in, name, &tables[i], err);
    return code;
}

static uint32_t at_most(uint32_t value, uint32_t max)
{
    return value < max ? value : max;
}

/* The runtime counts slots from 1; here they are indices. */
static uint32_t slot_index(const struct recording *r, uint32_t slot)
{
    return slot > 0 && slot <= r->threads && r->thread[slot - 1].slot == slot
               ? slot - 1
               : (uint32_t)r->threads;
}

static void check_parts(struct recording *r)
{
    r->header.shares = at_most(r->header.shares, RECORD_SHARES);
    for (size_t i = 0; i < r->threads; i++) {
        r->thread[i].frames = at_most(r->thread[i].frames, RECORD_FRAMES);
        END_TEXT(r->thread[i].name);
    }
    for (size_t i = 0; i < r->modules; i++) {
        struct record_module *const m = &r->module[i];
        m->build_id_bytes = at_most(m->build_id_bytes, sizeof m->build_id);
        END_TEXT(m->path);
    }
    for (size_t i = 0; i < r->objects; i++) {
        struct record_object *const o = &r->object[i];
        o->frames = at_most(o->frames, RECORD_FRAMES);
        o->slot = slot_index(r, o->slot);
        if (o->size > UINT64_MAX - o->start)
            o->size = UINT64_MAX - o->start;
    }
}

static void bound_count(uint64_t *count)
{
    *count = *count < RECORD_COUNT_MAX ? *count : RECORD_COUNT_MAX;
}

static void check_counts(struct footprint *touch)
{
    uint64_t *const counts[] = {&touch->reads, &touch->writes, &touch->false_in, &touch->true_in,
        &touch->gap_ticks, &touch->gaps, &touch->sites_lost, &touch->rested};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        bound_count(counts[i]);
    for (uint32_t i = 0; i < touch->sites; i++)
        bound_count(&touch->site[i].count);
}

static void check_touch(const struct recording *r, struct footprint *touch)
{
    uint32_t kept = 0;
    touch->sites = at_most(touch->sites, RECORD_SITES);
    for (uint32_t i = 0; i < touch->sites; i++) {
        const struct record_site *const s = &touch->site[i];
        if (s->size > 0 && s->first < RECORD_LINE && s->first + s->size <= RECORD_LINE)
            touch->site[kept++] = *s;
    }
    touch->sites = kept;
    touch->slot = slot_index(r, touch->slot);
    check_counts(touch);
}

/* `taken` marks the footprints that already belong to a line: a list that runs into that of another
 * line, or into a ring, ends there. */
static void check_list(struct recording *r, struct line_stat *line, bool *taken)
{
    uint32_t *link = &line->touch, count = 0;
    while (*link) {
        const uint32_t index = *link - 1;
        if (index >= r->touches || taken[index] || r->touch[index].slot == r->threads) {
            *link = 0;
            break;
        }
        taken[index] = true;
        count++;
        link = &r->touch[index].next;
    }
    line->touches = count;
}

static void check_line(const struct recording *r, struct line_stat *line)
{
    uint32_t kept = 0;
    line->address -= line->address % RECORD_LINE;
    bound_count(&line->false_handovers);
    bound_count(&line->true_handovers);
    bound_count(&line->switched);
    line->objects = at_most(line->objects, RECORD_OBJECTS);
    for (uint32_t i = 0; i < line->objects; i++)
        if (line->object[i] < r->objects)
            line->object[kept++] = line->object[i];
    line->objects = kept;
}

static int check_all(struct recording *r, struct err *err)
{
    bool *const taken = calloc(r->touches + 1, sizeof *taken);
    if (!taken)
        return err_set(err, -ENOMEM, "out of memory for a recording");
    check_parts(r);
    for (size_t i = 0; i < r->touches; i++)
        check_touch(r, &r->touch[i]);
    for (size_t i = 0; i < r->lines; i++) {
        check_line(r, &r->line[i]);
        check_list(r, &r->line[i], taken);
    }
    free(taken);
    return 0;
}

static void set_seconds(struct recording *r)
{
    const struct record_header *const h = &r->header;
    const uint64_t end_ns = h->end_ns ? h->end_ns : h->last_ns;
    const uint64_t end_tick = h->end_ns ? h->end_tick : h->last_tick;
    if (end_ns <= h->start_ns)
        return;
    r->seconds = (double)(end_ns - h->start_ns) / 1e9;
    if (end_tick > h->start_tick)
        r->seen_seconds = (double)h->seen_ticks * r->seconds / (double)(end_tick - h->start_tick);
}

int record_read(FILE *in, const char *name, struct recording *out, struct err *err)
{
    *out = (struct recording){0};
    int code = read_header(in, name, &out->header, err);
    if (!code)
        code = read_tables(in, name, out, err);
    if (!code)
        code = check_all(out, err);
    if (code)
        record_fini(out);
    else
        set_seconds(out);
    return code;
}

int record_read_file(const char *path, struct recording *out, struct err *err)
{
    *out = (struct recording){0};
    if (access(path, F_OK) == 0 && !is_regular(path))
        return refuse_record(path, "it is not a regular file", err);
    FILE *const in = fopen(path, "rbe");
    if (!in)
        return err_set(err, -errno, "cannot read '%s': %s", path, strerror(errno));
    const int code = record_read(in, path, out, err);
    fclose(in);
    return code;
}

void record_fini(struct recording *record)
{
    free(record->thread);
    free(record->module);
    free(record->line);
    free(record->touch);
    free(record->object);
    *record = (struct recording){0};
}
