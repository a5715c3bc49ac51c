/* SPDX-License-Identifier: MIT
 * analysis/card: cards of older and newer versions are read, others refused in a line, and cards
 * are compared by their intervals. */
#include "tests/test.h"

#include "analysis/card/card_chart.h"
#include "analysis/card/card_page.h"
#include "analysis/card/card_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int read_card(const char *path, struct cards *cards, struct err *err)
{
    FILE *const in = fopen(path, "r");
    assert_non_null(in);
    assert_true(card_file_is(in));
    const int code = card_file_read(in, path, cards, err);
    fclose(in);
    return code;
}

static int read_text(const char *text, struct cards *cards, struct err *err)
{
    FILE *const in = tmpfile();
    assert_non_null(in);
    fputs(text, in);
    rewind(in);
    const int code = card_file_read(in, "x.card", cards, err);
    fclose(in);
    return code;
}

static struct cards two_cards(void)
{
    struct cards cards = {0};
    struct err err;
    assert_int_equal(read_card("tests/fixture/cards/older.json", &cards, &err), 0);
    assert_int_equal(read_card("tests/fixture/cards/later.json", &cards, &err), 0);
    return cards;
}

static char *text_of(struct table *table)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    assert_non_null(table);
    assert_int_equal(table_csv(table, out), 0);
    fclose(out);
    table_free(table);
    return text;
}

static void has_line(const char *text, const char *line)
{
    const size_t length = strlen(line);
    for (const char *at = text; (at = strstr(at, line)); at++)
        if ((at == text || at[-1] == '\n') && (at[length] == '\r' || at[length] == '\n'))
            return;
    fail_msg("no line '%s' in:\n%s", line, text);
}

static char *part_of(const struct cards *cards, enum card_part part)
{
    return text_of(card_table(&(struct card_columns){cards, 1, 9, false}, part));
}

static void an_older_and_a_newer_card_are_read(void **state)
{
    (void)state;
    struct cards cards = two_cards();
    assert_int_equal(cards.count, 2);
    assert_string_equal(card_label(&cards.card[0]), "old"); /* the host: it has no label */
    assert_string_equal(card_label(&cards.card[1]), "later");
    char *const prices = part_of(&cards, CARD_PRICES);
    has_line(prices, "\"op, state\",owner,memory,old,later");
    has_line(prices, "load modified,same cpu,local,1.09 (1.08–1.10),1.09 (1.07–1.12)");
    has_line(prices, "load modified,other package,local,121 (120–122),–");
    has_line(prices, "load modified,same cluster,local,–,12.4 (12.1–12.6)");
    has_line(prices, "far modified,same cpu,local,–,3.20 (3.10–3.30)");
    free(prices);
    cards_fini(&cards);
}

static void only_intervals_that_are_apart_have_a_ratio(void **state)
{
    (void)state;
    struct cards cards = two_cards();
    char *const prices = part_of(&cards, CARD_PRICES);
    has_line(prices, "load modified,same L3,local,29.0 (28.5–29.6),38.4 (38.1–38.9) 1.32×");
    has_line(prices, "add modified,same L3,local,–,33.3"); /* 12 blocks: no interval */
    free(prices);
    char *const added = part_of(&cards, CARD_PRICE_OF_SHARING);
    has_line(added, "add,same L3,0,9.50 (9.30–9.70),4.50 (4.30–4.70) 0.47×");
    has_line(added, "add,same L3,80,0.100 (-0.200 to 0.400),0.100 (-0.200 to 0.400)");
    assert_null(strstr(added, "same L3,40")); /* neither has it */
    free(added);
    char *const held = part_of(&cards, CARD_HELD);
    has_line(held, "add,same L3,0,–,25.0 (24.0–26.0)");
    free(held);
    cards_fini(&cards);
}

static void facts_are_next_to_each_other(void **state)
{
    (void)state;
    struct cards cards = two_cards();
    char *const machines =
        text_of(card_table_machines(&(struct card_columns){&cards, 1, 9, false}));
    has_line(machines, "kernel,5.10.0,7.0.0");
    has_line(machines, "hypervisor,none seen,KVM");
    has_line(machines, "numaprobe,0.0.9,9.0.0");
    has_line(machines, "memory,not known,8 GiB"); /* of one of two nodes it is not known */
    has_line(machines, "governor,not known,performance");
    free(machines);
    char *const facts = text_of(card_table_facts(&cards));
    has_line(facts, "processor,all,Some Processor");
    has_line(facts, "line,old,64 B");
    has_line(facts, ",later,128 B");
    free(facts);
    char *const lacks = text_of(card_table_lacks(&cards));
    has_line(lacks, "later,same core,the core has no second thread");
    free(lacks);
    cards_fini(&cards);
}

