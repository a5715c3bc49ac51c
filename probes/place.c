/* SPDX-License-Identifier: MIT
 * Choosing cpus. Every placement is an order of the allowed cpus, of which the first ones are
 * taken. */
#include "probes/place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/args.h"

typedef const struct topology_cpu *place;

struct order { /* the allowed cpus, sorted by a placement's keys */
    place *cpu;
    struct topology_cpu *ranked; /* what they point to */
    size_t count;
    size_t domains; /* no package or L3 has an index as high */
};

typedef int compare_fn(const void *, const void *);

#define SIGN(a, b) (((a) > (b)) - ((a) < (b)))

static int by_nearness(const void *a, const void *b)
{
    const place x = *(const place *)a, y = *(const place *)b;
    return x->package != y->package ? SIGN(x->package, y->package)
           : x->l3 != y->l3         ? SIGN(x->l3, y->l3)
           : x->core != y->core     ? SIGN(x->core, y->core)
                                    : SIGN(x->cpu, y->cpu);
}

static int by_rank(const void *a, const void *b)
{
    const place x = *(const place *)a, y = *(const place *)b;
    return x->smt != y->smt ? SIGN(x->smt, y->smt) : by_nearness(a, b);
}

static bool same_core(place a, place b)
{
    return a->core >= 0 && a->core == b->core;
}

/* Ranks siblings anew, among the allowed ones: of a core whose first thread is forbidden the second
 * is as good as any core. */
static void rank(struct order *o)
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
    rank(o);
    qsort(o->cpu, o->count, sizeof *o->cpu, compare);
    return 0;
}

static int l3_of(place p)
{
    return p->l3;
}

static int package_of(place p)
{
    return p->package;
}

static int node_of(place p)
{
    return p->node;
}

typedef int domain_fn(place);

static bool same_domain(place a, place b, domain_fn *domain)
{
    return a->package == b->package && domain(a) == domain(b);
}

/* Moves the first run of `threads` cores that lie in one domain to the front. The order is by
 * nearness within each SMT rank, so the cores of a domain follow one another. */
static bool fill_domain(struct order *o, size_t threads, domain_fn *domain)
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

static void compact(struct order *o, size_t threads)
{
    if (!fill_domain(o, threads, l3_of))
        fill_domain(o, threads, package_of);
}

