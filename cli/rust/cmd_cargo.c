/* SPDX-License-Identifier: MIT
 * numaprobe cargo: cargo's command line, with numaprobe-rustc as the wrapper of rustc. Cargo itself
 * keeps the user's flags, settings and build scripts. */
#include "cli/cmd.h"

#include "base/text.h"
#include "cli/rust/rust_compiler.h"
#include "cli/rust/rust_toolchain.h"

#include <errno.h>
#include <jansson.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_help(FILE *out)
{
    fputs("Usage: numaprobe cargo COMMAND ARGUMENT...\n"
          "Runs cargo (or what NUMAPROBE_CARGO names) so that 'numaprobe detect' can\n"
          "watch the programs that it builds. All arguments are cargo's. Programs are in\n"
          "target/TRIPLE/debug or target/TRIPLE/release, as with --target TRIPLE.\n\n"
          "Examples:\n"
          "  numaprobe cargo build --release &&\n"
          "    numaprobe detect target/x86_64-unknown-linux-gnu/release/app\n"
          "  numaprobe detect -- numaprobe cargo test\n"
          "  numaprobe detect -- numaprobe cargo run\n",
        out);
}

/* A command line of cargo's: [+TOOLCHAIN] [OPTION]... COMMAND [ARGUMENT]... [-- ARGUMENT...]. */
struct words {
    const char *toolchain; /* "+nightly"; NULL */
    const char *folder;    /* -C; NULL */
    int command;           /* index of the command; argc: none */
    bool builds;           /* it takes --target */
    bool has_target;
};

static void read_words(int argc, char **argv, struct words *out)
{
    static const char *const building[] = {
        "build", "b", "check", "c", "test", "t", "run", "r", "bench", "install", "rustc"};
    static const char *const with_argument[] = {"--config", "--color", "-Z", "-C"};
    int i = 1;
    *out = (struct words){.toolchain = argc > 1 && argv[1][0] == '+' ? argv[1] : NULL};
    for (i += out->toolchain != NULL; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "-C") == 0 && i + 1 < argc)
            out->folder = argv[i + 1];
        i += TEXT_IS_ONE_OF(with_argument, argv[i]);
    }
    out->command = i < argc ? i : argc;
    out->builds = i < argc && TEXT_IS_ONE_OF(building, argv[i]);
    for (; i < argc && strcmp(argv[i], "--") != 0; i++)
        out->has_target |=
            strcmp(argv[i], "--target") == 0 || strncmp(argv[i], "--target=", 9) == 0;
}

/* What `cargo config get` prints of the settings of [build]; NULL: there are none. The command is
 * unstable, so that RUSTC_BOOTSTRAP is needed, which cargo itself does not get. */
static json_t *new_settings(const char *cargo, const struct words *words)
{
    char *command = NULL;
    size_t size;
    FILE *const text = open_memstream(&command, &size);
    if (!text)
        return NULL;
    if (words->folder) {
        fputs("cd ", text);
        text_put_word(words->folder, text);
        fputs(" && ", text);
    }
    fputs("RUSTC_BOOTSTRAP=1 ", text);
    text_put_word(cargo, text);
    if (words->toolchain) {
        fputc(' ', text);
        text_put_word(words->toolchain, text);
    }
    fputs(" -Zunstable-options config get --format json build 2>/dev/null", text);
    fclose(text);
    FILE *const pipe = popen(command, "re");
    free(command);
    json_t *const all = pipe ? json_loadf(pipe, 0, NULL) : NULL;
    if (pipe)
        pclose(pipe);
    return all;
}

/* The folder of this program has it under the names that cargo calls. */
static int set_program(const struct rust_program *program, const char *variable, struct err *err)
{
    char home[PATH_MAX] = "", path[PATH_MAX + 32];
    const ssize_t length = readlink("/proc/self/exe", home, sizeof home - 1);
    home[length > 0 ? length : 0] = '\0';
    snprintf(path, sizeof path, "%s/%s", dirname(home), program->called);
    if (access(path, X_OK) != 0)
        return err_set(err, -ENOENT,
            "cargo: there is no '%s', by which cargo starts this program; build or install "
            "numaprobe again",
            path);
    return setenv(variable, path, 1) ? err_set(err, -ENOMEM, "cargo: out of memory") : 0;
}

