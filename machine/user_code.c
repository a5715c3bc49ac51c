/* SPDX-License-Identifier: MIT
 * Compiler, temporary folder and child process. */
#include "machine/user_code.h"

#include "base/text.h"
#include "machine/temporary.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    if (!f)
        return -errno;
    const bool failed = fputs(text, f) == EOF;
    return fclose(f) || failed ? -EIO : 0;
}

static int open_folder(const struct user_source *s, struct user_code *c, struct err *err)
{
    /* Room is left for the names that follow. */
    const int code = temporary_folder(c->folder, sizeof c->folder - 64);
    if (code)
        return err_set(err, code, "%s: cannot make a folder in '%s': %s", s->option,
            temporary_place(), strerror(-code));
    text_append(c->include, sizeof c->include, "%s/%s", c->folder, s->folder);
    text_append(c->header, sizeof c->header, "%s/%s", c->include, s->name);
    text_append(c->object, sizeof c->object, "%s/user.so", c->folder);
    text_append(c->messages, sizeof c->messages, "%s/messages", c->folder);
    if (mkdir(c->include, 0700) || write_text(c->header, s->header))
        return err_set(
            err, -EIO, "%s: cannot write to %s: %s", s->option, c->folder, strerror(errno));
    return 0;
}

void user_code_remove(const struct user_code *c)
{
    if (!*c->folder)
        return;
    unlink(c->header);
    unlink(c->object);
    unlink(c->messages);
    rmdir(c->include);
    rmdir(c->folder);
}

static _Noreturn void exec_compiler(const struct user_source *s, const struct user_code *c)
{
    char include[PATH_MAX + 2];
    snprintf(include, sizeof include, "-I%s", c->folder);
    const int fd = open(c->messages, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd >= 0)
        dup2(fd, STDERR_FILENO);
    const char *const more = s->define[1] ? s->define[1] : s->define[0];
    /* The shell splits CC, such as "ccache gcc"; it reads nothing else. */
    execl("/bin/sh", "sh", "-c", "exec ${CC:-cc} \"$@\"", "sh", "-std=gnu11", "-O2", "-fPIC",
        "-shared", "-pthread", s->define[0], more, include, "-o", c->object, s->path, (char *)NULL);
    _exit(127);
}

/* The first line with "error", else the first line. */
static void first_error(const struct user_code *c, char *text, size_t size)
{
    char line[200];
    snprintf(text, size, "no message");
    FILE *f = fopen(c->messages, "re");
    for (bool first = true; f && fgets(line, sizeof line, f); first = false) {
        line[strcspn(line, "\n")] = '\0';
        if (first || strstr(line, "error"))
            snprintf(text, size, "%s", line);
        if (strstr(line, "error"))
            break;
    }
    if (f)
        fclose(f);
}

static int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

static int compile(const struct user_source *s, const struct user_code *c, struct err *err)
{
    const pid_t child = fork();
    if (child < 0)
        return err_set(
            err, -errno, "%s: cannot start the compiler: %s", s->option, strerror(errno));
    if (child == 0)
        exec_compiler(s, c);
    const int status = wait_for(child);
    if (status == 0)
        return 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) /* the shell found no such command */
        return err_set(
            err, -ENODEV, "%s: no compiler for %s; install gcc or set CC", s->option, s->path);
    char text[256];
    first_error(c, text, sizeof text);
    return err_set(err, -ENOEXEC, "%s: %s does not compile: %s", s->option, s->path, text);
}

int user_code_build(const struct user_source *s, struct user_code *c, struct err *err)
{
    *c = (struct user_code){0};
    struct stat st;
    if (access(s->path, R_OK) || stat(s->path, &st))
        return err_set(
            err, -ENOEXEC, "%s: cannot read %s: %s", s->option, s->path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return err_set(err, -ENOEXEC, "%s: %s is a folder, not a C file", s->option, s->path);
    const int code = open_folder(s, c, err);
    return code ? code : compile(s, c, err);
}

/* From memory, where the folder is on a file system from which nothing may be run (noexec). */
static void *load_copy(const char *object)
{
    char copy[32];
    struct stat st;
    const int from = open(object, O_RDONLY | O_CLOEXEC), to = memfd_create("user", MFD_CLOEXEC);
    snprintf(copy, sizeof copy, "/proc/self/fd/%d", to);
    if (from < 0 || to < 0 || fstat(from, &st) != 0 ||
        sendfile(to, from, NULL, (size_t)st.st_size) != st.st_size)
        return NULL;
    return dlopen(copy, RTLD_NOW | RTLD_LOCAL);
}

void *user_code_load(const struct user_code *c, const char *symbol, char *why, size_t size)
{
    void *handle = dlopen(c->object, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        handle = load_copy(c->object);
    snprintf(why, size, "%s", handle ? "" : dlerror());
    return handle ? dlsym(handle, symbol) : NULL;
}

void user_code_unguard(void)
{
    static const int signals[] = {
        SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM, SIGTERM, SIGINT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL);
}

int user_code_run(void (*function)(void *context), void *context, unsigned seconds)
{
    fflush(stdout); /* or what calls exit() would print it again */
    const pid_t child = fork();
    if (child == 0) {
        user_code_unguard();
        alarm(seconds);
        function(context);
        _exit(0);
    }
    return child < 0 ? -1 : wait_for(child);
}
