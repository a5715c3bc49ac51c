/* SPDX-License-Identifier: MIT
 * From a request to a plan: which strategies; where is in maps_plan_places.c, and which loads in
 * maps_plan_loads.c. */
#include "probes/maps/maps_plan.h"

#include "base/args.h"
#include "base/grow.h"
#include "base/text.h"
#include "probes/maps/go_strategy.h"
#include "probes/maps/maps_plan_loads.h"
#include "probes/maps/maps_plan_places.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNS = 8 | 64, ALIGNS_KNOWN = 8 | 16 | 32 | 64 | 128 };
/* By its name, or as the user's own. */
static bool is_file(const char *word)
{
    return strchr(word, '/') || strchr(word, '.');
}

static bool is_asked(const struct map_strategy *s, const struct words *words)
{
    bool asked = words->count == 0;
    for (size_t i = 0; i < words->count && !asked; i++)
        asked = strcmp(words->word[i], s->name) == 0;
    return asked;
}

static int add_point(struct maps_plan *plan, struct maps_point point, struct err *err)
{
    if (GROW(plan->point, plan->points))
        return err_set(err, -ENOMEM, "out of memory for %zu points", plan->points);
    plan->point[plan->points++] = point;
    return 0;
}

static int add_missing(struct maps_plan *plan, const struct map_strategy *s, struct err *err)
{
    if (GROW(plan->missing, plan->missings))
        return err_set(err, -ENOMEM, "out of memory for %zu strategies", plan->missings);
    plan->missing[plan->missings++] = s;
    return 0;
}

static int add_twins(struct maps_plan *plan, struct maps_point point, struct err *err)
{
    point.twin = plan->self_test ? "a" : "";
    const int code = add_point(plan, point, err);
    point.twin = "b";
    return code || !plan->self_test ? code : add_point(plan, point, err);
}

static int add_clients(struct maps_plan *plan, struct maps_point point, const unsigned *clients,
    size_t counts, struct err *err)
{
    int code = 0;
    for (size_t i = 0; !code && i < counts; i++) {
        point.clients = clients[i];
        code = add_twins(plan, point, err);
    }
    return code;
}

/* With each number of threads and of clients; clients that are threads have all the cpus. */
static int add_counts(struct maps_plan *plan, struct maps_point point, struct err *err)
{
    int code = 0;
    for (size_t t = 0; !code && t < plan->counts; t++) {
        point.threads = plan->threads[t];
        code = add_clients(plan, point, plan->clients, plan->client_counts, err);
    }
    point.client_threads = true;
    return code ? code
                : add_clients(plan, point, plan->client_threads, plan->client_thread_counts, err);
}

/* Those that can, iterate in two ways where the load iterates. */
static int add_strategy(
    struct maps_plan *plan, const struct load *load, const struct map_strategy *s, struct err *err)
{
    const unsigned ways = 1 + (s->copies && load_iterates(load));
    int code = 0;
    if (plan->self_test && strcmp(s->name, "none") == 0)
        return 0; /* some ns, of which a few percent mean nothing */
    for (unsigned copies = 0; !code && copies < ways; copies++)
        code = add_counts(
            plan, (struct maps_point){.load = load, .strategy = s, .copies = copies}, err);
    return code;
}

static int add_strategies(struct maps_plan *plan, const struct words *words, unsigned aligns,
    const struct load *load, struct err *err)
{
    int code = 0;
    for (size_t i = 0; !code && i < map_strategy_count; i++) {
        const struct map_strategy *const s = map_strategy_table[i];
        if (!is_asked(s, words) || (s->align && !(s->align & aligns)) || s->missing)
            continue;
        code = add_strategy(plan, load, s, err);
    }
    for (size_t i = 0; !code && i < plan->users; i++)
        code = add_strategy(plan, load, &plan->user[i]->stub, err);
    for (size_t i = 0; !code && plan->has_go && i < GO_STRATEGIES; i++)
        code = add_strategy(plan, load, &go_strategy_table[i], err);
    return code;
}

static int check_names(const struct words *words, struct err *err)
{
    const char **const known = calloc(map_strategy_count + 1, sizeof *known);
    size_t names = 0;
    int code = known ? 0 : -ENOMEM;
    for (size_t i = 0; known && i < map_strategy_count; i++)
        if (!names || strcmp(known[names - 1], map_strategy_table[i]->name) != 0)
            known[names++] = map_strategy_table[i]->name;
    for (size_t i = 0; !code && i < words->count; i++)
        if (!is_file(words->word[i]) &&
            args_choice("--strategy", "strategy", words->word[i], known, names, err) < 0)
            code = -EINVAL;
    free(known);
    return code;
}

/* By a strategy that is built in, or by another file. */
static bool is_taken(const struct maps_plan *plan, const char *name)
{
    bool taken = false;
    for (size_t i = 0; i < map_strategy_count; i++)
        taken = taken || strcmp(map_strategy_table[i]->name, name) == 0;
    for (size_t i = 0; i + 1 < plan->users; i++)
        taken = taken || strcmp(plan->user[i]->stub.name, name) == 0;
    return taken;
}

