/* SPDX-License-Identifier: MIT
 * Cpus, numbers of threads and clients, and nodes. */
#include "probes/maps/maps_plan_places.h"

#include "base/args.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Ascending numbers. */
struct counts {
    const char *option;
    uint64_t most;
    unsigned *count;
    size_t counts;
};

static int add_count(struct counts *c, const char *word, struct err *err)
{
    uint64_t count;
    const int code = load_parse_count(c->option, word, c->most, &count, err);
    if (code)
        return code;
    if (c->counts == MAPS_LISTED)
        return err_set(err, -EINVAL, "%s: more than %d numbers", c->option, MAPS_LISTED);
    if (c->counts && count <= c->count[c->counts - 1])
        return err_set(
            err, -EINVAL, "%s: '%s' is not larger than the number before", c->option, word);
    c->count[c->counts++] = (unsigned)count;
    return 0;
}

static int read_counts(struct counts *c, const char *list, struct err *err)
{
    struct words words = {0};
    int code = args_words(c->option, list, &words, err);
    for (size_t i = 0; !code && i < words.count; i++)
        code = add_count(c, words.word[i], err);
    words_fini(&words);
    return code;
}

static int choose_threads(struct maps_plan *plan, const char *list, struct err *err)
{
    struct counts c = {.option = "--threads", .most = CPUSET_MAX, .count = plan->threads};
    const int code = list ? read_counts(&c, list, err) : 0;
    plan->counts = c.counts;
    return code;
}

/* At least as many as there are threads. */
static int choose_dealt(struct maps_plan *plan, const struct maps_request *r, struct err *err)
{
    struct counts c = {.option = "--clients", .most = MAPS_CLIENTS_MOST, .count = plan->clients};
    const unsigned threads = plan->threads[plan->counts - 1];
    const int code = r->clients ? read_counts(&c, r->clients, err) : 0;
    plan->client_counts = r->clients ? c.counts : !r->client_threads;
    if (!code && r->clients && plan->clients[0] < threads)
        return err_set(err, -EINVAL, "--clients: %u are fewer than the %u threads that serve them",
            plan->clients[0], threads);
    return code;
}

/* At least as many as there are cpus for them. */
static int choose_client_threads(
    struct maps_plan *plan, const struct maps_request *r, struct err *err)
{
    struct counts c = {.option = "--client-threads",
        .most = MAPS_CLIENT_THREADS_MOST,
        .count = plan->client_threads};
    const unsigned cpus = plan->threads[plan->counts - 1];
    const int code = r->client_threads ? read_counts(&c, r->client_threads, err) : 0;
    plan->client_thread_counts = c.counts;
    if (!code && c.counts && plan->client_threads[0] < cpus)
        return err_set(err, -EINVAL, "--client-threads: %u are fewer than the %u cpus for them",
            plan->client_threads[0], cpus);
    return code;
}

static int choose_clients(struct maps_plan *plan, const struct maps_request *r, struct err *err)
{
    const int code = choose_dealt(plan, r, err);
    plan->think_ns = r->think_ns;
    if (!code && r->think_ns > 0 && !r->clients && !r->client_threads)
        return err_set(err, -EINVAL, "--think: needs --clients, who think");
    return code ? code : choose_client_threads(plan, r, err);
}

static int choose_cpus(struct maps_plan *plan, const struct maps_request *request,
    const struct topology *topology, struct err *err)
{
    const unsigned most = plan->counts ? plan->threads[plan->counts - 1] : 0;
    if (request->cpus.count && request->place)
        return err_set(err, -EINVAL,
            "--place: cannot be used with --cpus, which names the cpus; leave one out");
    if (!request->cpus.count)
        return place_chosen(topology, request->place, most, &plan->cpus, err);
    if (most > request->cpus.count)
        return err_set(
            err, -EINVAL, "--threads: %u, but --cpus names %zu", most, request->cpus.count);
    return place_listed(topology, &request->cpus, &plan->cpus, err);
}

static int find_owners(struct maps_plan *plan, const struct topology *topology, struct err *err)
{
    plan->owner_node = calloc(plan->cpus.count, sizeof *plan->owner_node);
    if (!plan->owner_node)
        return err_set(err, -ENOMEM, "out of memory for %zu threads", plan->cpus.count);
    return place_owners(topology, &plan->cpus, plan->owner_node, err);
}

/* What no thread owns is local. */
static int choose_memory(struct maps_plan *plan, struct memory_place place,
    const struct topology *topology, struct err *err)
{
    static const struct memory_place local = {.kind = MEMORY_LOCAL};
    const bool owned = place.kind == MEMORY_OWNER;
    const struct memory_place rest = owned ? local : place;
    const int code = place_memory(topology, &plan->cpus, rest, &plan->memory.node, err);
    place_node_name(plan->memory.node, plan->mem_node);
    return code || !owned ? code : find_owners(plan, topology, err);
}

int maps_plan_add_places(struct maps_plan *plan, const struct maps_request *request,
    const struct topology *topology, struct err *err)
{
    int code = choose_threads(plan, request->threads, err);
    if (!code)
        code = choose_cpus(plan, request, topology, err);
    if (code)
        return code;
    if (!plan->counts)
        plan->threads[plan->counts++] = (unsigned)plan->cpus.count;
    code = choose_clients(plan, request, err);
    if (code)
        return code;
    topology_apart(topology, plan->cpus.cpu, plan->cpus.count, plan->apart);
    return choose_memory(plan, request->memory, topology, err);
}

const char *maps_point_node(const struct maps_plan *plan, const struct maps_point *point)
{
    return plan->owner_node && point->strategy->homes ? "owner" : plan->mem_node;
}

/* The least node above `below`; INT_MAX: there is none. */
static int next_owner(const struct maps_plan *plan, int below)
{
    int next = INT_MAX;
    for (size_t i = 0; i < plan->cpus.count; i++)
        if (plan->owner_node[i] > below && plan->owner_node[i] < next)
            next = plan->owner_node[i];
    return next;
}

void maps_plan_owners(const struct maps_plan *plan, char out[MAPS_OWNERS])
{
    out[0] = '\0';
    for (int n = next_owner(plan, -1); n < INT_MAX; n = next_owner(plan, n))
        text_append_item(out, MAPS_OWNERS, ", ", "%d", n);
}
