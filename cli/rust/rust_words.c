/* SPDX-License-Identifier: MIT
 * Options of rustc (The rustc book, "Command-line Arguments" and "Codegen Options"). */
#include "cli/rust/rust_words.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next word belongs to them. */
static const char *const with_argument[] = {"--cfg", "--check-cfg", "-L", "-l", "--crate-name",
    "--edition", "--emit", "-o", "--out-dir", "--explain", "-A", "-W", "-D", "-F", "--cap-lints",
    "--codegen", "--extern", "--sysroot", "--error-format", "--json", "--color",
    "--diagnostic-width", "--remap-path-prefix", "--allow", "--warn", "--force-warn", "--deny",
    "--forbid", "--env-set", "--runtool", "--runtool-arg", "--test-args", "--persist-doctests",
    "--crate-version"};

/* They print something and build nothing. */
static const char *const questions[] = {
    "--print", "-h", "--help", "-V", "--version", "-vV", "--explain"};

/* Whose value a word is. */
enum option { NONE, OTHER, TYPES, TARGET, CODEGEN };

struct reader {
    struct rust_words *words;
    enum option next; /* of the next word */
    unsigned depth;
};

static bool begins(const char *word, const char *with)
{
    return strncmp(word, with, strlen(with)) == 0;
}

/* Of --crate-type: a comma list. */
static void read_types(struct rust_words *words, const char *list)
{
    words->is_macro |= strstr(list, "proc-macro") != NULL;
    words->shared |= strstr(list, "dylib") != NULL; /* also cdylib */
}

/* Those of addresses, memory and leaks instrument the accesses or replace malloc, as ours does. */
static void read_sanitizers(struct rust_words *words, const char *list)
{
    static const char *const excluding[] = {
        "address", "hwaddress", "kernel-address", "leak", "memory", "memtag", "dataflow"};
    char word[sizeof words->sanitizer];
    for (size_t length; *list; list += length + (list[length] == ',')) {
        length = strcspn(list, ",");
        snprintf(word, sizeof word, "%.*s", (int)length, list);
        if (TEXT_IS_ONE_OF(excluding, word))
            snprintf(words->sanitizer, sizeof words->sanitizer, "%s", word);
    }
}

/* Of -C and -Z. */
static void read_codegen(struct rust_words *words, const char *value)
{
    if (begins(value, "target-feature="))
        words->is_static |= strstr(value, "+crt-static") != NULL;
    else if (begins(value, "sanitizer="))
        read_sanitizers(words, value + strlen("sanitizer="));
}

static void read_value(struct rust_words *words, enum option option, const char *value)
{
    if (option == TYPES)
        read_types(words, value);
    else if (option == CODEGEN)
        read_codegen(words, value);
    else if (option == TARGET) {
        words->has_target = true;
        snprintf(words->target, sizeof words->target, "%s", value);
    }
}

static enum option option_of(const char *word)
{
    static const struct {
        const char *word;
        enum option option;
    } names[] = {{"--crate-type", TYPES}, {"--target", TARGET}, {"-C", CODEGEN}, {"-Z", CODEGEN},
        {"--codegen", CODEGEN}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(word, names[i].word) == 0)
            return names[i].option;
    return TEXT_IS_ONE_OF(with_argument, word) ? OTHER : NONE;
}

static void read_option(struct reader *r, const char *word)
{
    const size_t length = strcspn(word, "=");
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)length, word);
    r->words->asks |= TEXT_IS_ONE_OF(questions, name);
    r->words->tests |= strcmp(word, "--test") == 0;
    if (begins(word, "-C") || begins(word, "-Z"))
        read_codegen(r->words, word + 2);
    if (word[length])
        read_value(r->words, option_of(name), word + length + 1);
    else
        r->next = option_of(word);
}

static void read_file(struct reader *r, const char *path);

static void read_word(struct reader *r, const char *word)
{
    const enum option option = r->next;
    r->next = NONE;
    if (option)
        read_value(r->words, option, word);
    else if (word[0] == '@')
        read_file(r, word + 1);
    else if (word[0] == '-' && word[1])
        read_option(r, word);
    else
        r->words->input = true;
}

/* An @file has one word a line. Cargo writes one where the command line would be too long. */
static void read_file(struct reader *r, const char *path)
{
    enum { DEPTH = 4 };
    FILE *const file = r->depth < DEPTH ? fopen(path, "re") : NULL;
    char *line = NULL;
    size_t size = 0;
    if (!file)
        return; /* the compiler will report it */
    r->depth++;
    while (getline(&line, &size, file) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        read_word(r, line);
    }
    r->depth--;
    free(line);
    fclose(file);
}

void rust_words_read(int argc, char *const argv[], struct rust_words *words)
{
    *words = (struct rust_words){.input = false};
    struct reader r = {.words = words};
    for (int i = 0; i < argc; i++)
        read_word(&r, argv[i]);
    words->asks_version = argc == 1 && strcmp(argv[0], "-vV") == 0;
}

static const char *base_of(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_compiler(const char *word)
{
    const char *const base = base_of(word), *const dot = strrchr(base, '.');
    return word[0] != '-' && word[0] != '@' && !(dot && strcmp(dot, ".rs") == 0) &&
           (strstr(base, "rustc") || strstr(base, "rustdoc") || strstr(base, "clippy-driver"));
}

int rust_words_compiler(int argc, char *const argv[])
{
    static const char *const launchers[] = {"ccache", "sccache", "cachepot"};
    int n = 1;
    while (n < argc && TEXT_IS_ONE_OF(launchers, base_of(argv[n])))
        n++;
    return n < argc && is_compiler(argv[n]) ? n + 1 : 1;
}
