/* SPDX-License-Identifier: MIT
 * Clusters beside hwloc's domains, and the heat map, from figures made up. */
#include "tests/test.h"

#include "cli/matrix/matrix_domains.h"
#include "cli/matrix/matrix_heat.h"
#include "tests/probes.h"

#include <math.h>

typedef double model_fn(unsigned first, unsigned second);

/* Figures of all pairs of a machine, as a model has them, compared with its topology. */
static struct matrix_domains domains_of(const char *source, model_fn *model)
{
    struct here here = here_open(source);
    struct matrix_plan plan;
    const struct matrix_request request = {.seed = 1};
    assert_int_equal(matrix_plan_build(&request, &here.topology, &plan, NULL), 0);
    struct matrix_results r = {.plan = &plan, .serieses = 1};
    r.result = calloc(plan.slots, sizeof *r.result);
    assert_non_null(r.result);
    for (uint32_t i = 0; i < plan.slots; i++) {
        const struct matrix_slot *s = &plan.slot[i];
        if (s->counts)
            r.result[r.pairs++] = (struct matrix_result){
                .slot = i, .accepted = 20, .figure.ns.mid = model(s->first, s->second)};
    }
    struct matrix_domains d;
    assert_int_equal(matrix_domains_build(&r, &d), 0);
    matrix_results_fini(&r);
    matrix_plan_fini(&plan);
    here_close(&here);
    return d;
}

static double halves(unsigned a, unsigned b)
{
    return a / 4 == b / 4 ? 50 : 120;
}

static double even(unsigned a, unsigned b)
{
    return 70 + (a + b) % 3;
}

static void what_both_know_is_no_doubt(void **state)
{
    (void)state;
    struct matrix_domains d = domains_of("pack:2 [numa] l3:1 core:4 pu:1", halves);
    assert_true(d.looked);
    assert_int_equal(d.clusters.levels, 1);
    assert_int_equal(d.doubts, 0);
    assert_string_equal(d.same[0][0], "L3");
    assert_string_equal(d.same[0][1], "package");
    assert_string_equal(d.same[0][2], "NUMA node");
    matrix_domains_fini(&d);
}

static void clusters_that_hwloc_does_not_know(void **state)
{
    (void)state;
    struct matrix_domains d = domains_of("core:8 pu:1", halves);
    assert_int_equal(d.clusters.levels, 1);
    assert_int_equal(d.doubts, 1);
    assert_non_null(strstr(d.doubt[0], "the 2 clusters that the matrix shows"));
    matrix_domains_fini(&d);
}

static void domains_that_the_matrix_does_not_show(void **state)
{
    (void)state;
    struct matrix_domains d = domains_of("pack:2 core:4 pu:1", even);
    assert_int_equal(d.clusters.levels, 0);
    assert_int_equal(d.doubts, 1);
    assert_string_equal(d.doubt[0], "hwloc reports 2 packages, which the matrix does not show");
    matrix_domains_fini(&d);
}

static void two_cpus_have_no_clusters(void **state)
{
    (void)state;
    struct matrix_domains d = domains_of("core:2 pu:1", even);
    assert_false(d.looked);
    assert_int_equal(d.doubts, 0);
    matrix_domains_fini(&d);
}

/* The map of n cpus, for the caller to free. */
static char *map_of(unsigned n, bool colour)
{
    char *text = NULL;
    size_t size = 0;
    unsigned cpu[100];
    double *square = malloc((size_t)n * n * sizeof *square);
    FILE *out = open_memstream(&text, &size);
    assert_true(square && out);
    for (unsigned i = 0; i < n; i++) {
        cpu[i] = 900 + i;
        for (unsigned j = 0; j < n; j++)
            square[i * n + j] = i == j ? NAN : 40 + 1000.0 * (i / 8 != j / 8);
    }
    matrix_heat(&(struct cpuset){.cpu = cpu, .count = n}, square, colour, out);
    fclose(out);
    free(square);
    return text;
}

static void maps_fit_80_columns(void **state)
{
    (void)state;
    static const unsigned sizes[] = {3, HEAT_NUMBERS, HEAT_NUMBERS + 1, HEAT_CPUS};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *text = map_of(sizes[i], false);
        unsigned lines = 0;
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++)
            assert_in_range(strlen(line), 1, 80);
        assert_int_equal(lines, sizes[i] + 1); /* and a heading or a legend */
        free(text);
    }
}

static void shades_are_digits_from_near_to_far(void **state)
{
    (void)state;
    char *text = map_of(16, false);
    assert_non_null(strstr(text, "  900 -000000099999999\n"));
    assert_non_null(strstr(text, "0: from 40 ns"));
    free(text);
    text = map_of(16, true);
    assert_non_null(strstr(text, "\033[30;48;5;28m0\033[0m"));
    free(text);
}

static void too_many_cpus_have_no_map(void **state)
{
    (void)state;
    char *text = map_of(HEAT_CPUS + 1, true);
    assert_string_equal(text, "");
    free(text);
}
