/* SPDX-License-Identifier: MIT
 * Names and versions of compilers. */
#include "cli/cc/cc_compiler.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ccache gcc-12, x86_64-linux-gnu-g++: words before the options that name programs. */
static const char *const launchers[] = {"ccache", "sccache", "distcc", "icecc"};
static const char *const compilers[] = {"gcc", "g++", "clang", "clang++", "cc", "c++"};

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_launcher(const char *word)
{
    for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++)
        if (strcmp(base_of(word), launchers[i]) == 0)
            return true;
    return false;
}

/* [TRIPLE-]NAME[-VERSION] */
static bool is_compiler(const char *word)
{
    const char *base = base_of(word);
    size_t end = strlen(base);
    const size_t version = strspn(base, "abcdefghijklmnopqrstuvwxyz_0123456789-+");
    if (version < end && base[version] != '.')
        return false;
    while (end > 0 && strchr("0123456789.", base[end - 1]))
        end--;
    if (end < strlen(base) && end > 0 && base[end - 1] == '-')
        end--;
    else
        end = strlen(base);
    for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++) {
        const size_t length = strlen(compilers[i]);
        if (end >= length && strncmp(base + end - length, compilers[i], length) == 0 &&
            (end == length || base[end - length - 1] == '-'))
            return true;
    }
    return false;
}

/* The first line that the compiler prints when asked, or "". */
static void ask_compiler(const char *compiler, const char *question, char *line, int room)
{
    char command[PATH_MAX + 64];
    line[0] = '\0';
    if (strchr(compiler, '\''))
        return;
    snprintf(command, sizeof command, "'%s' %s 2>/dev/null", compiler, question);
    FILE *pipe = popen(command, "re");
    if (pipe && !fgets(line, room, pipe))
        line[0] = '\0';
    if (pipe)
        pclose(pipe);
}

/* cc and c++ may be either. */
static int kind_of(const char *compiler)
{
    char line[256];
    const char *base = base_of(compiler);
    if (strstr(base, "clang"))
        return CC_CLANG;
    if (strstr(base, "gcc") || strstr(base, "g++"))
        return CC_GCC;
    ask_compiler(compiler, "--version", line, sizeof line);
    return strstr(line, "clang") ? CC_CLANG : CC_GCC;
}

struct cc_compiler cc_compiler_of(const char *name)
{
    char line[256];
    ask_compiler(name, "-dumpversion", line, sizeof line);
    return (struct cc_compiler){.kind = kind_of(name),
        .version = (unsigned)strtoul(line, NULL, 10),
        .cxx = strstr(base_of(name), "++") != NULL};
}

int cc_compiler_words(int argc, char *const argv[])
{
    int n = 1;
    while (n < argc && is_launcher(argv[n]))
        n++;
    return n < argc && is_compiler(argv[n]) ? n + 1 : 1;
}
