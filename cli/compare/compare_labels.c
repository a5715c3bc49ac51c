/* SPDX-License-Identifier: MIT
 * Names, figures and sentences of compare. */
#include "cli/compare/compare_labels.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
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

__attribute__((format(printf, 2, 3))) static void add(char *text, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list list;
    va_start(list, format);
    vsnprintf(text + used, COMPARE_TEXT - used, format, list);
    va_end(list);
}

static const char *comma(const char *text)
{
    return *text ? ", " : "";
}

void compare_variant_text(const struct estimate *f, char text[COMPARE_TEXT])
{
    *text = '\0';
    if (f->align_bytes != SAMPLE_NONE)
        add(text, "%" PRId64 " B", f->align_bytes);
    else if (f->peer == SAMPLE_NONE && !*f->state)
        add(text, "isolated");
    if (*f->twin)
        add(text, " %s", f->twin);
    if (*f->state)
        add(text, "%s%s", comma(text), f->state);
    if (*f->home)
        add(text, "%s%s", comma(text), f->home);
    if (f->peer != SAMPLE_NONE)
        add(text, "%s%" PRId64 "→%" PRId64, comma(text), f->cpu, f->peer);
    if (f->gap_ns > 0)
        add(text, "%sgap %g ns", comma(text), f->gap_ns);
    if (f->beside != SAMPLE_NONE && f->beside > 1)
        add(text, "%s%" PRId64 " at once", comma(text), f->beside);
}

void compare_section_text(const struct compare_pair *pair, char text[COMPARE_LINE])
{
    const struct estimate *a = pair->a.figure, *b = pair->b.figure;
    char distance[COMPARE_TEXT] = "", canary[COMPARE_TEXT] = "", threads[COMPARE_TEXT] = "";
    if (strcmp(a->distance, b->distance) != 0)
        add(distance, ", %s and %s", a->distance, b->distance);
    else if (*a->distance)
        add(distance, ", %s", a->distance);
    if (!isnan(pair->a.canary_ns) && !isnan(pair->b.canary_ns))
        add(canary, ", canary %.0f and %.0f ns", pair->a.canary_ns, pair->b.canary_ns);
    if (a->threads != SAMPLE_NONE)
        add(threads, ", %" PRId64 " thread%s", a->threads, a->threads == 1 ? "" : "s");
    snprintf(text, COMPARE_LINE, "%s%s%s, %s%s%s%s",
        strcmp(a->instrument, "run") ? a->instrument : "", strcmp(a->instrument, "run") ? ": " : "",
        a->layout, a->mode, threads, distance, canary);
}

static void put_count(FILE *out, size_t count, const char *what)
{
    if (count > 0)
        fprintf(out, ", %zu %s", count, what);
}

void compare_answer(const struct compare_report *r, FILE *out)
{
    const struct compare_tally *t = &r->tally;
    fprintf(out, "%zu worse by more than %.4g%%", t->worse, (r->threshold - 1) * 100);
    put_count(out, t->better, "better");
    put_count(out, t->same, "the same");
    put_count(out, t->open, "undecided");
    put_count(out, t->no_interval, "without an interval");
    fprintf(out, ", of %zu figure%s compared.\n", r->comparison->pairs,
        r->comparison->pairs == 1 ? "" : "s");
}

static void run_line(const char *name, const struct dataset_run *run, char *text)
{
    snprintf(text, COMPARE_LINE, "%s: %s, %s of %s on %s", name, run->source, run->instrument,
        run->started_at, run->host);
}

static void differences_line(const struct dataset_run *a, const struct dataset_run *b, char *text)
{
    const char *const differ[][3] = {{"cpu model", a->cpu_model, b->cpu_model},
        {"kernel", a->kernel, b->kernel}, {"hypervisor", a->hypervisor, b->hypervisor},
        {"numaprobe", a->version, b->version}, {"canary", a->protocol, b->protocol},
        {"cpus", a->cpus, b->cpus}, {"memory node", a->mem_node, b->mem_node},
        {"pages", a->pages, b->pages}, {"prefetchers", a->prefetchers, b->prefetchers}};
    size_t used = 0;
    *text = '\0';
    for (size_t i = 0; i < sizeof differ / sizeof *differ && used < COMPARE_LINE; i++) {
        const char *const x = differ[i][1], *const y = differ[i][2];
        if (strcmp(x, y) != 0)
            used += (size_t)snprintf(text + used, COMPARE_LINE - used, "%s%s (%s and %s)",
                used ? ", " : "They differ in ", differ[i][0], *x ? x : "none", *y ? y : "none");
    }
}

void compare_run_line(const struct compare_pair *pair, int line, char text[COMPARE_LINE])
{
    if (line < 2)
        run_line(line ? "B" : "A", line ? pair->b.run : pair->a.run, text);
    else
        differences_line(pair->a.run, pair->b.run, text);
}

bool compare_same_runs(const struct compare_pair *a, const struct compare_pair *b)
{
    return a->a.run == b->a.run && a->b.run == b->b.run;
}
