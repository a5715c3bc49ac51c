/* SPDX-License-Identifier: MIT
 * Adds to a compiler's command line what makes the program watchable, and starts the compiler.
 * Comments at the flags give their purpose; docs/runtime.md has the measurements. */
#include "cli/cc/cc.h"

#include "base/arch/arch.h"
#include "cli/cc/cc_compiler.h"
#include "cli/cc/cc_options.h"
#include "cli/cmd.h"
#include "cli/runtime_folder.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct cc_language cc_c = {"cc", "NUMAPROBE_CC", "gcc"};
const struct cc_language cc_cxx = {"c++", "NUMAPROBE_CXX", "g++"};

enum { GCC = CC_GCC, CLANG = CC_CLANG, BOTH = CC_BOTH };
/* When a flag is given. */
enum when {
    ANY,          /* something is compiled or linked */
    COMPILE,      /* something is compiled */
    ASSEMBLE,     /* ... and goes through the assembler to an object */
    LINK_PROGRAM, /* a dynamically linked program: the runtime is in it and serves its libraries */
    LINK_SHARED,  /* a library: the runtime as a library, which the program's replaces */
    LINK_STATIC,  /* a static program */
    LINK_STATIC_CXX,
    ANY_LAST, /* after all other words */
    COMPILE_LAST,
    LINK_ANY_LAST,
    LINK_KEEPING_LAST,
    WHENS,
};

struct flag {
    enum when when;
    int compiler;
    const char *text; /* %s: the runtime's folder */
    unsigned since;   /* the compiler's first version that knows it */
};

static const struct flag flags[] = {
    /* Only the compiler proper instruments: its driver would link ThreadSanitizer's runtime, and
     * refuses to for a static program. gcc.specs passes the flag to each cc1 and lto1, also where
     * -save-temps or -no-integrated-cpp runs them in another way. */
    {ANY, GCC, "-specs=%s/gcc.specs", 0},
    {COMPILE, CLANG, "-Xclang", 0},
    {COMPILE, CLANG, "-fsanitize=thread", 0},
    {COMPILE, BOTH, "-g", 0},
    /* Allocation stacks are walked by frame pointers. */
    {COMPILE, BOTH, "-fno-omit-frame-pointer", 0},
    /* The last call of a function would be a jump, and its accesses would be ascribed to the
       caller. */
    {COMPILE, BOTH, "-fno-optimize-sibling-calls", 0},
    /* <barrier>, <latch> and <semaphore> report what they order. */
    {COMPILE, BOTH, "-isystem%s/cxx", 0},
    /* Small ones would be expanded without a hook. */
    {COMPILE, BOTH, "-fno-builtin-memcpy", 0},
    {COMPILE, BOTH, "-fno-builtin-memmove", 0},
    {COMPILE, BOTH, "-fno-builtin-memset", 0},
    /* "atomic_thread_fence is not supported with -fsanitize=thread": the runtime does not need it.
     */
    {COMPILE, GCC, "-Wno-tsan", 0},
    /* Programs change their code where they see it. clang's __has_feature cannot be undone. */
    {COMPILE, GCC, "-U__SANITIZE_THREAD__", 0},
    /* A shadow call stack, which is not used here; its hooks do nothing. */
    {COMPILE, GCC, "--param=tsan-instrument-func-entry-exit=0", 11},
    {COMPILE, CLANG, "-mllvm", 0},
    {COMPILE, CLANG, "-tsan-instrument-func-entry-exit=0", 0},
    /* x = x + 1 is a read as well. */
    {COMPILE, CLANG, "-mllvm", 12},
    {COMPILE, CLANG, "-tsan-instrument-read-before-write=1", 12},
    /* The inline test of whether accesses are watched. */
    {ASSEMBLE, CLANG, "-fno-integrated-as", 0},
    {ASSEMBLE, CLANG, "-Wa,--defsym,numaprobe_clang=1", 0},
    {ASSEMBLE, BOTH, "-Wa,%s/inline.s", 0},
    {LINK_PROGRAM, BOTH, "-Wl,--whole-archive,%s/libnumaprobe-access.a,--no-whole-archive", 0},
    {LINK_PROGRAM, BOTH, "-Wl,--dynamic-list=%s/access.list", 0},
    {LINK_SHARED, BOTH, "-Wl,--push-state,--no-as-needed,%s/libnumaprobe-access.so,--pop-state", 0},
    {LINK_SHARED, BOTH, "-Wl,-rpath,%s", 0},
    {LINK_STATIC, BOTH, "-Wl,--whole-archive,%s/libnumaprobe-access-static.a,--no-whole-archive",
        0},
    {LINK_STATIC, BOTH, "-Wl,@%s/access.wrap", 0},
    {LINK_STATIC_CXX, BOTH,
        "-Wl,--whole-archive,%s/libnumaprobe-access-static-new.a,--no-whole-archive", 0},
    {LINK_STATIC_CXX, BOTH, "-Wl,@%s/access-new.wrap", 0},
    /* The user's, in whatever list of sanitizers; see the first flags. */
    {ANY_LAST, BOTH, "-fno-sanitize=thread", 0},
    /* Its vector stores of 32 bytes go unseen, and those of 16 are of several lines of the source.
     * A later -O2 would turn it on again. */
    {COMPILE_LAST, CLANG, "-fno-vectorize", 0},
    {COMPILE_LAST, CLANG, "-fno-slp-vectorize", 0},
    {LINK_ANY_LAST, BOTH, "-pthread", 0},
    /* The runtime has the same functions, so that the linker would leave out OpenMP's library, or
     * that of C++ where a program uses nothing of it but new. */
    {LINK_KEEPING_LAST, BOTH, "-Wl,--no-as-needed", 0},
    {LINK_ANY_LAST, BOTH, "-ldl", 0},
};