static const char *setting(json_t *settings, const char *name)
{
    return json_string_value(json_object_get(json_object_get(settings, "build"), name));
}

/* The user's own wrapper and rustdoc come after ours: an environment variable, which goes before
 * the settings of a file. */
static int set_environment(json_t *settings, struct err *err)
{
    const char *const wrapper = getenv("RUSTC_WRAPPER"), *const rustdoc = getenv("RUSTDOC");
    const char *const users = wrapper ? wrapper : setting(settings, "rustc-wrapper");
    const char *const documents = rustdoc ? rustdoc : setting(settings, "rustdoc");
    if (users && *users && !strstr(users, rust_rustc.called))
        setenv("NUMAPROBE_RUSTC_WRAPPER", users, 1);
    if (documents && *documents && !strstr(documents, rust_rustdoc.called))
        setenv("NUMAPROBE_RUSTDOC", documents, 1);
    /* Cargo remembers what `rustc -vV` printed until the program is another, and the runtime is
     * another file. */
    setenv("CARGO_CACHE_RUSTC_INFO", "0", 1);
    const int code = set_program(&rust_rustc, "RUSTC_WRAPPER", err);
    return code ? code : set_program(&rust_rustdoc, "RUSTDOC", err);
}

/* Asks cargo for its host, which is the triple to build for. 0 or -errno with err. */
static int prepare(
    const char *cargo, struct words *words, struct rust_toolchain *toolchain, struct err *err)
{
    const char *const asked[] = {cargo, words->toolchain, NULL};
    const int code = rust_toolchain_ask("cargo", asked, NULL, toolchain, err);
    const int wrong = code ? code : rust_toolchain_check("cargo", toolchain, toolchain->host, err);
    if (wrong)
        return wrong;
    json_t *const settings = new_settings(cargo, words);
    const char *const target = getenv("CARGO_BUILD_TARGET");
    words->has_target |= (target && *target) ||
                         json_object_get(json_object_get(settings, "build"), "target") != NULL;
    const int failed = set_environment(settings, err);
    json_decref(settings);
    return failed;
}

static int run_cargo(int argc, char **argv)
{
    struct err err = {0};
    struct words words;
    struct rust_toolchain toolchain = {.minor = 0};
    if (argc == 2 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)) {
        print_help(stdout);
        return cmd_done(EXIT_DONE);
    }
    const char *const cargo = rust_toolchain_program("NUMAPROBE_CARGO", "cargo");
    const char **const word = calloc((size_t)argc + 3, sizeof *word);
    if (!word) {
        err_set(&err, -ENOMEM, "cargo: out of memory");
        return cmd_fail(&err, EXIT_FAILURE);
    }
    read_words(argc, argv, &words);
    size_t count = 0;
    word[count++] = cargo;
    if (!words.builds || prepare(cargo, &words, &toolchain, &err) == 0) {
        for (int i = 1; i < argc; i++) {
            word[count++] = argv[i];
            if (i == words.command && words.builds && !words.has_target) {
                word[count++] = "--target";
                word[count++] = toolchain.host;
            }
        }
        execvp(cargo, (char *const *)word);
        err_set(&err, -errno,
            "cargo: cannot run '%s': %s; install Rust (Debian: cargo-web) or name it by "
            "NUMAPROBE_CARGO",
            cargo, strerror(errno));
    }
    free(word);
    return cmd_fail(&err, EXIT_FAILURE);
}

const struct cmd cmd_cargo = {"cargo",
    "build Rust so that detect can watch it (numaprobe cargo build)", run_cargo, NULL, print_help};