static void another_schema_is_refused_and_nothing_is_lost(void **state)
{
    (void)state;
    struct cards cards = two_cards();
    struct err err = {0};
    assert_int_equal(read_card("tests/fixture/cards/schema-2.json", &cards, &err), -EINVAL);
    assert_string_equal(err.text,
        "tests/fixture/cards/schema-2.json: a card of schema 2; this numaprobe reads schema 1, use "
        "the one that wrote it");
    assert_int_equal(cards.count, 2);
    cards_fini(&cards);
}

#define CARD "{\"schema\": 1, \"command\": \"costs --card\""

static void distances_of_many_nodes_fit_a_cell(void **state)
{
    (void)state;
    struct cards cards = {0};
    struct err err;
    char card[1024] = CARD ", \"run\": {\"label\": \"big\"}, \"topology\": {\"distances\": [";
    for (int i = 0; i < 8; i++)
        strcat(card, i ? ",[10,32,12,12,12,12,32,32]" : "[10,32,12,12,12,12,32,32]");
    strcat(card, "]}}");
    assert_int_equal(read_text(card, &cards, &err), 0);
    char *const facts = text_of(card_table_facts(&cards));
    has_line(facts, "distances,big,\"10, 12, 32 between 8 nodes\"");
    free(facts);
    cards_fini(&cards);
}

static void cards_of_one_machine_are_called_by_their_files(void **state)
{
    (void)state;
    struct cards cards = two_cards();
    struct err err;
    assert_int_equal(read_card("tests/fixture/cards/later.json", &cards, &err), 0);
    assert_int_equal(read_card("tests/fixture/cards/later.json", &cards, &err), 0);
    assert_string_equal(card_label(&cards.card[0]), "old");
    for (int i = 1; i < 4; i++)
        assert_string_equal(card_label(&cards.card[i]), "tests/fixture/cards/later.json");
    assert_string_equal(card_heading(&cards.card[3]).text, "…ards/later.json");
    char *const facts = text_of(card_table_facts(&cards));
    has_line(facts, "file,old,older.json");
    free(facts);
    cards_fini(&cards);
}

static void a_card_without_values_still_has_its_file(void **state)
{
    (void)state;
    struct cards cards = {0};
    struct err err;
    assert_int_equal(
        read_text(CARD ", \"prices\": [{\"op\": \"add\", \"state\": \"shared\", \"home\": "
                       "\"local\", \"ns\": {\"same L3\": [null, null, null, 30]}}]}",
            &cards, &err),
        0);
    char *const facts = text_of(card_table_facts(&cards));
    has_line(facts, "file,x.card,x.card");
    free(facts);
    struct table *const prices =
        card_table(&(struct card_columns){&cards, 1, 9, false}, CARD_PRICES);
    assert_int_equal(table_rows(prices), 0);
    table_free(prices);
    cards_fini(&cards);
}

static char *chart_of(const struct cards *cards)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    assert_non_null(out);
    card_chart_print(&(struct card_columns){cards, 1, 5, true}, out);
    fclose(out);
    return text;
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    while ((text = strstr(text, part)) != NULL) {
        n++;
        text += strlen(part);
    }
    return n;
}

static void a_chart_has_a_dot_for_each_price_of_each_card(void **state)
{
    (void)state;
    struct cards cards = two_cards();
    struct table *const prices =
        card_table(&(struct card_columns){&cards, 1, 5, true}, CARD_PRICES);
    char *const table = text_of(prices), *const chart = chart_of(&cards);
    size_t rows = count(table, "\n") - 1;
    assert_int_equal(count(chart, "<text x="), rows);
    assert_int_equal(count(chart, "<circle"),
        2 * rows - count(table, "–,") - count(table, ",–\r") - count(table, ",–\n"));
    assert_non_null(strstr(chart, "load modified, same L3, local</text><g class=\"card1\">"));
    assert_null(strstr(chart, "nan"));
    assert_null(strstr(chart, "inf"));
    free(table);
    free(chart);
    cards_fini(&cards);
}