struct command {
    char **word;
    size_t count;
    char folder[PATH_MAX]; /* the runtime's */
    struct cc_compiler compiler;
    bool given[WHENS];
    char *made[sizeof flags / sizeof *flags]; /* words of our own, to free when nothing runs */
    size_t mades;
};

static void add_argument(struct command *c, const char *word)
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
        const unsigned version = c->compiler.version;
        if (!c->given[f->when] || !(f->compiler & c->compiler.kind) ||
            (version && f->since > version) || (f->when >= ANY_LAST) != last)
            continue;
        c->made[c->mades] = with_folder(f->text, c->folder);
        add_argument(c, c->made[c->mades++]);
    }
}

static void decide_flags(const struct cc_options *w, struct command *c)
{
    const bool link = !w->compile_only && !w->assembly_out;
    const bool compile = w->sources;
    const bool runtime = link && !w->relocatable && !w->nothing_standard;
    c->given[ANY] = c->given[ANY_LAST] = compile || link;
    c->given[COMPILE] = c->given[COMPILE_LAST] = compile;
    c->given[ASSEMBLE] = compile && !w->assembly_out && !w->own_assembler &&
                         strcmp(ARCH_NAME, "x86_64") == 0; /* what inline.s is for */
    c->given[LINK_SHARED] = runtime && w->shared;
    c->given[LINK_STATIC] = runtime && w->is_static && !w->shared;
    c->given[LINK_STATIC_CXX] = c->given[LINK_STATIC] && c->compiler.cxx;
    c->given[LINK_PROGRAM] = runtime && !w->is_static && !w->shared;
    c->given[LINK_ANY_LAST] = runtime;
    c->given[LINK_KEEPING_LAST] = runtime && (w->openmp || c->compiler.cxx);
}

/* -pipe only asks for speed, and an assembler that has a file to read, as inline.s, reads no pipe.
 */
static bool is_dropped(const char *word)
{
    return strcmp(word, "-pipe") == 0;
}

/* A library that is there for its malloc: the runtime has the same functions, so that a linker with
 * --as-needed would leave it out, and the program would have another allocator. */
