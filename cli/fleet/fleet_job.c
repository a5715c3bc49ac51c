/* SPDX-License-Identifier: MIT
 * Reads the words by the command's own table of options, in which only a few are looked at: what
 * the others mean, as cpus, is a matter of the node. */
#include "cli/fleet/fleet_job.h"

#include "base/text.h"
#include "cli/cmd.h"
#include "probes/maps/load.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct found {
    double max_time_ns;
    const char *loads, *mix;
};

static int skip_value(const struct option_row *row, const char *text, void *value, struct err *err)
{
    (void)row, (void)text, (void)value, (void)err;
    return 0;
}

static int refuse_output(
    const struct option_row *row, const char *text, void *value, struct err *err)
{
    (void)text, (void)value;
    return err_set(err, -EINVAL,
        "%s: each node would write that file; 'fleet collect --csv' joins what they measured",
        row->name);
}

static int refuse_idle(const struct option_row *row, const char *text, void *value, struct err *err)
{
    (void)text, (void)value;
    return err_set(err, -EINVAL, "%s: measures nothing on the nodes; leave it out", row->name);
}

/* Options that are looked at. A row keeps its name and form, so that words are read as the command
 * reads them. */
static const struct watched {
    const char *name;
    option_parse *parse;
    size_t offset;
} watched[] = {
    {"--csv", refuse_output, 0},
    {"--json", refuse_output, 0},
    {"--card", refuse_output, 0},
    {"--record", refuse_output, 0},
    {"--dry-run", refuse_idle, 0},
    {"--list", refuse_idle, 0},
    {"--topology", refuse_idle, 0},
    {"--sessions", refuse_idle, 0},
    {"--max-time", option_duration, offsetof(struct found, max_time_ns)},
    {"--load", option_text, offsetof(struct found, loads)},
    {"--mix", option_text, offsetof(struct found, mix)},
};

static struct option_row watch_row(const struct option_row *row)
{
    struct option_row seen = *row;
    seen.parse = skip_value;
    seen.offset = 0;
    seen.preset = NULL;
    for (size_t i = 0; row->name && i < sizeof watched / sizeof *watched; i++) {
        if (strcmp(row->name, watched[i].name) != 0)
            continue;
        seen.parse = watched[i].parse;
        seen.offset = watched[i].offset;
        seen.preset = watched[i].parse == option_duration ? row->preset : NULL;
    }
    return seen;
}

static int read_words(
    const struct cmd *cmd, int words, char **word, struct found *found, struct err *err)
{
    struct options options = *cmd->options;
    struct option_row *const rows = calloc(options.rows, sizeof *rows);
    char name[64];
    char **const argv = calloc((size_t)words + 2, sizeof *argv), **rest = argv;
    int argc = words + 1;
    int code = rows && argv ? 0 : err_set(err, -ENOMEM, "out of memory for the command");
    if (!code) {
        for (size_t i = 0; i < options.rows; i++)
            rows[i] = watch_row(&options.row[i]);
        options.row = rows;
        snprintf(name, sizeof name, "numaprobe %s", cmd->name);
        argv[0] = name;
        for (int i = 0; i < words; i++)
            argv[i + 1] = word[i];
        code = options_read(&options, &argc, &rest, found, err);
    }
    free(rows);
    free(argv);
    return code > 0 ? err_set(err, -EINVAL, "fleet: help of '%s' is for one machine; leave it out",
                          cmd->name)
                    : code;
}

static const struct cmd *find_command(const char *name)
{
    for (size_t i = 0; i < cmd_count; i++)
        if (strcmp(cmd_table[i]->name, name) == 0)
            return cmd_table[i];
    return NULL;
}

/* Commands whose CSV describes the node, and which of them have the same columns. What `stat` runs
 * prints to where its CSV goes; others write none, or read files. */
static const struct fleet_command {
    const char *name;
    bool samples; /* numaprobe schema; false: columns that no other command has */
} commands[] = {
    {"run", true},
    {"align", true},
    {"matrix", true},
    {"costs", true},
    {"maps", true},
    {"ab", false},
    {"topo", false},
    {"doctor", false},
    {"events", false},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const struct fleet_command *find_known(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int refuse_command(const char *name, struct err *err)
{
    char list[128] = "";
    for (size_t i = 0; i < COMMANDS; i++)
        text_append_item(
            list, sizeof list, i + 1 < COMMANDS ? ", " : " and ", "%s", commands[i].name);
    return err_set(
        err, -EINVAL, "fleet: '%s' has no CSV that could be joined; choose from %s", name, list);
}

/* `maps` has its limit for each load. */
static double loads_of(const struct cmd *cmd, const struct found *found)
{
    double loads = found->mix ? 1 : 0;
    if (strcmp(cmd->name, "maps") != 0)
        return 1;
    if (!found->loads)
        return loads > 0 ? loads : (double)load_file_count;
    for (const char *at = found->loads; at; at = strchr(at, ','), at = at ? at + 1 : NULL)
        loads++;
    return loads;
}

/* A command is within its --max-time but for what begins and ends it; those without one print what
 * they find at once. */
static int64_t limit_of(const struct cmd *cmd, const struct found *found)
{
    enum { BEGIN_S = 60 };
    return BEGIN_S + (int64_t)ceil(1.5 * found->max_time_ns * loads_of(cmd, found) / 1e9);
}

int fleet_job_check(int words, char **word, struct fleet_words_checked *checked, struct err *err)
{
    struct found found = {0};
    const bool named = words > 0 && *word[0] != '-';
    const struct cmd *const cmd = find_command(named ? word[0] : "run");
    if (!cmd)
        return err_set(err, -EINVAL,
            "fleet: there is no command '%s'; 'numaprobe --help' lists "
            "them",
            word[0]);
    if (!find_known(cmd->name))
        return refuse_command(cmd->name, err);
    const int code = read_words(cmd, words - named, word + named, &found, err);
    *checked = (struct fleet_words_checked){cmd->name, limit_of(cmd, &found)};
    return code;
}

bool fleet_job_joins(const char *command, const char *other)
{
    const struct fleet_command *const a = find_known(command), *const b = find_known(other);
    return a && b && (a == b || (a->samples && b->samples));
}
