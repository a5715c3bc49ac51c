/* SPDX-License-Identifier: MIT
 * A user's own layout: compiled by the system's compiler and loaded in a child process, which sends
 * back offsets. Its code never runs in the process that measures, so its crash costs nothing but
 * itself. */
#include "probes/plan/shape.h"

#include "base/text.h"
#include "machine/temporary.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The text of layouts/layout.h, so that an installed numaprobe needs no include folder. */
extern const char layout_header[];

enum { ANSWER_SECONDS = 5, GUARD_BYTES = 4096 };
enum answer {
    ANSWER_NONE,
    ANSWER_DONE,
    ANSWER_UNLOADABLE,
    ANSWER_NO_ENTRY,
    ANSWER_ABI,
    ANSWER_SIZE
};

struct reply { /* in memory that parent and child share */
    _Alignas(struct shape) enum answer answer;
    char text[256];
};
/* The shape lies behind the reply, since its offsets follow it. */
static struct shape *reply_shape(struct reply *r)
{
    return (struct shape *)(void *)(r + 1);
}

struct workshop { /* a temporary folder for the compiled file */
    char folder[PATH_MAX], include[PATH_MAX], header[PATH_MAX], object[PATH_MAX],
        messages[PATH_MAX];
};

static int write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    if (!f)
        return -errno;
    const bool failed = fputs(text, f) == EOF;
    return fclose(f) || failed ? -EIO : 0;
}

static int workshop_open(struct workshop *w, struct err *err)
{
    /* Room is left for the names that follow. */
    const int code = temporary_folder(w->folder, sizeof w->folder - 32);
    if (code)
        return err_set(err, code, "--layout: cannot make a folder in '%s': %s", temporary_place(),
            strerror(-code));
    text_append(w->include, sizeof w->include, "%s/layouts", w->folder);
    text_append(w->header, sizeof w->header, "%s/layout.h", w->include);
    text_append(w->object, sizeof w->object, "%s/layout.so", w->folder);
    text_append(w->messages, sizeof w->messages, "%s/messages", w->folder);
    if (mkdir(w->include, 0700) || write_text(w->header, layout_header))
        return err_set(err, -EIO, "--layout: cannot write to %s: %s", w->folder, strerror(errno));
    return 0;
}

static void workshop_close(const struct workshop *w)
{
    unlink(w->header);
    unlink(w->object);
    unlink(w->messages);
    rmdir(w->include);
    rmdir(w->folder);
}

static _Noreturn void exec_compiler(const struct workshop *w, const char *path, unsigned align)
{
    char define[32], include[PATH_MAX + 2];
    snprintf(define, sizeof define, "-DALIGN=%u", align);
    snprintf(include, sizeof include, "-I%s", w->folder);
    const int fd = open(w->messages, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd >= 0)
        dup2(fd, STDERR_FILENO);
    /* The shell splits CC, such as "ccache gcc"; it reads nothing else. */
    execl("/bin/sh", "sh", "-c", "exec ${CC:-cc} \"$@\"", "sh", "-std=gnu11", "-O2", "-fPIC",
        "-shared", "-DLAYOUT_USER", define, include, "-o", w->object, path, (char *)NULL);
    _exit(127);
}

/* The first line with "error", else the first line. */
static void first_error(const struct workshop *w, char *text, size_t size)
{
    char line[200];
    snprintf(text, size, "no message");
    FILE *f = fopen(w->messages, "re");
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

static int compile_layout(
    const struct workshop *w, const char *path, unsigned align, struct err *err)
{
    const pid_t child = fork();
    if (child < 0)
        return err_set(err, -errno, "--layout: cannot start the compiler: %s", strerror(errno));
    if (child == 0)
        exec_compiler(w, path, align);
    const int status = wait_for(child);
    if (status == 0)
        return 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) /* the shell found no such command */
        return err_set(err, -ENODEV, "--layout: no compiler for %s; install gcc or set CC", path);
    char text[256];
    first_error(w, text, sizeof text);
    return err_set(err, -ENOEXEC, "--layout: %s does not compile: %s", path, text);
}

/* From memory, where the folder is on a file system from which nothing may be run (noexec). */
static void *load_copy(const char *object)
{
    char copy[32];
    struct stat st;
    const int from = open(object, O_RDONLY | O_CLOEXEC), to = memfd_create("layout", MFD_CLOEXEC);
    snprintf(copy, sizeof copy, "/proc/self/fd/%d", to);
    if (from < 0 || to < 0 || fstat(from, &st) != 0 ||
        sendfile(to, from, NULL, (size_t)st.st_size) != st.st_size)
        return NULL;
    return dlopen(copy, RTLD_NOW | RTLD_LOCAL);
}

