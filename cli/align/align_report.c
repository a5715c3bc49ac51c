/* SPDX-License-Identifier: MIT
 * The answer of `numaprobe align` in a sentence and as a line of a header, then what it is drawn
 * from. */
#include "cli/align/align.h"

#include "analysis/format/format.h"
#include "base/arch/arch.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/sample_notes.h"
#include "machine/signal_name.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { TEXT = 256 };

struct apart align_apart(const struct align_report *report)
{
    struct apart all = {0, 0};
    for (size_t i = 0; i < report->align->pairs; i++)
        all =
            apart_join(all, apart_of(&report->align->pair[i].sampling.summary, report->threshold));
    return all;
}

void align_define(const struct align_report *report, char *out, size_t size)
{
    const struct sample *const s = report->align->pair->sampling.samples.row;
    snprintf(out, size, "#define CACHE_LINE_APART %u /* numaprobe align, %s, %.10s */",
        align_apart(report).most, s->cpu_model, s->started_at);
}

/* "1.03× (1.01–1.04)" */
static const char *ratio_or_none_text(struct interval ratio, char *out)
{
    char mid[CELL_TEXT], range[CELL_TEXT];
    snprintf(out, CELL_TEXT, "%.16s (%.40s)", ratio_text(ratio.mid, mid),
        isnan(ratio.low) ? "no interval" : ratio_range_text(ratio, range));
    return out;
}

static const char *title_of(const struct estimate *e)
{
    for (size_t i = 0; i < APART_CASES; i++)
        if (strcmp(apart_cases[i].op, e->op) == 0)
            return apart_cases[i].title;
    return e->op;
}

/* The worst of all pairs at `bytes`: "1.03× (1.01–1.04) of the time far apart, cpus 0,1 (same L3),
 * both add"; "" where nothing was measured. */
static const char *worst_text(
    const struct align_report *r, unsigned bytes, bool surely, char out[TEXT])
{
    const struct estimate *worst = NULL;
    const struct plan *plan = NULL;
    *out = '\0';
    for (size_t i = 0; i < r->align->pairs; i++) {
        const struct align_pair *const p = &r->align->pair[i];
        const struct estimate *const e =
            apart_worst(&p->sampling.summary, r->threshold, bytes, surely);
        if (!apart_is_worse(e, worst, surely))
            continue;
        worst = e;
        plan = &p->plan;
    }
    char times[CELL_TEXT];
    if (worst)
        snprintf(out, TEXT, "%s of the time far apart, cpus %u,%u (%s), %s",
            ratio_or_none_text(worst->ratio, times), plan->cpus.cpu[0], plan->cpus.cpu[1],
            plan->apart, title_of(worst));
    return out;
}

static void print_answer(const struct align_report *r, unsigned bytes, FILE *out)
{
    char worst[TEXT], define[TEXT];
    cmd_warn(out, "%u bytes apart are enough here: at most %s.", bytes,
        worst_text(r, bytes, false, worst));
    if (*worst_text(r, bytes / 2, true, worst))
        cmd_warn(out, "%u bytes are not: %s.", bytes / 2, worst);
    align_define(r, define, sizeof define);
    text_print(out, "\n%s\n", define);
}

/* The first pair without intervals; NULL: there is none. */
static const struct align_pair *find_unmeasured(const struct align *align)
{
    for (size_t i = 0; i < align->pairs; i++)
        if (apart_blocks(&align->pair[i].sampling.summary) < STATS_BLOCKS_MIN)
            return &align->pair[i];
    return NULL;
}

static void print_open(const struct align_report *r, struct apart apart, FILE *out)
{
    char worst[TEXT];
    const struct align_pair *const p = find_unmeasured(r->align);
    const bool more = apart.most == APART_MORE;
    const bool early = r->interrupted; /* before its time was over */
    if (p)
        cmd_warn(out, "Undecided: of cpus %u,%u %zu blocks could be compared, and %d are needed%s.",
            p->plan.cpus.cpu[0], p->plan.cpus.cpu[1], apart_blocks(&p->sampling.summary),
            STATS_BLOCKS_MIN, early ? "" : "; use a longer --max-time");
    else if (apart.least == APART_MORE)
        cmd_warn(out, "More than %d bytes apart are needed here: %d are %s.", APART_WIDEST,
            APART_WIDEST, worst_text(r, APART_WIDEST, true, worst));
    else
        cmd_warn(out, "Undecided: %u bytes apart may be enough, or %s%u needed; %u are %s%s.",
            apart.least, more ? "more than " : "", more ? APART_WIDEST : apart.most, apart.most / 2,
            worst_text(r, apart.most / 2, false, worst),
            early ? "" : "; use a longer --max-time, or a larger --threshold");
}

