/* SPDX-License-Identifier: MIT
 * What `detect` found in programs: a sentence for each at the top of the page. */
#include "analysis/report/report_detect.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

/* Of the finding; without one, the first; NULL: none. */
static const struct view_process *process_of(
    const struct detect_view *view, const struct finding_view *finding)
{
    for (size_t i = 0; finding && i < view->processes.count; i++)
        if (view->processes.at[i].pid == finding->pid)
            return &view->processes.at[i];
    return view->processes.at;
}

static bool happens(const struct finding_view *f)
{
    return !f->latent || (f->price.known && f->price.happens);
}

static bool is_gain(const struct finding_view *f)
{
    return f->price.known && f->price.happens && f->price.verdict == PRICE_GAIN;
}

/* What happens is worse than what may, then a fix that gains more; of others the first, since they
 * are in order. */
static bool is_worse(const struct finding_view *a, const struct finding_view *b)
{
    if (happens(a) != happens(b))
        return happens(a);
    if (is_gain(a) != is_gain(b))
        return is_gain(a);
    return is_gain(a) && a->price.speedup.mid > b->price.speedup.mid;
}

static const struct finding_view *worst_of(const struct detect_view *view)
{
    const struct finding_view *worst = NULL;
    for (size_t i = 0; i < view->findings.count; i++) {
        const struct finding_view *const f = &view->findings.at[i];
        if (!finding_view_is_false(f))
            continue;
        if (!worst || is_worse(f, worst))
            worst = f;
    }
    return worst;
}

enum rank { RANK_BAD, RANK_WARN, RANK_GOOD, RANKS };
static const char *const rank_class[RANKS] = {"bad", "warn", "good"};

struct mark {
    enum rank rank;
    const char *word;
};

static struct mark mark_of(const struct detect_view *view, const struct finding_view *worst)
{
    if (!worst && view->unseen)
        return (struct mark){RANK_WARN, view->processes.count ? "not seen" : "not recorded"};
    if (!worst && detect_view_is_little(view))
        return (struct mark){RANK_WARN, "little seen"};
    if (!worst)
        return (struct mark){RANK_GOOD, "none found"};
    if (!happens(worst))
        return (struct mark){RANK_WARN, "latent"};
    const enum price_verdict verdict = worst->price.verdict;
    return (struct mark){
        verdict == PRICE_NONE || verdict == PRICE_LOSS ? RANK_WARN : RANK_BAD, "false sharing"};
}

/* The number that the finding has in its section: it is not the first where others gain less. */
static size_t number_of(const struct detect_view *view, const struct finding_view *finding)
{
    size_t number = 1;
    for (const struct finding_view *f = view->findings.at; f < finding; f++)
        number += finding_view_is_false(f);
    return number;
}

static void print_sentence(
    const struct detect_view *view, const struct finding_view *finding, FILE *out)
{
    char gain[FINDING_TEXT];
    const size_t count = detect_view_count(view);
    const bool all = count > 1 && report_detect_gain_of_all(view, gain);
    if (all)
        html_print_text(out, "%s. ", gain);
    if (count > 1)
        html_print_text(out,
            all && is_gain(finding) ? "The most by finding %zu: " : "Finding %zu: ",
            number_of(view, finding));
    report_detect_print_kind(finding, out);
    fputs(": ", out);
    report_detect_print_object(finding->object, out);
    price_text(&finding->price, gain, sizeof gain);
    if (finding->price.known)
        html_print_text(out, "; %s", gain);
}

static void print_summary(
    const struct detect_view *view, const struct finding_view *worst, struct mark mark, FILE *out)
{
    const struct view_process *const process = process_of(view, worst);
    const size_t more = worst ? detect_view_count(view) - 1 : 0;
    char text[FINDING_TEXT];
    fputs("<li><div class=\"what\"><strong>", out);
    report_detect_print_program(view, out);
    fprintf(out, "</strong></div>\n<span class=\"%s\">%s</span>\n<div class=\"text\">",
        rank_class[mark.rank], mark.word);
    if (worst)
        print_sentence(view, worst, out);
    else
        html_text(out, nothing_text(view, text));
    fputs("\n<small>", out);
    html_text(out, process ? coverage_text(process, text) : "No process was recorded");
    if (more)
        html_print_text(out, "; %zu more finding%s", more, more == 1 ? "" : "s");
    fputs("</small></div></li>\n", out);
}

/* Worst first. */
void report_print_detect_summary(const struct report *report, FILE *out)
{
    fputs("<ul class=\"verdicts programs\">\n", out);
    for (enum rank rank = RANK_BAD; rank < RANKS; rank++)
        for (size_t i = 0; i < report->detected->files; i++) {
            const struct detect_view *const view = &report->detected->file[i];
            const struct finding_view *const worst = worst_of(view);
            const struct mark mark = mark_of(view, worst);
            if (mark.rank == rank)
                print_summary(view, worst, mark, out);
        }
    fputs("</ul>\n", out);
}
