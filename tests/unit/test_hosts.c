/* SPDX-License-Identifier: MIT
 * analysis/hosts: hosts of a fleet from the rows of their runs, their kinds, and in what they
 * differ. The page is in tests/commands/fleet_page.bats. */
#include "tests/test.h"

#include "analysis/hosts/hosts.h"
#include "analysis/overview/overview.h"
#include "tests/made.h"

#include <stdlib.h>

struct made_host {
    const char *host, *node, *model, *kernel, *run_id, *version, *settings;
    double ns;
    int packages; /* of 8 cpus; 0: not a matrix */
};

static struct sample host_row(const struct made_host *h, const char *instrument, int64_t block)
{
    struct sample row = made_row(instrument, block);
    row.host = h->host;
    row.run_id = h->run_id;
    row.cpu_model = h->model ? h->model : "cpu9";
    row.kernel = h->kernel ? h->kernel : "6.1";
    row.version = h->version ? h->version : "1.0";
    row.clock_overhead_ns = 20;
    row.settings = h->settings ? h->settings : "";
    return row;
}

/* A price, and the same for each of the cpus 0 to 7 by their packages. */
static void add_rows(struct samples *s, const struct made_host *h, const char *matrix_id)
{
    for (int64_t block = 0; block < MADE_BLOCKS; block++) {
        struct sample row = host_row(h, "costs", block);
        row.layout = "line";
        row.op = "load";
        row.state = "modified";
        made_push(s, row, h->ns);
    }
    for (int64_t cpu = 0; h->packages && cpu < 8; cpu++)
        for (int64_t block = 0; block < MADE_BLOCKS; block++) {
            struct sample row = host_row(h, "matrix", block);
            row.run_id = matrix_id;
            row.layout = "pair";
            row.op = "handover";
            row.cpu = row.core = cpu;
            row.peer = (cpu + 1) % 8;
            row.package = row.node = cpu * h->packages / 8;
            made_push(s, row, h->ns * (1 + (double)cpu / 100));
        }
}

static void read_file(struct hosts *hosts, struct samples *s, const char *name)
{
    struct dataset rest = {0};
    FILE *const file = tmpfile();
    assert_non_null(file);
    samples_write(s, file);
    samples_fini(s);
    rewind(file);
    struct hosts_part *const part = hosts_part_read(file, name);
    assert_non_null(part);
    assert_int_equal(hosts_add(hosts, part, &rest), 0);
    hosts_part_free(part);
    assert_int_equal(rest.runs, 0);
    dataset_fini(&rest);
    fclose(file);
}

static void add_host(struct hosts *hosts, const struct made_host *h)
{
    struct samples s = {0};
    char matrix_id[32];
    snprintf(matrix_id, sizeof matrix_id, "matrix of %.16s", h->run_id);
    add_rows(&s, h, matrix_id);
    read_file(hosts, &s, h->host);
}

/* `count` hosts alike but for their names and half a percent. */
static void add_hosts(struct hosts *hosts, int from, int count, struct made_host like)
{
    for (int i = from; i < from + count; i++) {
        char name[16];
        snprintf(name, sizeof name, "h%02d", i);
        struct made_host one = like;
        one.host = one.run_id = name;
        one.ns *= 1 + 0.005 * (i % 3);
        add_host(hosts, &one);
    }
}

static const struct host *find(const struct hosts *hosts, const char *name)
{
    for (size_t i = 0; i < hosts->count; i++)
        if (strcmp(hosts->host[i].name, name) == 0)
            return &hosts->host[i];
    fail_msg("no host %s", name);
    return NULL;
}

static void a_host_that_is_off_is_named_with_its_value(void **state)
{
    (void)state;
    struct hosts hosts = {0};
    add_hosts(&hosts, 0, 12, (struct made_host){.ns = 100});
    add_host(&hosts, &(struct made_host){.host = "odd", .run_id = "odd", .ns = 120});
    assert_int_equal(hosts_finish(&hosts), 0);
    assert_int_equal(hosts.kinds, 1);
    assert_int_equal(hosts.result.count, 1);
    const struct peers_named *const n = hosts.result.named;
    assert_string_equal(hosts_named_host(&hosts, n)->name, "odd");
    assert_string_equal(hosts_named_quantity(&hosts, n), "costs load modified, same L3");
    assert_float_equal(n->off, log(120 / 100.5), 1e-3);
    hosts_fini(&hosts);
}