static void add_distance(
    struct table *t, const struct summary *summary, unsigned bytes, double threshold)
{
    table_row(t);
    table_cell(t, PAINT_NONE, "%u B", bytes);
    for (size_t i = 0; i < APART_CASES; i++) {
        const struct estimate *const e = apart_estimate(summary, &apart_cases[i], bytes);
        char times[CELL_TEXT];
        if (e)
            table_cell(t, verdict_paints[verdict_kind_at(e->ratio, threshold)], "%s",
                ratio_or_none_text(e->ratio, times));
        else
            TABLE_TEXTS(t, "");
    }
}

static void print_pair(const struct align_report *r, const struct align_pair *p, FILE *out)
{
    const struct summary *const summary = &p->sampling.summary;
    fprintf(out, "\ncpus %u,%u (%s): ", p->plan.cpus.cpu[0], p->plan.cpus.cpu[1], p->plan.apart);
    if (summary->regimes == 0) {
        fputs("no block could be counted\n", out);
        return;
    }
    const struct regime *const most = summary->regime;
    fprintf(out, "%zu block%s, canary %.0f ns a round trip", most->blocks,
        most->blocks == 1 ? "" : "s", most->canary_ns);
    if (summary->regimes > 1)
        fprintf(
            out, "; %zu other regime%s", summary->regimes - 1, summary->regimes == 2 ? "" : "s");
    fputc('\n', out);
    struct table *const t = table_with("apart>");
    for (size_t i = 0; i < APART_CASES; i++)
        table_column(t, apart_cases[i].title, TABLE_RIGHT);
    for (unsigned bytes = APART_NARROWEST; bytes <= APART_WIDEST; bytes *= 2)
        add_distance(t, summary, bytes, r->threshold);
    cmd_print_table(t, out);
    sample_notes_print(&p->sampling.samples, out);
}

static void print_missing(const struct align *align, FILE *out)
{
    char missing[TEXT] = "";
    for (enum distance d = DISTANCE_SMT; d < DISTANCE_COUNT; d++) {
        bool found = false;
        for (size_t i = 0; i < align->pairs; i++)
            found = found || align->pair[i].distance == d;
        if (!found)
            text_append_item(missing, sizeof missing, ", ", "%s", distance_name(d));
    }
    if (*missing)
        cmd_warn(out, "Cpus at another distance may need more. No such pair here: %s.", missing);
}

static void print_cautions(const struct align_report *r, FILE *out)
{
    const struct samples *const samples = &r->align->pair->sampling.samples;
    fputc('\n', out);
    print_missing(r->align, out);
    if (samples->count && *samples->row->hypervisor)
        cmd_warn(out,
            "A virtual machine (%s): who shares a cache, and which prefetchers are on, is what it "
            "reports; the answer holds for the host that it ran on.",
            samples->row->hypervisor);
    if (!arch_can_flush())
        cmd_warn(out, "No line can be flushed here, so that no thread misses: what a prefetcher of "
                      "pairs of lines costs is not in the answer.");
}

int align_report_text(const struct align_report *report, FILE *out)
{
    const struct apart apart = align_apart(report);
    if (apart_is_decided(apart))
        print_answer(report, apart.most, out);
    else
        print_open(report, apart, out);
    for (size_t i = 0; i < report->align->pairs; i++)
        print_pair(report, &report->align->pair[i], out);
    print_cautions(report, out);
    if (report->interrupted)
        fprintf(out, "PARTIAL: interrupted by SIG%s.\n", signal_name(report->interrupted));
    return ferror(out) ? -EIO : 0;
}
