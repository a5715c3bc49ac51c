/* SPDX-License-Identifier: MIT
 * Files in a folder, and `go build`. */
#include "probes/maps/go_program.h"

#include "base/text.h"
#include "machine/program.h"
#include "machine/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAILED_EXEC = 127 };

/* Runs argv with its output in the file. Returns its exit code, or -errno. */
static int run_into(const char *output, const char *const argv[])
{
    struct program program;
    struct command_end end;
    const int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    const struct program_setting how = {.argv = (char *const *)argv, .out = fd, .err = fd};
    const int code = program_start(&how, &program);
    if (!code)
        program_end(&program, &end);
    close(fd);
    return code ? code : end.status;
}

static int open_folder(struct go_program *p, struct err *err)
{
    *p = (struct go_program){0};
    /* Room is left for the names that follow. */
    const int code = temporary_folder(p->folder, sizeof p->folder - 64);
    if (code) {
        p->folder[0] = '\0';
        return err_set(err, code, "--go: cannot make a folder in '%s': %s", temporary_place(),
            strerror(-code));
    }
    text_append(p->program, sizeof p->program, "%s/maps", p->folder);
    text_append(p->messages, sizeof p->messages, "%s/messages", p->folder);
    text_append(p->shared, sizeof p->shared, "%s/shared", p->folder);
    return 0;
}

void go_remove(const struct go_program *p)
{
    char path[PATH_MAX + 64];
    if (!*p->folder)
        return;
    for (size_t i = 0; i < go_file_count; i++) {
        snprintf(path, sizeof path, "%s/%s", p->folder, go_file_table[i].name);
        unlink(path);
    }
    unlink(p->program);
    unlink(p->messages);
    unlink(p->shared);
    rmdir(p->folder);
}

/* `go build` begins with the package's name, a crash with an empty line. */
void go_first_message(const struct go_program *p, char *text, size_t size)
{
    char line[200];
    snprintf(text, size, "no message");
    FILE *f = fopen(p->messages, "re");
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line == '\0' || *line == '#')
            continue;
        snprintf(text, size, "%s", line);
        break;
    }
    if (f)
        fclose(f);
}

/* "go version go1.19.8 linux/amd64". */
static int read_version(const struct go_program *p, struct go_toolchain *go, struct err *err)
{
    static const char begins[] = "go version ";
    char line[200];
    go_first_message(p, line, sizeof line);
    if (strncmp(line, begins, strlen(begins)) != 0)
        return err_set(
            err, -ENODEV, "--go: '%s' is not a Go of at least 1.19: %s", go->program, line);
    text_append(go->version, sizeof go->version, "%s", line + strlen(begins));
    return 0;
}

int go_find(const char *program, struct go_toolchain *go, struct err *err)
{
    struct go_program p;
    *go = (struct go_toolchain){0};
    int code = open_folder(&p, err);
    text_append(go->program, sizeof go->program, "%s", program);
    if (!code) {
        const int status =
            run_into(p.messages, (const char *const[]){go->program, "version", NULL});
        code = status == -ENOENT || status == -EACCES || status == FAILED_EXEC
                   ? err_set(err, -ENODEV,
                         "--go: there is no '%s'; install Go (Debian: golang-go) or name it, as "
                         "--go=/usr/local/go/bin/go",
                         program)
                   : read_version(&p, go, err);
    }
    go_remove(&p);
    return code;
}

static int write_file(const struct go_program *p, const struct go_file *file)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", p->folder, file->name);
    FILE *f = fopen(path, "we");
    if (!f)
        return -errno;
    const bool failed = fputs(file->text, f) == EOF;
    return fclose(f) || failed ? -EIO : 0;
}

/* By env(1), so that whatever the user has set, nothing is fetched, no C compiler is needed, and
 * the module of the folder in which numaprobe was started means nothing. */
static int run_build(const struct go_toolchain *go, const struct go_program *p)
{
    enum { WORDS = 11 };
    const char **const argv = calloc(WORDS + go_file_count + 1, sizeof *argv);
    char(*path)[PATH_MAX + 64] = calloc(go_file_count, sizeof *path);
    int status = -ENOMEM;
    const char *const words[WORDS] = {"env", "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local",
        "GO111MODULE=off", "GOWORK=off", "CGO_ENABLED=0", go->program, "build", "-o", p->program};
    if (argv && path) {
        memcpy(argv, words, sizeof words);
        for (size_t i = 0; i < go_file_count; i++) {
            snprintf(path[i], sizeof path[i], "%s/%s", p->folder, go_file_table[i].name);
            argv[WORDS + i] = path[i];
        }
        status = run_into(p->messages, argv);
    }
    free(argv);
    free(path);
    return status;
}

int go_build(const struct go_toolchain *go, struct go_program *p, struct err *err)
{
    char message[200];
    int code = open_folder(p, err);
    for (size_t i = 0; i < go_file_count && !code; i++)
        if (write_file(p, &go_file_table[i]))
            code = err_set(err, -EIO, "--go: cannot write to %s: %s", p->folder, strerror(errno));
    const int status = code ? 0 : run_build(go, p);
    if (status < 0)
        return err_set(err, status, "--go: cannot start %s: %s", go->program, strerror(-status));
    if (status == 0)
        return code;
    go_first_message(p, message, sizeof message);
    return err_set(err, -ENOEXEC, "--go: %s cannot build the program: %s", go->version, message);
}