static const struct layout *load_layout(struct reply *r, const char *object)
{
    void *handle = dlopen(object, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        handle = load_copy(object);
    const struct layout *layout = handle ? dlsym(handle, "layout") : NULL;
    r->answer = !handle                     ? ANSWER_UNLOADABLE
                : !layout || !layout->word  ? ANSWER_NO_ENTRY
                : layout->abi != LAYOUT_ABI ? ANSWER_ABI
                                            : ANSWER_NONE;
    if (!handle)
        snprintf(r->text, sizeof r->text, "%s", dlerror());
    return r->answer == ANSWER_NONE ? layout : NULL;
}

/* An address far from the array, or before it, becomes an offset that shape_check finds outside. */
static uint32_t offset_in(const char *array, uintptr_t at)
{
    const uintptr_t offset = at - (uintptr_t)array;
    return offset < SHAPE_BYTES_MAX ? (uint32_t)offset : SHAPE_NONE / 8 * 8;
}

/* A crash must look like one, whoever installed a handler in the parent (sanitizers do). */
static void let_signals_kill(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL);
}

/* In the child: everything that runs the user's code. */
static void question_layout(struct reply *r, const char *object, unsigned shards)
{
    const struct layout *layout = load_layout(r, object);
    if (!layout)
        return;
    shape_describe(reply_shape(r), layout, shards);
    if (reply_shape(r)->object_bytes > SHAPE_BYTES_MAX) {
        r->answer = ANSWER_SIZE;
        return;
    }
    char *array = mmap(NULL, reply_shape(r)->object_bytes + GUARD_BYTES, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (unsigned i = 0; i < shards; i++)
        for (unsigned w = 0; w < WORD_COUNT; w++) {
            const uintptr_t at = (uintptr_t)layout->word(array, i, (enum layout_word)w);
            reply_shape(r)->offset[i][w] = at ? offset_in(array, at) : SHAPE_NONE;
        }
    r->answer = ANSWER_DONE;
}

static int judge_reply(const struct reply *r, const char *path, int status, struct err *err)
{
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        return err_set(err, -ECHILD,
            "--layout: %s did not answer within %d s; its word() must return", path,
            ANSWER_SECONDS);
    if (WIFSIGNALED(status))
        return err_set(err, -ECHILD,
            "--layout: %s crashed while it was asked for addresses: %s; look at its word()", path,
            strsignal(WTERMSIG(status)));
    static const char *const why[] = {
        [ANSWER_NONE] = "ended without an answer",
        [ANSWER_UNLOADABLE] = "cannot be loaded",
        [ANSWER_NO_ENTRY] =
            "has no entry 'layout' with a word(): end it as the file in numaprobe-run(1) does",
        [ANSWER_ABI] = "was written for another version: set .abi = LAYOUT_ABI",
        [ANSWER_SIZE] = "is larger than 64 MiB; use fewer --shards",
    };
    if (r->answer == ANSWER_DONE)
        return 0;
    return err_set(err, -ENOEXEC, "--layout: %s %s%s%s", path, why[r->answer],
        r->text[0] ? ": " : "", r->text);
}

static int ask_layout(const struct workshop *w, const char *path, unsigned shards,
    struct shape **out, struct err *err)
{
    const size_t bytes = sizeof(struct reply) + shape_size(shards);
    struct reply *r = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (r == MAP_FAILED)
        return err_set(err, -errno, "--layout: out of memory");
    fflush(stdout); /* or a layout that calls exit() would print it again */
    const pid_t child = fork();
    if (child == 0) {
        let_signals_kill();
        alarm(ANSWER_SECONDS);
        question_layout(r, w->object, shards);
        _exit(0);
    }
    int code = child < 0 ? err_set(err, -errno, "--layout: cannot fork: %s", strerror(errno))
                         : judge_reply(r, path, wait_for(child), err);
    *out = code ? NULL : malloc(shape_size(shards));
    if (*out)
        memcpy(*out, reply_shape(r), shape_size(shards));
    else if (!code)
        code = err_set(err, -ENOMEM, "out of memory for %u shards", shards);
    munmap(r, bytes);
    return code;
}

int shape_load(
    const char *path, unsigned align_bytes, unsigned shards, struct shape **shape, struct err *err)
{
    struct workshop w = {0};
    *shape = NULL;
    if (access(path, R_OK))
        return err_set(err, -ENOEXEC, "--layout: cannot read %s: %s", path, strerror(errno));
    int code = workshop_open(&w, err);
    if (!code)
        code = compile_layout(&w, path, align_bytes, err);
    if (!code)
        code = ask_layout(&w, path, shards, shape, err);
    workshop_close(&w);
    if (*shape && (*shape)->align_bytes != align_bytes)
        code = err_set(err, -ENOEXEC, "--layout: %s must set .align_bytes = ALIGN", path);
    else if (!code && shape_check(*shape, err))
        code = -ENOEXEC;
    if (err && code)
        err->code = code;
    if (code) {
        free(*shape);
        *shape = NULL;
    }
    return code;
}
