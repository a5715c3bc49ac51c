/* SPDX-License-Identifier: MIT
 * Warnings that the runs recorded, each once for all runs that it is true of. */
#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_MAX = 8 }; /* named for one warning; more nobody reads */

/* What a run has to be warned of, for `out`: its own part of the sentence. Returns how bad that is
 * as a class of the page's style, NULL: nothing. */
typedef const char *detail_fn(const struct report *r, const struct dataset_run *run, FILE *out);

static const char *detail_rejected(const struct report *r, const struct dataset_run *run, FILE *out)
{
    (void)r;
    if (!run->rejected)
        return NULL;
    fprintf(out, "%zu of %zu rows (%.0f%%), most often: %s", run->rejected, run->rows,
        100.0 * (double)run->rejected / (double)run->rows, run->reject_reason);
    return run->rejected * 2 > run->rows ? "bad" : "warn";
}

static const char *detail_regimes(const struct report *r, const struct dataset_run *run, FILE *out)
{
    const struct summary *const s = &r->dataset->summary;
    size_t regimes = 0;
    for (size_t i = 0; i < s->regimes; i++) {
        const struct regime *const g = &s->regime[i];
        if (!SAME_RUN(run, g))
            continue;
        fprintf(out, "%s%" PRId64 " (%zu block%s", regimes++ ? ", " : "", g->regime, g->blocks,
            g->blocks == 1 ? "" : "s");
        if (!isnan(g->canary_ns))
            fprintf(out, ", canary %.0f ns", g->canary_ns);
        fprintf(out, "%s)", regime_is_brief(r->dataset, g) ? ", too few for estimates" : "");
    }
    return regimes > 1 ? "warn" : NULL;
}

/* Whether rows that do not count belong to an estimate that has others: a rejected block is of no
 * regime, so its rows have a name of their own. Estimates of one question are next to each other.
 */
static bool is_told_elsewhere(const struct summary *s, size_t index)
{
    const struct estimate *const f = &s->estimate[index];
    if (f->accepted > 0 || f->regime != SAMPLE_NONE)
        return false;
    for (size_t i = index + 1; i < s->count; i++) {
        struct estimate other = s->estimate[i];
        other.regime = f->regime;
        if (!estimate_same_group(f, &other))
            return false;
        if (s->estimate[i].accepted > 0 && other.align_bytes == f->align_bytes &&
            compare_text(other.twin, f->twin) == 0)
            return true;
    }
    return false;
}

static bool is_of_brief_regime(const struct dataset *d, const struct estimate *f)
{
    const struct regime *const regime = summary_regime(&d->summary, f);
    return regime && regime_is_brief(d, regime);
}

/* What is in a brief regime, or rejected in one block and measured in others, is told of already.
 */
static const char *detail_blocks(const struct report *r, const struct dataset_run *run, FILE *out)
{
    const struct summary *const s = &r->dataset->summary;
    size_t few = 0, none = 0, all = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct estimate *const f = &s->estimate[i];
        if (!SAME_RUN(run, f) || is_of_brief_regime(r->dataset, f) || is_told_elsewhere(s, i))
            continue;
        all++;
        none += f->ns.n == 0;
        few += f->ns.n < STATS_BLOCKS_MIN;
    }
    if (few)
        fprintf(out, "%zu of %zu estimates", few, all);
    if (none)
        fprintf(out, ", %zu of which ha%s none at all", none, none == 1 ? "s" : "ve");
    return few ? "warn" : NULL;
}

static const char *detail_unverified(
    const struct report *r, const struct dataset_run *run, FILE *out)
{
    (void)r;
    if (run->unverified)
        fprintf(out, "in %zu of %zu rows", run->unverified, run->rows);
    return run->unverified ? "warn" : NULL;
}

static const char *detail_hypervisor(
    const struct report *r, const struct dataset_run *run, FILE *out)
{
    (void)r;
    fputs(run->hypervisor, out);
    return *run->hypervisor ? "warn" : NULL;
}

/* matrix and costs count none by design. */
static const char *detail_counters(const struct report *r, const struct dataset_run *run, FILE *out)
{
    (void)r;
    const bool none = strcmp(run->counters, "none") == 0 || !*run->counters;
    if (strcmp(run->instrument, "run") != 0 || (!none && !*run->counters_reason))
        return NULL;
    fprintf(out, "%s: %s", none ? "none" : "not all",
        *run->counters_reason ? run->counters_reason : "the run did not ask for any");
    return "note";
}

static const char *detail_prefetchers(
    const struct report *r, const struct dataset_run *run, FILE *out)
{
    (void)r;
    (void)out;
    return *run->prefetchers && strcmp(run->prefetchers, "unknown") != 0 ? NULL : "note";
}

static const struct warning {
    const char *head, *text;
    detail_fn *detail;
} warnings[] = {
    {"Disturbed trials", "what was measured in them does not count", detail_rejected},
    {"Several regimes", "the distance between the cpus changed under the run; they are never mixed",
        detail_regimes},
    {"Too few blocks", "an interval needs 20; give the run a longer --max-time", detail_blocks},
    {"Unverified memory", "the node of the pages is not known (numaprobe doctor)",
        detail_unverified},
    {"Virtual machine",
        "the topology may be wrong, and the distance between two cpus can change under a run",
        detail_hypervisor},
    {"Events counted", "", detail_counters},
    {"Prefetchers",
        "could not be read, so whether the adjacent line is fetched too is not known; sweep "
        "--align up "
        "to 128",
        detail_prefetchers},
};