static void a_chart_of_nothing_is_not_drawn(void **state)
{
    (void)state;
    struct cards cards = {0};
    struct err err;
    assert_int_equal(
        read_text(CARD ", \"prices\": [{\"op\": \"add\", \"state\": \"shared\", \"home\": "
                       "\"<b>\", \"ns\": {\"x\": [0, 0, 0, 30], \"y\": [null, 5, null, 3]}}]}",
            &cards, &err),
        0);
    char *const one = chart_of(&cards);
    assert_string_equal(one, ""); /* 0 is on no logarithmic scale, and one value is not a scale */
    free(one);
    cards_fini(&cards);
}

static void what_was_cut_off_is_refused(void **state)
{
    (void)state;
    struct cards cards = {0};
    struct err err;
    assert_int_equal(read_text(CARD ", \"hold\": [3.", &cards, &err), -EINVAL);
    assert_string_equal(err.text,
        "x.card:1: invalid token near '3.': the file is broken or cut off; write it anew");
    cards_fini(&cards);
}

static void what_is_of_another_type_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key;
    } cases[] = {{CARD ", \"run\": 7}", "host"},
        {CARD ", \"topology\": {\"distances\": [[\"a\"]]}}", "distances"},
        {CARD ", \"topology\": {\"distances\": [10]}}", "distances"},
        {CARD ", \"hold\": [{\"op\": \"add\", \"contenders\": \"x\", \"gap_ns\": [null]}]}",
            "gap_ns"},
        {CARD ", \"run\": {\"kernel\": 6}}", "kernel"}, {CARD ", \"prices\": {}}", "prices"},
        {CARD ", \"prices\": [{\"op\": \"add\"}]}", "state"},
        {CARD ", \"prices\": [{\"op\": \"add\", \"state\": \"shared\", \"home\": \"local\", "
              "\"ns\": {\"same cpu\": [1, 2]}}]}",
            "ns"},
        {CARD ", \"hold\": [{\"op\": \"add\", \"contenders\": \"x\", \"gap_ns\": [\"0\"]}]}",
            "gap_ns"},
        {CARD ", \"hold\": [{\"op\": \"add\", \"contenders\": \"x\", \"gap_ns\": [0], "
              "\"price_ns\": [7]}]}",
            "price_ns"},
        {CARD ", \"classes\": [{\"ns\": null}]}", "distance"},
        {CARD ", \"lacks\": [{\"what\": \"x\"}]}", "reason"},
        {CARD ", \"topology\": {\"nodes\": [{\"cpus\": \"4\"}]}}", "cpus"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cards cards = {0};
        struct err err = {0};
        char quoted[40];
        snprintf(quoted, sizeof quoted, "x.card: '%s' is ", cases[i].key);
        assert_int_equal(read_text(cases[i].text, &cards, &err), -EINVAL);
        if (strncmp(err.text, quoted, strlen(quoted)) != 0)
            fail_msg("%s: %s", cases[i].text, err.text);
        assert_int_equal(cards.count, 0);
    }
}

/* A name with a column's separator, a label with HTML: nothing of it may leave its cell. */
static void texts_are_not_trusted(void **state)
{
    (void)state;
    struct cards cards = {0};
    struct err err;
    assert_int_equal(read_text(CARD ", \"run\": {\"label\": \"<b>\"}, \"prices\": [{\"op\": "
                                    "\"a|b|c|d|e\", \"state\": \"|\", \"home\": \"|\", \"ns\": "
                                    "{\"|\": [1, 2, 3, 20]}}]}",
                         &cards, &err),
        0);
    char *page = NULL;
    size_t size;
    FILE *const out = open_memstream(&page, &size);
    card_page_summary(&cards, out);
    assert_int_equal(card_page_print(&cards, out), 0);
    fclose(out);
    assert_null(strstr(page, "<b>"));
    assert_non_null(strstr(page, "&lt;b&gt;"));
    free(page);
    cards_fini(&cards);
}

static void intervals_come_back(void **state)
{
    (void)state;
    json_t *json = card_interval_json((struct interval){.low = 1, .mid = 2, .high = 3, .n = 20});
    const struct interval i = card_interval(json);
    assert_true(i.low == 1 && i.mid == 2 && i.high == 3 && i.n == 20);
    json_decref(json);
    json = card_interval_json(INTERVAL_NONE);
    assert_true(json_is_null(json));
    assert_int_equal(card_interval(json).n, 0);
    json_decref(json);
}
