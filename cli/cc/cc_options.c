/* SPDX-License-Identifier: MIT
 * The options that matter, in one table (gcc 12 manual, 3.2 to 3.16; clang 14, "Clang command line
 * argument reference"). */
#include "cli/cc/cc_options.h"

#include "base/text.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct option {
    const char *text;
    bool prefix; /* a word that begins so, too */
    size_t sets; /* offset of the bool in struct cc_options */
};
#define SETS(member) offsetof(struct cc_options, member)

static const struct option options[] = {
    {"-c", false, SETS(compile_only)},
    {"-S", false, SETS(assembly_out)},
    {"-E", false, SETS(preprocess_only)},
    {"-M", false, SETS(preprocess_only)},
    {"-MM", false, SETS(preprocess_only)},
    {"--compile", false, SETS(compile_only)},
    {"--assemble", false, SETS(assembly_out)},
    {"--preprocess", false, SETS(preprocess_only)},
    {"--dependencies", false, SETS(preprocess_only)},
    {"--user-dependencies", false, SETS(preprocess_only)},
    {"-fsyntax-only", false, SETS(preprocess_only)},
    {"-shared", false, SETS(shared)},
    {"--shared", false, SETS(shared)},
    {"-static", false, SETS(is_static)},
    {"--static", false, SETS(is_static)},
    {"-static-pie", false, SETS(is_static)},
    {"-r", false, SETS(relocatable)},
    {"-nostdlib", false, SETS(nothing_standard)},
    {"-masm=intel", false, SETS(own_assembler)},
    {"-m32", false, SETS(own_assembler)},
    {"-fintegrated-as", false, SETS(own_assembler)},
    {"-integrated-as", false, SETS(own_assembler)},
    {"-flto", true, SETS(own_assembler)},
    {"-save-temps", true, SETS(own_assembler)},
    {"-emit-llvm", false, SETS(own_assembler)},
    {"-fopenmp", true, SETS(openmp)},
    {"-l", true, SETS(inputs)},
};

/* The next word belongs to them. */
static const char *const with_argument[] = {"-l", "-o", "-D", "-U", "-I", "-L", "-B", "-T", "-u",
    "-z", "-e", "-A", "-MF", "-MT", "-MQ", "-MJ", "-include", "-imacros", "-isystem", "-iquote",
    "-idirafter", "-iprefix", "-iwithprefix", "-iwithprefixbefore", "-isysroot", "-imultilib",
    "-Xlinker", "-Xassembler", "-Xpreprocessor", "-Xclang", "-mllvm", "-target", "--param",
    "-dumpbase", "-dumpbase-ext", "-dumpdir", "-aux-info", "-wrapper", "-framework"};

static const char *const source_endings[] = {"c", "i", "ii", "cc", "cp", "cxx", "cpp", "CPP", "c++",
    "C", "h", "hh", "H", "hp", "hxx", "hpp", "HPP", "h++", "tcc", "m", "mm"};

static bool is_source_name(const char *path)
{
    const char *const dot = strrchr(path, '.');
    return dot && TEXT_IS_ONE_OF(source_endings, dot + 1);
}

static bool is_assembly_name(const char *path)
{
    static const char *const endings[] = {"s", "S", "sx"};
    const char *const dot = strrchr(path, '.');
    return dot && TEXT_IS_ONE_OF(endings, dot + 1);
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
    unsigned excluding; /* a bit for each of that table */
};

static void read_input(struct reader *r, const char *word)
{
    const bool by_name = r->language == BY_NAME;
    r->words->inputs = true;
    r->words->sources |= r->language == SOURCE || (by_name && is_source_name(word));
    /* The flags of the assembler are for all files of a command, and a user's may need another. */
    r->words->own_assembler |= r->language == ASSEMBLER || (by_name && is_assembly_name(word));
}

/* They instrument the accesses or replace malloc, as ours does. */
static const char *const excluding[] = {"address", "kernel-address", "hwaddress",
    "kernel-hwaddress", "memory", "kernel-memory", "leak", "dataflow"};
enum { EXCLUDING = sizeof excluding / sizeof *excluding };

/* A comma list; what it names is on or off from now on. */
static void read_sanitizers(struct reader *r, const char *list, bool on)
{
    for (size_t length; *list; list += length + (list[length] == ',')) {
        length = strcspn(list, ",");
        const bool all = !on && length == 3 && strncmp(list, "all", 3) == 0;
        for (size_t i = 0; i < EXCLUDING; i++) {
            const bool named =
                strlen(excluding[i]) == length && strncmp(list, excluding[i], length) == 0;
            if (named && on)
                r->excluding |= 1u << i;
            else if (named || all)
                r->excluding &= ~(1u << i);
        }
    }
}

/* Of -fsanitize=LIST and -fno-sanitize=LIST. */
static void read_sanitize(struct reader *r, const char *word)
{
    static const char *const names[] = {"-fno-sanitize=", "-fsanitize="};
    for (size_t i = 0; i < 2; i++)
        if (strncmp(word, names[i], strlen(names[i])) == 0)
            read_sanitizers(r, word + strlen(names[i]), i == 1);
}

static void read_option(struct reader *r, const char *word)
{
    if (strncmp(word, "-x", 2) == 0) {
        r->language = language_of(word + 2);
        r->language_next = word[2] == '\0';
        return;
    }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const struct option *const o = &options[i];
        if (o->prefix ? strncmp(word, o->text, strlen(o->text)) == 0 : strcmp(word, o->text) == 0)
            *(bool *)((char *)r->words + o->sets) = true;
    }
    /* That of the command line is left out; an @file reaches the compiler unchanged. */
    r->words->own_assembler |= r->depth > 0 && strcmp(word, "-pipe") == 0;
    r->skip = TEXT_IS_ONE_OF(with_argument, word);
    read_sanitize(r, word);
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
    for (size_t i = 0; i < EXCLUDING && !words->excludes; i++)
        words->excludes = r.excluding >> i & 1 ? excluding[i] : NULL;
}
