/* SPDX-License-Identifier: MIT
 * analysis/go/map_shares and map_view: samples by map and place, and what is reported of them. */
#include "tests/test.h"

#include "analysis/go/map_view.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char read_name[] = "read", write_name[] = "write";

static void add(struct map_shares *s, uint64_t map, uint64_t site, const char *op, int times)
{
    const struct go_map_use use = {.kind = GO_MAP_PLAIN, .operation = op, .map = map, .site = site};
    for (int i = 0; i < times; i++)
        assert_int_equal(map_shares_add(s, 0, &use), 0);
    assert_true(map_shares_has(s, 0, &use));
    assert_false(map_shares_has(s, 1, &use));
}

static void test_the_largest_comes_first(void **state)
{
    struct map_shares *const s = map_shares_new();
    struct map_share_list list;
    (void)state;
    add(s, 0x100, 1, read_name, 3);
    add(s, 0x200, 2, read_name, 5);
    add(s, 0x200, 3, write_name, 6);
    assert_int_equal(map_shares_list(s, &list), 0);
    assert_int_equal(list.maps, 2);
    assert_int_equal(list.map[0].map, 0x200);
    assert_int_equal(list.map[0].samples, 11);
    assert_int_equal(list.map[0].sites, 2);
    assert_int_equal(list.map[0].site[0].samples, 6);
    assert_int_equal(list.map[1].samples, 3);
    map_share_list_fini(&list);
    map_shares_free(s);
}

/* At place 1 it can only be 0x100; at place 2 there are two, so those stay unknown. */
static void test_a_map_that_is_not_known(void **state)
{
    struct map_shares *const s = map_shares_new();
    struct map_share_list list;
    (void)state;
    add(s, 0x100, 1, read_name, 3);
    add(s, 0, 1, read_name, 4);
    add(s, 0x100, 2, read_name, 1);
    add(s, 0x200, 2, read_name, 1);
    add(s, 0, 2, read_name, 2);
    assert_int_equal(map_shares_list(s, &list), 0);
    assert_int_equal(list.maps, 3);
    assert_int_equal(list.map[0].map, 0x100);
    assert_int_equal(list.map[0].samples, 8);
    assert_int_equal(list.map[0].site[0].samples, 7);
    assert_int_equal(list.map[1].map, 0);
    assert_int_equal(list.map[1].samples, 2);
    map_share_list_fini(&list);
    map_shares_free(s);
}

/* Samples of two maps, of which each group of ten has one alone, or both. */
static double effect_of(const int (*of_map)[2], int groups)
{
    struct map_shares *const s = map_shares_new();
    const struct go_map_use use[2] = {{.kind = GO_MAP_PLAIN, .operation = read_name, .map = 0x100},
        {.kind = GO_MAP_PLAIN, .operation = read_name, .map = 0x200}};
    for (int g = 0; g < groups; g++) {
        for (int m = 0; m < 2; m++)
            for (int i = 0; i < of_map[g % 2][m]; i++)
                assert_int_equal(map_shares_add(s, 0, &use[m]), 0);
        map_shares_end_group(s, 10);
    }
    const double effect = map_shares_design_effect(s);
    map_shares_free(s);
    return effect;
}

static void test_samples_of_a_group_that_are_alike_are_worth_one(void **state)
{
    static const int alone[2][2] = {{10, 0}, {0, 10}}, both[2][2] = {{5, 5}, {5, 5}};
    (void)state;
    assert_true(fabs(effect_of(alone, 10) - 10) < 1e-9);
    assert_true(effect_of(both, 10) == 1);
    assert_true(effect_of(both, 0) == 1);
}

static void test_a_share_has_an_interval(void **state)
{
    (void)state;
    const struct map_view each = {.design_effect = 1}, fours = {.design_effect = 4};
    const struct interval half = map_view_share(&each, 50, 100),
                          none = map_view_share(&each, 0, 100),
                          grouped = map_view_share(&fours, 200, 400);
    /* Wilson's interval of 50 of 100, as in tables: 0.404 to 0.596; of 0 of 100: 0 to 0.037. */
    assert_true(half.low > 0.403 && half.low < 0.405 && half.high > 0.595 && half.high < 0.597);
    assert_true(none.mid == 0 && none.low == 0 && none.high > 0.036 && none.high < 0.038);
    assert_true(isnan(map_view_share(&each, 0, 0).mid));
    assert_true(grouped.low == half.low && grouped.high == half.high);
}

static void test_the_report_as_json(void **state)
{
    struct map_view_site site = {"write", "main.put", "main.go", 12, 40};
    struct map_view_process process = {
        .pid = 7, .threads = 2, .program = "app", .go = "go1.24.4", .samples = 100, .in_maps = 60};
    struct map_view_map map[] = {{.name = "main.cache",
                                     .type = "map[string]int",
                                     .address = 0xc000010000,
                                     .read = true,
                                     .has_length = true,
                                     .length = 9,
                                     .buckets = 2,
                                     .samples = 60,
                                     .site = &site,
                                     .sites = 1},
        {.kind = GO_MAP_SYNC}};
    const struct map_view view = {.seconds = 5,
        .design_effect = 1,
        .version = "1",
        .host = "h",
        .kernel = "k",
        .process = &process,
        .processes = 1,
        .map = map,
        .maps = 2};
    char text[200], *out = NULL;
    size_t size;
    (void)state;
    FILE *const file = open_memstream(&out, &size);
    assert_int_equal(map_view_json(&view, file), 0);
    fclose(file);
    json_t *const root = json_loads(out, 0, NULL), *const first = json_array_get(
                                                       json_object_get(root, "maps"), 0);
    assert_non_null(first);
    assert_string_equal(json_string_value(json_object_get(first, "name")), "main.cache");
    assert_int_equal(json_integer_value(json_object_get(first, "keys")), 9);
    assert_true(json_real_value(json_object_get(first, "share")) == 0.6);
    const json_t *const second = json_array_get(json_object_get(root, "maps"), 1);
    assert_true(json_is_null(json_object_get(second, "keys")));
    assert_true(json_is_null(json_object_get(second, "address")));
    assert_string_equal(json_string_value(json_object_get(second, "kind")), "sync.Map");
    json_decref(root);
    free(out);
    assert_string_equal(
        map_view_title(map, text, sizeof text), "main.cache, map[string]int at 0xc000010000");
    assert_non_null(strstr(map_view_title(map + 1, text, sizeof text), "sync.Maps of which"));
}