/* Its sections: who is named, all hosts, all values. */
static void the_page_has_who_is_off_and_what_differs(void **state)
{
    (void)state;
    static int (*const section[])(const struct hosts *, FILE *) = {
        overview_print_named, overview_print_hosts, overview_print_values};
    static const char *const expected[] = {"odd", "+19.", "costs load modified, same L3",
        "not like the others", "like the others", "kernel 5.10 (others: 6.1)", "too few to compare",
        "cpu8"};
    struct hosts hosts = {0};
    char *page = NULL;
    size_t size;
    FILE *const out = open_memstream(&page, &size);
    add_hosts(&hosts, 0, 12, (struct made_host){.ns = 100});
    add_host(&hosts, &(struct made_host){.host = "odd", .run_id = "odd", .ns = 120});
    add_host(
        &hosts, &(struct made_host){.host = "old", .run_id = "old", .kernel = "5.10", .ns = 100});
    add_host(
        &hosts, &(struct made_host){.host = "one", .run_id = "one", .model = "cpu8", .ns = 100});
    assert_int_equal(hosts_finish(&hosts), 0);
    for (size_t i = 0; i < sizeof section / sizeof *section; i++)
        assert_int_equal(section[i](&hosts, out), 0);
    fclose(out);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!strstr(page, expected[i]))
            fail_msg("not on the page: %s", expected[i]);
    free(page);
    hosts_fini(&hosts);
}

/* Two of twenty with another number of packages are not a kind; a fifth of them would be. */
static void another_size_of_a_few_differs_and_that_of_many_is_a_kind(void **state)
{
    (void)state;
    for (int others = 2; others <= 5; others += 3) {
        struct hosts hosts = {0};
        add_hosts(&hosts, 0, 20 - others, (struct made_host){.ns = 100, .packages = 2});
        add_hosts(&hosts, 20 - others, others, (struct made_host){.ns = 100, .packages = 4});
        assert_int_equal(hosts_finish(&hosts), 0);
        assert_int_equal(hosts.kinds, others == 2 ? 1 : 2);
        assert_int_equal(find(&hosts, "h19")->differs[HOSTS_SIZE], others == 2);
        assert_false(find(&hosts, "h00")->differs[HOSTS_SIZE]);
        assert_string_equal(hosts.kind[0].fact[HOSTS_SIZE], "2 packages, 2 nodes, 8 cores, 8 cpus");
        hosts_fini(&hosts);
    }
}

/* The others' sizes are still compared. */
static void one_host_without_a_size_joins_the_largest_kind(void **state)
{
    (void)state;
    struct hosts hosts = {0};
    add_hosts(&hosts, 0, 11, (struct made_host){.ns = 100, .packages = 2});
    add_hosts(&hosts, 11, 8, (struct made_host){.ns = 150, .packages = 4});
    add_hosts(&hosts, 19, 1, (struct made_host){.ns = 100});
    assert_int_equal(hosts_finish(&hosts), 0);
    assert_int_equal(hosts.kinds, 2);
    assert_int_equal(hosts.kind[0].hosts, 12);
    assert_int_equal(find(&hosts, "h19")->kind, 0);
    assert_true(find(&hosts, "h19")->differs[HOSTS_SIZE]);
    hosts_fini(&hosts);
}

/* Of all pairs of a package one number; a package that others lack is seen. */
static void a_matrix_is_a_median_for_each_package(void **state)
{
    (void)state;
    struct hosts hosts = {0};
    add_hosts(&hosts, 0, 6, (struct made_host){.ns = 100, .packages = 2});
    add_hosts(&hosts, 6, 1, (struct made_host){.ns = 100, .packages = 1});
    assert_int_equal(hosts_finish(&hosts), 0);
    const struct host *const first = find(&hosts, "h00");
    size_t matrix = 0;
    for (size_t i = 0; i < first->values; i++) {
        const struct hosts_value *const v = &first->value[i];
        const char *const name = hosts.quantity[v->quantity].name;
        matrix += strncmp(name, "matrix handover", 15) == 0;
        if (strcmp(name, "matrix handover, same L3, package 1") == 0)
            assert_float_equal(exp(v->value), 105.5, 0.1); /* cpus 4 to 7 */
    }
    assert_int_equal(matrix, 2);
    assert_int_equal(find(&hosts, "h06")->lacking, 2);
    assert_int_equal(find(&hosts, "h06")->alone, 1);
    hosts_fini(&hosts);
}

