/* SPDX-License-Identifier: MIT
 * analysis/dataset/dataset: files of several kinds and runs, folded as they are read. */
#include "tests/test.h"

#include "analysis/dataset/dataset.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STAT_HEADER                                                                                \
    "tool,host,cpu_model,kernel,command,seconds,status,cpu,role,event,scope,count,share,"          \
    "reason\r\n"
#define STAT_ROW "numaprobe stat,box,cpu9,6.1,\"sleep 1\",1.5,0,3,rfo,l2_rqsts,thread,77,0.5,\r\n"
#define STAT_EMPTY "numaprobe stat,box,cpu9,6.1,true,0.1,0,,l3-miss,,,,,no PMU\r\n"

static struct sample row_of(const char *run, int64_t block, int64_t thread)
{
    struct sample row;
    sample_clear(&row);
    row.schema = SAMPLE_SCHEMA;
    row.run_id = run;
    row.started_at = "2026-01-01T00:00:00Z";
    row.host = "box";
    row.cpu_model = "cpu9";
    row.protocol = "turns";
    row.mem_verified = "move_pages";
    row.layout = "counter";
    row.align_bytes = 8;
    row.op = "add";
    row.role = "adder";
    row.mode = "throughput";
    row.gap_ns = 0;
    row.threads = 2;
    row.thread = thread;
    row.cpu = thread ? 3 : 1;
    row.block = row.trial = block;
    row.regime = 0;
    row.canary_ns = 80;
    row.seed = 1;
    row.ops = 1000;
    row.seconds = 1e-6 * (10 + (double)(block % 3));
    row.accepted = 1;
    return row;
}

static void put_run(FILE *out, const char *run, int64_t blocks)
{
    struct samples samples = {0};
    for (int64_t i = 0; i < 2 * blocks; i++) {
        struct sample row = row_of(run, i / 2, i % 2);
        if (i / 2 == 1) {
            row.accepted = 0;
            row.reject_reason = i % 2 ? "context switch" : "overlap";
        }
        if (i == 0)
            row.reject_reason = "", row.mem_verified = "unverified";
        assert_int_equal(samples_push(&samples, &row), 0);
    }
    samples_write(&samples, out);
    samples_fini(&samples);
}

static int read_text(struct dataset *dataset, const char *name, const char *text, struct err *err)
{
    FILE *in = tmpfile();
    fputs(text, in);
    rewind(in);
    const int code = dataset_read(in, name, dataset, err);
    fclose(in);
    return code;
}

/* Two files: one of two runs and a stat table, one of a stat table alone. */
static struct dataset mixed(void)
{
    struct dataset dataset = {0};
    struct err err = {0};
    FILE *file = tmpfile();
    put_run(file, "one", 30);
    fputs(STAT_HEADER STAT_ROW STAT_EMPTY, file);
    put_run(file, "two", 22);
    rewind(file);
    assert_int_equal(dataset_read(file, "a.csv", &dataset, &err), 0);
    fclose(file);
    assert_int_equal(read_text(&dataset, "b.csv", STAT_HEADER STAT_ROW, &err), 0);
    assert_int_equal(dataset_fold(&dataset, &err), 0);
    return dataset;
}

static void test_runs(void **state)
{
    (void)state;
    struct dataset d = mixed();
    assert_int_equal(d.runs, 2);
    assert_string_equal(d.run[0].run_id, "one");
    assert_string_equal(d.run[0].source, "a.csv");
    assert_string_equal(d.run[0].instrument, "run");
    assert_string_equal(d.run[0].cpus, "1,3");
    assert_int_equal(d.run[0].rows, 60);
    assert_int_equal(d.run[0].rejected, 2);
    assert_int_equal(d.run[0].unverified, 1);
    assert_string_equal(d.run[0].hypervisor, "");
    assert_true(isnan(d.run[0].clock_overhead_ns));
    assert_int_equal(d.run[1].rows, 44);
    assert_int_equal(d.summary.count, 2);
    assert_int_equal(d.summary.estimate[0].ns.n, 29);
    assert_int_equal(d.summary.estimate[0].rejected, 1);
    assert_ptr_equal(dataset_run_of(&d, "two", "box"), &d.run[1]);
    assert_null(dataset_run_of(&d, "two", "other"));
    dataset_fini(&d);
}

/* Where it ran and how that was verified, of all rows of a run and not of its first alone. */
static void test_placement(void **state)
{
    (void)state;
    struct samples samples = {0};
    struct dataset d = {0};
    struct err err = {0};
    for (int64_t i = 0; i < 12; i++) {
        struct sample row = row_of("pairs", i, 0);
        row.instrument = "matrix";
        row.cpu = 2 - i % 2;
        row.peer = 7 + i % 2 * 2;
        row.core = row.cpu / 2;
        row.l3 = i % 2 ? SAMPLE_NONE : 4;
        row.package = 0;
        row.node = 3;
        row.mem_node = i % 3 ? "0" : "1";
        row.home = i % 2 ? "first" : "second";
        row.shards = i % 4 ? 64 : 2;
        row.mem_verified = i < 2 ? "unverified" : i < 9 ? "move_pages" : "";
        assert_int_equal(samples_push(&samples, &row), 0);
    }
    FILE *file = tmpfile();
    samples_write(&samples, file);
    rewind(file);
    assert_int_equal(dataset_read(file, "a.csv", &d, &err), 0);
    fclose(file);
    assert_int_equal(dataset_fold(&d, &err), 0);
    const struct dataset_run *const run = &d.run[0];
    assert_string_equal(run->cpus, "1-2,7,9");
    assert_int_equal(run->places, 4);
    const struct dataset_cpu want[] = {{1, 0, SAMPLE_NONE, 0, 3}, {2, 1, 4, 0, 3},
        {7, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE},
        {9, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE}};
    assert_memory_equal(run->place, want, sizeof want);
    assert_string_equal(run->verified, "unverified (2), move_pages (7)");
    assert_int_equal(run->unverified, 2);
    assert_string_equal(run->mem_nodes, "1, 0");
    assert_string_equal(run->homes, "second, first");
    assert_string_equal(run->shards, "2, 64");
    samples_fini(&samples);
    dataset_fini(&d);
}

