/* SPDX-License-Identifier: MIT
 * Sums over the rows of a run: where it ran, how its memory was verified, why trials were
 * rejected. A file may have a million rows, so a value seen before must cost little. */
#include "analysis/dataset/cell_compare.h"
#include "analysis/dataset/dataset_internal.h"
#include "base/grow.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Texts of one dataset are equal where their addresses are, but for "" and none. */
static int count_text(struct texts_tally *tally, const char *text)
{
    if (!text || !*text)
        return 0;
    for (size_t i = 0; i < tally->count; i++)
        if (tally->text[i].text == text) {
            tally->text[i].rows++;
            return 0;
        }
    tally->more = tally->count == TALLY_MAX;
    if (tally->more)
        return 0;
    if (GROW(tally->text, tally->count))
        return -ENOMEM;
    tally->text[tally->count++] = (struct text_tally){.text = text, .rows = 1};
    return 0;
}

static int count_shards(struct run_tally *tally, int64_t shards)
{
    if (shards == SAMPLE_NONE)
        return 0;
    for (size_t i = 0; i < tally->shard_counts; i++)
        if (tally->shards[i] == shards)
            return 0;
    tally->more_shards = tally->shard_counts == TALLY_MAX;
    if (tally->more_shards)
        return 0;
    if (GROW(tally->shards, tally->shard_counts))
        return -ENOMEM;
    tally->shards[tally->shard_counts++] = shards;
    return 0;
}

/* Whether the bit was new; false for a cpu that no set can contain. */
static bool set_bit(unsigned char *bits, int64_t cpu)
{
    if (cpu < 0 || cpu >= CPUSET_MAX)
        return false;
    const unsigned char bit = (unsigned char)(1 << cpu % 8);
    const bool is_new = !(bits[cpu / 8] & bit);
    bits[cpu / 8] |= bit;
    return is_new;
}

static int add_place(struct run_tally *tally, const struct dataset_cpu *place)
{
    if (GROW(tally->place, tally->places))
        return -ENOMEM;
    tally->place[tally->places++] = *place;
    return 0;
}

static int count_cpus(struct run_tally *tally, const struct sample *row)
{
    if (row->peer != SAMPLE_NONE)
        set_bit(tally->cpu, row->peer);
    if (!set_bit(tally->placed, row->cpu))
        return 0;
    set_bit(tally->cpu, row->cpu);
    const struct dataset_cpu place = {row->cpu, row->core, row->l3, row->package, row->node};
    return add_place(tally, &place);
}

static int count_layout(struct layouts_tally *tally, const char *name, const char *file)
{
    if (!name)
        return 0;
    for (size_t i = 0; i < tally->count; i++)
        if (tally->at[i].name == name)
            return 0;
    if (tally->count == TALLY_MAX)
        return 0;
    if (GROW(tally->at, tally->count))
        return -ENOMEM;
    tally->at[tally->count++] = (struct dataset_layout){name, file};
    return 0;
}

/* Of the user's own; most rows have none. */
static int count_layouts(struct run_tally *tally, const struct sample *row)
{
    int code = 0;
    if (row->layout_file && *row->layout_file)
        code = count_layout(&tally->layouts, row_family(row), row->layout_file);
    if (!code && row->load_file && *row->load_file)
        code = count_layout(&tally->loads, row->op, row->load_file);
    return code;
}

int run_tally_add(struct run_tally *tally, const struct sample *row)
{
    const bool failed = count_cpus(tally, row) || count_text(&tally->verified, row->mem_verified) ||
                        count_text(&tally->mem_nodes, row->mem_node) ||
                        count_text(&tally->homes, row->home) || count_shards(tally, row->shards) ||
                        count_layouts(tally, row) ||
                        (row->accepted != 1 && count_text(&tally->reasons, row->reject_reason));
    return failed ? -ENOMEM : 0;
}

static int by_cpu(const void *a, const void *b)
{
    return compare_int(((const struct dataset_cpu *)a)->cpu, ((const struct dataset_cpu *)b)->cpu);
}

