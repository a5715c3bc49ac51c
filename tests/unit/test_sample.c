/* SPDX-License-Identifier: MIT
 * base/sample: the contract. What is written reads back equal. */
#include "base/rng.h"
#include "tests/sample_text.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MOST = 200 };

static const char order[] =
    "schema,run_id,started_at,host,cpu_model,arch,kernel,hypervisor,version,seed,layout,align_"
    "bytes,op,"
    "role,mode,gap_ns,shards,pages,threads,thread,cpu,core,l3,package,node,mem_node,mem_verified,"
    "trial,"
    "block,regime,canary_ns,prefetchers,ops,seconds,ns_per_op,lat_min_ns,lat_p50_ns,lat_p90_ns,"
    "lat_p99_ns,lat_p999_ns,lat_max_ns,clock_overhead_ns,clock_resolution_ns,context_switches,"
    "migrations,steal_ns,accepted,reject_reason,reference_for,counters,counters_reason,cycles,"
    "instructions,loads,stores,rfo,fill_same_l3,fill_remote,l3_miss,l3_miss_remote,stall_mem,"
    "distance,"
    "twin,lat_reason,canary_after_ns,protocol,cycles_share,instructions_share,loads_share,"
    "stores_share,rfo_share,fill_same_l3_share,fill_remote_share,l3_miss_share,"
    "l3_miss_remote_share,stall_mem_share,raw1,raw1_share,raw2,raw2_share,raw3,raw3_share,raw4,"
    "raw4_share,page_faults,counted_ops,instrument,peer,state,home,beside,transfers,place,"
    "pages_got,layout_file,cpu_kind,load_file,keys,value_bytes,writes,allocations,iterations,"
    "iterate_ns,snapshot,full_bytes,emptied_bytes,freed_after_ns,freed_after_most_ns,promotions,"
    "promoting_ns,promoting_most_ns,clients,gc_pauses,gc_paused_ns,gc_paused_most_ns,"
    "go_version,go_locked,load,client_threads,settings\r\n";

static bool cell_equal(
    const struct sample *a, const struct sample *b, const struct sample_column *c)
{
    const void *x = (const char *)a + c->offset, *y = (const char *)b + c->offset;
    if (c->type == SAMPLE_TYPE_TEXT)
        return strcmp(*(const char *const *)x, *(const char *const *)y) == 0;
    if (c->type == SAMPLE_TYPE_REAL && isnan(*(const double *)x))
        return isnan(*(const double *)y);
    return memcmp(x, y, 8) == 0;
}

static void assert_equal(const struct sample *a, const struct sample *b)
{
    for (size_t i = 0; i < sample_column_count; i++)
        if (!cell_equal(a, b, &sample_columns[i]))
            fail_msg("column %s differs", sample_columns[i].name);
}

/* Reads what was written and compares it. */
static void check_round_trip(const struct samples *samples)
{
    char *text = written(samples);
    struct samples again = {0};
    struct err err = {0};
    assert_int_equal(read_text(text, &again, &err), 0);
    assert_int_equal(again.count, samples->count);
    for (size_t i = 0; i < samples->count; i++)
        assert_equal(&samples->row[i], &again.row[i]);
    samples_fini(&again);
    free(text);
}

static void fill_text(struct rng *rng, char *text, size_t size)
{
    static const char letters[] = "ab ,\"\r\n\t;µ'";
    const size_t length = rng_below(rng, (uint32_t)size);
    for (size_t i = 0; i < length; i++)
        text[i] = letters[rng_below(rng, sizeof(letters) - 1)];
    text[length] = '\0';
}

/* Not below zero: most of the columns are times. */
static double random_double(struct rng *rng)
{
    const uint64_t bits = rng_next(rng);
    double value;
    memcpy(&value, &bits, sizeof(value));
    const bool plain = rng_below(rng, 2);
    return plain ? rng_below(rng, 100000) / 100.0 : isfinite(value) ? fabs(value) : NAN;
}

static void fill(struct rng *rng, struct sample *sample, char text[][8])
{
    sample_clear(sample);
    for (size_t i = 0; i < sample_column_count; i++) {
        void *cell = (char *)sample + sample_columns[i].offset;
        if (rng_below(rng, 5) == 0)
            continue;
        if (sample_columns[i].type == SAMPLE_TYPE_REAL)
            *(double *)cell = random_double(rng);
        else if (sample_columns[i].type == SAMPLE_TYPE_INT)
            *(int64_t *)cell = (int64_t)(rng_next(rng) >> rng_below(rng, 64));
        else {
            fill_text(rng, text[i], sizeof(text[i]));
            *(const char **)cell = text[i];
        }
    }
    sample->schema = SAMPLE_SCHEMA;
}

