/* SPDX-License-Identifier: MIT
 * What a report consists of: verdicts, panels, drawings. How it looks is report_page.c's business.
 */
#include "analysis/report/report.h"

#include "analysis/charts/gnuplot.h"
#include "analysis/charts/panel_select.h"
#include "analysis/charts/panels.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct report_section report_sections[REPORT_SECTIONS] = {
    {"latency", "Time by alignment",
        "The median over blocks of one op's time, with its 95% interval. ‘isolated’ is the same "
        "layout with each role's words on lines of their own; each ratio is to it, within the same "
        "blocks. In throughput mode ops may overlap; in latency mode each waits for the one "
        "before, "
        "and of a store that means store and drain.",
        "No layouts were measured (numaprobe run --csv FILE).", "ladder", true, panels_latency},
    {"distribution", "Distribution over blocks",
        "What share of the blocks took at most so long. A steep line is a steady machine; a line "
        "with steps means that the machine had several states.",
        "No layouts were measured.", "spread", false, panels_distribution},
    {"events", "Events beside the time",
        "L3 misses and the events that a contested line causes, per op. A line that is contested "
        "within one L3 causes no L3 miss, and events that see loads only stay at zero while stores "
        "fight for a line.",
        "No such events were counted: see the warnings for the reasons. Times are all there is.",
        "events", false, panels_events},
    {"gap", "Price against gap",
        "What sharing adds to an op (the time of ‘isolated’ by the ratio of the same blocks, less "
        "one) against the private work between ops: at zero the core hides it behind the work. Of "
        "the holding curve of costs the difference to the same on lines of one’s own, and how long "
        "a cpu holds the line: from one change of its owner to the next, and adds in between.",
        "Only one gap was measured. Several runs with other values of --gap, or numaprobe costs, "
        "make a curve.",
        "gap", false, panels_gap},
    {"matrix", "Core to core",
        "The median time between any two cpus, by the protocol named. Protocols differ by design: "
        "compare each only with itself.",
        "No pairs were measured (numaprobe matrix --csv FILE).", "matrix", false, panels_matrix},
    {"costs", "Price list",
        "The price of one op on a line, by the state the line is in, whose it is and where its "
        "memory lies.",
        "No prices were measured (numaprobe costs --csv FILE).", "price", true, panels_costs},
};

const struct chart_form report_svg = {
    "svg", "dynamic font 'sans-serif,15'", CHART_WIDTH_PX, CHART_HEIGHT_PX};

/* Worst first: what costs, what is open, what could not be judged, what is fine. */
static int rank_of(const struct verdict *v)
{
    static const int rank[] = {[VERDICT_SLOWER] = 0,
        [VERDICT_FASTER] = 1,
        [VERDICT_OPEN] = 2,
        [VERDICT_NONE] = 3,
        [VERDICT_SAME] = 4};
    return rank[v->worst];
}

static int worst_first(const void *a, const void *b)
{
    const struct verdict *x = a, *y = b;
    if (rank_of(x) != rank_of(y))
        return rank_of(x) - rank_of(y);
    const double p = x->first->ratio.mid, q = y->first->ratio.mid;
    if (!(p == q) && !(isnan(p) && isnan(q)))
        return p > q || isnan(q) ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* A regime seen in a few blocks only is named among the warnings and has no figures to judge, and
 * rejected blocks are of none; both have a verdict only where there is nothing else. The holding
 * curve shares a word on purpose: there is no layout to judge. */
static void keep_verdicts(struct report *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->verdicts; i++) {
        const struct estimate *const first = r->verdict[i].first;
        const struct regime *const regime = regime_of(r->dataset, first);
        const bool left_out = regime ? regime_is_brief(r->dataset, regime)
                                     : first->accepted == 0 && r->dataset->summary.regimes > 0;
        if (!estimate_is_hold(first) && !left_out)
            r->verdict[kept++] = r->verdict[i];
    }
    r->verdicts = kept;
    qsort(r->verdict, r->verdicts, sizeof *r->verdict, worst_first);
}

static void list_panel(struct report *r, size_t section, const struct panel *panel)
{
    for (size_t c = 0; c < chart_file_count; c++) {
        if (!chart_draws(&chart_file_table[c], report_sections[section].panels))
            continue;
        if (r->drawings < REPORT_CHARTS_MAX)
            r->drawing[r->drawings++] =
                (struct drawing){.chart = &chart_file_table[c], .panel = panel};
        else
            r->not_drawn++;
    }
}

static int list_drawings(struct report *r)
{
    r->drawing = calloc(REPORT_CHARTS_MAX, sizeof *r->drawing);
    if (!r->drawing)
        return -ENOMEM;
    for (size_t s = 0; s < REPORT_SECTIONS; s++)
        for (size_t i = 0; i < r->panels[s].count; i++)
            list_panel(r, s, &r->panels[s].panel[i]);
    return 0;
}

int report_init(
    struct report *report, const struct dataset *dataset, const struct detect_file *detected)
{
    *report = (struct report){.dataset = dataset, .detected = detected};
    int code = verdict_build(&dataset->summary, &report->verdict, &report->verdicts);
    if (!code)
        keep_verdicts(report);
    for (size_t i = 0; i < REPORT_SECTIONS && !code; i++)
        code = report_sections[i].fill(dataset, &report->panels[i]);
    if (!code)
        code = list_drawings(report);
    if (code)
        report_fini(report);
    return code;
}

void report_release(struct report *report)
{
    for (size_t i = 0; i < report->drawings; i++) {
        if (report->drawing[i].out)
            fclose(report->drawing[i].out);
        report->drawing[i].out = NULL;
        report->drawing[i].why = (struct err){0};
    }
}

void report_fini(struct report *report)
{
    report_release(report);
    free(report->drawing);
    free(report->verdict);
    for (size_t i = 0; i < REPORT_SECTIONS; i++)
        panels_fini(&report->panels[i]);
    *report = (struct report){0};
}

int report_draw(struct report *report, const struct chart_form *form, struct err *err)
{
    report_release(report);
    for (size_t i = 0; i < report->drawings; i++) {
        struct drawing *const d = &report->drawing[i];
        d->out = gnuplot_file();
        if (!d->out)
            return err_set(err, -errno, "no file in memory for a chart: %s", strerror(errno));
    }
    const int code = charts_draw(report->drawing, report->drawings, form, err);
    if (code)
        report->no_charts = *err;
    return code;
}
