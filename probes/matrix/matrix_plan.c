/* SPDX-License-Identifier: MIT
 * From a request to a matrix's plan. The rounds are built in matrix_rounds.c. */
#include "probes/matrix/matrix_plan.h"

#include "base/args.h"
#include "probes/plan/place.h"

#include <errno.h>
#include <stdlib.h>

const char *const matrix_home_name[HOME_COUNT] = {"first", "second", "node"};

static int all_allowed(const struct topology *t, struct cpuset *cpus, struct err *err)
{
    cpus->cpu = calloc(t->cpus + 1, sizeof *cpus->cpu);
    if (!cpus->cpu)
        return err_set(err, -ENOMEM, "out of memory for %zu cpus", t->cpus);
    for (size_t i = 0; i < t->cpus; i++)
        if (t->cpu[i].allowed)
            cpus->cpu[cpus->count++] = t->cpu[i].cpu;
    return 0;
}

static int choose_cpus(
    const struct matrix_request *request, struct matrix_plan *plan, struct err *err)
{
    const int code = request->cpus.count
                         ? place_listed(plan->topology, &request->cpus, &plan->cpus, err)
                         : all_allowed(plan->topology, &plan->cpus, err);
    if (code)
        return code;
    const size_t n = plan->cpus.count;
    if (n < 2)
        return err_set(err, request->cpus.count ? -EINVAL : -ENODEV,
            "--cpus: a matrix needs two cpus ('numaprobe topo' lists those this "
            "process may use)");
    if (n > MATRIX_CPUS_MAX)
        return err_set(err, -EINVAL, "--cpus: %zu cpus; a matrix has at most %d, name fewer", n,
            MATRIX_CPUS_MAX);
    plan->cpu = calloc(n, sizeof *plan->cpu);
    if (!plan->cpu)
        return err_set(err, -ENOMEM, "out of memory for %zu cpus", n);
    for (size_t i = 0; i < n; i++)
        plan->cpu[i] = topology_cpu(plan->topology, plan->cpus.cpu[i]);
    return 0;
}

/* The homes that --home means. */
struct homes {
    struct matrix_series *home; /* without a protocol */
    size_t count;
};

static bool is_usable(const struct topology_node *node)
{
    return node->allowed && node->memory_bytes;
}

static int all_nodes(const struct topology *t, struct homes *out)
{
    for (size_t i = 0; i < t->nodes; i++)
        if (is_usable(&t->node[i]))
            out->home[out->count++] =
                (struct matrix_series){.home = HOME_NODE, .node = (int)t->node[i].node};
    if (out->count == 0)
        out->home[out->count++] =
            (struct matrix_series){.home = HOME_NODE, .node = MEMORY_ANY_NODE};
    return 0;
}

static int one_node(const struct topology *t, int node, struct homes *out, struct err *err)
{
    const struct topology_node *n = topology_node(t, (unsigned)node);
    if (!n || !is_usable(n))
        return err_set(err, -ENODEV, "--home: node %d %s; 'numaprobe topo' lists the nodes", node,
            !n            ? "does not exist"
            : !n->allowed ? "is outside this process's cpuset"
                          : "has no memory");
    out->home[out->count++] = (struct matrix_series){.home = HOME_NODE, .node = node};
    return 0;
}

static int choose_homes(const struct topology *t, const struct matrix_request *request,
    struct homes *out, struct err *err)
{
    *out = (struct homes){.home = calloc(t->nodes + 1, sizeof *out->home)};
    if (!out->home)
        return err_set(err, -ENOMEM, "out of memory for the homes");
    if (request->home == HOME_NODE)
        return request->node == MATRIX_ALL_NODES ? all_nodes(t, out)
                                                 : one_node(t, request->node, out, err);
    out->home[out->count++] = (struct matrix_series){.home = request->home};
    return 0;
}

/* The cpus' nodes must have memory when it is to lie there. */
static int check_memory(const struct matrix_plan *plan, const struct homes *homes, struct err *err)
{
    for (size_t i = 0; homes->home[0].home != HOME_NODE && i < plan->cpus.count; i++) {
        const int node = plan->cpu[i]->node;
        const struct topology_node *n =
            node < 0 ? NULL : topology_node(plan->topology, (unsigned)node);
        if (n && !is_usable(n))
            return err_set(err, -ENODEV,
                "--home %s: cpu %u is on node %d, which has no memory that this process may use; "
                "choose a node that has",
                matrix_home_name[homes->home[0].home], plan->cpu[i]->cpu, node);
    }
    return 0;
}

