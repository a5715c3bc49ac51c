/* SPDX-License-Identifier: MIT
 * How to measure maps again. */
#include "analysis/dataset/cell_compare.h"
#include "analysis/report/report_words.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_TEXT = 64 };

const char *report_load_word(const struct dataset_run *run, const char *load)
{
    for (size_t i = 0; i < run->loads; i++)
        if (strcmp(run->load[i].name, load) == 0)
            return run->load[i].file;
    return strcmp(load, "mix") == 0 ? NULL : load;
}

/* A copy before it iterates is no strategy to ask for, but measured where a load iterates. */
static const char *strategy_word(
    const struct dataset_run *run, const char *layout, char room[NAME_TEXT])
{
    static const char copy[] = "-copy";
    const size_t length = strlen(layout), end = strlen(copy);
    for (size_t i = 0; i < run->layouts; i++)
        if (strcmp(run->layout[i].name, layout) == 0)
            return run->layout[i].file;
    if (strcmp(layout, "none") == 0)
        return NULL;
    if (length < end || length - end >= NAME_TEXT || strcmp(layout + length - end, copy) != 0)
        return layout;
    snprintf(room, NAME_TEXT, "%.*s", (int)(length - end), layout);
    return room;
}

static void print_strategies(FILE *out, const struct summary *s, const struct dataset_run *run)
{
    char room[WORDS_MAX + 1][NAME_TEXT];
    struct words_seen strategies = {.count = 0};
    for (size_t i = 0; i < s->count; i++)
        if (SAME_RUN(&s->estimate[i], run))
            words_add(
                &strategies, strategy_word(run, s->estimate[i].layout, room[strategies.count]));
    words_print_option(out, "--strategy", &strategies);
}

static int64_t threads_of(const struct estimate *e)
{
    return e->threads;
}

static int64_t clients_of(const struct estimate *e)
{
    return e->client_threads == 1 ? SAMPLE_NONE : e->clients;
}

static int64_t client_threads_of(const struct estimate *e)
{
    return e->client_threads == 1 ? e->clients : SAMPLE_NONE;
}

static void print_counts(FILE *out, const char *option, const struct summary *s,
    const struct dataset_run *run, int64_t (*of)(const struct estimate *estimate))
{
    int64_t count[WORDS_MAX];
    size_t counts = 0;
    for (size_t i = 0; i < s->count; i++) {
        const int64_t here = of(&s->estimate[i]);
        bool seen = here == SAMPLE_NONE || !SAME_RUN(&s->estimate[i], run) || counts == WORDS_MAX;
        for (size_t k = 0; k < counts && !seen; k++)
            seen = count[k] == here;
        if (!seen)
            count[counts++] = here;
    }
    if (counts)
        qsort(count, counts, sizeof *count, order_ints);
    for (size_t i = 0; i < counts; i++)
        fprintf(out, "%s%s%s%" PRId64, i ? "," : " ", i ? "" : option, i ? "" : " ", count[i]);
}

static bool is_self_test(const struct summary *s, const struct dataset_run *run)
{
    for (size_t i = 0; i < s->count; i++)
        if (SAME_RUN(&s->estimate[i], run) && *s->estimate[i].twin)
            return true;
    return false;
}

void report_print_maps_options(FILE *out, const struct report *report,
    const struct dataset_run *run, const struct words_seen *loads)
{
    const struct summary *const s = &report->dataset->summary;
    words_print_option(out, "--load", loads);
    print_strategies(out, s, run);
    report_print_aligns(out, s, run);
    print_counts(out, "--threads", s, run, threads_of);
    print_counts(out, "--clients", s, run, clients_of);
    print_counts(out, "--client-threads", s, run, client_threads_of);
    report_print_option(out, "--cpus", run->cpus);
    report_print_option(out, "--mem-node", run->mem_node);
    if (is_self_test(s, run))
        fputs(" --self-test", out);
}
