/* SPDX-License-Identifier: MIT
 * Warnings that the runs recorded, and what is missing. */
#include "analysis/charts/panel_select.h"
#include "analysis/dataset/cell_compare.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* True when there was something to warn of. */
typedef bool warn_fn(const struct report *r, const struct dataset_run *run, FILE *out);

static void begin_item(FILE *out, const char *class, const char *what)
{
    fprintf(out, "<li class=\"%s\">", class);
    html_print(out, "strong", NULL, "%s", what);
}

static bool warn_hypervisor(const struct report *r, const struct dataset_run *run, FILE *out)
{
    (void)r;
    if (!*run->hypervisor)
        return false;
    begin_item(out, "warn", "Virtual machine");
    html_print_text(out,
        "(%s): the topology may be wrong, and the distance between two cpus can change "
        "under a run.",
        run->hypervisor);
    fputs("</li>\n", out);
    return true;
}

static bool warn_unverified(const struct report *r, const struct dataset_run *run, FILE *out)
{
    (void)r;
    if (!run->unverified)
        return false;
    begin_item(out, "warn", "Unverified memory");
    html_print_text(out,
        "in %zu of %zu rows: the node of their pages is unknown "
        "(numaprobe doctor).",
        run->unverified, run->rows);
    fputs("</li>\n", out);
    return true;
}

static bool warn_rejected(const struct report *r, const struct dataset_run *run, FILE *out)
{
    (void)r;
    if (!run->rejected)
        return false;
    begin_item(out, run->rejected * 2 > run->rows ? "bad" : "warn", "Disturbed trials");
    html_print_text(out, "%zu of %zu rows do not count (%.0f%%), most often: %s.", run->rejected,
        run->rows, 100.0 * (double)run->rejected / (double)run->rows, run->reject_reason);
    fputs("</li>\n", out);
    return true;
}

static bool warn_regimes(const struct report *r, const struct dataset_run *run, FILE *out)
{
    const struct summary *const s = &r->dataset->summary;
    size_t regimes = 0;
    for (size_t i = 0; i < s->regimes; i++)
        regimes += SAME_RUN(run, &s->regime[i]);
    if (regimes < 2)
        return false;
    begin_item(out, "warn", "Several regimes");
    html_print_text(
        out, "the distance between the cpus changed under the run; each is shown separately:");
    const char *between = " ";
    for (size_t i = 0; i < s->regimes; i++) {
        const struct regime *const g = &s->regime[i];
        if (!SAME_RUN(run, g))
            continue;
        html_print_text(out, "%s%" PRId64 " (%zu block%s", between, g->regime, g->blocks,
            g->blocks == 1 ? "" : "s");
        if (!isnan(g->canary_ns))
            html_print_text(out, ", canary %.0f ns", g->canary_ns);
        html_print_text(
            out, "%s)", regime_is_brief(r->dataset, g) ? ", too few for estimates" : "");
        between = ", ";
    }
    fputs(".</li>\n", out);
    return true;
}

static bool warn_blocks(const struct report *r, const struct dataset_run *run, FILE *out)
{
    const struct summary *const s = &r->dataset->summary;
    size_t few = 0, none = 0, all = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (!SAME_RUN(run, &s->estimate[i]))
            continue;
        all++;
        none += s->estimate[i].ns.n == 0;
        few += s->estimate[i].ns.n > 0 && s->estimate[i].ns.n < STATS_BLOCKS_MIN;
    }
    if (few + none == 0)
        return false;
    begin_item(out, "warn", "Too few blocks");
    html_print_text(out, "for an interval in %zu of %zu estimates (%d are needed)", few + none, all,
        STATS_BLOCKS_MIN);
    if (none)
        html_print_text(out, "; %zu of them have none at all", none);
    fputs(": give the run a longer --max-time.</li>\n", out);
    return true;
}

static bool warn_counters(const struct report *r, const struct dataset_run *run, FILE *out)
{
    (void)r;
    const bool none = strcmp(run->counters, "none") == 0 || !*run->counters;
    if (!*run->counters_reason && (!none || strcmp(run->instrument, "run") != 0))
        return false;
    begin_item(out, "note", none ? "No events were counted:" : "Some events were not counted:");
    html_print_text(
        out, "%s", *run->counters_reason ? run->counters_reason : "the run did not ask for any");
    fputs(".</li>\n", out);
    return true;
}

static bool warn_prefetchers(const struct report *r, const struct dataset_run *run, FILE *out)
{
    (void)r;
    if (*run->prefetchers && strcmp(run->prefetchers, "unknown") != 0)
        return false;
    begin_item(out, "note", "Prefetchers");
    fputs("could not be read: whether the adjacent line is fetched too is not known; sweep --align "
          "up to 128.</li>\n",
        out);
    return true;
}

static warn_fn *const warnings[] = {warn_rejected, warn_regimes, warn_blocks, warn_unverified,
    warn_hypervisor, warn_counters, warn_prefetchers};

static bool has_other_version(const struct report *r, const struct dataset_run *run)
{
    return compare_text(run->version, r->dataset->run[0].version) != 0;
}

static void warn_report(const struct report *r, FILE *out)
{
    if (*r->no_charts.text) {
        begin_item(out, "warn", "No charts");
        html_print_text(out, "%s. The tables have all that they would show.", r->no_charts.text);
        fputs("</li>\n", out);
    }
    if (r->not_drawn) {
        begin_item(out, "note", "Charts left out");
        html_print_text(
            out, "%zu, so that the page stays readable; their tables are here.", r->not_drawn);
        fputs("</li>\n", out);
    }
    for (size_t i = 1; i < r->dataset->runs; i++)
        if (has_other_version(r, &r->dataset->run[i])) {
            begin_item(out, "warn", "Several versions");
            fputs("of numaprobe measured: their protocols may differ.</li>\n", out);
            return;
        }
}

static void print_run(const struct report *r, const struct dataset_run *run, FILE *out)
{
    bool any = false;
    fputs("<h3>", out);
    html_print_text(out, "%s, %s %.8s", run->host, run->instrument, run->run_id);
    fputs("</h3>\n<ul class=\"warnings\">\n", out);
    for (size_t i = 0; i < sizeof warnings / sizeof *warnings; i++)
        any |= warnings[i](r, run, out);
    if (!any)
        html_print(out, "li", "good",
            "Nothing: no trial was disturbed, the memory is where it was bound.");
    fputs("</ul>\n", out);
}

int report_print_warnings(const struct report *report, FILE *out)
{
    fputs("<ul class=\"warnings\">\n", out);
    warn_report(report, out);
    fputs("</ul>\n<div class=\"panels\">\n", out);
    for (size_t i = 0; i < report->dataset->runs; i++) {
        fputs("<div>", out);
        print_run(report, &report->dataset->run[i], out);
        fputs("</div>\n", out);
    }
    fputs("</div>\n", out);
    return 0;
}
