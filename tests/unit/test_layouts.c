/* SPDX-License-Identifier: MIT
 * Walks the registry of layouts: every layout at every alignment keeps its contract, and shares
 * lines exactly as its element's size says. */
#include "tests/test.h"

#include "probes/plan/shape.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SHARDS = 37, LINE = 64 };

static struct shape *resolve(const struct layout *layout)
{
    struct shape *shape = NULL;
    struct err err = {0};
    assert_int_equal(shape_of(layout, SHARDS, &shape, &err), 0);
    return shape;
}

/* What the structs in layouts/ come to, computed by hand from their members. */
static size_t expected_element(const char *name, size_t align)
{
    static const struct {
        const char *name;
        size_t member[3]; /* bytes of what follows each _Alignas(ALIGN) */
    } known[] = {{"counter", {8}}, {"lock", {16}}, {"mixed", {8, 8}}, {"ring", {8, 8, 128}},
        {"shard", {40}}};
    size_t bytes = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        for (size_t m = 0; m < 3 && strcmp(known[i].name, name) == 0; m++)
            bytes += (known[i].member[m] + align - 1) / align * align;
    return bytes;
}

static void elements_have_their_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < layout_count; i++) {
        const struct layout *l = layout_table[i];
        const size_t expected = expected_element(l->name, l->align_bytes);
        if (expected)
            assert_int_equal(l->element_bytes, expected);
        assert_int_equal(l->element_bytes % l->align_bytes, 0);
    }
}

static int compare(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* All words of all shards, by address: no two overlap and none leaves the object. */
static void assert_disjoint(const struct shape *s)
{
    uint32_t word[SHARDS * WORD_COUNT][2];
    size_t n = 0;
    for (unsigned i = 0; i < s->shards; i++)
        for (unsigned w = 0; w < WORD_COUNT; w++)
            if (s->offset[i][w] != SHAPE_NONE) {
                word[n][0] = s->offset[i][w];
                word[n++][1] = s->offset[i][w] + (uint32_t)shape_word_bytes((enum layout_word)w);
            }
    assert_true(n >= s->shards);
    qsort(word, n, sizeof *word, compare);
    for (size_t i = 0; i + 1 < n; i++)
        assert_true(word[i][1] <= word[i + 1][0]);
    assert_true(word[n - 1][1] <= s->object_bytes);
}

static void words_are_disjoint_and_inside(void **state)
{
    (void)state;
    for (size_t i = 0; i < layout_count; i++) {
        struct shape *shape = resolve(layout_table[i]), *isolated = NULL;
        assert_disjoint(shape);
        assert_int_equal(shape_isolate(shape, &isolated, NULL), 0);
        assert_disjoint(isolated);
        free(isolated);
        free(shape);
    }
}

/* Written words of two shards share a line exactly when their elements' places say so. */
static void lines_are_shared_as_claimed(void **state)
{
    (void)state;
    for (size_t i = 0; i < layout_count; i++) {
        const struct layout *l = layout_table[i];
        struct shape *s = resolve(l);
        const size_t first = s->offset[0][WORD_WRITER];
        for (unsigned a = 0; a < SHARDS; a++)
            for (unsigned b = a + 1; b < SHARDS; b++) {
                const bool shared =
                    s->offset[a][WORD_WRITER] / LINE == s->offset[b][WORD_WRITER] / LINE;
                const bool claimed =
                    (first + a * l->element_bytes) / LINE == (first + b * l->element_bytes) / LINE;
                assert_int_equal(shared, claimed);
                if (l->align_bytes >= LINE)
                    assert_false(shared);
            }
        free(s);
    }
}

static bool two_words_share(const struct shape *s, enum layout_word a, enum layout_word b)
{
    return s->offset[0][a] != SHAPE_NONE && s->offset[0][b] != SHAPE_NONE &&
           s->offset[0][a] / LINE == s->offset[0][b] / LINE;
}

static void roles_share_a_line_below_its_size_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < layout_count; i++) {
        const struct layout *l = layout_table[i];
        struct shape *s = resolve(l);
        if (s->offset[0][WORD_READER] != SHAPE_NONE)
            assert_int_equal(two_words_share(s, WORD_WRITER, WORD_READER), l->align_bytes < LINE);
        free(s);
    }
}

/* Groups that different roles write: 256 B apart or more, at page offsets that differ. */
static void isolated_words_keep_their_distance(void **state)
{
    (void)state;
    for (size_t i = 0; i < layout_count; i++) {
        struct shape *shape = resolve(layout_table[i]), *s = NULL;
        assert_int_equal(shape_isolate(shape, &s, NULL), 0);
        assert_int_equal(s->align_bytes, 0);
        for (unsigned a = 0; a + 1 < SHARDS; a++) {
            const uint32_t here = s->offset[a][WORD_WRITER], next = s->offset[a + 1][WORD_WRITER];
            assert_true(next - here >= 256);
            assert_int_not_equal(here % 4096, next % 4096);
            if (s->offset[a][WORD_READER] != SHAPE_NONE)
                assert_true(s->offset[a][WORD_READER] - here >= 256);
            if (s->offset[a][WORD_LOCK] != SHAPE_NONE) /* one role writes both */
                assert_int_equal(s->offset[a][WORD_LOCK] / LINE, here / LINE);
        }
        free(s);
        free(shape);
    }
}

static void registry_is_complete_and_sorted(void **state)
{
    (void)state;
    static const size_t aligns[] = {8, 16, 32, 64, 128, 256};
    assert_int_equal(layout_count % 6, 0);
    assert_true(layout_count >= 5 * 6);
    for (size_t i = 0; i < layout_count; i++) {
        assert_int_equal(layout_table[i]->align_bytes, aligns[i % 6]);
        assert_string_equal(layout_table[i]->name, layout_table[i - i % 6]->name);
        if (i >= 6)
            assert_true(strcmp(layout_table[i - 6]->name, layout_table[i]->name) < 0);
    }
}

static void bad_layout(const struct layout *bad, const char *expected)
{
    struct shape *shape = NULL;
    struct err err = {0};
    assert_int_equal(shape_of(bad, 2, &shape, &err), -22);
    assert_non_null(strstr(err.text, expected));
}

static void *outside(void *array, unsigned shard, enum layout_word word)
{
    return word == WORD_WRITER ? (char *)array + 8 * (shard + 1) : NULL;
}

static void *odd(void *array, unsigned shard, enum layout_word word)
{
    return word == WORD_WRITER ? (char *)array + 16 * shard + 4 : NULL;
}

static void *twice(void *array, unsigned shard, enum layout_word word)
{
    return word == WORD_WRITER || word == WORD_LOCK ? (char *)array + 16 * shard : NULL;
}

static void *nothing(void *array, unsigned shard, enum layout_word word)
{
    (void)array, (void)shard, (void)word;
    return NULL;
}

static void contract_is_checked(void **state)
{
    (void)state;
    struct layout l = *layout_table[0];
    l.element_bytes = 8;
    l.word = outside;
    bad_layout(&l, "outside its element");
    l.element_bytes = 16;
    l.word = odd;
    bad_layout(&l, "not 8-byte aligned");
    l.word = twice;
    bad_layout(&l, "overlap");
    l.word = nothing;
    bad_layout(&l, "NULL for WORD_WRITER");
    l.element_bytes = 12;
    bad_layout(&l, "not a multiple");
    l.element_bytes = SHAPE_BYTES_MAX;
    bad_layout(&l, "--shards");
    l.cast = CAST_PAIRS;
    l.role[1] = NULL;
    bad_layout(&l, "second role");
    l.ops = "";
    bad_layout(&l, "must be given");
}
