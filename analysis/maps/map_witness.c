/* SPDX-License-Identifier: MIT
 * Two ratios and their order. */
#include "analysis/maps/map_witness.h"

#include "analysis/format/format.h"
#include "base/text.h"

#include <math.h>

static bool compare(
    const struct map_group *g, const char *value, const char *reference, struct interval *out)
{
    const struct map_entry *const v = map_group_find(g, value, SAMPLE_NONE);
    const struct map_entry *const r = map_group_find(g, reference, SAMPLE_NONE);
    return v && r && map_entry_compare(v, r, out) == 0 && out->n > 0;
}

static bool is_decided(enum verdict_kind kind)
{
    return kind != VERDICT_NONE && kind != VERDICT_OPEN;
}

static enum map_agreement agreement_of(enum verdict_kind c, enum verdict_kind go)
{
    return !is_decided(c) || !is_decided(go)         ? WITNESS_OPEN
           : c == go                                 ? WITNESS_SAME
           : c == VERDICT_SAME || go == VERDICT_SAME ? WITNESS_OTHER
                                                     : WITNESS_OPPOSITE;
}

struct map_witness map_witness_of(const struct map_group *g)
{
    struct map_witness w = {.agreement = WITNESS_NONE};
    if (compare(g, "twotier", "rwlock", &w.c) && compare(g, "go-syncmap", "go-rwmutex", &w.go))
        w.agreement = agreement_of(verdict_kind(w.c), verdict_kind(w.go));
    if (w.agreement == WITNESS_OPPOSITE || w.agreement == WITNESS_OTHER)
        (void)compare(g, "twotier", "mutex", &w.mutex);
    return w;
}

/* Waiters for glibc's reader-writer lock sleep, those for Go's and for a mutex spin at first: where
 * a mutex restores Go's order, rwlock's waiting is what differed, not the two tiers. */
static void add_mutex(const struct map_witness *w, char out[MAP_WITNESS_TEXT])
{
    char ratio[CELL_TEXT];
    if (w->mutex.n > 0)
        text_append(out, MAP_WITNESS_TEXT, "; it takes %s of mutex in C: %s",
            ratio_interval_text(w->mutex, ratio),
            agreement_of(verdict_kind(w->mutex), verdict_kind(w->go)) == WITNESS_SAME
                ? "Go's order, so what differs is how long a waiter for rwlock sleeps"
                : "not Go's order either");
}

void map_witness_text(const struct map_witness *w, char out[MAP_WITNESS_TEXT])
{
    static const char *const ending[] = {[WITNESS_OPEN] = "more blocks may decide it",
        [WITNESS_SAME] = "the same order",
        [WITNESS_OPPOSITE] = "the opposite order",
        [WITNESS_OTHER] = "not the same order"};
    char c[CELL_TEXT], go[CELL_TEXT];
    out[0] = '\0';
    if (w->agreement == WITNESS_NONE)
        return;
    text_append(out, MAP_WITNESS_TEXT,
        "twotier takes %s of rwlock in C, and a sync.Map %s of a sync.RWMutex in Go: %s",
        ratio_interval_text(w->c, c), ratio_interval_text(w->go, go), ending[w->agreement]);
    add_mutex(w, out);
}