static bool is_allocator(const struct command *c, const char *word)
{
    const bool dynamic = c->given[LINK_PROGRAM] || c->given[LINK_SHARED];
    return dynamic && strncmp(word, "-l", 2) == 0 && strstr(word, "malloc");
}

static void add_allocator(struct command *c, const char *word)
{
    add_argument(c, "-Wl,--push-state,--no-as-needed");
    add_argument(c, word);
    add_argument(c, "-Wl,--pop-state");
}

/* What would give a program that cannot run, or messages of the linker. */
static int check_options(const struct cc_options *w, struct err *err)
{
    if (w->excludes)
        return err_set(err, -EINVAL,
            "cc: -fsanitize=%s and the recording of accesses exclude each other; leave it out",
            w->excludes);
    const bool program = !w->compile_only && !w->assembly_out && !w->shared && !w->relocatable;
    if (program && w->sources && w->nothing_standard)
        return err_set(err, -EINVAL,
            "cc: -nostdlib: accesses of a program without libc cannot be recorded; build it "
            "without numaprobe cc");
    return 0;
}

static int build_command(struct command *c, int argc, char **argv, struct err *err)
{
    struct cc_options words;
    cc_options_read(argc, argv, &words);
    const bool ours = words.inputs && !words.preprocess_only;
    if (ours) {
        const int wrong = check_options(&words, err),
                  code = wrong ? wrong : runtime_folder_find("cc", c->folder, err);
        if (code)
            return code;
        c->compiler = cc_compiler_of(c->word[c->count - 1]);
        decide_flags(&words, c);
        add_flags(c, false);
    }
    for (int i = 0; i < argc; i++)
        if (is_allocator(c, argv[i]))
            add_allocator(c, argv[i]);
        else if (!ours || !is_dropped(argv[i]))
            add_argument(c, argv[i]);
    if (ours)
        add_flags(c, true);
    return 0;
}

/* NUMAPROBE_CC may have several words, as CC may; it has one at least. */
static void add_named(struct command *c, char *names)
{
    char *place = NULL;
    char *word = strtok_r(names, " \t", &place);
    do
        add_argument(c, word);
    while ((word = strtok_r(NULL, " \t", &place)));
}

static int start_compiler(
    struct command *c, const struct cc_language *language, int argc, char **argv)
{
    struct err err;
    const char *compiler = c->word[0];
    if (build_command(c, argc, argv, &err) == 0) {
        execvp(compiler, c->word);
        err_set(&err, -errno, "%s: cannot run the compiler '%s': %s; name another by %s",
            language->name, compiler, strerror(errno), language->variable);
    }
    return cmd_fail(&err, EXIT_FAILURE);
}

int cc_run(const struct cc_language *language, int argc, char **argv)
{
    struct command c = {0};
    const char *named = getenv(language->variable);
    char *names =
        strdup(named && strspn(named, " \t") < strlen(named) ? named : language->compiler);
    const size_t words = names ? strlen(names) : 0;
    c.word = calloc(3 * (size_t)argc + sizeof flags / sizeof *flags + words + 1, sizeof *c.word);
    if (!c.word || !names) {
        free(c.word);
        free(names);
        struct err err;
        err_set(&err, -ENOMEM, "%s: out of memory", language->name);
        return cmd_fail(&err, EXIT_FAILURE);
    }
    const int first = cc_compiler_words(argc, argv);
    for (int i = 1; i < first; i++)
        add_argument(&c, argv[i]);
    if (c.count == 0)
        add_named(&c, names);
    const int status = start_compiler(&c, language, argc - first, argv + first);
    for (size_t i = 0; i < c.mades; i++)
        free(c.made[i]);
    free(names);
    free(c.word);
    return status;
}

const struct cc_language *cc_by_name(const char *program)
{
    const char *const slash = strrchr(program, '/'), *const base = slash ? slash + 1 : program;
    if (strcmp(base, "numaprobe-cc") == 0)
        return &cc_c;
    return strcmp(base, "numaprobe-c++") == 0 ? &cc_cxx : NULL;
}