/* What one run is warned of. */
struct told {
    char *detail;
    size_t run, first; /* `first`: the first run that is told the same */
    const char *class;
};

static int by_run(const void *a, const void *b)
{
    const struct told *const x = a, *const y = b;
    const int order = compare_u64(x->first, y->first);
    return order ? order : compare_u64(x->run, y->run);
}

static int by_detail(const void *a, const void *b)
{
    const struct told *const x = a, *const y = b;
    const int order = strcmp(x->detail, y->detail);
    return order ? order : compare_u64(x->run, y->run);
}

/* Brings equal details together, in the order of the runs. */
static void sort_told(struct told *told, size_t count)
{
    qsort(told, count, sizeof *told, by_detail);
    for (size_t i = 0; i < count; i++)
        told[i].first = i > 0 && strcmp(told[i - 1].detail, told[i].detail) == 0 ? told[i - 1].first
                                                                                 : told[i].run;
    qsort(told, count, sizeof *told, by_run);
}

/* Frees nothing on failure; *count details are the caller's. */
static int list_told(
    const struct report *r, const struct warning *warning, struct told *told, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < r->dataset->runs; i++) {
        struct told *const t = &told[*count];
        size_t size;
        FILE *const out = open_memstream(&t->detail, &size);
        if (!out)
            return -ENOMEM;
        t->run = i;
        t->class = warning->detail(r, &r->dataset->run[i], out);
        const bool failed = fclose(out) != 0;
        if (failed || !t->class)
            free(t->detail);
        if (failed)
            return -ENOMEM;
        *count += t->class != NULL;
    }
    sort_told(told, *count);
    return 0;
}

/* "a.csv, b.csv and 3 more" */
static void print_runs(const struct report *r, const struct told *told, size_t count, FILE *out)
{
    const struct dataset *const d = r->dataset;
    char name[RUN_NAME_TEXT];
    for (size_t i = 0; i < count && i < RUNS_MAX; i++)
        html_print_text(out, "%s%s", i ? ", " : "", run_name_text(d, &d->run[told[i].run], name));
    if (count > RUNS_MAX)
        fprintf(out, " and %zu more", count - RUNS_MAX);
}

static void print_told(const struct report *r, const struct told *told, size_t count, FILE *out)
{
    fputs("<ul>\n", out);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && told[from].first == told[to].first;)
            to++;
        fputs("<li>", out);
        print_runs(r, told + from, to - from, out);
        html_print_text(out, ": %s", told[from].detail);
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

static const char *worst_class(const struct told *told, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(told[i].class, "bad") == 0)
            return told[i].class;
    return told->class;
}

/* Of all runs in one sentence where it is the same; else a line for each that is told the same. */
static void print_warning(const struct report *r, const struct warning *warning,
    const struct told *told, size_t count, FILE *out)
{
    const bool all = count == r->dataset->runs && told[0].first == told[count - 1].first;
    fprintf(out, "<li class=\"%s\">", worst_class(told, count));
    html_print(out, "strong", NULL, "%s:", warning->head);
    html_text(out, warning->text);
    if (all || !*told->detail) {
        html_print_text(out, "%s%s", *warning->text && *told->detail ? ": " : "", told->detail);
        if (!all) {
            fputs(": ", out);
            print_runs(r, told, count, out);
        }
        fputs(".", out);
    } else {
        fputs(*warning->text ? ":\n" : "\n", out);
        print_told(r, told, count, out);
    }
    fputs("</li>\n", out);
}

static bool has_other_version(const struct report *r, const struct dataset_run *run)
{
    return compare_text(run->version, r->dataset->run[0].version) != 0;
}

static void print_note(FILE *out, const char *class, const char *head, const char *text)
{
    fprintf(out, "<li class=\"%s\">", class);
    html_print(out, "strong", NULL, "%s:", head);
    html_text(out, text);
    fputs("</li>\n", out);
}

/* What is true of the page as a whole. Returns how many. */
static size_t print_notes(const struct report *r, FILE *out)
{
    char text[sizeof r->no_charts.text + 64];
    size_t notes = 0;
    if (*r->no_charts.text && ++notes) {
        snprintf(
            text, sizeof text, "%s. The tables have all that they would show.", r->no_charts.text);
        print_note(out, "warn", "No charts", text);
    }
    if (r->not_drawn && ++notes) {
        snprintf(text, sizeof text, "%zu, so that the page stays readable; their tables are here.",
            r->not_drawn);
        print_note(out, "note", "Charts left out", text);
    }
    for (size_t i = 1; i < r->dataset->runs; i++)
        if (has_other_version(r, &r->dataset->run[i])) {
            print_note(out, "warn", "Several versions",
                "of numaprobe measured: their protocols may differ.");
            return notes + 1;
        }
    return notes;
}

int report_print_warnings(const struct report *report, FILE *out)
{
    struct told *const told = calloc(report->dataset->runs + 1, sizeof *told);
    int code = told ? 0 : -ENOMEM;
    fputs("<ul class=\"warnings\">\n", out);
    size_t printed = print_notes(report, out);
    for (size_t i = 0; i < sizeof warnings / sizeof *warnings && !code; i++) {
        size_t count;
        code = list_told(report, &warnings[i], told, &count);
        if (count && !code)
            print_warning(report, &warnings[i], told, count, out);
        printed += count > 0;
        for (size_t k = 0; k < count; k++)
            free(told[k].detail);
    }
    if (!printed && report->dataset->runs)
        html_print(out, "li", "good",
            "Nothing: no trial was disturbed, the memory is where it was bound.");
    fputs("</ul>\n", out);
    free(told);
    return code;
}
