/* SPDX-License-Identifier: MIT
 * Choosing cpus. Every placement is an order of the allowed cpus; the first ones are
 * used. */
#include "probes/plan/place.h"

#include "base/compare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef const struct topology_cpu *place;

struct order { /* the allowed cpus, sorted by a placement's keys */
    place *cpu;
    struct topology_cpu *ranked; /* what they point to */
    size_t count;
    size_t domains; /* no package or L3 has an index as high */
};

typedef int compare_fn(const void *, const void *);

static int by_nearness(const void *a, const void *b)
{
    const place x = *(const place *)a, y = *(const place *)b;
    return x->package != y->package ? compare_int(x->package, y->package)
           : x->l3 != y->l3         ? compare_int(x->l3, y->l3)
           : x->core != y->core     ? compare_int(x->core, y->core)
                                    : compare_int(x->cpu, y->cpu);
}

static int by_rank(const void *a, const void *b)
{
    const place x = *(const place *)a, y = *(const place *)b;
    return x->smt != y->smt ? compare_int(x->smt, y->smt) : by_nearness(a, b);
}

static bool same_core(place a, place b)
{
    return a->core >= 0 && a->core == b->core;
}

/* Ranks siblings anew, among the allowed ones: of a core whose first thread is forbidden the second
 * is as good as any core. */
static void rank_siblings(struct order *o)
{
    qsort(o->cpu, o->count, sizeof *o->cpu, by_nearness);
    for (size_t i = 0; i < o->count; i++) {
        const bool sibling = i > 0 && same_core(o->cpu[i - 1], o->cpu[i]);
        o->ranked[i] = *o->cpu[i];
        o->ranked[i].smt = sibling ? o->ranked[i - 1].smt + 1 : 0;
    }
    for (size_t i = 0; i < o->count; i++)
        o->cpu[i] = &o->ranked[i];
}

static void order_fini(struct order *o)
{
    free(o->cpu);
    free(o->ranked);
    *o = (struct order){0};
}

static int order_new(
    const struct topology *t, compare_fn *compare, struct order *o, struct err *err)
{
    *o = (struct order){.cpu = calloc(t->cpus + 1, sizeof *o->cpu),
        .ranked = calloc(t->cpus + 1, sizeof *o->ranked),
        .domains = t->cpus + 1};
    if (!o->cpu || !o->ranked) {
        order_fini(o);
        return err_set(err, -ENOMEM, "out of memory for %zu cpus", t->cpus);
    }
    for (size_t i = 0; i < t->cpus; i++)
        if (t->cpu[i].allowed)
            o->cpu[o->count++] = &t->cpu[i];
    rank_siblings(o);
    qsort(o->cpu, o->count, sizeof *o->cpu, compare);
    return 0;
}

static bool same_domain(place a, place b, enum topology_kind domain)
{
    return a->package == b->package && topology_index(a, domain) == topology_index(b, domain);
}

/* Moves the first run of `threads` cores that lie in one domain to the front. The order is by
 * nearness within each SMT rank, so the cores of a domain follow one another. */
static bool fill_domain(struct order *o, size_t threads, enum topology_kind domain)
{
    for (size_t first = 0, i = 0; i < o->count && o->cpu[i]->smt == 0; i++) {
        if (!same_domain(o->cpu[first], o->cpu[i], domain))
            first = i;
        if (i - first + 1 < threads)
            continue;
        memmove(o->cpu, o->cpu + first, threads * sizeof *o->cpu);
        return true;
    }
    return false;
}

static void arrange_compact(struct order *o, size_t threads)
{
    if (!fill_domain(o, threads, TOPOLOGY_L3))
        fill_domain(o, threads, TOPOLOGY_PACKAGE);
}

/* Keeps cpus that have a sibling next to them. */
static void arrange_smt(struct order *o, size_t threads)
{
    (void)threads;
    size_t kept = 0;
    place last = NULL;
    for (size_t i = 0; i < o->count; i++) {
        const place p = o->cpu[i];
        const bool paired =
            (last && same_core(last, p)) || (i + 1 < o->count && same_core(p, o->cpu[i + 1]));
        last = p;
        if (paired)
            o->cpu[kept++] = p;
    }
    o->count = kept;
}

/* Takes turns over the packages, and in each over its L3s: repeatedly the cpu whose domains were
 * used least. Counting by domain keeps it fast on thousands of cpus. */
static void arrange_spread(struct order *o, size_t threads)
{
    unsigned *used = calloc(2 * (o->domains + 1), sizeof *used);
    if (!used)
        return; /* still an order, only a less spread one */
    unsigned *package_used = used + 1, *l3_used = package_used + o->domains + 1; /* [-1]: unknown */
    for (size_t i = 0; i < threads && i < o->count; i++) {
        size_t best = i;
        for (size_t j = i; j < o->count; j++) {
            const place a = o->cpu[j], b = o->cpu[best];
            const int d = compare_int(package_used[a->package], package_used[b->package]);
            const int e = d ? d : compare_int(l3_used[a->l3], l3_used[b->l3]);
            if (e < 0 || (e == 0 && by_rank(&o->cpu[j], &o->cpu[best]) < 0))
                best = j;
        }
        const place p = o->cpu[best];
        o->cpu[best] = o->cpu[i];
        o->cpu[i] = p;
        package_used[p->package]++;
        l3_used[p->l3]++;
    }
    free(used);
}

