/* SPDX-License-Identifier: MIT
 * What `detect` found in programs: a sentence for each at the top of the page. */
#include "analysis/report/report_detect.h"

#include "analysis/format/html.h"
#include "analysis/report/report_internal.h"

#include <string.h>

/* Of the finding; without one, the first. */
static const json_t *process_of(const json_t *root, const json_t *finding)
{
    const json_t *const processes = json_object_get(root, "processes");
    for (size_t i = 0; finding && i < json_array_size(processes); i++) {
        const json_t *const process = json_array_get(processes, i);
        if (detect_file_count(process, "pid") == detect_file_count(finding, "pid"))
            return process;
    }
    return json_array_get(processes, 0);
}

/* Findings are in order. */
static const json_t *worst_of(const json_t *root)
{
    const json_t *const findings = json_object_get(root, "findings");
    for (size_t i = 0; i < json_array_size(findings); i++)
        if (report_detect_is_false(json_array_get(findings, i)))
            return json_array_get(findings, i);
    return NULL;
}

struct mark {
    const char *class, *word;
};

static const struct mark *mark_of(const json_t *root, const json_t *worst)
{
    static const struct mark costs = {"bad", "false sharing"}, harmless = {"warn", "false sharing"},
                             latent = {"warn", "latent"}, unwatched = {"warn", "not watched"},
                             none = {"good", "none found"};
    struct price price;
    if (!worst)
        return json_array_size(json_object_get(root, "processes")) ? &none : &unwatched;
    if (detect_file_text(worst, "latent"))
        return &latent;
    report_detect_price(worst, &price);
    return price.verdict == PRICE_NONE || price.verdict == PRICE_LOSS ? &harmless : &costs;
}

static void put_sentence(const json_t *finding, FILE *out)
{
    struct price price;
    char gain[600];
    report_detect_price(finding, &price);
    price_text(&price, gain, sizeof gain);
    report_detect_print_kind(finding, out);
    fputs(": ", out);
    report_detect_print_object(json_object_get(finding, "object"), out);
    if (price.known)
        html_print_text(out, "; %s", gain);
}

static void put_answer(const json_t *root, const json_t *worst, const struct mark *mark, FILE *out)
{
    const size_t more = worst ? report_detect_count(root) - 1 : 0;
    fprintf(
        out, "<li class=\"%s\"><span class=\"mark\">%s</span> <strong>", mark->class, mark->word);
    report_detect_print_program(root, out);
    fputs("</strong>\n<span class=\"text\">", out);
    if (worst)
        put_sentence(worst, out);
    else
        html_text(out, "No false sharing found in what was seen of it");
    fputs("</span>\n<small>", out);
    report_detect_print_coverage(process_of(root, worst), out);
    if (more)
        html_print_text(out, "; %zu finding%s more", more, more == 1 ? "" : "s");
    fputs("</small></li>\n", out);
}

/* Worst first. */
void report_print_detect_summary(const struct report *report, FILE *out)
{
    static const char *const classes[] = {"bad", "warn", "good"};
    fputs("<ul class=\"verdicts programs\">\n", out);
    for (size_t c = 0; c < sizeof classes / sizeof *classes; c++)
        for (size_t i = 0; i < report->detected->files; i++) {
            const json_t *const root = report->detected->file[i];
            const json_t *const worst = worst_of(root);
            const struct mark *const mark = mark_of(root, worst);
            if (strcmp(mark->class, classes[c]) == 0)
                put_answer(root, worst, mark, out);
        }
    fputs("</ul>\n", out);
}