/* Item by item: where all microcodes differ, a governor that differs is still seen. */
static void settings_are_compared_one_by_one(void **state)
{
    (void)state;
    struct hosts hosts = {0};
    char settings[10][64];
    for (int i = 0; i < 10; i++) {
        snprintf(settings[i], sizeof settings[i], "nodes=%s governor=%s microcode=0x%d",
            i == 3 ? "0" : "0-1", i == 7 ? "powersave" : "performance", i);
        add_hosts(&hosts, i, 1, (struct made_host){.ns = 100, .settings = settings[i]});
    }
    assert_int_equal(hosts_finish(&hosts), 0);
    assert_int_equal(hosts.kinds, 1);
    assert_string_equal(hosts.kind->fact[HOSTS_NODES], "0-1");
    for (int f = 0; f < HOSTS_FACTS; f++) {
        assert_int_equal(find(&hosts, "h03")->differs[f], f == HOSTS_NODES);
        assert_int_equal(find(&hosts, "h07")->differs[f], f == HOSTS_GOVERNOR);
        assert_false(find(&hosts, "h00")->differs[f]);
    }
    hosts_fini(&hosts);
}

static void another_version_is_not_compared(void **state)
{
    (void)state;
    struct hosts hosts = {0};
    add_hosts(&hosts, 0, 10, (struct made_host){.ns = 100});
    add_hosts(&hosts, 10, 1, (struct made_host){.ns = 200, .version = "0.9"});
    assert_int_equal(hosts_finish(&hosts), 0);
    assert_int_equal(hosts.result.count, 0);
    assert_true(find(&hosts, "h10")->differs[HOSTS_VERSION]);
    hosts_fini(&hosts);
}

/* The same run in two files, and a file that was appended to itself. */
static void a_run_counts_once(void **state)
{
    (void)state;
    struct hosts hosts = {0};
    const struct made_host h = {.host = "a", .run_id = "one", .ns = 100};
    add_host(&hosts, &h);
    add_host(&hosts, &h);
    assert_int_equal(hosts.notes, 1);
    has(hosts.note[0], "doubled: run one of host a was read from a before");
    assert_int_equal(hosts_finish(&hosts), 0);
    assert_int_equal(find(&hosts, "a")->rows, MADE_BLOCKS);
    hosts_fini(&hosts);
}

/* Of two runs the mean of the logarithms; of two processors with one name both. */
static void runs_of_a_host_are_joined(void **state)
{
    (void)state;
    struct hosts hosts = {0};
    add_host(&hosts, &(struct made_host){.host = "a", .run_id = "one", .ns = 100});
    add_host(&hosts, &(struct made_host){.host = "a", .run_id = "two", .ns = 121, .kernel = "6.2"});
    assert_int_equal(hosts_finish(&hosts), 0);
    const struct host *const a = find(&hosts, "a");
    assert_int_equal(a->runs, 2);
    assert_string_equal(a->fact[HOSTS_KERNEL], "6.1 / 6.2");
    for (size_t i = 0; i < a->values; i++)
        if (strcmp(hosts.quantity[a->value[i].quantity].name, "costs load modified, same L3") == 0)
            assert_float_equal(exp(a->value[i].value), 110, 0.1);
    hosts_fini(&hosts);
}

/* A text that is the beginning of another one is a fact of its own, and the order of the files is
 * not a difference. */
static void facts_of_several_runs_are_a_set(void **state)
{
    (void)state;
    static const char *const kernel[][2] = {{"6.1.10", "6.1.1"}, {"6.1.1", "6.1.10"}};
    for (size_t i = 0; i < 2; i++) {
        struct hosts hosts = {0};
        for (size_t run = 0; run < 4; run++) {
            char id[8];
            snprintf(id, sizeof id, "r%zu", run);
            add_host(
                &hosts, &(struct made_host){
                            .host = "a", .run_id = id, .ns = 100, .kernel = kernel[i][run % 2]});
        }
        assert_int_equal(hosts_finish(&hosts), 0);
        assert_string_equal(find(&hosts, "a")->fact[HOSTS_KERNEL], "6.1.1 / 6.1.10");
        hosts_fini(&hosts);
    }
}

static void processors_are_kinds_the_largest_first(void **state)
{
    (void)state;
    struct hosts hosts = {0};
    char text[HOSTS_KIND_TEXT];
    add_hosts(&hosts, 0, 2, (struct made_host){.ns = 50, .model = "small"});
    add_hosts(&hosts, 2, 6, (struct made_host){.ns = 100, .model = "large"});
    assert_int_equal(hosts_finish(&hosts), 0);
    assert_int_equal(hosts.kinds, 2);
    assert_string_equal(hosts_kind_text(&hosts.kind[0], text), "large");
    assert_int_equal(hosts.kind[0].hosts, 6);
    assert_int_equal(find(&hosts, "h01")->kind, 1);
    assert_int_equal(hosts.result.count, 0);
    hosts_fini(&hosts);
}

static void nothing_is_a_fleet_without_hosts(void **state)
{
    (void)state;
    struct hosts hosts = {0};
    assert_int_equal(hosts_finish(&hosts), 0);
    assert_int_equal(hosts.count, 0);
    hosts_fini(&hosts);
    hosts_fini(&hosts);
}
