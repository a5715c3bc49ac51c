/* SPDX-License-Identifier: MIT
 * probes/maps/go_strategy: what the plan knows of the Go program is what its source has. */
#include "tests/test.h"

#include "probes/maps/go_program.h"
#include "probes/maps/go_strategy.h"

#include <stdio.h>
#include <string.h>

static bool source_has(const char *text)
{
    bool found = false;
    for (size_t i = 0; i < go_file_count && !found; i++)
        found = strstr(go_file_table[i].text, text);
    return found;
}

static void test_each_name_is_in_the_source(void **state)
{
    (void)state;
    char text[64];
    for (size_t i = 0; i < GO_STRATEGIES; i++) {
        snprintf(text, sizeof text, "\"%s\":", go_strategy_table[i].name);
        assert_true(source_has(text));
        assert_true(go_is_strategy(&go_strategy_table[i]));
    }
    for (size_t i = 0; i < map_strategy_count; i++)
        assert_false(go_is_strategy(map_strategy_table[i]));
}

static void test_each_size_of_values_is_in_the_source(void **state)
{
    (void)state;
    char text[64];
    for (unsigned words = 0; words <= MAP_WORDS + 1; words++) {
        snprintf(text, sizeof text, "%u: ", words);
        char *const end = text + strlen(text);
        snprintf(end, sizeof text - (size_t)(end - text), "serve[[%u]uint64]", words);
        assert_int_equal(source_has(end), go_has_words(words));
    }
}
