/* SPDX-License-Identifier: MIT
 * A user's own layout: compiled by the system's compiler and loaded in a child process, which sends
 * back offsets. Its code never runs in the process that measures, so its crash costs nothing but
 * itself. */
#include "probes/plan/shape.h"

#include "machine/user_code.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

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

static const struct layout *load_layout(struct reply *r, const struct user_code *code)
{
    const struct layout *const layout = user_code_load(code, "layout", r->text, sizeof r->text);
    r->answer = *r->text                    ? ANSWER_UNLOADABLE
                : !layout || !layout->word  ? ANSWER_NO_ENTRY
                : layout->abi != LAYOUT_ABI ? ANSWER_ABI
                                            : ANSWER_NONE;
    return r->answer == ANSWER_NONE ? layout : NULL;
}

/* An address far from the array, or before it, becomes an offset that shape_check finds outside. */
static uint32_t offset_in(const char *array, uintptr_t at)
{
    const uintptr_t offset = at - (uintptr_t)array;
    return offset < SHAPE_BYTES_MAX ? (uint32_t)offset : SHAPE_NONE / 8 * 8;
}

struct question {
    struct reply *reply;
    const struct user_code *code;
    unsigned shards;
};

/* In the child: everything that runs the user's code. */
static void question_layout(void *context)
{
    const struct question *const q = context;
    struct reply *const r = q->reply;
    const unsigned shards = q->shards;
    const struct layout *layout = load_layout(r, q->code);
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

static int ask_layout(const struct user_code *user, const char *path, unsigned shards,
    struct shape **out, struct err *err)
{
    const size_t bytes = sizeof(struct reply) + shape_size(shards);
    struct reply *r = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (r == MAP_FAILED)
        return err_set(err, -errno, "--layout: out of memory");
    struct question question = {r, user, shards};
    const int status = user_code_run(question_layout, &question, ANSWER_SECONDS);
    int code = status < 0 ? err_set(err, -errno, "--layout: cannot fork: %s", strerror(errno))
                          : judge_reply(r, path, status, err);
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
    struct user_code user;
    char align[32];
    snprintf(align, sizeof align, "-DALIGN=%u", align_bytes);
    const struct user_source source = {.option = "--layout",
        .path = path,
        .folder = "layouts",
        .name = "layout.h",
        .header = layout_header,
        .define = {"-DLAYOUT_USER", align}};
    *shape = NULL;
    int code = user_code_build(&source, &user, err);
    if (!code)
        code = ask_layout(&user, path, shards, shape, err);
    user_code_remove(&user);
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