/* Keeps what has a sibling beside it. */
static void siblings(struct order *o, size_t threads)
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
static void spread(struct order *o, size_t threads)
{
    unsigned *used = calloc(2 * (o->domains + 1), sizeof *used);
    if (!used)
        return; /* still an order, only a less spread one */
    unsigned *package_used = used + 1, *l3_used = package_used + o->domains + 1; /* [-1]: unknown */
    for (size_t i = 0; i < threads && i < o->count; i++) {
        size_t best = i;
        for (size_t j = i; j < o->count; j++) {
            const place a = o->cpu[j], b = o->cpu[best];
            const int d = SIGN(package_used[a->package], package_used[b->package]);
            const int e = d ? d : SIGN(l3_used[a->l3], l3_used[b->l3]);
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
static void one_per(struct order *o, domain_fn *domain)
{
    size_t kept = 0;
    for (size_t i = 0; i < o->count; i++)
        if (domain(o->cpu[i]) >= 0 && (kept == 0 || domain(o->cpu[kept - 1]) != domain(o->cpu[i])))
            o->cpu[kept++] = o->cpu[i];
    o->count = kept;
}

static void one_per_l3(struct order *o, size_t threads)
{
    (void)threads;
    one_per(o, l3_of);
}

static int by_node(const void *a, const void *b)
{
    const place x = *(const place *)a, y = *(const place *)b;
    return x->node != y->node ? SIGN(x->node, y->node) : by_nearness(a, b);
}

static void one_per_node(struct order *o, size_t threads)
{
    (void)threads;
    one_per(o, node_of);
}

static const struct placement {
    const char *name;
    size_t threads; /* 0: all there are */
    compare_fn *compare;
    void (*arrange)(struct order *, size_t threads);
} placements[] = {
    {"compact", 2, by_rank, compact},
    {"one-per-l3", 0, by_nearness, one_per_l3},
    {"one-per-node", 0, by_node, one_per_node},
    {"smt", 2, by_nearness, siblings},
    {"spread", 2, by_rank, spread},
};
const char *const place_names[] = {"compact", "one-per-l3", "one-per-node", "smt", "spread"};
const size_t place_count = sizeof place_names / sizeof *place_names;

/* `threads` 0: nobody asked for a number, the placement's own is meant. */
static int check_room(
    const struct order *o, const char *name, size_t threads, size_t count, struct err *err)
{
    if (count > 0 && count <= o->count)
        return 0;
    if (threads)
        return err_set(err, -EINVAL, "--threads: %zu are too many: %s has %zu place%s here",
            threads, name, o->count, o->count == 1 ? "" : "s");
    return err_set(err, -EINVAL,
        "--place: %s needs %zu cpu%s and finds %zu here; 'numaprobe topo' shows the machine", name,
        count ? count : 1, count > 1 ? "s" : "", o->count);
}

static int take(const struct order *o, size_t count, struct cpuset *cpus, struct err *err)
{
    cpus->cpu = malloc(count * sizeof *cpus->cpu);
    if (!cpus->cpu)
        return err_set(err, -ENOMEM, "out of memory for %zu cpus", count);
    for (size_t i = 0; i < count; i++)
        cpus->cpu[i] = o->cpu[i]->cpu;
    cpus->count = count;
    return 0;
}

int place_named(const struct topology *topology, const char *name, size_t threads,
    struct cpuset *cpus, struct err *err)
{
    const int choice =
        args_choice("--place", "placement", name ? name : "compact", place_names, place_count, err);
    if (choice < 0)
        return choice;
    const struct placement *p = &placements[choice];
    struct order order;
    int code = order_new(topology, p->compare, &order, err);
    if (code)
        return code;
    const size_t wish = threads ? threads : p->threads;
    p->arrange(&order, wish);
    /* A machine with one cpu is a valid place for the default run. */
    const size_t count = threads                                ? threads
                         : wish && (name || wish < order.count) ? wish
                                                                : order.count;
    code = check_room(&order, p->name, threads, count, err);
    if (!code)
        code = take(&order, count, cpus, err);
    order_fini(&order);
    return code;
}

/* Offline cpus are not part of the topology; the kernel lists them. */
static bool is_offline(unsigned cpu)
{
    char line[4096] = "";
    struct cpuset offline = {0};
    FILE *f = fopen("/sys/devices/system/cpu/offline", "re");
    if (f && !fgets(line, sizeof line, f))
        line[0] = '\0';
    if (f)
        fclose(f);
    line[strcspn(line, "\n")] = '\0';
    bool found = false;
    if (cpuset_parse(line, &offline, NULL) == 0)
        for (size_t i = 0; i < offline.count; i++)
            found = found || offline.cpu[i] == cpu;
    cpuset_fini(&offline);
    return found;
}

static int check_cpu(const struct topology *t, unsigned cpu, struct err *err)
{
    const struct topology_cpu *c = topology_cpu(t, cpu);
    if (c && c->allowed)
        return 0;
    if (c)
        return err_set(err, -EINVAL,
            "--cpus: cpu %u is outside this process's cpuset; 'numaprobe topo' lists what it may "
            "use",
            cpu);
    if (t->is_this_machine && is_offline(cpu))
        return err_set(err, -EINVAL,
            "--cpus: cpu %u is offline; 'echo 1 | sudo tee /sys/devices/system/cpu/cpu%u/online' "
            "brings it "
            "back",
            cpu, cpu);
    return err_set(err, -EINVAL, "--cpus: there is no cpu %u; the highest here is %u", cpu,
        t->cpus ? t->cpu[t->cpus - 1].cpu : 0);
}

int place_listed(
    const struct topology *topology, const char *list, struct cpuset *cpus, struct err *err)
{
    struct err why;
    if (cpuset_parse(list, cpus, &why))
        return err_set(err, -EINVAL, "--cpus: %s", why.text);
    int code = 0;
    for (size_t i = 0; !code && i < cpus->count; i++)
        code = check_cpu(topology, cpus->cpu[i], err);
    if (code)
        cpuset_fini(cpus);
    return code;
}

static bool is_local(const struct topology *t, const struct cpuset *cpus, unsigned node)
{
    for (size_t i = 0; i < cpus->count; i++)
        if (topology_cpu(t, cpus->cpu[i])->node == (int)node)
            return true;
    return false;
}

static unsigned node_distance(const struct topology *t, int from, size_t to)
{
    for (size_t i = 0; t->distance && i < t->nodes; i++)
        if ((int)t->node[i].node == from)
            return t->distance[i * t->nodes + to];
    return 0;
}

static int farthest(const struct topology *t, const struct cpuset *cpus, int *node, struct err *err)
{
    const int from = topology_cpu(t, cpus->cpu[0])->node;
    unsigned most = 0;
    *node = MEMORY_ANY_NODE;
    for (size_t i = 0; i < t->nodes; i++) {
        const struct topology_node *n = &t->node[i];
        if (!n->allowed || !n->memory_bytes || is_local(t, cpus, n->node))
            continue;
        if (*node >= 0 && node_distance(t, from, i) <= most)
            continue;
        most = node_distance(t, from, i);
        *node = (int)n->node;
    }
    return *node >= 0 ? 0
                      : err_set(err, -EINVAL,
                            "--mem-node remote: no node with memory is remote to all of the cpus; "
                            "'numaprobe topo' lists the nodes");
}

static int numbered(const struct topology *t, const char *text, int *node, struct err *err)
{
    uint64_t value;
    if (args_u64("--mem-node", text, 0, 1 << 20, &value, NULL))
        return err_set(err, -EINVAL,
            "--mem-node: '%s' is none of local, remote, interleave and a node number", text);
    const struct topology_node *n = topology_node(t, (unsigned)value);
    if (!n || !n->allowed)
        return err_set(err, -EINVAL, "--mem-node: node %s %s; 'numaprobe topo' lists the nodes",
            text, n ? "is outside this process's cpuset" : "does not exist");
    if (!n->memory_bytes)
        return err_set(err, -EINVAL,
            "--mem-node: node %s has no memory; 'numaprobe topo' lists the nodes", text);
    *node = (int)value;
    return 0;
}

int place_memory(const struct topology *topology, const struct cpuset *cpus, const char *name,
    int *node, struct err *err)
{
    if (name && strcmp(name, "interleave") == 0) {
        *node = MEMORY_INTERLEAVE;
        return 0;
    }
    if (name && strcmp(name, "remote") == 0)
        return farthest(topology, cpus, node, err);
    if (name && strcmp(name, "local") != 0)
        return numbered(topology, name, node, err);
    const int local = topology_cpu(topology, cpus->cpu[0])->node;
    const struct topology_node *n = local < 0 ? NULL : topology_node(topology, (unsigned)local);
    if (n && !n->memory_bytes)
        return err_set(err, -EINVAL,
            "--mem-node local: cpu %u is on node %d, which has no memory; name a node that has",
            cpus->cpu[0], local);
    *node = n ? local : MEMORY_ANY_NODE;
    return 0;
}
