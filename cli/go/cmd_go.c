/* SPDX-License-Identifier: MIT
 * numaprobe go: Go's command line, with what lets `numaprobe detect` watch the program. */
#include "cli/cmd.h"

#include "cli/go/go_overlay.h"
#include "cli/go/go_toolchain.h"
#include "cli/go/go_words.h"
#include "cli/runtime_folder.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_help(FILE *out)
{
    fputs("Usage: numaprobe go COMMAND ARGUMENT...\n"
          "Runs go (or what NUMAPROBE_GO names) with flags that let 'numaprobe detect'\n"
          "watch the programs that it builds. All arguments are go's.\n\n"
          "Examples:\n"
          "  numaprobe go build -o app ./cmd/app && numaprobe detect ./app\n"
          "  numaprobe detect -- numaprobe go test ./...\n"
          "  numaprobe detect -- numaprobe go run .\n",
        out);
}

struct command {
    const char **word;
    size_t count;
    char *made[64]; /* words of our own, to free when nothing runs */
    size_t mades;
};

static void add_word(struct command *c, const char *word)
{
    c->word[c->count++] = word;
}

/* A word that is freed at the end; 0 or -ENOMEM with err. */
static int add_made(struct command *c, char *word, struct err *err)
{
    if (!word || c->mades == sizeof c->made / sizeof *c->made) {
        free(word);
        return err->code ? err->code : err_set(err, -ENOMEM, "go: out of memory");
    }
    c->made[c->mades++] = word;
    add_word(c, word);
    return 0;
}

static char *joined(const char *name, const char *value)
{
    char *text = NULL;
    return asprintf(&text, "-%s=%s", name, value) < 0 ? NULL : text;
}

/* For the external linker. Where the C compiler is `numaprobe cc`, it adds the runtime of C, which
 * then serves both; Go tries its first word alone, and so does not find out that it knows -no-pie.
 */
static void write_linker_words(
    const struct go_toolchain *go, bool pie, const char *folder, char *out, size_t size)
{
    const bool c = strstr(go_toolchain_get(go, "CC"), "numaprobe") != NULL;
    if (c)
        snprintf(out, size, "-Wl,--whole-archive %s/libnumaprobe-go.a -Wl,--no-whole-archive%s",
            folder, pie ? "" : " -no-pie");
    else
        snprintf(out, size,
            "-Wl,--whole-archive %s/libnumaprobe-access.a %s/libnumaprobe-go.a "
            "-Wl,--no-whole-archive -Wl,--dynamic-list=%s/access.list -ldl -pthread",
            folder, folder, folder);
}

/* With -race the compiler also checks uses of package unsafe, which a plain program does not. */
#define NO_CHECKS "-d=checkptr=0"

static int add_ldflags(struct command *c, const char *users, const char *extra, struct err *err)
{
    char *const value = go_words_ldflags(users, extra, err);
    char *const word = value ? joined("ldflags", value) : NULL;
    free(value);
    return add_made(c, word, err);
}

static int add_gcflags(struct command *c, const char *users, struct err *err)
{
    char *word = NULL;
    if (asprintf(&word, "-gcflags=%s " NO_CHECKS, users) < 0)
        word = NULL;
    return add_made(c, word, err);
}

/* Of a word of the user's: as it is, changed, or nothing. `*i` moves to the last word that was
 * read. */
static int add_users(
    struct command *c, int argc, char **argv, int *i, const char *extra, struct err *err)
{
    const char *value;
    const bool overlay = go_words_is(argv[*i], "overlay", &value);
    const bool ldflags = !overlay && go_words_is(argv[*i], "ldflags", &value);
    const bool gcflags = !overlay && !ldflags && go_words_is(argv[*i], "gcflags", &value);
    if (!overlay && !ldflags && !gcflags) {
        add_word(c, argv[*i]);
        return 0;
    }
    if (!value && *i + 1 < argc)
        value = argv[++*i];
    value = value ? value : "";
    if (gcflags)
        return add_gcflags(c, value, err);
    return ldflags ? add_ldflags(c, value, extra, err) : 0;
}

/* Those of GOFLAGS first: a flag of the command line would hide them. */
static int add_flags(struct command *c, const struct go_toolchain *go, const struct go_words *words,
    const char *runtime, char *extra, size_t size, struct err *err)
{
    struct go_overlay overlay;
    char folder[PATH_MAX + 16];
    int code = go_overlay_make(go, runtime, words->overlay, &overlay, err);
    if (code)
        return code;
    snprintf(folder, sizeof folder, "%s/runtime", overlay.folder);
    write_linker_words(go, words->pie, folder, extra, size);
    add_word(c, "-race");
    add_word(c, "-gcflags=all=" NO_CHECKS);
    code = add_made(c, joined("overlay", overlay.file), err);
    return code ? code : add_ldflags(c, words->ldflags ? words->ldflags : "", extra, err);
}

/* The result of a test that was run before would be printed again, and nothing be watched. */
static bool needs_count(const struct go_words *words)
{
    return words->tests && !words->counts && getenv("NUMAPROBE_RECORD");
}

static int build_command(struct command *c, int argc, char **argv, struct err *err)
{
    struct go_toolchain go = {.env = NULL};
    struct go_words words;
    char runtime[PATH_MAX], extra[4 * PATH_MAX];
    int code = go_words_read(argc, argv, &words, err);
    for (int i = 0; !code && i < (words.builds ? (int)words.first : argc); i++)
        add_word(c, argv[i]);
    if (code || !words.builds)
        return code;
    code = go_toolchain_ask(&go, words.folder, err);
    code = code ? code : go_toolchain_check(&go, err);
    code = code ? code : go_words_read_flags(go_toolchain_get(&go, "GOFLAGS"), &words, err);
    code = code ? code : runtime_folder_find("go", runtime, err);
    code = code ? code : add_flags(c, &go, &words, runtime, extra, sizeof extra, err);
    if (!code && needs_count(&words))
        add_word(c, "-count=1");
    for (int i = (int)words.first; i < argc && !code; i++)
        code = add_users(c, argc, argv, &i, extra, err);
    go_words_free(&words);
    go_toolchain_free(&go);
    return code;
}

static int run_go(int argc, char **argv)
{
    struct err err = {0};
    const bool help = argc == 2 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0);
    if (help) {
        print_help(stdout);
        return cmd_done(EXIT_DONE);
    }
    enum { OURS = 10 };
    struct command c = {.word = calloc((size_t)argc + OURS + 1, sizeof *c.word)};
    if (!c.word) {
        err_set(&err, -ENOMEM, "go: out of memory");
        return cmd_fail(&err, EXIT_FAILURE);
    }
    add_word(&c, go_toolchain_program());
    int code = build_command(&c, argc - 1, argv + 1, &err);
    if (!code) {
        execvp(c.word[0], (char *const *)c.word);
        err_set(&err, -errno,
            "go: cannot run '%s': %s; install Go (Debian: golang-go) or name it "
            "by NUMAPROBE_GO",
            c.word[0], strerror(errno));
    }
    for (size_t i = 0; i < c.mades; i++)
        free(c.made[i]);
    free(c.word);
    return cmd_fail(&err, EXIT_FAILURE);
}

const struct cmd cmd_go = {
    "go", "build Go so that detect can watch it (numaprobe go build)", run_go, NULL, print_help};
