/* SPDX-License-Identifier: MIT
 * libFuzzer: any words on the command line end in an exit code, leak nothing and leave getopt
 * as it was. The input has one word a line. Nothing is measured, compiled or written. */
#include "cli/cmd.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 16, TAIL = 4 };

struct line {
    char *word[1 + WORDS_MAX +
               TAIL]; /* each in memory of its own, so that a read past one is found */
    int count;
};

static void add(struct line *line, const char *text, size_t size)
{
    if (!(line->word[line->count++] = strndup(text, size)))
        abort();
}

static void split(struct line *line, const char *text, size_t size)
{
    const char *const end = text + size;
    for (int i = 0; i < WORDS_MAX && text < end; i++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop ? stop : end;
        add(line, text, (size_t)(stop - text));
        text = stop + 1;
    }
}

/* --layout runs a compiler on what has a '/' or ends in ".c". */
static bool names_file(const struct line *line)
{
    for (int i = 0; i < line->count; i++)
        if (strchr(line->word[i], '/') || strstr(line->word[i], ".c"))
            return true;
    return false;
}

/* Commands that run the programs that the words name. */
static bool runs_words(const char *command)
{
    return strcmp(command, "stat") == 0 || strcmp(command, "detect") == 0 ||
           strcmp(command, "ab") == 0 || strcmp(command, "fleet") == 0;
}

/* These become a compiler or a builder, whatever their words are: the fuzzer would end in its
 * place. */
static bool becomes_another(const struct line *line)
{
    static const char *const builders[] = {"cc", "c++", "go", "cargo", "rustc"};
    const char *const command = line->count > 1 ? line->word[1] : "";
    for (size_t i = 0; i < sizeof builders / sizeof *builders; i++)
        if (strcmp(command, builders[i]) == 0)
            return true;
    return false;
}

/* Commands whose words may name files: those are not there, behind "--" whatever comes last. */
static bool reads_words(const char *command)
{
    return strcmp(command, "compare") == 0 || strcmp(command, "report") == 0;
}

static bool is_answer(const struct line *line, int status)
{
    const char *const command = line->count > 1 ? line->word[1] : "";
    return status == EXIT_DONE || status == EXIT_USAGE || status == EXIT_CANNOT ||
           ((status == EXIT_FILE || status == EXIT_UNKNOWN) && reads_words(command));
}

/* What comes last holds: a small machine that is not this one, and no measuring. An option before
 * that takes the first of these words for its value leaves a usage error, since a --topology
 * without --dry-run is one, and a word too many is another. */
static void make_harmless(struct line *line)
{
    const char *const command = line->count > 1 ? line->word[1] : "";
    if (runs_words(command)) { /* help comes before any */
        add(line, "--help", 6);
        char *const help = line->word[line->count - 1];
        memmove(&line->word[3], &line->word[2], (size_t)(line->count - 3) * sizeof *line->word);
        line->word[2] = help;
        return;
    }
    if (strcmp(command, "doctor") == 0) /* looks at the machine for a while */
        add(line, "--help", 6);
    if (strcmp(command, "doctor") == 0 || strcmp(command, "schema") == 0 ||
        strcmp(command, "events") == 0 || strcmp(command, "topo") == 0) {
        /* Before these, --csv and --json take the next word as a file to write. */
        add(line, "--csv=/dev/null", 15);
        add(line, "--json=/dev/zero", 16);
    }
    if (strcmp(command, "doctor") == 0 || strcmp(command, "schema") == 0 ||
        strcmp(command, "events") == 0)
        return;
    add(line, "--topology", 10);
    add(line, "pack:2 numa:1 core:2 pu:2", 25);
    if (strcmp(command, "topo") != 0)
        add(line, "--dry-run", 9);
}

/* fd 1 and 2 stay, since libFuzzer and the sanitizers report there. */
static int call_silently(int argc, char **argv)
{
    FILE *const out = stdout, *const err = stderr, *const none = fopen("/dev/null", "w");
    if (!none)
        abort();
    stdout = stderr = none;
    const int status = numaprobe(argc, argv);
    stdout = out;
    stderr = err;
    fclose(none);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct line line = {0};
    add(&line, "numaprobe", 9);
    split(&line, (const char *)data, size);
    if (!names_file(&line) && !becomes_another(&line)) {
        make_harmless(&line);
        char *argv[1 + WORDS_MAX + TAIL + 1] = {0}; /* getopt permutes it */
        memcpy(argv, line.word, sizeof line.word);
        const int status = call_silently(line.count, argv);
        if (!is_answer(&line, status))
            abort();
    }
    for (int i = 0; i < line.count; i++)
        free(line.word[i]);
    return 0;
}
