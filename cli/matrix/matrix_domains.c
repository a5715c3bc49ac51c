/* SPDX-License-Identifier: MIT
 * Two partitions of the same cpus: the measured one and that of hwloc. */
#include "cli/matrix/matrix_domains.h"

#include "base/cpuset.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS_SHOWN = 4 };

static const struct {
    const char *name;
    enum topology_kind kind;
} kinds[DOMAIN_KINDS] = {{"core", TOPOLOGY_CORE}, {"L3", TOPOLOGY_L3},
    {"package", TOPOLOGY_PACKAGE}, {"NUMA node", TOPOLOGY_NODE}};

/* What hwloc does not know belongs to nothing else. */
static size_t number_domains(const struct matrix_plan *plan, enum topology_kind kind, unsigned *of)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->cpus.count; i++) {
        const int index = topology_index(plan->cpu[i], kind);
        size_t j = 0;
        while (j < i && (index < 0 || index != topology_index(plan->cpu[j], kind)))
            j++;
        of[i] = j < i ? of[j] : (unsigned)count++;
    }
    return count;
}

static int add_domain(struct matrix_domains *out, const struct matrix_plan *plan, size_t kind)
{
    struct domain *d = &out->domain[out->domains];
    d->name = kinds[kind].name;
    d->of = malloc(plan->cpus.count * sizeof *d->of);
    if (!d->of)
        return -ENOMEM;
    d->count = number_domains(plan, kinds[kind].kind, d->of);
    /* A single one, or one for each cpu, parts nothing. */
    if (d->count > 1 && d->count < plan->cpus.count)
        out->domains++;
    else
        free(d->of);
    return 0;
}

static int add_doubt(struct matrix_domains *out, const char *text)
{
    out->doubt[out->doubts] = strdup(text);
    if (!out->doubt[out->doubts])
        return -ENOMEM;
    out->doubts++;
    return 0;
}

static int compare_level(struct matrix_domains *out, size_t level)
{
    const struct clusters_level *l = &out->clusters.level[level];
    char text[200];
    size_t found = 0;
    for (size_t i = 0; i < out->domains; i++)
        if (clusters_same(l->of, out->domain[i].of, out->clusters.members))
            out->same[level][found++] = out->domain[i].name;
    if (found)
        return 0;
    snprintf(text, sizeof text,
        "the %zu clusters that the matrix shows (%.0f ns within, %.0f between) are none of hwloc's "
        "domains",
        l->count, l->within, l->between);
    return add_doubt(out, text);
}

static bool is_seen(const struct matrix_domains *d, const char *name)
{
    for (size_t level = 0; level < d->clusters.levels; level++)
        for (size_t i = 0; i < DOMAIN_KINDS && d->same[level][i]; i++)
            if (d->same[level][i] == name)
                return true;
    return false;
}

static int compare_domain(struct matrix_domains *out, const struct domain *domain)
{
    char text[200];
    if (is_seen(out, domain->name))
        return 0;
    snprintf(text, sizeof text, "hwloc reports %zu %ss, which the matrix does not show",
        domain->count, domain->name);
    return add_doubt(out, text);
}

static int compare_domains(struct matrix_domains *out)
{
    int code = 0;
    for (size_t i = 0; !code && i < out->clusters.levels; i++)
        code = compare_level(out, i);
    for (size_t i = 0; !code && i < out->domains; i++)
        code = compare_domain(out, &out->domain[i]);
    return code;
}

static bool is_whole(const struct matrix_results *r)
{
    const size_t n = r->plan->cpus.count;
    bool whole = n >= CLUSTERS_LEAST && r->pairs == n * (n - 1) / 2;
    for (size_t i = 0; whole && i < r->pairs; i++)
        whole = r->result[i].accepted > 0;
    return whole;
}

int matrix_domains_build(const struct matrix_results *results, struct matrix_domains *out)
{
    *out = (struct matrix_domains){.looked = is_whole(results)};
    if (!out->looked)
        return 0;
    double *square = matrix_results_square(results, 0);
    int code = square ? clusters_find(square, results->plan->cpus.count, &out->clusters) : -ENOMEM;
    free(square);
    for (size_t kind = 0; !code && kind < DOMAIN_KINDS; kind++)
        code = add_domain(out, results->plan, kind);
    return code ? code : compare_domains(out);
}

void matrix_domains_fini(struct matrix_domains *domains)
{
    clusters_fini(&domains->clusters);
    for (size_t i = 0; i < domains->domains; i++)
        free(domains->domain[i].of);
    for (size_t i = 0; i < domains->doubts; i++)
        free(domains->doubt[i]);
    *domains = (struct matrix_domains){0};
}

static char *group_format(const struct matrix_plan *plan, const unsigned *of, unsigned group)
{
    unsigned *cpu = malloc(plan->cpus.count * sizeof *cpu);
    size_t n = 0;
    for (size_t i = 0; cpu && i < plan->cpus.count; i++)
        if (of[i] == group)
            cpu[n++] = plan->cpus.cpu[i];
    char *text = cpu ? cpuset_format(cpu, n) : NULL;
    free(cpu);
    return text;
}

char *matrix_groups_format(const struct matrix_plan *plan, const unsigned *of, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (unsigned g = 0; g < count && g < GROUPS_SHOWN; g++) {
        char *cpus = group_format(plan, of, g);
        fprintf(out, "%s%s", g ? " | " : "", cpus ? cpus : "?");
        free(cpus);
    }
    if (count > GROUPS_SHOWN)
        fputs(" | ...", out);
    fclose(out);
    return text;
}
