/* SPDX-License-Identifier: MIT
 * numaprobe fleet: which verb, and which of its options belong to it. */
#include "cli/cmd.h"

#include "base/args.h"
#include "cli/fleet/fleet_args.h"

#include <errno.h>
#include <string.h>

enum { PLAN, RUN, STATUS, COLLECT, VERBS };
static const char *const names[VERBS] = {"plan", "run", "status", "collect"};
static int (*const verbs[VERBS])(const struct fleet_args *args) = {
    fleet_plan, fleet_run, fleet_status, fleet_collect};

/* What was given to a verb that does nothing with it is a misunderstanding. */
static int check_options(int verb, const struct fleet_args *a, struct err *err)
{
    const struct {
        bool given;
        const char *name;
        unsigned verbs;
    } options[] = {
        {a->hosts, "--hosts", 1u << PLAN},
        {a->partition, "--partition", 1u << PLAN},
        {a->one_per_kind, "--one-per-kind", 1u << PLAN},
        {a->program, "--program", 1u << PLAN},
        {a->time_ns > 0, "--time", 1u << PLAN},
        {a->dry_run, "--dry-run", 1u << RUN},
        {a->sbatch.count, "--sbatch", 1u << RUN},
        {a->ssh_config, "--ssh-config", 1u << RUN},
        {a->csv, "--csv", 1u << STATUS | 1u << COLLECT},
        {a->json, "--json", 1u << STATUS},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].given && !(options[i].verbs & 1u << verb))
            return err_set(err, -EINVAL, "%s: means nothing to 'fleet %s'; leave it out",
                options[i].name, names[verb]);
    if (!a->folder)
        return err_set(err, -EINVAL, "--folder: is missing; name the folder of the plan");
    if (verb != PLAN && a->words > 1)
        return err_set(err, -EINVAL, "fleet %s: the plan has the command; leave '%s' out",
            names[verb], a->word[1]);
    return 0;
}

static int run_verb(struct fleet_args *args)
{
    struct err err;
    if (args->words == 0) {
        err_set(&err, -EINVAL,
            "fleet: no verb; expected: numaprobe fleet plan, run, status or "
            "collect");
        return cmd_fail(&err, EXIT_USAGE);
    }
    const int verb = args_choice("fleet", "verb", args->word[0], names, VERBS, &err);
    if (verb < 0 || check_options(verb, args, &err))
        return cmd_fail(&err, EXIT_USAGE);
    return verbs[verb](args);
}

static int fleet_main(int argc, char **argv)
{
    struct fleet_args args = {0};
    const int status = options_parse(&fleet_options, &argc, &argv, &args);
    args.word = argv;
    args.words = argc;
    return status >= 0 ? status : run_verb(&args);
}

const struct cmd cmd_fleet = {
    "fleet", "run a command on all nodes of a cluster", fleet_main, &fleet_options, NULL};
