/* SPDX-License-Identifier: MIT
 * Adds to a compiler's command line what makes the program watchable, and starts the compiler. What
 * the flags are for is said beside each; docs/design.md has the measurements. */
#include "cli/cc.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/arch/arch.h"
#include "cli/cc_words.h"
#include "cli/cmd.h"

const struct cc_language cc_c = {"cc", "NUMAPROBE_CC", "gcc"};
const struct cc_language cc_cxx = {"c++", "NUMAPROBE_CXX", "g++"};

enum { GCC = 1, CLANG = 2, BOTH = GCC | CLANG };
/* When a flag is given. */
enum when {
    COMPILE,       /* something is compiled */
    COMPILE_ONLY,  /* ... and nothing linked */
    COMPILE_LINK,  /* ... and linked in the same command */
    ASSEMBLE,      /* ... and goes through the assembler to an object */
    LINK_PROGRAM,  /* a dynamically linked program: the runtime is in it and lends itself out */
    LINK_SHARED,   /* a library: the runtime beside it, which gives way to the program's */
    LINK_STATIC,   /* a static program */
    LINK_ANY_LAST, /* after all other words */
    WHENS,
};

struct flag {
    enum when when;
    int compiler;
    const char *text; /* %s: the runtime's folder */
};

static const struct flag flags[] = {
    /* Where the compiler would link its own runtime, only the compiler proper is told. gcc takes
     * -Wp, as an option of cc1, which also preprocesses. */
    {COMPILE_ONLY, BOTH, "-fsanitize=thread"},
    {COMPILE_LINK, GCC, "-Wp,-fsanitize=thread"},
    {COMPILE_LINK, CLANG, "-fsanitize=thread"},
    {COMPILE_LINK, CLANG, "-fno-sanitize-link-runtime"},
    {COMPILE, BOTH, "-g"},
    /* Allocation stacks are walked by frame pointers. */
    {COMPILE, BOTH, "-fno-omit-frame-pointer"},
    /* The last call of a function would be a jump, and what it does be ascribed to the caller. */
    {COMPILE, BOTH, "-fno-optimize-sibling-calls"},
    /* Small ones would be expanded without a hook. */
    {COMPILE, BOTH, "-fno-builtin-memcpy"},
    {COMPILE, BOTH, "-fno-builtin-memmove"},
    {COMPILE, BOTH, "-fno-builtin-memset"},
    /* "atomic_thread_fence is not supported with -fsanitize=thread": nothing of ours needs it. */
    {COMPILE, GCC, "-Wno-tsan"},
    /* Programs change their code where they see it. clang's __has_feature cannot be undone. */
    {COMPILE, GCC, "-U__SANITIZE_THREAD__"},
    /* A shadow call stack, which nobody here keeps. */
    {COMPILE, GCC, "--param=tsan-instrument-func-entry-exit=0"},
    {COMPILE, CLANG, "-mllvm"},
    {COMPILE, CLANG, "-tsan-instrument-func-entry-exit=0"},
    /* x = x + 1 is a read as well. */
    {COMPILE, CLANG, "-mllvm"},
    {COMPILE, CLANG, "-tsan-instrument-read-before-write=1"},
    /* Its vector stores of 32 bytes go unseen. */
    {COMPILE, CLANG, "-fno-vectorize"},
    {COMPILE, CLANG, "-fno-slp-vectorize"},
    /* -mllvm is not used when nothing is compiled but linked in the same command. */
    {COMPILE, CLANG, "-Wno-unused-command-line-argument"},
    /* The test whether anything is to be seen, in line. */
    {ASSEMBLE, CLANG, "-fno-integrated-as"},
    {ASSEMBLE, CLANG, "-Wa,--defsym,numaprobe_clang=1"},
    {ASSEMBLE, BOTH, "-Wa,%s/inline.s"},
    {LINK_PROGRAM, BOTH, "-Wl,--whole-archive,%s/libnumaprobe-access.a,--no-whole-archive"},
    {LINK_PROGRAM, BOTH, "-Wl,--dynamic-list=%s/access.list"},
    {LINK_SHARED, BOTH, "-Wl,--no-as-needed,%s/libnumaprobe-access.so,--as-needed"},
    {LINK_SHARED, BOTH, "-Wl,-rpath,%s"},
    {LINK_STATIC, BOTH, "-Wl,--whole-archive,%s/libnumaprobe-access-static.a,--no-whole-archive"},
    {LINK_STATIC, BOTH, "-Wl,@%s/access.wrap"},
    {LINK_ANY_LAST, BOTH, "-pthread"},
    {LINK_ANY_LAST, BOTH, "-ldl"},
};

struct command {
    char **word;
    size_t count;
    char folder[PATH_MAX]; /* the runtime's */
    int compiler;
    bool given[WHENS];
};

static void add(struct command *c, const char *word)
{
    c->word[c->count] = (char *)word;
    c->count++;
}

/* The flag with the folder for its %s. */
static char *with_folder(const char *text, const char *folder)
{
    const char *place = strstr(text, "%s");
    const size_t room = strlen(text) + strlen(folder) + 1;
    char *all = malloc(room);
    if (all && place)
        snprintf(all, room, "%.*s%s%s", (int)(place - text), text, folder, place + 2);
    else if (all)
        snprintf(all, room, "%s", text);
    return all;
}

