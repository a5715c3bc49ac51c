/* SPDX-License-Identifier: MIT
 * `rustc -vV` and `cargo -vV`: lines of "name: value". */
#include "cli/rust/rust_toolchain.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* -Zexternal-clangrt, by which rustc leaves out ThreadSanitizer's own runtime
 * (rust-lang/rust pull request 121207). */
enum { OLDEST_MINOR = 78 };

const char *rust_toolchain_program(const char *variable, const char *otherwise)
{
    const char *const named = getenv(variable);
    return named && *named ? named : otherwise;
}

static bool read_line(const char *line, const char *name, char *out, size_t size)
{
    const size_t length = strlen(name);
    if (strncmp(line, name, length) != 0)
        return false;
    snprintf(out, size, "%s", line + length);
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

static FILE *open_answer(const char *const *words)
{
    char *command = NULL;
    size_t size;
    FILE *const text = open_memstream(&command, &size);
    if (!text)
        return NULL;
    for (size_t i = 0; words[i]; i++) {
        text_put_word(words[i], text);
        fputc(' ', text);
    }
    fputs("-vV 2>/dev/null", text);
    fclose(text);
    FILE *const answer = popen(command, "re");
    free(command);
    return answer;
}

int rust_toolchain_ask(const char *command, const char *const *words, FILE *copy,
    struct rust_toolchain *out, struct err *err)
{
    char line[256];
    unsigned major = 0;
    *out = (struct rust_toolchain){.minor = 0};
    FILE *const answer = open_answer(words);
    while (answer && fgets(line, sizeof line, answer)) {
        read_line(line, "release: ", out->release, sizeof out->release);
        read_line(line, "host: ", out->host, sizeof out->host);
        if (copy)
            fputs(line, copy);
    }
    if (answer)
        pclose(answer);
    if (sscanf(out->release, "%u.%u", &major, &out->minor) == 2 && out->host[0])
        return 0;
    return err_set(err, -ENOENT,
        "%s: there is no Rust: '%s -vV' prints no release; install it (Debian: rustc-web and "
        "cargo-web) or name it by NUMAPROBE_%s",
        command, words[0], strcmp(command, "cargo") == 0 ? "CARGO" : "RUSTC");
}

int rust_toolchain_check(const char *command, const struct rust_toolchain *toolchain,
    const char *target, struct err *err)
{
    if (toolchain->minor < OLDEST_MINOR)
        return err_set(err, -ENOTSUP,
            "%s: Rust %s is too old to instrument programs; install 1.%d or newer (Debian: "
            "rustc-web and cargo-web)",
            command, toolchain->release, OLDEST_MINOR);
    if (strcmp(target, toolchain->host) != 0)
        return err_set(err, -EINVAL,
            "%s: this builds for %s, and only a program for this machine (%s) can be recorded; "
            "leave out --target and build.target",
            command, target, toolchain->host);
    return strstr(target, "-linux-gnu")
               ? 0
               : err_set(err, -ENOTSUP,
                     "%s: programs for %s cannot be instrumented, only those for Linux with glibc "
                     "(*-linux-gnu)",
                     command, target);
}
