/* SPDX-License-Identifier: MIT
 * What makes two estimates the same variant. */
#include "analysis/compare/compare_internal.h"
#include "analysis/dataset/cell_compare.h"

int compare_variant(const struct estimate *a, const struct estimate *b, bool distance)
{
    /* NOLINTNEXTLINE: the analyzer does not see that all members have a figure */
    const char *const text[][2] = {{a->instrument, b->instrument}, {a->layout, b->layout},
        {a->mode, b->mode}, {distance ? a->distance : "", distance ? b->distance : ""},
        {a->op, b->op}, {a->role, b->role}, {a->state, b->state}, {a->home, b->home},
        {a->twin, b->twin}};
    const int64_t number[][2] = {{a->threads, b->threads}, {a->cpu, b->cpu}, {a->peer, b->peer},
        {a->beside, b->beside}, {a->align_bytes, b->align_bytes}};
    int order = compare_real(a->gap_ns, b->gap_ns);
    for (size_t i = 0; order == 0 && i < sizeof text / sizeof *text; i++)
        order = compare_text(text[i][0], text[i][1]);
    for (size_t i = 0; order == 0 && i < sizeof number / sizeof *number; i++)
        order = compare_int(number[i][0], number[i][1]);
    return order;
}