static void add_flags(struct command *c, bool last)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const struct flag *f = &flags[i];
        if (!c->given[f->when] || !(f->compiler & c->compiler) ||
            (f->when == LINK_ANY_LAST) != last)
            continue;
        add(c, with_folder(f->text, c->folder));
    }
}

/* ccache gcc-12, x86_64-linux-gnu-g++: words before the options that name programs. */
static const char *const launchers[] = {"ccache", "sccache", "distcc", "icecc", "env"};
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

/* cc and c++ may be either. Asked once a command, and only of these. */
static bool says_clang(const char *compiler)
{
    char command[PATH_MAX + 32], line[256] = "";
    if (strchr(compiler, '\''))
        return false;
    snprintf(command, sizeof command, "'%s' --version 2>/dev/null", compiler);
    FILE *pipe = popen(command, "re");
    if (!pipe)
        return false;
    const bool read = fgets(line, sizeof line, pipe) != NULL;
    pclose(pipe);
    return read && strstr(line, "clang");
}

static int kind_of(const char *compiler)
{
    const char *base = base_of(compiler);
    if (strstr(base, "clang"))
        return CLANG;
    if (strstr(base, "gcc") || strstr(base, "g++"))
        return GCC;
    return says_clang(compiler) ? CLANG : GCC;
}

/* Beside the program in its build folder, or where `make install` puts it. */
static int find_runtime(char *folder, struct err *err)
{
    static const char *const places[] = {"runtime", "../lib/numaprobe"};
    char program[PATH_MAX] = "", file[PATH_MAX + 64];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    const char *home = dirname(program);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(folder, PATH_MAX, "%s/%s", home, places[i]);
        snprintf(file, sizeof file, "%s/libnumaprobe-access.a", folder);
        if (access(file, R_OK) == 0)
            return 0;
    }
    return err_set(err, -ENOENT,
        "cc: the runtime libnumaprobe-access.a is neither in %s/runtime nor in %s/../lib/numaprobe",
        home, home);
}

static void decide(const struct cc_words *w, struct command *c)
{
    const bool link = !w->compile_only && !w->assembly_out;
    const bool compile = w->sources;
    const bool runtime = link && !w->relocatable && !w->nothing_standard;
    c->given[COMPILE] = compile;
    c->given[COMPILE_ONLY] = compile && !link;
    c->given[COMPILE_LINK] = compile && link;
    c->given[ASSEMBLE] = compile && !w->assembly_out && !w->own_assembler &&
                         strcmp(ARCH_NAME, "x86_64") == 0; /* what inline.s is for */
    c->given[LINK_SHARED] = runtime && w->shared;
    c->given[LINK_STATIC] = runtime && w->is_static && !w->shared;
    c->given[LINK_PROGRAM] = runtime && !w->is_static && !w->shared;
    c->given[LINK_ANY_LAST] = runtime;
}

/* The names of the compiler and what starts it: how many words of argv. */
static int leading(int argc, char *const argv[])
{
    int n = 1;
    while (n < argc && is_launcher(argv[n]))
        n++;
    return n < argc && is_compiler(argv[n]) ? n + 1 : 1;
}

static int build(struct command *c, int argc, char **argv, struct err *err)
{
    struct cc_words words;
    cc_words_read(argc, argv, &words);
    const bool ours = words.inputs && !words.preprocess_only;
    if (ours) {
        const int code = find_runtime(c->folder, err);
        if (code)
            return code;
        decide(&words, c);
        add_flags(c, false);
    }
    for (int i = 0; i < argc; i++)
        if (!ours || strcmp(argv[i], "-fsanitize=thread") != 0)
            add(c, argv[i]);
    if (ours)
        add_flags(c, true);
    return 0;
}

/* NUMAPROBE_CC may have several words, as CC may. */
static void add_named(struct command *c, const struct cc_language *language)
{
    const char *named = getenv(language->variable);
    char *rest = strdup(named && *named ? named : language->compiler), *place = NULL;
    for (char *word = strtok_r(rest, " \t", &place); word; word = strtok_r(NULL, " \t", &place))
        add(c, word);
}

int cc_run(const struct cc_language *language, int argc, char **argv)
{
    struct err err;
    struct command c = {0};
    const char *named = getenv(language->variable);
    const size_t words = named ? strlen(named) : 0;
    c.word = calloc((size_t)argc + sizeof flags / sizeof *flags + words + 4, sizeof *c.word);
    if (!c.word) {
        err_set(&err, -ENOMEM, "%s: out of memory", language->name);
        return cmd_fail(&err, EXIT_FAILED);
    }
    const int first = leading(argc, argv);
    for (int i = 1; i < first; i++)
        add(&c, argv[i]);
    if (c.count == 0)
        add_named(&c, language);
    c.compiler = kind_of(c.word[c.count - 1]);
    const char *compiler = c.word[0];
    if (build(&c, argc - first, argv + first, &err) == 0) {
        signal(SIGPIPE, SIG_DFL); /* ignored here, and it would be inherited */
        execvp(compiler, c.word);
        err_set(&err, -errno, "%s: cannot run the compiler '%s': %s; name another by %s",
            language->name, compiler, strerror(errno), language->variable);
    }
    free(c.word);
    return cmd_fail(&err, EXIT_FAILED);
}

const struct cc_language *cc_by_name(const char *program)
{
    const char *base = base_of(program);
    if (strcmp(base, "numaprobe-cc") == 0)
        return &cc_c;
    return strcmp(base, "numaprobe-c++") == 0 ? &cc_cxx : NULL;
}