/* Names of the registry's protocols, each once: it has one entry for each flavour. */
static size_t known_protocols(const char **name)
{
    size_t n = 0;
    for (size_t i = 0; i < protocol_count; i++)
        if (protocol_find(protocol_table[i]->name) == protocol_table[i])
            name[n++] = protocol_table[i]->name;
    return n;
}

static bool has_protocol(const struct matrix_plan *plan, const struct protocol *protocol)
{
    for (size_t i = 0; i < plan->serieses; i++)
        if (plan->series[i].protocol == protocol)
            return true;
    return false;
}

static int add_protocol(
    struct matrix_plan *plan, const char *word, const struct homes *homes, struct err *err)
{
    const char **known = calloc(protocol_count, sizeof *known);
    if (!known)
        return err_set(err, -ENOMEM, "out of memory for the protocols");
    const int at = args_choice("--protocol", "protocol", word, known, known_protocols(known), err);
    const struct protocol *protocol = at < 0 ? NULL : protocol_find(known[at]);
    free(known);
    if (at < 0)
        return -EINVAL;
    if (has_protocol(plan, protocol))
        return err_set(err, -EINVAL, "--protocol: '%s' is named twice", word);
    for (size_t i = 0; i < homes->count; i++) {
        plan->series[plan->serieses] = homes->home[i];
        plan->series[plan->serieses++].protocol = protocol;
    }
    return 0;
}

static int choose_series(
    const struct matrix_request *request, struct matrix_plan *plan, struct err *err)
{
    struct homes homes;
    struct words words = {0};
    int code = choose_homes(plan->topology, request, &homes, err);
    if (!code)
        code = check_memory(plan, &homes, err);
    if (!code)
        code = args_words(
            "--protocol", request->protocol ? request->protocol : "handover", &words, err);
    if (!code) {
        plan->series = calloc(words.count * homes.count, sizeof *plan->series);
        if (!plan->series)
            code = err_set(err, -ENOMEM, "out of memory for the protocols");
    }
    for (size_t i = 0; !code && i < words.count; i++)
        code = add_protocol(plan, words.word[i], &homes, err);
    words_fini(&words);
    free(homes.home);
    return code;
}

int matrix_plan_build(const struct matrix_request *request, const struct topology *topology,
    struct matrix_plan *plan, struct err *err)
{
    *plan = (struct matrix_plan){.topology = topology, .classes = request->classes};
    int code = choose_cpus(request, plan, err);
    if (!code)
        code = choose_series(request, plan, err);
    if (!code && matrix_rounds_build(plan, request->seed))
        code = err_set(err, -ENOMEM, "out of memory for %zu cpus' pairs", plan->cpus.count);
    if (code)
        matrix_plan_fini(plan);
    return code;
}

void matrix_plan_fini(struct matrix_plan *plan)
{
    cpuset_fini(&plan->cpus);
    free(plan->cpu);
    free(plan->series);
    free(plan->slot);
    free(plan->round);
    free(plan->check);
    *plan = (struct matrix_plan){0};
}

int matrix_plan_node(const struct matrix_plan *plan, const struct matrix_slot *slot,
    const struct matrix_series *series)
{
    if (series->home == HOME_NODE)
        return series->node;
    const int node = plan->cpu[series->home == HOME_FIRST ? slot->first : slot->second]->node;
    return node < 0 ? MEMORY_ANY_NODE : node;
}

bool matrix_round_counts(const struct matrix_plan *plan, size_t round)
{
    const struct matrix_round *r = &plan->round[round];
    for (uint32_t s = r->slot; s < r->slot + r->slots; s++)
        if (plan->slot[s].counts)
            return true;
    return false;
}

uint16_t matrix_plan_widest(const struct matrix_plan *plan)
{
    uint16_t most = 0;
    for (size_t i = 0; i < plan->rounds; i++)
        most = plan->round[i].slots > most ? plan->round[i].slots : most;
    return most;
}
