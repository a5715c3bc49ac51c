/* SPDX-License-Identifier: MIT
 * base/csv_split through base/csv: random texts give what libcsv alone makes of them, and what is
 * said to have changed from record to record has. */
#include "tests/test.h"

#include "base/rng.h"
#include "tests/csv_plain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void check(char *text, size_t size)
{
    if (!csv_agrees(text, size))
        fail_msg("not as libcsv: %.*s", (int)(size < 400 ? size : 400), text);
}

/* Any short text of the bytes that mean something. */
static void test_every_short_text(void **state)
{
    (void)state;
    static const char bytes[] = "a,\"\r\n";
    for (int length = 0; length <= 5; length++) {
        long all = 1;
        for (int i = 0; i < length; i++)
            all *= 5;
        for (long number = 0; number < all; number++) {
            char text[8];
            long left = number;
            for (int i = 0; i < length; i++, left /= 5)
                text[i] = bytes[left % 5];
            check(text, (size_t)length);
        }
    }
}

static size_t put_field(char *text, struct rng *rng)
{
    static const char *const fields[] = {"", "", "1", "22", "0.00097746557", "\"a, b\"", "\"\"",
        "longer than eight", "x y", "\"say \"\"so\"\"\"", "\"two\nlines\"", "b\"ad", "c\rr"};
    /* Odd ones are rare, so that most records have ordinary ones before them. */
    const uint32_t kind = rng_below(rng, 100) ? rng_below(rng, 9) : rng_below(rng, 13);
    strcpy(text, fields[kind]);
    return strlen(text);
}

/* A lone CR ends a record for libcsv, so that it may be within a quoted field where a line ends. */
static void test_quote_after_lone_cr(void **state)
{
    (void)state;
    char text[] = "a\r\"\na\n\"", more[] = ",\r\"\n,\n\"\nb,c\r\nd\n";
    check(text, strlen(text));
    check(more, strlen(more));
}

/* Rows that repeat most fields of the row before, as in files of numaprobe, over several blocks of
 * reading. */
static void test_rows_alike(void **state)
{
    (void)state;
    enum { FIELDS = 12, ROOM = 600000 };
    char *text = malloc(ROOM + 1000);
    for (uint64_t seed = 0; seed < 60; seed++) {
        char field[FIELDS][32] = {""};
        struct rng rng;
        size_t size = 0;
        rng_seed(&rng, seed);
        const size_t want = seed < 50 ? 2000 : ROOM;
        while (size < want) {
            const uint32_t fields = rng_below(&rng, 200) ? FIELDS : 1 + rng_below(&rng, FIELDS);
            for (uint32_t k = rng_below(&rng, 4); k > 0; k--)
                put_field(field[rng_below(&rng, FIELDS)], &rng);
            for (uint32_t i = 0; i < fields; i++)
                size += (size_t)sprintf(text + size, "%s%s", i ? "," : "", field[i]);
            size += (size_t)sprintf(text + size, "%s", rng_below(&rng, 50) ? "\r\n" : "\n");
            for (uint32_t i = 0; i < FIELDS; i++)
                if (strpbrk(field[i], "\n\r") || strstr(field[i], "d"))
                    field[i][0] =
                        '\0'; /* a broken one ends the reading: not in every row after it */
        }
        check(text, size - rng_below(&rng, 3));
    }
    free(text);
}
