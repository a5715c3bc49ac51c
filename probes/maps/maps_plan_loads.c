/* SPDX-License-Identifier: MIT
 * Loads by name, by file, or by --mix, and what the other options change in them. */
#include "probes/maps/maps_plan_loads.h"

#include "base/args.h"
#include "base/grow.h"
#include "base/text.h"

#include <errno.h>
#include <unistd.h>

static const char MIX[] = "mix"; /* the name of a load that --mix makes */

static int add_load(struct maps_plan *plan, const struct load *load, struct err *err)
{
    if (GROW(plan->load, plan->loads))
        return err_set(err, -ENOMEM, "out of memory for %zu loads", plan->loads);
    plan->load[plan->loads++] = *load;
    return 0;
}

static int add_found(struct maps_plan *plan, const char *name, struct err *err)
{
    struct load load;
    const int code = load_find("--load", name, &load, err);
    return code ? code : add_load(plan, &load, err);
}

static int add_named(struct maps_plan *plan, const char *list, struct err *err)
{
    int code = args_words("--load", list, &plan->names, err);
    for (size_t i = 0; !code && i < plan->names.count; i++)
        code = add_found(plan, plan->names.word[i], err);
    return code;
}

static int add_all(struct maps_plan *plan, struct err *err)
{
    int code = 0;
    for (size_t i = 0; !code && i < load_file_count; i++)
        code = add_found(plan, load_file_table[i].name, err);
    return code;
}

static int add_mix(struct maps_plan *plan, const char *mix, struct err *err)
{
    struct load load = load_default(MIX);
    text_append(load.summary, sizeof load.summary, "%s", mix);
    const int code = load_parse_mix("--mix", mix, &load, err);
    return code ? code : add_load(plan, &load, err);
}

/* --keys, --zipf and --value go into each load. */
static int change_load(const struct maps_request *request, struct load *load, struct err *err)
{
    const char *const where = request->mix ? "--mix" : load->name;
    uint64_t words = load->words;
    char draw[LOAD_TEXT] = "";
    int code = request->keys ? load_set("--keys", "keys", request->keys, load, err) : 0;
    text_append(draw, sizeof draw, "zipf %s", request->zipf ? request->zipf : "");
    if (!code && request->zipf)
        code = load_set("--zipf", "draw", draw, load, err);
    if (!code && request->value)
        code = args_u64("--value", request->value, 8, MAP_WORDS * 8, &words, err);
    if (!code && request->value && words % 8)
        code = err_set(err, -EINVAL, "--value: '%s' is not a multiple of 8 bytes", request->value);
    load->words = request->value ? (unsigned)words / 8 : load->words;
    return code ? code : load_check(where, load, err);
}

/* Twice the slots that a growing table has while it is copied. */
static int check_memory(
    const char *where, const struct load *load, unsigned threads, struct err *err)
{
    enum { SLOTS_A_KEY = 6 };
    const double keys = (double)load_keys(load, threads);
    const double bytes = keys * SLOTS_A_KEY * 8 * (load->words + 1);
    const double here = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (bytes <= here)
        return 0;
    return err_set(err, -EINVAL,
        "%s: %.0f keys need some %.3g GB, and this machine has %.3g; use fewer", where, keys,
        bytes / 1e9, here / 1e9);
}

int maps_plan_add_loads(struct maps_plan *plan, const struct maps_request *r, struct err *err)
{
    if (r->mix && r->loads)
        return err_set(err, -EINVAL, "--mix: makes its own load; leave --load out");
    int code = r->mix     ? add_mix(plan, r->mix, err)
               : r->loads ? add_named(plan, r->loads, err)
                          : add_all(plan, err);
    for (size_t i = 0; !code && i < plan->loads; i++)
        code = change_load(r, &plan->load[i], err);
    for (size_t i = 0; !code && i < plan->loads; i++)
        code = check_memory(r->keys ? "--keys" : plan->load[i].name, &plan->load[i],
            plan->threads[plan->counts - 1], err);
    return code;
}
