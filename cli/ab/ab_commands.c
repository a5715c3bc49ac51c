/* SPDX-License-Identifier: MIT
 * From the command line to the words of each program. */
#include "cli/ab/ab_args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\n";

/* What only a shell understands. An assignment before the command does, too. */
static bool needs_shell(const char *command)
{
    const char *const first = command + strspn(command, blanks);
    const size_t length = strcspn(first, blanks);
    return strpbrk(command, "|&;<>()$`\\\"'*?[]#~{}!\n") || memchr(first, '=', length);
}

/* Pointers and words in one allocation: a word needs a blank before the next. */
static char **new_words(const char *command)
{
    const size_t length = strlen(command);
    char **const argv = calloc(1, (length / 2 + 4) * sizeof *argv + sizeof "sh\0-c" + length + 1);
    if (!argv)
        return NULL;
    char *text = (char *)(argv + length / 2 + 4);
    if (needs_shell(command)) {
        argv[0] = memcpy(text, "sh\0-c", sizeof "sh\0-c");
        argv[1] = text + sizeof "sh";
        argv[2] = memcpy(text + sizeof "sh\0-c", command, length + 1);
        return argv;
    }
    size_t words = 0;
    char *rest = NULL;
    memcpy(text, command, length + 1);
    for (char *word = strtok_r(text, blanks, &rest); word; word = strtok_r(NULL, blanks, &rest))
        argv[words++] = word;
    return argv;
}

static int add_command(struct ab_commands *c, char **argv, const char *text, struct err *err)
{
    char *const copy = argv ? strdup(text) : NULL;
    c->argv[c->count] = argv;
    c->text[c->count++] = copy;
    if (!argv || !copy)
        return err_set(err, -ENOMEM, "out of memory for the programs");
    return argv[0] ? 0
                   : err_set(err, -EINVAL, "ab: program %c is empty; name a command",
                         'a' + (char)c->count - 1);
}

static int add_options(const struct ab_args *args, struct ab_commands *c, struct err *err)
{
    int code = 0;
    if (args->words)
        return err_set(err, -EINVAL,
            "ab: the programs are given by --a and --b already; leave '%s' out", args->word[0]);
    for (unsigned i = 0; i < AB_PROGRAMS && !code; i++) {
        if (!args->command[i] && i + 1 < AB_PROGRAMS && args->command[i + 1])
            return err_set(
                err, -EINVAL, "--%c: is missing, but there is --%c", 'a' + (char)i, 'b' + (char)i);
        if (args->command[i])
            code = add_command(c, new_words(args->command[i]), args->command[i], err);
    }
    return code;
}

static char *join_words(char *const *word, int count)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    for (int i = 0; out && i < count; i++)
        fprintf(out, "%s%s", i ? " " : "", word[i]);
    if (out)
        fclose(out);
    return text;
}

static int add_words(char *const *word, int count, struct ab_commands *c, struct err *err)
{
    if (c->count == AB_PROGRAMS)
        return err_set(err, -EINVAL, "ab: at most %d programs can be compared", AB_PROGRAMS);
    char **const argv = calloc((size_t)count + 1, sizeof *argv);
    char *const text = argv ? join_words(word, count) : NULL;
    for (int i = 0; argv && i < count; i++)
        argv[i] = word[i];
    const int code = add_command(c, argv, text ? text : "", err);
    free(text);
    return code;
}

/* Programs are separated by "--". */
static int split_words(const struct ab_args *args, struct ab_commands *c, struct err *err)
{
    int code = 0, to = 0;
    for (int from = 0; from < args->words && !code; from = to + 1) {
        for (to = from; to < args->words && strcmp(args->word[to], "--") != 0;)
            to++;
        code = add_words(args->word + from, to - from, c, err);
    }
    return code;
}

int ab_commands_read(const struct ab_args *args, struct ab_commands *commands, struct err *err)
{
    bool named = false;
    *commands = (struct ab_commands){0};
    for (unsigned i = 0; i < AB_PROGRAMS; i++)
        named |= args->command[i] != NULL;
    const int code = named ? add_options(args, commands, err) : split_words(args, commands, err);
    if (!code && commands->count < 2)
        return err_set(err, -EINVAL,
            "ab: two programs are needed; expected: numaprobe ab [OPTION...] --a CMD --b CMD");
    return code;
}

void ab_commands_fini(struct ab_commands *commands)
{
    for (unsigned i = 0; i < commands->count; i++) {
        free(commands->argv[i]);
        free(commands->text[i]);
    }
    *commands = (struct ab_commands){0};
}