/* A domain that is not known (-1) may be many, or none. */
static void keep_one_per(struct order *o, enum topology_kind domain)
{
    size_t kept = 0;
    for (size_t i = 0; i < o->count; i++) {
        const int index = topology_index(o->cpu[i], domain);
        if (index >= 0 && (kept == 0 || topology_index(o->cpu[kept - 1], domain) != index))
            o->cpu[kept++] = o->cpu[i];
    }
    o->count = kept;
}

static void arrange_per_l3(struct order *o, size_t threads)
{
    (void)threads;
    keep_one_per(o, TOPOLOGY_L3);
}

static int by_node(const void *a, const void *b)
{
    const place x = *(const place *)a, y = *(const place *)b;
    return x->node != y->node ? compare_int(x->node, y->node) : by_nearness(a, b);
}

static void arrange_per_node(struct order *o, size_t threads)
{
    (void)threads;
    keep_one_per(o, TOPOLOGY_NODE);
}

static const struct {
    size_t threads; /* 0: all there are */
    compare_fn *compare;
    void (*arrange)(struct order *, size_t threads);
} placements[PLACEMENTS] = {
    [PLACE_DEFAULT] = {2, by_rank, arrange_compact},
    [PLACE_COMPACT] = {2, by_rank, arrange_compact},
    [PLACE_ONE_PER_L3] = {0, by_nearness, arrange_per_l3},
    [PLACE_ONE_PER_NODE] = {0, by_node, arrange_per_node},
    [PLACE_SMT] = {2, by_nearness, arrange_smt},
    [PLACE_SPREAD] = {2, by_rank, arrange_spread},
};
const char *const placement_name[PLACEMENTS] = {
    "", "compact", "one-per-l3", "one-per-node", "smt", "spread"};

/* `threads` 0: no number was asked for, the placement's default is meant. */
static int check_count(
    const struct order *o, const char *name, size_t threads, size_t count, struct err *err)
{
    if (count > 0 && count <= o->count)
        return 0;
    if (threads)
        return err_set(err, -ENODEV, "--threads: %zu are too many: %s has %zu place%s here",
            threads, name, o->count, o->count == 1 ? "" : "s");
    return err_set(err, -ENODEV,
        "--place: %s needs %zu cpu%s and finds %zu here; 'numaprobe topo' shows the machine", name,
        count ? count : 1, count > 1 ? "s" : "", o->count);
}

static int copy_cpus(const struct order *o, size_t count, struct cpuset *cpus, struct err *err)
{
    cpus->cpu = malloc(count * sizeof *cpus->cpu);
    if (!cpus->cpu)
        return err_set(err, -ENOMEM, "out of memory for %zu cpus", count);
    for (size_t i = 0; i < count; i++)
        cpus->cpu[i] = o->cpu[i]->cpu;
    cpus->count = count;
    return 0;
}

int place_chosen(const struct topology *topology, enum placement placement, size_t threads,
    struct cpuset *cpus, struct err *err)
{
    struct order order;
    int code = order_new(topology, placements[placement].compare, &order, err);
    if (code)
        return code;
    const size_t wish = threads ? threads : placements[placement].threads;
    placements[placement].arrange(&order, wish);
    /* A machine with one cpu is a valid place for the default run. */
    const bool fixed = threads || (wish && (placement != PLACE_DEFAULT || wish < order.count));
    const size_t count = fixed ? wish : order.count;
    const char *const name = placement_name[placement ? placement : PLACE_COMPACT];
    code = check_count(&order, name, threads, count, err);
    if (!code)
        code = copy_cpus(&order, count, cpus, err);
    order_fini(&order);
    return code;
}

static bool is_listed(const struct cpuset *list, unsigned cpu)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->cpu[i] == cpu)
            return true;
    return list->count == 0;
}

/* The order is by nearness, so that all cpus of a domain follow one another: where the distance to
 * the cpu before is d, a domain of the next smaller kind ends, and d is also the distance to the
 * first cpu of the domain that both share. */
static void find_pairs(
    const struct order *o, const struct cpuset *list, struct place_pair pair[DISTANCE_COUNT])
{
    place first[DISTANCE_COUNT] = {NULL}, before = NULL;
    for (size_t i = 0; i < o->count; i++) {
        const place p = o->cpu[i];
        if (!is_listed(list, p->cpu))
            continue;
        const enum distance d = before ? topology_distance(before, p) : DISTANCE_COUNT;
        if (before && !pair[d].found)
            pair[d] = (struct place_pair){true, {first[d]->cpu, p->cpu}};
        for (enum distance smaller = 0; smaller < d; smaller++)
            first[smaller] = p;
        before = p;
    }
}

int place_pairs(const struct topology *topology, const struct cpuset *list,
    struct place_pair pair[DISTANCE_COUNT], struct err *err)
{
    struct order order;
    struct cpuset checked;
    int code = place_listed(topology, list, &checked, err);
    if (code)
        return code;
    cpuset_fini(&checked);
    code = order_new(topology, by_nearness, &order, err);
    if (code)
        return code;
    memset(pair, 0, DISTANCE_COUNT * sizeof *pair);
    find_pairs(&order, list, pair);
    order_fini(&order);
    return 0;
}
