/* SPDX-License-Identifier: MIT
 * The options that matter, in one table (gcc 12 manual, 3.2 to 3.16; clang 14, "Clang command line
 * argument reference"). */
#include "cli/cc/cc_options.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind {
    WORD_FLAG,     /* the word alone */
    WORD_PREFIX,   /* it begins so */
    WORD_ARGUMENT, /* the next word belongs to it; with more behind it, nothing follows */
};

struct option {
    const char *text;
    enum kind kind;
    size_t sets; /* offset of the bool in struct cc_options; NOTHING */
};
#define NOTHING SIZE_MAX
#define SETS(member) offsetof(struct cc_options, member)

static const struct option options[] = {
    {"-c", WORD_FLAG, SETS(compile_only)},
    {"-S", WORD_FLAG, SETS(assembly_out)},
    {"-E", WORD_FLAG, SETS(preprocess_only)},
    {"-M", WORD_FLAG, SETS(preprocess_only)},
    {"-MM", WORD_FLAG, SETS(preprocess_only)},
    {"-fsyntax-only", WORD_FLAG, SETS(preprocess_only)},
    {"-shared", WORD_FLAG, SETS(shared)},
    {"--shared", WORD_FLAG, SETS(shared)},
    {"-static", WORD_FLAG, SETS(is_static)},
    {"--static", WORD_FLAG, SETS(is_static)},
    {"-static-pie", WORD_FLAG, SETS(is_static)},
    {"-r", WORD_FLAG, SETS(relocatable)},
    {"-nostdlib", WORD_FLAG, SETS(nothing_standard)},
    {"-masm=intel", WORD_FLAG, SETS(own_assembler)},
    {"-m32", WORD_FLAG, SETS(own_assembler)},
    {"-fintegrated-as", WORD_FLAG, SETS(own_assembler)},
    {"-integrated-as", WORD_FLAG, SETS(own_assembler)},
    {"-flto", WORD_PREFIX, SETS(own_assembler)},
    {"-flto", WORD_PREFIX, SETS(lto)},
    {"-save-temps", WORD_PREFIX, SETS(own_assembler)},
    {"-emit-llvm", WORD_FLAG, SETS(own_assembler)},
    {"-l", WORD_ARGUMENT, SETS(inputs)},
    {"-o", WORD_ARGUMENT, NOTHING},
    {"-D", WORD_ARGUMENT, NOTHING},
    {"-U", WORD_ARGUMENT, NOTHING},
    {"-I", WORD_ARGUMENT, NOTHING},
    {"-L", WORD_ARGUMENT, NOTHING},
    {"-B", WORD_ARGUMENT, NOTHING},
    {"-T", WORD_ARGUMENT, NOTHING},
    {"-u", WORD_ARGUMENT, NOTHING},
    {"-z", WORD_ARGUMENT, NOTHING},
    {"-e", WORD_ARGUMENT, NOTHING},
    {"-A", WORD_ARGUMENT, NOTHING},
    {"-MF", WORD_ARGUMENT, NOTHING},
    {"-MT", WORD_ARGUMENT, NOTHING},
    {"-MQ", WORD_ARGUMENT, NOTHING},
    {"-MJ", WORD_ARGUMENT, NOTHING},
    {"-include", WORD_ARGUMENT, NOTHING},
    {"-imacros", WORD_ARGUMENT, NOTHING},
    {"-isystem", WORD_ARGUMENT, NOTHING},
    {"-iquote", WORD_ARGUMENT, NOTHING},
    {"-idirafter", WORD_ARGUMENT, NOTHING},
    {"-iprefix", WORD_ARGUMENT, NOTHING},
    {"-iwithprefix", WORD_ARGUMENT, NOTHING},
    {"-iwithprefixbefore", WORD_ARGUMENT, NOTHING},
    {"-isysroot", WORD_ARGUMENT, NOTHING},
    {"-imultilib", WORD_ARGUMENT, NOTHING},
    {"-Xlinker", WORD_ARGUMENT, NOTHING},
    {"-Xassembler", WORD_ARGUMENT, NOTHING},
    {"-Xpreprocessor", WORD_ARGUMENT, NOTHING},
    {"-Xclang", WORD_ARGUMENT, NOTHING},
    {"-mllvm", WORD_ARGUMENT, NOTHING},
    {"-target", WORD_ARGUMENT, NOTHING},
    {"--param", WORD_ARGUMENT, NOTHING},
    {"-dumpbase", WORD_ARGUMENT, NOTHING},
    {"-dumpbase-ext", WORD_ARGUMENT, NOTHING},
    {"-dumpdir", WORD_ARGUMENT, NOTHING},
    {"-aux-info", WORD_ARGUMENT, NOTHING},
    {"-wrapper", WORD_ARGUMENT, NOTHING},
    {"-framework", WORD_ARGUMENT, NOTHING},
};

