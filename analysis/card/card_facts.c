/* SPDX-License-Identifier: MIT
 * Tables of machines: what cards report next to their numbers, and what they have no number for. */
#include "analysis/card/card_table.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

enum { TEXT = 160 };

/* Each writes a fact of a card, "" where it is not there. */
typedef void write_fact(const struct card *card, const char *key, char out[TEXT]);

static void write_file(const struct card *card, const char *key, char out[TEXT])
{
    const char *const slash = strrchr(card->file, '/');
    (void)key;
    snprintf(out, TEXT, "%s", slash ? slash + 1 : card->file);
}

static void write_run(const struct card *card, const char *key, char out[TEXT])
{
    const char *const text = json_string_value(card_get(card, "run", key));
    snprintf(out, TEXT, "%s", text ? text : "");
}

static void write_hypervisor(const struct card *card, const char *key, char out[TEXT])
{
    write_run(card, key, out);
    if (!*out && card_get(card, "run", "kernel"))
        snprintf(out, TEXT, "none seen");
}

static void write_number(const json_t *value, char out[TEXT])
{
    *out = '\0';
    if (json_is_number(value))
        snprintf(out, TEXT, "%.0f", json_number_value(value));
}

static void write_count(const struct card *card, const char *key, char out[TEXT])
{
    write_number(card_get(card, "topology", key), out);
}

static void write_blocks(const struct card *card, const char *key, char out[TEXT])
{
    write_number(card_get(card, "run", key), out);
}

static void write_nodes(const struct card *card, const char *key, char out[TEXT])
{
    const json_t *const nodes = card_get(card, "topology", key);
    *out = '\0';
    if (nodes)
        snprintf(out, TEXT, "%zu", json_array_size(nodes));
}

static void append_size(char out[TEXT], double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < sizeof units / sizeof *units; unit++)
        bytes /= 1024;
    text_append(out, TEXT, "%.4g %s", bytes, units[unit]);
}

static void write_size(const struct card *card, const char *key, char out[TEXT])
{
    const json_t *const value = card_get(card, "topology", key);
    *out = '\0';
    if (value)
        append_size(out, json_number_value(value));
}

/* Of all nodes; not known where that of one is not. */
static void write_memory(const struct card *card, const char *key, char out[TEXT])
{
    const json_t *const nodes = card_get(card, "topology", key);
    double bytes = 0;
    *out = '\0';
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        const json_t *const one = json_object_get(json_array_get(nodes, i), "memory_bytes");
        bytes += json_is_number(one) ? json_number_value(one) : NAN;
    }
    if (bytes > 0)
        append_size(out, bytes);
}

static void write_rows(const json_t *rows, char out[TEXT])
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *const row = json_array_get(rows, i);
        text_append(out, TEXT, "%s", i ? " / " : "");
        for (size_t k = 0; k < json_array_size(row); k++)
            text_append(
                out, TEXT, "%s%.0f", k ? " " : "", json_number_value(json_array_get(row, k)));
    }
}

/* "10, 12, 32 between 8 nodes": each distance once, ascending. */
static void write_values(const json_t *rows, char out[TEXT])
{
    const size_t nodes = json_array_size(rows);
    double above = -INFINITY, next;
    do {
        next = INFINITY;
        for (size_t i = 0; i < nodes; i++)
            for (size_t k = 0; k < json_array_size(json_array_get(rows, i)); k++) {
                const double d = json_number_value(json_array_get(json_array_get(rows, i), k));
                next = d > above && d < next ? d : next;
            }
        if (isfinite(next))
            text_append_item(out, TEXT / 2, ", ", "%.0f", next);
        above = next;
    } while (isfinite(next));
    text_append(out, TEXT, " between %zu nodes", nodes);
}

/* Row by row where that fits a cell. */
static void write_distances(const struct card *card, const char *key, char out[TEXT])
{
    enum { ROWS_MOST = 4 };
    const json_t *const rows = card_get(card, "topology", key);
    *out = '\0';
    if (json_array_size(rows) > ROWS_MOST)
        write_values(rows, out);
    else
        write_rows(rows, out);
}

static void write_condition(const struct card *card, const char *key, char out[TEXT])
{
    const json_t *const rows = json_object_get(card->root, "conditions");
    *out = '\0';
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *const row = json_array_get(rows, i);
        const char *const found = json_string_value(json_object_get(row, "found"));
        if (found && strcmp(json_string_value(json_object_get(row, "check")), key) == 0)
            snprintf(out, TEXT, "%s", found);
    }
}