static int load_own(struct maps_plan *plan, const char *path, struct err *err)
{
    if (GROW(plan->user, plan->users))
        return err_set(err, -ENOMEM, "out of memory for %zu strategies", plan->users);
    const int code = map_user_new(path, &plan->user[plan->users], err);
    if (code)
        return code;
    const char *const name = plan->user[plan->users++]->stub.name;
    return is_taken(plan, name)
               ? err_set(err, -EINVAL, "--strategy: there is another '%s' than %s; rename the file",
                     name, path)
               : 0;
}

static int load_all_own(struct maps_plan *plan, const struct words *words, struct err *err)
{
    int code = 0;
    for (size_t i = 0; !code && i < words->count; i++)
        if (is_file(words->word[i]))
            code = load_own(plan, words->word[i], err);
    return code;
}

static int find_missing(struct maps_plan *plan, const struct words *words, struct err *err)
{
    int code = 0;
    for (size_t i = 0; !code && i < map_strategy_count; i++)
        if (map_strategy_table[i]->missing && is_asked(map_strategy_table[i], words))
            code = add_missing(plan, map_strategy_table[i], err);
    return code;
}

static int choose_go(struct maps_plan *plan, const char *program, struct err *err)
{
    if (plan->clients[0] || plan->client_thread_counts)
        return err_set(err, -EINVAL, "--go: has no clients; leave --%s out",
            plan->clients[0] ? "clients" : "client-threads");
    for (size_t i = 0; i < plan->loads; i++)
        if (!go_has_words(plan->load[i].words))
            return err_set(err, -EINVAL,
                "--go: load %s has values of %u bytes; Go's are of 8, 16, 32, 64, 128 or 256",
                plan->load[i].name, plan->load[i].words * 8);
    plan->has_go = true;
    return go_find(program, &plan->go, err);
}

static int choose_strategies(struct maps_plan *plan, const struct maps_request *r, struct err *err)
{
    struct words words = {0};
    const unsigned aligns = r->aligns ? r->aligns : ALIGNS;
    if (aligns & ~(unsigned)ALIGNS_KNOWN)
        return err_set(
            err, -EINVAL, "--align: shards are compiled for 8, 16, 32, 64 and 128 bytes");
    int code = r->strategies ? args_words("--strategy", r->strategies, &words, err) : 0;
    if (!code)
        code = check_names(&words, err);
    if (!code)
        code = load_all_own(plan, &words, err);
    if (!code)
        code = find_missing(plan, &words, err);
    if (!code && r->go)
        code = choose_go(plan, r->go, err);
    if (!code && r->go_free && !r->go)
        code = err_set(err, -EINVAL, "--go-free: is about strategies in Go; give --go, too");
    plan->go_free = r->go_free;
    for (size_t i = 0; !code && i < plan->loads; i++)
        code = add_strategies(plan, &words, aligns, &plan->load[i], err);
    words_fini(&words);
    if (!code && !plan->points && plan->missings)
        code =
            err_set(err, -ENODEV, "--strategy: %s was built without %s; install it and build anew",
                plan->missing[0]->name, plan->missing[0]->missing);
    return code;
}

/* Without an owned part, no memory would lie otherwise than locally. */
static int check_owners(const struct maps_plan *plan, struct err *err)
{
    bool owned = !plan->owner_node;
    for (size_t i = 0; i < plan->points && !owned; i++)
        owned = plan->point[i].strategy->homes;
    return owned ? 0
                 : err_set(err, -EINVAL,
                       "--mem-node owner: no strategy chosen has parts that a thread owns; add "
                       "'sharded' to --strategy");
}

int maps_plan_build(const struct maps_request *request, const struct topology *topology,
    struct maps_plan *plan, struct err *err)
{
    *plan =
        (struct maps_plan){.quiesce = request->quiesce ? (unsigned)request->quiesce : MAPS_QUIESCE,
            .self_test = request->self_test};
    int code = maps_plan_add_places(plan, request, topology, err);
    if (!code)
        code = maps_plan_add_loads(plan, request, err);
    if (!code)
        code = choose_strategies(plan, request, err);
    return code ? code : check_owners(plan, err);
}

void maps_plan_fini(struct maps_plan *plan)
{
    cpuset_fini(&plan->cpus);
    free(plan->owner_node);
    words_fini(&plan->names);
    free(plan->load);
    free(plan->point);
    free(plan->missing);
    for (size_t i = 0; i < plan->users; i++)
        map_user_free(plan->user[i]);
    free(plan->user);
    *plan = (struct maps_plan){0};
}

void maps_point_name(const struct maps_point *point, char out[MAPS_NAME])
{
    out[0] = '\0';
    text_append(out, MAPS_NAME, "%s%s", point->strategy->name, point->copies ? "-copy" : "");
}
