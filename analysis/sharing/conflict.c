/* SPDX-License-Identifier: MIT
 * Hand-overs between parts of a line; sharing_window counts those of a whole line. */
#include "analysis/sharing/conflict.h"

#include "analysis/sharing/finding_fields.h"

#include <string.h>

/* The sites of one thread on one line. */
struct source {
    const struct line_stat *line;
    const struct footprint *from;
    size_t thread;
};

static bool is_on(
    const struct source *at, const struct record_site *site, const struct sharing_field *part)
{
    const uint64_t first = at->line->address + site->first, begin = part->instance + part->first;
    return first < begin + part->size && begin < first + site->size;
}

static void add_source(const struct sharing *s, const struct source *at, struct conflicts *out)
{
    for (size_t part = 0; part < s->parts; part++)
        for (uint32_t i = 0; i < at->from->sites; i++) {
            const struct record_site *const site = &at->from->site[i];
            const double count = is_on(at, site, &s->part[part]) ? (double)site->count : 0;
            out->use[part][at->thread].all += count;
            out->use[part][at->thread].writes += site->kind & RECORD_WRITE ? count : 0;
        }
}

static void add_line(const struct sharing *s, const struct line_stat *line, struct conflicts *out)
{
    for (uint32_t t = line->touch; t; t = s->recording->touch[t - 1].next) {
        const struct footprint *const from = &s->recording->touch[t - 1];
        const size_t index = finding_thread_index(s, from->slot),
                     thread = index < SHARING_SET_BITS ? index : SHARING_SET_BITS - 1;
        add_source(s, &(struct source){line, from, thread}, out);
    }
}

static void add_masks(const struct sharing *s, struct conflicts *out)
{
    for (size_t part = 0; part < s->parts; part++)
        for (size_t thread = 0; thread < SHARING_SET_BITS; thread++) {
            const struct sharing_field *const f = &s->part[part];
            const bool writes = f->writers >> thread & 1;
            if (out->use[part][thread].all > 0 || !((f->readers | f->writers) >> thread & 1))
                continue;
            out->use[part][thread].all = 1;
            out->use[part][thread].writes = writes;
        }
}

void conflicts_find(const struct sharing *s, struct conflicts *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < s->lines; i++)
        if (s->line[i]->address < s->worst + s->line_bytes &&
            s->worst < s->line[i]->address + RECORD_LINE)
            add_line(s, s->line[i], out);
    add_masks(s, out);
}

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

double conflict_between(const struct conflicts *c, size_t a, size_t b)
{
    double sum = 0;
    for (size_t i = 0; i < SHARING_SET_BITS; i++)
        for (size_t j = 0; j < SHARING_SET_BITS; j++)
            if (i != j && c->use[a][i].writes + c->use[b][j].writes > 0)
                sum += lesser(c->use[a][i].all, c->use[b][j].all);
    return sum;
}
