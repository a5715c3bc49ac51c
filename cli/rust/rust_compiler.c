/* SPDX-License-Identifier: MIT
 * Adds to rustc's command line what lets detect watch the program, and starts rustc. Comments at
 * the flags give their purpose. Cargo calls it for each crate, and only those that it builds for a
 * --target become part of the program: build scripts and procedural macros run in the build. */
#include "cli/rust/rust_compiler.h"

#include "cli/cmd.h"
#include "cli/runtime_folder.h"
#include "cli/rust/rust_toolchain.h"
#include "cli/rust/rust_words.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct rust_program rust_rustc = {"rustc", "numaprobe-rustc", "NUMAPROBE_RUSTC"};
const struct rust_program rust_rustdoc = {"rustdoc", "numaprobe-rustdoc", "NUMAPROBE_RUSTDOC"};

enum when { COMPILE, LINK_PROGRAM, LINK_SHARED, LINK_STATIC };

static const struct flag {
    enum when when;
    const char *text; /* %s: the runtime's folder */
    unsigned since;   /* the release 1.SINCE that knows it */
} flags[] = {
    {COMPILE, "-Zsanitizer=thread", 0},
    /* Ours is linked instead of ThreadSanitizer's. */
    {COMPILE, "-Zexternal-clangrt", 0},
    /* std is built without it (rust-lang/rust pull request 138736). */
    {COMPILE, "-Cunsafe-allow-abi-mismatch=sanitizer", 91},
    /* Allocation stacks are walked by frame pointers. */
    {COMPILE, "-Cforce-frame-pointers=yes", 0},
    /* Release profiles have none, and may strip the program. */
    {COMPILE, "-Cdebuginfo=2", 0},
    {COMPILE, "-Csplit-debuginfo=off", 0},
    {COMPILE, "-Cstrip=none", 0},
    /* x += 1 is a read as well; a shadow call stack is not used here. */
    {COMPILE, "-Cllvm-args=-tsan-instrument-read-before-write=1", 0},
    {COMPILE, "-Cllvm-args=-tsan-instrument-func-entry-exit=0", 0},
    /* Vector stores of 32 bytes go unseen, and those of 16 are of several lines of the source. */
    {COMPILE, "-Cno-vectorize-loops", 0},
    {COMPILE, "-Cno-vectorize-slp", 0},
    /* The place of an access is the function that it is in, which is to be the program's, not
     * Mutex::lock (LLVM's threshold is 225) or, without optimization, that of an atomic. */
    {COMPILE, "-Cllvm-args=-inline-threshold=500", 0},
    {COMPILE, "-Zinline-mir=yes", 0},
    {LINK_PROGRAM, "-Clink-arg=-Wl,--whole-archive,%s/libnumaprobe-access.a,--no-whole-archive", 0},
    {LINK_PROGRAM, "-Clink-arg=-Wl,--dynamic-list=%s/access.list", 0},
    /* rustc's own is before the runtime, which GNU ld does not look back to. */
    {LINK_PROGRAM, "-Clink-arg=-lc", 0},
    {LINK_SHARED,
        "-Clink-arg=-Wl,--push-state,--no-as-needed,%s/libnumaprobe-access.so,--pop-state", 0},
    {LINK_SHARED, "-Clink-arg=-Wl,-rpath,%s", 0},
    {LINK_STATIC,
        "-Clink-arg=-Wl,--whole-archive,%s/libnumaprobe-access-static.a,--no-whole-archive", 0},
    {LINK_STATIC, "-Clink-arg=-Wl,@%s/access.wrap", 0},
    {LINK_STATIC, "-Clink-arg=-lc", 0},
};
enum { FLAGS = sizeof flags / sizeof *flags };

struct command {
    const char **word;
    size_t count, named; /* how many words name the compiler */
    bool documents;      /* it is rustdoc, which builds programs only for tests */
    bool is_wrapper;     /* the caller names it, as cargo does */
    char folder[PATH_MAX];
    char *made[FLAGS];
    size_t mades;
};

static void add_word(struct command *c, const char *word)
{
    c->word[c->count++] = word;
}

static void add_flag(struct command *c, const char *text)
{
    const char *const place = strstr(text, "%s");
    char *word = NULL;
    if (asprintf(&word, "%.*s%s%s", place ? (int)(place - text) : (int)strlen(text), text,
            place ? c->folder : "", place ? place + 2 : "") < 0)
        return;
    c->made[c->mades++] = word;
    add_word(c, word);
}

static enum when link_of(const struct rust_words *words)
{
    if (words->shared && !words->tests)
        return LINK_SHARED;
    return words->is_static ? LINK_STATIC : LINK_PROGRAM;
}

/* Does cargo build the crate for the build itself? */
static bool is_host_code(const struct rust_words *words)
{
    return words->is_macro || (getenv("CARGO_CRATE_NAME") && !words->has_target);
}

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash_bytes(uint64_t h, const void *bytes, size_t count)
{
    const unsigned char *const at = bytes;
    for (size_t i = 0; i < count; i++)
        h = (h ^ at[i]) * 0x100000001b3ull;
    return h;
}

