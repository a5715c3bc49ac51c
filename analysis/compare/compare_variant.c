/* SPDX-License-Identifier: MIT
 * What makes two estimates the same variant. */
#include "analysis/compare/compare_internal.h"
#include "analysis/dataset/cell_compare.h"

int compare_variant(const struct estimate *a, const struct estimate *b, bool distance)
{
    /* NOLINTNEXTLINE: the analyzer does not see that all members have an estimate */
    const char *const text[][2] = {{a->instrument, b->instrument}, {a->layout, b->layout},
        {a->mode, b->mode}, {distance ? a->distance : "", distance ? b->distance : ""},
        {a->op, b->op}, {a->role, b->role}, {a->state, b->state}, {a->home, b->home},
        {a->twin, b->twin}, {a->load, b->load}};
    const int64_t number[][2] = {{a->threads, b->threads}, {a->clients, b->clients},
        {a->client_threads, b->client_threads}, {a->cpu, b->cpu}, {a->peer, b->peer},
        {a->beside, b->beside}, {a->align_bytes, b->align_bytes}};
    int order = compare_real(a->gap_ns, b->gap_ns);
    if (order == 0)
        order = compare_texts(text, sizeof text / sizeof *text);
    return order ? order : compare_ints(number, sizeof number / sizeof *number);
}
