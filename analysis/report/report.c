/* SPDX-License-Identifier: MIT
 * What a report consists of: verdicts, panels, drawings. The HTML is written in report_page.c.
 */
#include "analysis/report/report.h"

#include "analysis/charts/gnuplot.h"
#include "analysis/charts/panel_select.h"
#include "analysis/report/report_internal.h"
#include "base/compare.h"
#include "base/grow.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct chart_form report_svg = {.terminal = "svg",
    .options = "dynamic font 'sans-serif,15'",
    .width = CHART_WIDTH_PX,
    .height = CHART_HEIGHT_PX};

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
    return compare_u64((uintptr_t)x->first, (uintptr_t)y->first);
}

/* A regime seen in a few blocks only is named among the warnings and has no estimates to judge, and
 * rejected blocks are of none; both have a verdict only where there is nothing else. The holding
 * curve shares a word on purpose: there is no layout to judge. */
static void filter_verdicts(struct report *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->verdicts; i++) {
        const struct estimate *const first = r->verdict[i].first;
        const struct regime *const regime = summary_regime(&r->dataset->summary, first);
        const bool left_out = regime ? regime_is_brief(r->dataset, regime)
                                     : first->accepted == 0 && r->dataset->summary.regimes > 0;
        if (!estimate_is_hold(first) && !left_out)
            r->verdict[kept++] = r->verdict[i];
    }
    r->verdicts = kept;
    qsort(r->verdict, r->verdicts, sizeof *r->verdict, worst_first);
}

static void list_panel(struct report *r, enum panels_kind kind, const struct panel *panel)
{
    for (size_t c = 0; c < chart_file_count; c++) {
        if (!chart_draws(&chart_file_table[c], panels_table[kind].name))
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
    for (enum panels_kind k = 0; k < PANELS_KINDS; k++)
        for (size_t i = 0; i < r->panels[k].count; i++)
            list_panel(r, k, &r->panels[k].panel[i]);
    return 0;
}

static int judge_compared(struct report *r, const struct ab_sessions *sessions)
{
    static const struct ab_rule rule = {.judged = AB_WALL, .precision = AB_RESOLVABLE};
    int code = 0;
    for (size_t i = 0, count; i < sessions->count && !code; i += count) {
        count = ab_sessions_alike(sessions, i);
        code = GROW(r->compared, r->compared_count);
        if (!code)
            code = ab_result_init(
                &r->compared[r->compared_count], &sessions->session[i], count, &rule);
        r->compared_count += !code;
    }
    return code;
}

static int build_panels(struct report *r, enum panels_kind kind)
{
    const struct panels_entry *const entry = &panels_table[kind];
    int code = entry->add ? entry->add(r->dataset, &r->panels[kind]) : 0;
    for (size_t i = 0; entry->add_ab && i < r->compared_count && !code; i++)
        if (r->compared[i].summary.blocks)
            code = entry->add_ab(&r->compared[i], &r->panels[kind]);
    return code;
}

int report_init(struct report *report, const struct report_input *input)
{
    static const struct cards no_cards = {0};
    *report = (struct report){.dataset = input->dataset,
        .detected = input->detected,
        .watched = input->watched,
        .hosts = input->hosts,
        .cards = input->cards ? input->cards : &no_cards};
    int code = verdict_build(&input->dataset->summary, &report->verdict, &report->verdicts);
    if (!code)
        filter_verdicts(report);
    if (!code)
        code = map_table_build(&input->dataset->summary, &report->maps);
    if (!code)
        code = judge_compared(report, input->compared);
    for (enum panels_kind kind = 0; kind < PANELS_KINDS && !code; kind++)
        code = build_panels(report, kind);
    if (!code)
        code = report_list_shared(report);
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
    free(report->shared);
    map_table_fini(&report->maps);
    for (size_t i = 0; i < report->compared_count; i++)
        ab_result_fini(&report->compared[i]);
    free(report->compared);
    for (size_t i = 0; i < PANELS_KINDS; i++)
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
