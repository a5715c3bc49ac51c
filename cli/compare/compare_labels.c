/* SPDX-License-Identifier: MIT
 * Names, estimates and sentences of compare. */
#include "cli/compare/compare_labels.h"

#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

const char *const compare_verdicts[] = {[VERDICT_NONE] = "no interval",
    [VERDICT_SAME] = "same",
    [VERDICT_SLOWER] = "worse",
    [VERDICT_FASTER] = "better",
    [VERDICT_OPEN] = "undecided"};

const char *const compare_alone_texts[] = {[ALONE_ABSENT] = "not measured in the other file",
    [ALONE_CPU] = "the other file is of another cpu model",
    [ALONE_PROTOCOL] = "the other file's canary has another protocol",
    [ALONE_DISTANCE] = "the other file's cpus have another distance",
    [ALONE_REGIME] = "a regime that the other run does not have",
    [ALONE_RUN] = "the other file has fewer runs of it"};

#define APPEND(text, ...) text_append_item(text, COMPARE_TEXT, ", ", __VA_ARGS__)

void compare_variant_text(const struct estimate *f, char text[COMPARE_TEXT])
{
    *text = '\0';
    if (f->align_bytes != SAMPLE_NONE)
        APPEND(text, "%" PRId64 " B", f->align_bytes);
    else if (f->peer == SAMPLE_NONE && !*f->state && !estimate_is_map(f))
        APPEND(text, "isolated");
    if (*f->twin)
        text_append(text, COMPARE_TEXT, " %s", f->twin);
    if (*f->state)
        APPEND(text, "%s", f->state);
    if (*f->home)
        APPEND(text, "%s", f->home);
    if (f->peer != SAMPLE_NONE)
        APPEND(text, "%" PRId64 "→%" PRId64, f->cpu, f->peer);
    else if (f->cpu != SAMPLE_NONE) /* of memory */
        APPEND(text, "cpu %" PRId64, f->cpu);
    if (f->gap_ns > 0)
        APPEND(text, "gap %g ns", f->gap_ns);
    if (f->beside != SAMPLE_NONE && f->beside > 1)
        APPEND(text, "%" PRId64 " at once", f->beside);
}
#undef APPEND

void compare_strategy_text(const struct estimate *f, char text[COMPARE_TEXT])
{
    char variant[COMPARE_TEXT];
    compare_variant_text(f, variant);
    snprintf(text, COMPARE_TEXT, "%.60s%s%.60s", f->layout, *variant ? " " : "", variant);
}

void compare_estimate_text(const struct estimate *f, char text[COMPARE_LINE])
{
    char variant[COMPARE_TEXT];
    if (estimate_is_map(f)) {
        compare_strategy_text(f, variant);
        snprintf(text, COMPARE_LINE, "%s %s", f->op, variant);
        return;
    }
    compare_variant_text(f, variant);
    snprintf(text, COMPARE_LINE, "%s %s %s %s", f->layout, f->op, variant, f->role);
}

void compare_section_text(const struct compare_pair *pair, char text[COMPARE_LINE])
{
    const struct estimate *a = pair->a.estimate, *b = pair->b.estimate;
    const bool is_run = strcmp(a->instrument, "run") == 0;
    snprintf(text, COMPARE_LINE, "%s%s%s, %s", is_run ? "" : a->instrument, is_run ? "" : ": ",
        estimate_is_map(a) ? a->op : a->layout, a->mode);
    if (a->threads != SAMPLE_NONE)
        text_append(
            text, COMPARE_LINE, ", %" PRId64 " thread%s", a->threads, a->threads == 1 ? "" : "s");
    if (a->clients != SAMPLE_NONE)
        text_append(text, COMPARE_LINE, ", %" PRId64 " %s", a->clients,
            a->client_threads == 1 ? "client threads" : "clients");
    if (strcmp(a->distance, b->distance) != 0)
        text_append(text, COMPARE_LINE, ", %s and %s", a->distance, b->distance);
    else if (*a->distance)
        text_append(text, COMPARE_LINE, ", %s", a->distance);
    if (!isnan(pair->a.canary_ns) && !isnan(pair->b.canary_ns))
        text_append(
            text, COMPARE_LINE, ", canary %.0f and %.0f ns", pair->a.canary_ns, pair->b.canary_ns);
}

static void print_count(FILE *out, size_t count, const char *what)
{
    if (count > 0)
        fprintf(out, ", %zu %s", count, what);
}

void compare_answer(const struct compare_report *r, FILE *out)
{
    const struct compare_tally *t = &r->tally;
    fprintf(out, "%zu worse by more than %.4g%%", t->worse, (r->threshold - 1) * 100);
    print_count(out, t->better, "better");
    print_count(out, t->same, "the same");
    print_count(out, t->open, "undecided");
    print_count(out, t->no_interval, "without an interval");
    fprintf(out, ", of %zu estimate%s compared.\n", r->comparison->pairs,
        r->comparison->pairs == 1 ? "" : "s");
}

static void print_run_line(const char *name, const struct dataset_run *run, char *text)
{
    snprintf(text, COMPARE_LINE, "%s: %s, %s of %s on %s", name, run->source, run->instrument,
        run->started_at, run->host);
}

static void print_differences(const struct dataset_run *a, const struct dataset_run *b, char *text)
{
    const char *const differ[][3] = {{"cpu model", a->cpu_model, b->cpu_model},
        {"kernel", a->kernel, b->kernel}, {"hypervisor", a->hypervisor, b->hypervisor},
        {"numaprobe", a->version, b->version}, {"canary", a->protocol, b->protocol},
        {"cpus", a->cpus, b->cpus}, {"memory node", a->mem_node, b->mem_node},
        {"pages", a->pages, b->pages}, {"prefetchers", a->prefetchers, b->prefetchers}};
    *text = '\0';
    for (size_t i = 0; i < sizeof differ / sizeof *differ; i++) {
        const char *const x = differ[i][1], *const y = differ[i][2];
        if (strcmp(x, y) != 0)
            text_append(text, COMPARE_LINE, "%s%s (%s and %s)", *text ? ", " : "They differ in ",
                differ[i][0], *x ? x : "none", *y ? y : "none");
    }
}

void compare_run_line(const struct compare_pair *pair, int line, char text[COMPARE_LINE])
{
    if (line < 2)
        print_run_line(line ? "B" : "A", line ? pair->b.run : pair->a.run, text);
    else
        print_differences(pair->a.run, pair->b.run, text);
}

bool compare_same_runs(const struct compare_pair *a, const struct compare_pair *b)
{
    return a->a.run == b->a.run && a->b.run == b->b.run;
}
