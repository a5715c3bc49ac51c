/* SPDX-License-Identifier: MIT
 * What names a figure: taken from a row, and compared between figures. */
#include "analysis/figure.h"

#include <math.h>

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

struct figure figure_named(const struct sample *row)
{
    const struct interval none = {.low = NAN, .mid = NAN, .high = NAN};
    return (struct figure){
        .run_id = or_empty(row->run_id),
        .host = or_empty(row->host),
        .layout = or_empty(row_family(row)),
        .op = or_empty(row->op),
        .role = or_empty(row->role),
        .mode = or_empty(row->mode),
        .twin = or_empty(row->twin),
        .distance = or_empty(row->distance),
        .instrument = or_empty(row->instrument),
        .state = or_empty(row->state),
        .home = or_empty(row->home),
        .cpu = row_cpu(row),
        .peer = row->peer,
        .beside = row->beside,
        .align_bytes = row_align(row),
        .gap_ns = row->gap_ns,
        .threads = row->threads,
        .regime = row->regime,
        .ns = none,
        .ratio = none,
    };
}

bool figure_same_group(const struct figure *a, const struct figure *b)
{
    const char *const text[][2] = {{a->run_id, b->run_id}, {a->host, b->host},
        {a->layout, b->layout}, {a->op, b->op}, {a->mode, b->mode}, {a->role, b->role},
        {a->distance, b->distance}, {a->instrument, b->instrument}, {a->state, b->state},
        {a->home, b->home}};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (compare_text(text[i][0], text[i][1]))
            return false;
    return compare_real(a->gap_ns, b->gap_ns) == 0 && a->threads == b->threads &&
           a->regime == b->regime && a->cpu == b->cpu && a->peer == b->peer &&
           a->beside == b->beside;
}
