/* SPDX-License-Identifier: MIT
 * base/grow, base/text and base/json: what arrays and texts are built with. */
#include "tests/test.h"

#include "base/grow.h"
#include "base/json.h"
#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void elements_keep_their_values_while_the_array_grows(void **state)
{
    (void)state;
    size_t *array = NULL, count = 0;
    for (; count < 1000; count++) {
        assert_int_equal(GROW(array, count), 0);
        array[count] = count;
    }
    for (size_t i = 0; i < count; i++)
        assert_int_equal(array[i], i);
    free(array);
}

static void an_array_that_cannot_grow_is_as_before(void **state)
{
    (void)state;
    char *array = NULL;
    assert_int_equal(grow_array(&array, 0, SIZE_MAX), -ENOMEM);
    assert_null(array);
    assert_int_equal(GROW(array, 0), 0);
    array[0] = 'a';
    assert_int_equal(grow_array(&array, 1, SIZE_MAX / 2), -ENOMEM);
    assert_int_equal(array[0], 'a');
    free(array);
}

static void text_is_appended_and_what_does_not_fit_is_cut(void **state)
{
    (void)state;
    char out[8] = "";
    assert_int_equal(text_append(out, sizeof out, "%d", 123), 0);
    assert_int_equal(text_append(out, sizeof out, "%s", "4567"), 0);
    assert_string_equal(out, "1234567");
    assert_int_equal(text_append(out, sizeof out, "8"), -ENOSPC);
    assert_string_equal(out, "1234567");
    char list[8] = "";
    assert_int_equal(text_append_item(list, sizeof list, ", ", "%d", 1), 0);
    assert_int_equal(text_append_item(list, sizeof list, ", ", "%d", 2), 0);
    assert_int_equal(text_append_item(list, sizeof list, ", ", "%d", 345), -ENOSPC);
    assert_string_equal(list, "1, 2, 3");
}

static void what_was_not_measured_is_null(void **state)
{
    (void)state;
    json_t *const list =
        json_pack("[o,o,o,o,o,o,o]", json_number(NAN), json_number(0.5), json_index(-1, -1),
            json_index(7, -1), json_text(""), json_text("\xff"), json_count(UINT64_MAX));
    char *const text = json_dumps(list, JSON_COMPACT);
    assert_string_equal(text, "[null,0.5,null,7,null,\"(not UTF-8)\",9223372036854775807]");
    free(text);
    json_decref(list);
}