/* A file of nothing but different texts takes no longer and has no list without end. */
static void test_many_values(void **state)
{
    (void)state;
    struct samples samples = {0};
    struct dataset d = {0};
    struct err err = {0};
    static char text[100][24];
    for (int64_t i = 0; i < 100; i++) {
        struct sample row = row_of("odd", i, 0);
        snprintf(text[i], sizeof text[i], "n%" PRId64, i);
        row.mem_node = text[i];
        row.shards = i;
        assert_int_equal(samples_push(&samples, &row), 0);
    }
    FILE *file = tmpfile();
    samples_write(&samples, file);
    rewind(file);
    assert_int_equal(dataset_read(file, "a.csv", &d, &err), 0);
    fclose(file);
    assert_int_equal(dataset_fold(&d, &err), 0);
    const char *const lists[] = {d.run[0].mem_nodes, d.run[0].shards};
    const char *const ends[] = {"n62, n63, …", "62, 63, …"};
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(lists[i] + strlen(lists[i]) - strlen(ends[i]), ends[i]);
    assert_string_equal(d.run[0].verified, "move_pages");
    samples_fini(&samples);
    dataset_fini(&d);
}

static void test_stats(void **state)
{
    (void)state;
    struct dataset d = mixed();
    assert_int_equal(d.stats, 3);
    assert_string_equal(d.stat[0].command, "sleep 1");
    assert_string_equal(d.stat[0].source, "a.csv");
    assert_int_equal(d.stat[0].cpu, 3);
    assert_int_equal(d.stat[0].count, 77);
    assert_float_equal(d.stat[0].share, 0.5, 0);
    assert_true(d.stat[1].cpu == SAMPLE_NONE && d.stat[1].count == SAMPLE_NONE);
    assert_true(isnan(d.stat[1].share));
    assert_string_equal(d.stat[1].reason, "no PMU");
    assert_string_equal(d.stat[2].source, "b.csv");
    dataset_fini(&d);
}

static void test_bad(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } bad[] = {
        {"", "x.csv:1: empty: there is no header line"},
        {"a,b\n1,2\n", "x.csv:1: column 'schema' is missing; is this a CSV of numaprobe?"},
        {"tool,role,event\n",
            "x.csv:1: column 'host' is missing; is this a CSV of numaprobe stat?"},
        {STAT_HEADER "1,2\n", "x.csv:2: 2 fields, but the header has 14"},
        {STAT_HEADER "t,h,m,k,c,nan,0,,r,e,s,1,1,\n",
            "x.csv:2: column 'seconds': 'nan' is not a number"},
        {STAT_HEADER "t,h,m,k,c,1,0,,r,e,s,1.5,1,\n",
            "x.csv:2: column 'count': '1.5' is not a number"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct dataset d = {0};
        struct err err = {0};
        assert_int_equal(read_text(&d, "x.csv", bad[i].text, &err), -EINVAL);
        assert_string_equal(err.text, bad[i].want);
        dataset_fini(&d);
    }
}

static void test_nothing(void **state)
{
    (void)state;
    struct dataset d = {0};
    struct err err = {0};
    assert_int_equal(dataset_fold(&d, &err), 0);
    assert_int_equal(d.summary.count, 0);
    dataset_fini(&d);
    dataset_fini(&d);
}

/* The time would be that of the square of their number: a run of this test then takes a minute. */
static void many_runs_take_the_time_of_their_rows(void **state)
{
    enum { RUNS = 20000 };
    (void)state;
    struct err err;
    struct dataset dataset = {0};
    FILE *const file = tmpfile();
    samples_write_header(file);
    for (int i = 0; i < RUNS; i++) {
        char run[16];
        snprintf(run, sizeof run, "run %d", (int)((int64_t)i * 7919 % RUNS));
        const struct sample row = row_of(run, 0, i % 2);
        sample_write(&row, file);
    }
    rewind(file);
    assert_int_equal(dataset_read(file, "many.csv", &dataset, &err), 0);
    fclose(file);
    assert_int_equal(dataset_fold(&dataset, &err), 0);
    assert_int_equal(dataset.runs, RUNS);
    assert_int_equal(dataset.summary.regimes, RUNS);
    for (size_t i = 0; i < dataset.summary.count; i++) {
        const struct estimate *const e = &dataset.summary.estimate[i];
        const struct dataset_run *const run = dataset_run_of(&dataset, e->run_id, e->host);
        assert_non_null(run);
        assert_string_equal(run->run_id, e->run_id);
        assert_string_equal(summary_regime(&dataset.summary, e)->run_id, e->run_id);
    }
    assert_null(dataset_run_of(&dataset, "run", "box"));
    dataset_fini(&dataset);
}