static const char *const source_endings[] = {"c", "i", "ii", "cc", "cp", "cxx", "cpp", "CPP", "c++",
    "C", "h", "hh", "H", "hp", "hxx", "hpp", "HPP", "h++", "tcc", "m", "mm"};

static bool is_source_name(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof source_endings / sizeof *source_endings; i++)
        if (strcmp(dot + 1, source_endings[i]) == 0)
            return true;
    return false;
}

enum language { BY_NAME, SOURCE, ASSEMBLER };

/* Of -x: c, c++, cpp-output, c-header ..., assembler, assembler-with-cpp, none. */
static enum language language_of(const char *name)
{
    if (strcmp(name, "none") == 0)
        return BY_NAME;
    return strncmp(name, "assembler", 9) == 0 ? ASSEMBLER : SOURCE;
}

struct reader {
    struct cc_options *words;
    enum language language;
    bool skip, language_next;
    unsigned depth;
};

static void read_input(struct reader *r, const char *word)
{
    r->words->inputs = true;
    r->words->sources |= r->language == SOURCE || (r->language == BY_NAME && is_source_name(word));
}

static bool is_option(const struct option *o, const char *word)
{
    const size_t length = strlen(o->text);
    /* -lm is -l with its argument at hand; but -Map is no -M, and -include is no -I. */
    const bool joined = o->kind == WORD_PREFIX || (o->kind == WORD_ARGUMENT && length == 2);
    return joined ? strncmp(word, o->text, length) == 0 : strcmp(word, o->text) == 0;
}

static void read_option(struct reader *r, const char *word)
{
    if (strncmp(word, "-x", 2) == 0) {
        r->language = language_of(word + 2);
        r->language_next = word[2] == '\0';
        return;
    }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const struct option *o = &options[i];
        if (!is_option(o, word))
            continue;
        if (o->sets != NOTHING)
            *(bool *)((char *)r->words + o->sets) = true;
        r->skip = o->kind == WORD_ARGUMENT && strlen(word) == strlen(o->text);
    }
}

static void read_file(struct reader *r, const char *path);

static void read_word(struct reader *r, const char *word)
{
    if (r->language_next) {
        r->language = language_of(word);
        r->language_next = false;
    } else if (r->skip) {
        r->skip = false;
    } else if (word[0] == '@') {
        read_file(r, word + 1);
    } else if (word[0] == '-' && word[1]) {
        read_option(r, word);
    } else {
        read_input(r, word);
    }
}

/* One word of an @file: blanks part words, quotes keep them, a backslash keeps one character
 * (gcc manual, 3.2, "@file"). False at the end. */
static bool next_word(FILE *file, char *word, size_t room)
{
    int c = getc(file), quote = 0;
    size_t n = 0;
    while (c != EOF && isspace(c))
        c = getc(file);
    if (c == EOF)
        return false;
    for (; c != EOF && (quote || !isspace(c)); c = getc(file)) {
        if (quote ? c == quote : c == '\'' || c == '"') {
            quote = quote ? 0 : c;
            continue;
        }
        if (c == '\\')
            c = getc(file);
        if (n + 1 < room && c != EOF)
            word[n++] = (char)c;
    }
    word[n] = '\0';
    return true;
}

static void read_file(struct reader *r, const char *path)
{
    enum { DEPTH = 8, WORD_MAX = 4096 };
    FILE *file = r->depth < DEPTH ? fopen(path, "re") : NULL;
    if (!file)
        return; /* the compiler will report it */
    char word[WORD_MAX];
    r->depth++;
    while (next_word(file, word, sizeof word))
        read_word(r, word);
    r->depth--;
    fclose(file);
}

void cc_options_read(int argc, char *const argv[], struct cc_options *words)
{
    *words = (struct cc_options){0};
    struct reader r = {.words = words};
    for (int i = 0; i < argc; i++)
        read_word(&r, argv[i]);
}