/* Of the runtime's archive and of the flags. */
static uint64_t hash_runtime(const char *folder)
{
    char path[PATH_MAX + 32], block[65536];
    uint64_t h = 0xcbf29ce484222325ull;
    snprintf(path, sizeof path, "%s/libnumaprobe-access.a", folder);
    FILE *const file = fopen(path, "re");
    for (size_t got; file && (got = fread(block, 1, sizeof block, file)) > 0;)
        h = hash_bytes(h, block, got);
    if (file)
        fclose(file);
    for (size_t i = 0; i < FLAGS; i++)
        h = hash_bytes(h, flags[i].text, strlen(flags[i].text));
    return hash_bytes(h, folder, strlen(folder));
}

/* Cargo keeps what it builds by what `rustc -vV` prints, so that another runtime makes it build
 * again, and what was built without us stays apart. */
static int print_version(struct command *c, struct err *err)
{
    struct rust_toolchain toolchain;
    const int code = rust_toolchain_ask("rustc", c->word, stdout, &toolchain, err);
    if (code)
        return code;
    printf("numaprobe-runtime: %016" PRIx64 "\n", hash_runtime(c->folder));
    return 0;
}

static int add_flags(struct command *c, const struct rust_words *words, struct err *err)
{
    struct rust_toolchain toolchain;
    const char *named[8] = {NULL};
    memcpy(named, c->word, sizeof *named * (c->named < 7 ? c->named : 7));
    int code = rust_toolchain_ask("rustc", named, NULL, &toolchain, err);
    code = code ? code
                : rust_toolchain_check(
                      "rustc", &toolchain, words->has_target ? words->target : toolchain.host, err);
    if (code)
        return code;
    for (size_t i = 0; i < FLAGS; i++)
        if ((flags[i].when == COMPILE || flags[i].when == link_of(words)) &&
            flags[i].since <= toolchain.minor)
            add_flag(c, flags[i].text);
    return setenv("RUSTC_BOOTSTRAP", "1", 1); /* the flags of -Z in a stable release */
}

static int build_command(struct command *c, int argc, char **argv, struct err *err)
{
    struct rust_words words;
    rust_words_read(argc, argv, &words);
    for (int i = 0; i < argc; i++)
        add_word(c, argv[i]);
    if (!words.input || words.asks || is_host_code(&words) || (c->documents && !words.tests))
        return 0;
    if (words.sanitizer[0])
        return err_set(err, -EINVAL,
            "rustc: -Zsanitizer=%s and the recording of accesses exclude each other; leave it out",
            words.sanitizer);
    const int code = runtime_folder_find("rustc", c->folder, err);
    return code ? code : add_flags(c, &words, err);
}

static int start_program(
    struct command *c, const struct rust_program *program, int argc, char **argv, struct err *err)
{
    struct rust_words words;
    rust_words_read(argc, argv, &words);
    if (program == &rust_rustc && words.asks_version && c->is_wrapper &&
        runtime_folder_find("rustc", c->folder, err) == 0)
        return print_version(c, err);
    const int code = build_command(c, argc, argv, err);
    if (code)
        return code;
    execvp(c->word[0], (char *const *)c->word);
    return err_set(err, -errno,
        "%s: cannot run '%s': %s; install Rust (Debian: rustc-web) or name it by %s", program->name,
        c->word[0], strerror(errno), program->variable);
}

int rust_compiler_run(const struct rust_program *program, int argc, char **argv)
{
    struct err err = {0};
    struct command c = {.word = calloc((size_t)argc + FLAGS + 3, sizeof *c.word)};
    const int first = rust_words_compiler(argc, argv);
    const char *const wrapper = getenv("NUMAPROBE_RUSTC_WRAPPER"); /* the user's, from cargo */
    if (!c.word)
        err_set(&err, -ENOMEM, "%s: out of memory", program->name);
    else {
        if (wrapper && *wrapper && first > 1 && program == &rust_rustc)
            add_word(&c, wrapper);
        for (int i = 1; i < first; i++)
            add_word(&c, argv[i]);
        if (first == 1)
            add_word(&c, rust_toolchain_program(program->variable, program->name));
        c.named = c.count;
        c.is_wrapper = first > 1;
        c.documents = program == &rust_rustdoc;
        if (start_program(&c, program, argc - first, argv + first, &err) == 0) {
            free(c.word);
            return cmd_done(EXIT_DONE);
        }
    }
    for (size_t i = 0; i < c.mades; i++)
        free(c.made[i]);
    free(c.word);
    return cmd_fail(&err, EXIT_FAILURE);
}

const struct rust_program *rust_program_by_name(const char *called)
{
    static const struct rust_program *const all[] = {&rust_rustc, &rust_rustdoc};
    const char *const slash = strrchr(called, '/'), *const base = slash ? slash + 1 : called;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(base, all[i]->called) == 0)
            return all[i];
    return NULL;
}