static const struct fact {
    const char *name, *key;
    write_fact *write;
    bool differs; /* in every card, as a time does: not painted */
} facts[] = {
    {"file", "", write_file, true},
    {"processor", "cpu_model", write_run, false},
    {"architecture", "arch", write_run, false},
    {"host", "host", write_run, true},
    {"hypervisor", "hypervisor", write_hypervisor, false},
    {"kernel", "kernel", write_run, false},
    {"numaprobe", "version", write_run, false},
    {"measured", "started_at", write_run, true},
    {"blocks", "blocks", write_blocks, true},
    {"packages", "packages", write_count, false},
    {"nodes", "nodes", write_nodes, false},
    {"L3s", "l3s", write_count, false},
    {"cores", "cores", write_count, false},
    {"cpus", "cpus", write_count, false},
    {"L1 (data)", "l1_bytes", write_size, false},
    {"L2", "l2_bytes", write_size, false},
    {"L3", "l3_bytes", write_size, false},
    {"line", "line_bytes", write_size, false},
    {"memory", "nodes", write_memory, false},
    {"distances", "distances", write_distances, false},
    {"prefetchers", "prefetchers", write_run, false},
    {"governor", "governor", write_condition, false},
    {"boost", "boost", write_condition, false},
    {"SMT", "smt", write_condition, false},
    {"huge pages", "thp", write_condition, false},
    {"NUMA balancing", "numa balancing", write_condition, false},
    {"cpu quota", "cpu quota", write_condition, false},
    {"clock", "clock", write_condition, false},
};
enum { FACTS = sizeof facts / sizeof *facts };

static bool is_fact_anywhere(const struct cards *cards, const struct fact *fact)
{
    char text[TEXT];
    for (size_t i = 0; i < cards->count; i++) {
        fact->write(&cards->card[i], fact->key, text);
        if (*text)
            return true;
    }
    return false;
}

/* Of all cards, so that a column is painted alike wherever it is. */
static bool cards_agree(const struct cards *cards, const struct fact *fact)
{
    char first[TEXT], text[TEXT];
    fact->write(&cards->card[0], fact->key, first);
    for (size_t i = 1; i < cards->count; i++) {
        fact->write(&cards->card[i], fact->key, text);
        if (strcmp(first, text) != 0)
            return false;
    }
    return true;
}

static void add_fact(struct table *t, const struct card *card, const struct fact *fact, bool agree)
{
    char text[TEXT];
    fact->write(card, fact->key, text);
    if (*text)
        table_cell(t, agree || fact->differs ? PAINT_NONE : PAINT_WARN, "%s", text);
    else
        table_cell(t, PAINT_DIM, "not known");
}

struct table *card_table_machines(const struct card_columns *c)
{
    struct table *const t = table_with("machine");
    table_column(t, card_heading(&c->cards->card[0]).text, TABLE_LEFT);
    for (size_t i = c->from; i < c->cards->count && i < c->from + c->count; i++)
        table_column(t, card_heading(&c->cards->card[i]).text, TABLE_LEFT);
    for (size_t f = 0; f < FACTS; f++) {
        if (!is_fact_anywhere(c->cards, &facts[f]))
            continue;
        const bool agree = cards_agree(c->cards, &facts[f]);
        TABLE_ROW(t, facts[f].name);
        add_fact(t, &c->cards->card[0], &facts[f], agree);
        for (size_t i = c->from; i < c->cards->count && i < c->from + c->count; i++)
            add_fact(t, &c->cards->card[i], &facts[f], agree);
    }
    return t;
}

struct table *card_table_facts(const struct cards *cards)
{
    struct table *const t = table_with("machine|card|is");
    for (size_t f = 0; f < FACTS; f++) {
        const bool agree = cards_agree(cards, &facts[f]);
        for (size_t i = 0; is_fact_anywhere(cards, &facts[f]) && i < (agree ? 1 : cards->count);
             i++) {
            TABLE_ROW(t, i ? "" : facts[f].name,
                agree && cards->count > 1 ? "all" : card_heading(&cards->card[i]).text);
            add_fact(t, &cards->card[i], &facts[f], agree);
        }
    }
    return t;
}

struct table *card_table_lacks(const struct cards *cards)
{
    struct table *const t = table_with("card|not there|because");
    for (size_t i = 0; i < cards->count; i++) {
        const json_t *const rows = json_object_get(cards->card[i].root, "lacks");
        for (size_t k = 0; k < json_array_size(rows); k++) {
            const json_t *const row = json_array_get(rows, k);
            TABLE_ROW(t, card_heading(&cards->card[i]).text,
                json_string_value(json_object_get(row, "what")),
                json_string_value(json_object_get(row, "reason")));
        }
    }
    return t;
}
