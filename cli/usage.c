/* SPDX-License-Identifier: MIT
 * Reads the words again as getopt_long(3) does, to find the one it stumbled over. */
#include "cli/usage.h"

#include "base/args.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { KNOWN_MAX = 64, NAME_MAX_BYTES = 32 };

struct known {
    const struct argp_option *option[KNOWN_MAX];
    size_t count;
    const char *command;
};

static bool is_end(const struct argp_option *o)
{
    return !o->name && !o->key && !o->doc && !o->group;
}

static void gather(const struct argp_option *const *tables, struct known *known)
{
    for (; *tables; tables++)
        for (const struct argp_option *o = *tables; !is_end(o) && known->count < KNOWN_MAX; o++)
            if (o->name)
                known->option[known->count++] = o;
}

/* By its whole name or the only one that begins so. NULL: none or several. */
static const struct argp_option *find_long(const struct known *known, const char *name, size_t size)
{
    const struct argp_option *found = NULL;
    size_t matches = 0;
    for (size_t i = 0; i < known->count; i++) {
        const struct argp_option *o = known->option[i];
        if (strncmp(o->name, name, size) != 0)
            continue;
        if (o->name[size] == '\0')
            return o;
        found = o;
        matches++;
    }
    return matches == 1 ? found : NULL;
}

static const struct argp_option *find_short(const struct known *known, char letter)
{
    for (size_t i = 0; i < known->count; i++)
        if (known->option[i]->key == letter)
            return known->option[i];
    return NULL;
}

static int unknown(const struct known *known, const char *word, size_t size, struct err *err)
{
    char text[KNOWN_MAX][NAME_MAX_BYTES], near[128], option[64];
    const char *names[KNOWN_MAX];
    for (size_t i = 0; i < known->count; i++) {
        snprintf(text[i], sizeof text[i], "--%s", known->option[i]->name);
        names[i] = text[i];
    }
    snprintf(option, sizeof option, "%.*s", (int)(size < sizeof option ? size : sizeof option - 1),
        word);
    args_near(option, names, known->count, near, sizeof near);
    return err_set(err, -EINVAL, "there is no option '%s'%s%s; '%s --help' lists them", option,
        *near ? "; did you mean " : "", near, known->command);
}

static int no_value(const struct known *known, const struct argp_option *o, struct err *err)
{
    return err_set(err, -EINVAL, "--%s: needs a value, %s; '%s --help' tells more", o->name, o->arg,
        known->command);
}

/* `next` is the word after, NULL at the end. 1 when that is the value, 0, or -EINVAL. */
static int check_long(
    const struct known *known, const char *word, const char *next, struct err *err)
{
    const size_t size = strcspn(word, "=");
    const struct argp_option *o = find_long(known, word + 2, size - 2);
    if (!o)
        return unknown(known, word, size, err);
    if (!o->arg && word[size])
        return err_set(err, -EINVAL, "--%s: takes no value; leave '%s' out", o->name, word + size);
    if (!o->arg || word[size])
        return 0;
    return next ? 1 : no_value(known, o, err);
}

static int check_short(
    const struct known *known, const char *word, const char *next, struct err *err)
{
    for (const char *letter = word + 1; *letter; letter++) {
        const struct argp_option *o = find_short(known, *letter);
        if (!o)
            return unknown(known, (const char[]){'-', *letter, '\0'}, 2, err);
        if (o->arg && !letter[1])
            return next ? 1 : no_value(known, o, err);
        if (o->arg)
            return 0;
    }
    return 0;
}

void usage_explain_option(
    const struct argp_option *const *tables, int argc, char **argv, struct err *err)
{
    struct known known = {.command = argv[0]};
    gather(tables, &known);
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (argv[i][0] != '-' || argv[i][1] == '\0')
            continue;
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        const int code = argv[i][1] == '-' ? check_long(&known, argv[i], next, err)
                                           : check_short(&known, argv[i], next, err);
        if (code < 0)
            return;
        i += code;
    }
    err_set(err, -EINVAL, "the options are not understood; '%s --help' lists them", argv[0]);
}

void usage_explain_argument(const char *command, const char *word, struct err *err)
{
    err_set(err, -EINVAL, "unexpected argument '%s'; options begin with --, '%s --help' lists them",
        word, command);
}
