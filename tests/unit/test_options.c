/* SPDX-License-Identifier: MIT
 * cli/options: words turned into typed values by a table, and the tables of all commands. */
#include "tests/test.h"

#include "base/cpuset.h"
#include "cli/cmd.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct args {
    bool flag;
    unsigned form, choice, choices;
    const char *text;
    uint64_t count;
    double ns, share;
    struct cpuset cpus;
};
static const char *const names[] = {"red", "green", "blue"};

#define ARGS struct args
static const struct option_row rows[] = {
    OPTION_HEADING("Things"),
    {"--flag", 'f', NULL, "A flag", NULL, OPTION_FLAG(flag)},
    {"--form", 0, NULL, "A form", NULL, OPTION_SET(form, 7)},
    {"--text", 't', "TEXT", "A text", NULL, OPTION_TEXT(text)},
    {"--count", 0, "N", "A number", "5", OPTION_COUNT(count, 1, 9)},
    {"--time", 0, "TIME", "A time", "2ms", OPTION_DURATION(ns, 1e9, 5e9)},
    {"--share", 0, "SHARE", "A share", "1%", OPTION_SHARE(share)},
    {"--colour", 0, "NAME", "A colour", NULL, OPTION_CHOICE(choice, "colour", names, 3, 0)},
    {"--color", 0, "NAME", NULL, NULL, OPTION_CHOICE(choice, "colour", names, 3, 0)},
    {"--colours", 0, "LIST", "Colours", NULL, OPTION_CHOICES(choices, "colour", names, 3)},
    {"--cpus", 0, "LIST", "Cpus", NULL, OPTION_CPUS(cpus)},
};
static const struct options without = {
    .summary = "Tests.", .row = rows, .rows = sizeof rows / sizeof *rows};
static const struct options with = {
    .arguments = "FILE...", .summary = "Tests.", .row = rows, .rows = sizeof rows / sizeof *rows};
static const struct options running = {.arguments = "COMMAND",
    .summary = "Tests.",
    .runs_command = true,
    .row = rows,
    .rows = sizeof rows / sizeof *rows};

enum { WORDS_MAX = 24 };
struct line {
    char text[256], *word[WORDS_MAX];
    char **argv;
    int argc;
};

/* `text` split at blanks, behind the command's name. */
static int parse(const struct options *options, const char *text, struct line *line,
    struct args *args, struct err *err)
{
    *line = (struct line){.argc = 1};
    *args = (struct args){0};
    snprintf(line->text, sizeof line->text, "%s", text);
    for (char *word = strtok(line->text, " "); word; word = strtok(NULL, " "))
        line->word[line->argc++] = word;
    static char name[] = "numaprobe test";
    line->word[0] = name;
    line->argv = line->word;
    return options_read(options, &line->argc, &line->argv, args, err);
}

static void every_type_is_parsed(void **state)
{
    (void)state;
    struct line line;
    struct args a;
    assert_int_equal(parse(&without,
                         "-ft words --form --count=9 --time 3 --share 50% --color blue --colours "
                         "red,blue,red --cpus 1 --cpus 3,1-2",
                         &line, &a, NULL),
        0);
    assert_true(a.flag);
    assert_int_equal(a.form, 7);
    assert_string_equal(a.text, "words");
    assert_int_equal(a.count, 9);
    assert_true(a.ns == 3e9);
    assert_true(a.share == 0.5);
    assert_int_equal(a.choice, 2);
    assert_int_equal(a.choices, 5);
    assert_int_equal(a.cpus.count, 3);
    assert_int_equal(a.cpus.cpu[0], 3);
    cpuset_fini(&a.cpus);
}

static void presets_hold_until_the_option_is_given(void **state)
{
    (void)state;
    struct line line;
    struct args a;
    assert_int_equal(parse(&without, "--share 2%", &line, &a, NULL), 0);
    assert_int_equal(a.count, 5);
    assert_true(a.ns == 2e6);
    assert_true(a.share == 0.02);
}

static void errors_name_the_option_and_the_way_out(void **state)
{
    static const struct {
        const char *words, *text;
    } wrong[] = {
        {"--flga", "there is no option '--flga'; did you mean '--flag'; 'numaprobe test --help' "
                   "lists them"},
        {"--co 3", "there is no option '--co'; did you mean '--count', '--colour' or '--color'; "
                   "'numaprobe test --help' lists them"},
        {"-fz", "there is no option '-z'; 'numaprobe test --help' lists them"},
        {"--flag=1", "--flag: takes no value; leave '=1' out"},
        {"--text", "--text: needs a value, TEXT; 'numaprobe test --help' describes it"},
        {"-t", "--text: needs a value, TEXT; 'numaprobe test --help' describes it"},
        {"--count 10", "--count: '10' is out of range; accepted: 1 to 9"},
        {"--time 6s", "--time: '6s' is too long; at most 5e+06us"},
        {"--colours red,",
            "--colours: 'red,' has an empty word; accepted: words with single commas between"},
        {"--colour grey", "--colour: unknown colour 'grey'; known: red, green, blue"},
        {"stray", "unexpected argument 'stray'; options begin with --, 'numaprobe test --help' "
                  "lists them"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct line line;
        struct args a;
        struct err err = {0};
        const int code = parse(&without, wrong[i].words, &line, &a, &err);
        cpuset_fini(&a.cpus);
        assert_string_equal(err.text, wrong[i].text);
        assert_true(code < 0);
    }
}

static void help_is_asked_for_in_many_ways(void **state)
{
    static const char *const words[] = {
        "--help", "-h", "-?", "-fh", "-f?z", "--he", "--help --none"};
    (void)state;
    struct line line;
    struct args a;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(parse(&without, words[i], &line, &a, NULL), OPTIONS_HELP);
    assert_int_equal(parse(&without, "--usage", &line, &a, NULL), OPTIONS_USAGE);
}

static void arguments_follow_the_options(void **state)
{
    (void)state;
    struct line line;
    struct args a;
    assert_int_equal(parse(&with, "one --flag two -- --form", &line, &a, NULL), 0);
    assert_true(a.flag && a.form == 0);
    assert_int_equal(line.argc, 3);
    assert_string_equal(line.argv[1], "two");
    assert_string_equal(line.argv[2], "--form");
    assert_int_equal(parse(&running, "--flag one --form", &line, &a, NULL), 0);
    assert_true(a.flag && a.form == 0);
    assert_int_equal(line.argc, 2);
    assert_string_equal(line.argv[0], "one");
}

static void check_row(const struct options *options, size_t index)
{
    const struct option_row *const row = &options->row[index];
    assert_true(strncmp(row->name, "--", 2) == 0 && row->parse);
    assert_true(row->help || options->row[index - 1].name);
    for (size_t i = 0; i < index; i++) {
        if (options->row[i].name)
            assert_string_not_equal(options->row[i].name, row->name);
        assert_true(!row->letter || options->row[i].letter != row->letter);
    }
}

static void every_command_has_a_sound_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < cmd_count; i++) {
        const struct options *const options = cmd_table[i]->options;
        for (size_t k = 0; options && k < options->rows; k++)
            if (options->row[k].name)
                check_row(options, k);
            else
                assert_non_null(options->row[k].help);
    }
}
