/* SPDX-License-Identifier: MIT
 * The table of options of `numaprobe fleet`. */
#include "cli/fleet/fleet_args.h"

#include <errno.h>

static int parse_sbatch(
    const struct option_row *row, const char *text, void *value, struct err *err)
{
    struct fleet_sbatch *const sbatch = value;
    if (*text != '-')
        return err_set(err, -EINVAL, "%s: '%s' is not an option; write it as %s=--account=NAME",
            row->name, text, row->name);
    if (sbatch->count == FLEET_SBATCHES)
        return err_set(err, -EINVAL, "%s: at most %d options", row->name, FLEET_SBATCHES);
    sbatch->word[sbatch->count++] = text;
    return 0;
}

#define ARGS struct fleet_args
static const struct option_row rows[] = {
    OPTION_HEADING("All"),
    {"--folder", 'f', "DIR", "The plan, the script, and what each node answered", NULL,
        OPTION_TEXT(folder)},
    OPTION_HEADING("plan"),
    {"--hosts", 0, "FILE",
        "Hosts, one a line, with their kind behind them (default: Slurm's nodes)", NULL,
        OPTION_TEXT(hosts)},
    {"--partition", 0, "NAME", "Only nodes of this partition of Slurm", NULL,
        OPTION_TEXT(partition)},
    {"--one-per-kind", 0, NULL, "One node of each kind, for all of it", NULL,
        OPTION_FLAG(one_per_kind)},
    {"--program", 0, "PATH",
        "numaprobe on the nodes (default: this file with Slurm, 'numaprobe' over ssh)", NULL,
        OPTION_TEXT(program)},
    {"--time", 0, "TIME", "Time limit of a task (default: from the command's --max-time)", NULL,
        OPTION_DURATION(time_ns, 1e9, 30.0 * 24 * 3600 * 1e9)},
    OPTION_HEADING("run"),
    {"--dry-run", 0, NULL, "Write and print the script, and start nothing", NULL,
        OPTION_FLAG(dry_run)},
    {"--sbatch", 0, "OPTION", "A further option of sbatch, as --account=NAME; may be repeated",
        NULL, parse_sbatch, OPTION_AT(struct fleet_sbatch, sbatch)},
    {"--ssh-config", 0, "FILE", "Configuration of ssh: users, keys, ports", NULL,
        OPTION_TEXT(ssh_config)},
    {"--at-once", 0, "N", "Hosts that are asked at once over ssh", "64",
        OPTION_COUNT(at_once, 1, 10000)},
    OPTION_HEADING("status and collect"),
    {"--csv", 'c', "FILE", "status: every task; collect: the rows of all nodes", NULL,
        OPTION_TEXT(csv)},
    {"--json", 'j', "FILE", "status: every task", NULL, OPTION_TEXT(json)},
};

const struct options fleet_options = {
    .arguments = "plan|run|status|collect [--] [COMMAND...]",
    .summary =
        "Runs a command of numaprobe on all nodes of a cluster, by Slurm or over ssh. 'plan' lists "
        "a task for each node, 'run' starts those that are not done, 'status' shows how far they "
        "are, and 'collect' joins their CSV files and names each node that is missing, with the "
        "reason.",
    .ending = "Examples:\n"
              "  numaprobe fleet plan --folder f -- matrix --home all\n"
              "  numaprobe fleet plan --folder f --one-per-kind -- costs\n"
              "  numaprobe fleet plan --folder f --hosts hosts.txt -- run --align 8,64\n"
              "  numaprobe fleet run --folder f --dry-run\n"
              "  numaprobe fleet run --folder f --sbatch=--account=ops\n"
              "  numaprobe fleet status --folder f\n"
              "  numaprobe fleet collect --folder f --csv all.csv",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};
