/* SPDX-License-Identifier: MIT
 * The numbers of a run, with names that are the same on every host of a kind: without the cpus, and
 * one number for all pairs of a distance, of which a large machine has thousands. */
#include "analysis/hosts/hosts_internal.h"
#include "analysis/stats/stats.h"
#include "base/grow.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_TEXT = 512 };

/* Half of an interval in standard errors: its nominal level is 97% (stats_interval). */
static const double HALF_WIDTH = 2.17;

static void add_word(char *out, const char *separator, const char *word)
{
    if (word && *word)
        text_append_item(out, NAME_TEXT, separator, "%s", word);
}

static void name_variant(char *out, const struct estimate *e)
{
    if (e->align_bytes != SAMPLE_NONE)
        text_append_item(out, NAME_TEXT, " ", "%" PRId64 " B", e->align_bytes);
    else if (strcmp(e->instrument, "run") == 0 || estimate_is_hold(e))
        add_word(out, " ", "isolated");
    add_word(out, " ", e->twin);
}

static void name_setting(char *out, const struct estimate *e)
{
    const bool pair = strcmp(e->layout, "pair") == 0 || strcmp(e->layout, "line") == 0;
    const bool one_role = pair || estimate_is_hold(e);
    add_word(out, " ", e->state);
    add_word(out, ", ", e->distance);
    add_word(out, ", ", e->home);
    add_word(out, ", ", e->load);
    if (!one_role)
        add_word(out, ", ", e->role);
    if (!one_role)
        add_word(out, ", ", e->mode);
    if (e->threads != SAMPLE_NONE && !pair)
        text_append_item(out, NAME_TEXT, ", ", "%" PRId64 " threads", e->threads);
    if (e->clients != SAMPLE_NONE)
        text_append_item(out, NAME_TEXT, ", ", "%" PRId64 " clients", e->clients);
    if (e->client_threads == 1)
        add_word(out, ", ", "threads");
    if (e->gap_ns > 0)
        text_append_item(out, NAME_TEXT, ", ", "gap %g ns", e->gap_ns);
}

static const struct dataset_cpu *find_place(const struct dataset_run *run, int64_t cpu)
{
    for (size_t i = 0; i < run->places; i++)
        if (run->place[i].cpu == cpu)
            return &run->place[i];
    return NULL;
}

/* Of a matrix, so that one package that is slow is seen next to the others. */
static void name_package(char *out, const struct dataset_run *run, const struct estimate *e)
{
    const struct dataset_cpu *const at = find_place(run, e->cpu);
    bool several = false;
    for (size_t i = 1; i < run->places; i++)
        several = several || run->place[i].package != run->place[0].package;
    if (strcmp(e->instrument, "matrix") == 0 && at && several && at->package != SAMPLE_NONE)
        text_append_item(out, NAME_TEXT, ", ", "package %" PRId64, at->package);
}

static void name_estimate(char *out, const struct dataset_run *run, const struct estimate *e)
{
    *out = '\0';
    add_word(out, " ", e->instrument);
    if (strcmp(e->layout, "pair") != 0 && strcmp(e->layout, "line") != 0)
        add_word(out, " ", e->layout);
    add_word(out, " ", e->op);
    name_variant(out, e);
    name_setting(out, e);
    name_package(out, run, e);
}

int quantities_intern(struct quantities *quantities, struct strings *strings, const char *name,
    const char *version, uint32_t *out)
{
    const char *const text = strings_intern(strings, name), *const of =
                                                                strings_intern(strings, version);
    const size_t i = text && of ? run_index_intern(&quantities->index, text, of) : RUN_NONE;
    if (i == RUN_NONE || (i == quantities->count && GROW(quantities->at, quantities->count)))
        return -ENOMEM;
    if (i == quantities->count)
        quantities->at[quantities->count++] = (struct hosts_quantity){text, of};
    *out = (uint32_t)i;
    return 0;
}

void quantities_fini(struct quantities *quantities)
{
    run_index_free(quantities->index);
    free(quantities->at);
}

/* Where the values of a run go. */
struct listing {
    struct quantities *quantities;
    struct strings *strings;
    const char *version;
    struct reading_values *out;
};

static int add_value(const struct listing *to, const char *name, double ns, double error)
{
    uint32_t quantity;
    if (!(ns > 0) || isinf(ns))
        return 0;
    if (quantities_intern(to->quantities, to->strings, name, to->version, &quantity) ||
        GROW(to->out->at, to->out->count))
        return -ENOMEM;
    to->out->at[to->out->count++] = (struct reading_value){quantity, log(ns), error};
    return 0;
}

static double error_of(struct interval i)
{
    return i.low > 0 ? (log(i.high) - log(i.low)) / (2 * HALF_WIDTH) : NAN;
}

/* The regime with the most blocks; in a virtual machine others may be those of another distance. */
static bool is_judged(const struct dataset *run, const struct estimate *e)
{
    return e->ns.n > 0 && (run->summary.regimes == 0 || e->regime == run->summary.regime[0].regime);
}

int values_list(
    const struct dataset *run, struct quantities *quantities, struct reading_values *out)
{
    const struct dataset_run *const r = run->run;
    const struct listing to = {quantities, run->strings, r->version, out};
    char name[NAME_TEXT];
    int code = 0;
    for (size_t i = 0; i < run->summary.count && !code; i++) {
        const struct estimate *const e = &run->summary.estimate[i];
        if (!is_judged(run, e))
            continue;
        name_estimate(name, r, e);
        code = add_value(&to, name, e->ns.mid, error_of(e->ns));
    }
    snprintf(name, sizeof name, "%s canary", r->instrument);
    if (!code && run->summary.regimes)
        code = add_value(&to, name, run->summary.regime[0].canary_ns, NAN);
    return code ? code : add_value(&to, "clock pair", r->clock_overhead_ns, NAN);
}

static int by_quantity(const void *a, const void *b)
{
    const struct reading_value *const x = a, *const y = b;
    if (x->quantity != y->quantity)
        return x->quantity < y->quantity ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

/* The errors of several medians are of separate measurements; what is not known is left out. */
static struct reading_value join(const struct reading_value *first, size_t count)
{
    const size_t middle = count / 2;
    struct reading_value out = first[middle];
    double squares = 0, known = 0;
    if (count % 2 == 0)
        out.value = (first[middle - 1].value + first[middle].value) / 2;
    for (size_t i = 0; i < count; i++)
        if (!isnan(first[i].error)) {
            squares += first[i].error * first[i].error;
            known++;
        }
    out.error = known > 0 ? sqrt(squares / known / known) : NAN;
    return out;
}

void values_join(struct reading_values *values)
{
    size_t kept = 0;
    if (values->count)
        qsort(values->at, values->count, sizeof *values->at, by_quantity);
    for (size_t i = 0, next; i < values->count; i = next) {
        next = i + 1;
        while (next < values->count && values->at[next].quantity == values->at[i].quantity)
            next++;
        values->at[kept++] = join(&values->at[i], next - i);
    }
    values->count = kept;
}