static int finish_cpus(struct run_tally *tally, struct strings *strings, struct dataset_run *run)
{
    unsigned cpu[CPUSET_MAX];
    size_t count = 0;
    for (int64_t i = 0; i < CPUSET_MAX; i++) {
        if (!tally->cpu[i / 8])
            i |= 7; /* most runs have few cpus, and a file may have many runs */
        if (!(tally->cpu[i / 8] & 1 << i % 8))
            continue;
        cpu[count++] = (unsigned)i;
        const struct dataset_cpu nowhere = {i, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE};
        if (set_bit(tally->placed, i) && add_place(tally, &nowhere))
            return -ENOMEM;
    }
    if (tally->places)
        qsort(tally->place, tally->places, sizeof *tally->place, by_cpu);
    run->place = tally->place;
    run->places = tally->places;
    char *const text = cpuset_format(cpu, count);
    run->cpus = text ? strings_intern(strings, text) : NULL;
    free(text);
    return run->cpus ? 0 : -ENOMEM;
}

static size_t rows_of(const struct texts_tally *tally, const char *text)
{
    for (size_t i = 0; i < tally->count; i++)
        if (strcmp(tally->text[i].text, text) == 0)
            return tally->text[i].rows;
    return 0;
}

static const char *commonest_text(const struct texts_tally *tally)
{
    struct text_tally best = {.text = ""};
    for (size_t i = 0; i < tally->count; i++)
        if (tally->text[i].rows > best.rows)
            best = tally->text[i];
    return best.text;
}

/* A list on its way to a text of the dataset. */
struct list {
    char *text;
    size_t size;
    FILE *out;
};

static int list_end(struct list *list, bool more, struct strings *strings, const char **out)
{
    if (list->out && more)
        fputs(", …", list->out);
    const bool ok = list->out && fclose(list->out) == 0;
    *out = ok ? strings_intern(strings, list->text) : NULL;
    free(list->text);
    return *out ? 0 : -ENOMEM;
}

/* With the rows of each where they are not all of one. */
static int list_texts(
    const struct texts_tally *tally, bool rows, struct strings *strings, const char **out)
{
    struct list list = {.text = NULL};
    list.out = open_memstream(&list.text, &list.size);
    for (size_t i = 0; list.out && i < tally->count; i++) {
        fprintf(list.out, "%s%s", i ? ", " : "", tally->text[i].text);
        if (rows && tally->count > 1)
            fprintf(list.out, " (%zu)", tally->text[i].rows);
    }
    return list_end(&list, tally->more, strings, out);
}

static int list_shards(const struct run_tally *tally, struct strings *strings, const char **out)
{
    struct list list = {.text = NULL};
    list.out = open_memstream(&list.text, &list.size);
    for (size_t i = 0; list.out && i < tally->shard_counts; i++)
        fprintf(list.out, "%s%" PRId64, i ? ", " : "", tally->shards[i]);
    return list_end(&list, tally->more_shards, strings, out);
}

/* What a run of maps was given where the parts of some maps have owners: other memory is local. */
static const char *asked_node(const struct texts_tally *nodes, const char *first)
{
    for (size_t i = 0; i < nodes->count; i++)
        if (strcmp(nodes->text[i].text, "owner") == 0)
            return nodes->text[i].text;
    return first;
}

int run_tally_finish(struct run_tally *tally, struct strings *strings, struct dataset_run *run)
{
    run->reject_reason = commonest_text(&tally->reasons);
    run->layout = tally->layouts.at;
    run->layouts = tally->layouts.count;
    run->load = tally->loads.at;
    run->loads = tally->loads.count;
    run->unverified = rows_of(&tally->verified, "unverified");
    run->mem_node = asked_node(&tally->mem_nodes, run->mem_node);
    const bool failed = finish_cpus(tally, strings, run) ||
                        list_texts(&tally->verified, true, strings, &run->verified) ||
                        list_texts(&tally->mem_nodes, false, strings, &run->mem_nodes) ||
                        list_texts(&tally->homes, false, strings, &run->homes) ||
                        list_shards(tally, strings, &run->shards);
    return failed ? -ENOMEM : 0;
}

void run_tally_fini(struct run_tally *tally)
{
    free(tally->reasons.text);
    free(tally->verified.text);
    free(tally->mem_nodes.text);
    free(tally->homes.text);
    free(tally->shards);
    free(tally->layouts.at);
    free(tally->loads.at);
    free(tally->place);
}