static void test_columns(void **state)
{
    (void)state;
    const struct samples none = {0};
    char *text = written(&none);
    assert_string_equal(text, order);
    free(text);
    assert_int_equal((sample_column_count + 1) * 8, sizeof(struct sample)); /* and fleet_node */
    for (size_t i = 0; i < sample_column_count; i++) {
        assert_true(strlen(sample_columns[i].meaning) > 10);
        assert_non_null(sample_columns[i].unit);
        assert_int_equal(sample_columns[i].offset % 8, 0);
    }
}

/* Each member has one column and each column its own member. */
static void test_columns_cover_the_struct(void **state)
{
    (void)state;
    struct sample sample;
    memset(&sample, 0, sizeof(sample));
    for (size_t i = 0; i < sample_column_count; i++) {
        uint64_t *cell = (uint64_t *)((char *)&sample + sample_columns[i].offset);
        assert_true(*cell == 0);
        *cell = 1;
    }
}

static void test_cleared_is_empty(void **state)
{
    (void)state;
    struct sample sample;
    sample_clear(&sample);
    assert_true(sample.ops == SAMPLE_NONE);
    assert_true(isnan(sample.seconds));
    assert_string_equal(sample.layout, "");
    assert_string_equal(sample.fleet_node, "");
    sample.host = NULL;
    sample.seconds = INFINITY;
    struct samples one = {0};
    assert_int_equal(samples_push(&one, &sample), 0);
    char *text = written(&one);
    const char *row = text + strlen(order);
    assert_int_equal(strspn(row, ","), sample_column_count - 1);
    assert_string_equal(row + sample_column_count - 1, "\r\n");
    free(text);
    samples_fini(&one);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct rng rng;
    assert_true(sample_column_count <= COLUMNS_MOST);
    rng_seed(&rng, 21);
    for (int round = 0; round < 300; round++) {
        char text[4][COLUMNS_MOST][8];
        struct samples samples = {0};
        for (uint32_t i = 0; i < 4; i++) {
            struct sample sample;
            fill(&rng, &sample, text[i]);
            assert_int_equal(samples_push(&samples, &sample), 0);
        }
        check_round_trip(&samples);
        samples_fini(&samples);
    }
}

static void test_extreme_numbers(void **state)
{
    (void)state;
    static const double real[] = {0.0, -0.0, DBL_MAX, -DBL_MAX, DBL_MIN, DBL_TRUE_MIN, 0.1, 1.0 / 3,
        1e22, 1e23, 9007199254740993.0, 123456789.123456789, 5e-324};
    struct samples samples = {0};
    for (size_t i = 0; i < sizeof(real) / sizeof(real[0]); i++) {
        struct sample sample;
        sample_clear(&sample);
        sample.schema = SAMPLE_SCHEMA;
        sample.gap_ns = real[i];
        sample.ops = i % 2 ? INT64_MAX : -INT64_MAX;
        assert_int_equal(samples_push(&samples, &sample), 0);
    }
    check_round_trip(&samples);
    samples_fini(&samples);
}

static void test_short_numbers_stay_short(void **state)
{
    (void)state;
    struct sample sample;
    sample_clear(&sample);
    sample.gap_ns = 0.28;
    sample.canary_ns = 65;
    sample.seconds = 0.1 + 0.2;
    struct samples one = {0};
    assert_int_equal(samples_push(&one, &sample), 0);
    char *text = written(&one);
    assert_non_null(strstr(text, ",0.28,"));
    assert_non_null(strstr(text, ",65,"));
    assert_non_null(strstr(text, ",0.30000000000000004,"));
    free(text);
    samples_fini(&one);
}

static void test_header_only(void **state)
{
    (void)state;
    struct samples samples = {0};
    assert_int_equal(read_text(order, &samples, NULL), 0);
    assert_int_equal(samples.count, 0);
    samples_fini(&samples);
}

static void test_write_error_shows(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    if (!full)
        SKIP_BECAUSE("no /dev/full");
    const struct samples none = {0};
    setvbuf(full, NULL, _IONBF, 0);
    samples_write(&none, full);
    assert_true(ferror(full));
    fclose(full);
}
