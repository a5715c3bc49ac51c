/* SPDX-License-Identifier: MIT
 * A command's options as one table. It turns words into typed values and prints the help;
 * scripts/man.c makes the manual page of it. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct option_row;

/* Turns `text` into the value at `value`; text is NULL for an option without an argument, and where
 * it was left out. Returns 0, or -errno with err naming the option. */
typedef int option_parse(
    const struct option_row *row, const char *text, void *value, struct err *err);

struct option_row {
    const char *name;     /* "--align"; NULL: a heading, which is in `help` */
    char letter;          /* of the short form; 0: there is none */
    const char *argument; /* "LIST"; "[FILE]": may be left out; NULL: the option takes none */
    const char *help;     /* without the default; NULL: another name of the row before */
    const char *preset;   /* the default, parsed like an argument; NULL: the caller's value */
    option_parse *parse;
    size_t offset; /* of the value in the command's arguments */
    /* What the parser accepts, as far as it asks: */
    uint64_t least, most;
    double unit_ns, most_ns; /* the unit of a number without one; 0: no limit */
    const char *noun, *const *choice;
    size_t choices;
};

struct options {
    const char *arguments; /* what follows the options, as "FILE..."; NULL: nothing may */
    const char *summary;   /* one paragraph */
    const char *ending;    /* printed below the options; NULL: nothing */
    bool runs_command;     /* the first word that is not an option begins another command line */
    const struct option_row *row;
    size_t rows;
};

/* Rows of a table. ARGS is the type of the command's arguments; a member of another type than the
 * parser writes does not compile. */
#define OPTION_HEADING(text)                                                                       \
    {                                                                                              \
        .help = (text)                                                                             \
    }
#define OPTION_AT(type, member)                                                                    \
    .offset = _Generic(((ARGS *)0)->member, type : offsetof(ARGS, member))
#define OPTION_FLAG(member) .parse = option_flag, OPTION_AT(bool, member)
#define OPTION_SET(member, value) .parse = option_set, OPTION_AT(unsigned, member), .least = (value)
#define OPTION_TEXT(member) .parse = option_text, OPTION_AT(const char *, member)
#define OPTION_FILE(member) .parse = option_file, OPTION_AT(const char *, member)
#define OPTION_COUNT(member, min, max)                                                             \
    .parse = option_count, OPTION_AT(uint64_t, member), .least = (min), .most = (max)
#define OPTION_DURATION(member, unit, max)                                                         \
    .parse = option_duration, OPTION_AT(double, member), .unit_ns = (unit), .most_ns = (max)
#define OPTION_SHARE(member) .parse = option_share, OPTION_AT(double, member)
#define OPTION_CHOICE(member, what, names, count, first)                                           \
    .parse = option_choice, OPTION_AT(unsigned, member), .noun = (what), .choice = (names),        \
    .choices = (count), .least = (first)
#define OPTION_CHOICES(member, what, names, count)                                                 \
    .parse = option_choices, OPTION_AT(unsigned, member), .noun = (what), .choice = (names),       \
    .choices = (count)
#define OPTION_CPUS(member) .parse = option_cpus, OPTION_AT(struct cpuset, member)

option_parse option_flag;     /* true */
option_parse option_set;      /* the enumerator `least` */
option_parse option_text;     /* the text itself */
option_parse option_file;     /* the text itself; "-" when it was left out */
option_parse option_count;    /* least to most */
option_parse option_duration; /* ns */
option_parse option_share;    /* above 0, at most 1 */
option_parse option_choice;   /* `least` for the first name, and so on */
option_parse option_choices;  /* a comma list: a bit for each index */
option_parse option_cpus;     /* a cpuset, which the caller ends */

enum { OPTIONS_HELP = 1, OPTIONS_USAGE, OPTIONS_VERSION };

/* Presets, then reads the options of `argv`, whose first word names the command, and leaves in
 * *argc and *argv what follows them (words may have been moved there, as getopt_long(3) does).
 * Returns 0, OPTIONS_HELP, OPTIONS_USAGE or OPTIONS_VERSION where that was asked for, or -errno
 * with err. `args` may own memory in each case. */
int options_read(
    const struct options *options, int *argc, char ***argv, void *args, struct err *err);

/* The same for a command: prints what was asked for, or the error. Returns -1 to go on, else the
 * exit code. */
int options_parse(const struct options *options, int *argc, char ***argv, void *args);

/* `command` is "numaprobe NAME". */
void options_print_help(const struct options *options, const char *command, FILE *out);
void options_print_usage(const struct options *options, const char *command, FILE *out);

/* --help, --usage and --version, which every command has. */
extern const struct option_row options_common[];
enum { OPTIONS_COMMON = 3 };

#endif
