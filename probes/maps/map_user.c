/* SPDX-License-Identifier: MIT
 * Asks a user's strategy what it is. */
#include "probes/maps/map_user.h"

#include "base/text.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* The text of maps/map.h, so that an installed numaprobe needs no include folder. */
extern const char map_header[];

enum { ANSWER_SECONDS = 5 };

struct reply { /* in memory that parent and child share */
    enum { NO_ANSWER, DONE, UNLOADABLE, NO_ENTRY, OTHER_ABI, INCOMPLETE } answer;
    bool snapshot, copies, homes, facts;
    char text[256], summary[128];
};

struct question {
    struct reply *reply;
    const struct user_code *code;
};

/* The first function that is missing; NULL: none is. */
static const char *find_missing(const struct map_strategy *s)
{
    return !s->make      ? "make"
           : !s->destroy ? "destroy"
           : !s->join    ? "join"
           : !s->leave   ? "leave"
           : !s->get     ? "get"
           : !s->put     ? "put"
           : !s->insert  ? "insert"
           : !s->remove  ? "remove"
           : !s->iterate ? "iterate"
           : !s->size    ? "size"
                         : NULL;
}

static void ask_strategy(void *context)
{
    const struct question *const q = context;
    struct reply *const r = q->reply;
    const struct map_strategy *const s =
        user_code_load(q->code, "map_strategy", r->text, sizeof r->text);
    r->answer = *r->text            ? UNLOADABLE
                : !s                ? NO_ENTRY
                : s->abi != MAP_ABI ? OTHER_ABI
                : find_missing(s)   ? INCOMPLETE
                                    : DONE;
    if (r->answer == INCOMPLETE)
        text_append(r->text, sizeof r->text, "%s", find_missing(s));
    if (r->answer != DONE)
        return;
    r->snapshot = s->snapshot;
    r->copies = s->copies;
    r->homes = s->homes;
    r->facts = s->facts;
    text_append(r->summary, sizeof r->summary, "%s", s->summary ? s->summary : "");
}

static int judge_reply(const struct reply *r, const char *path, int status, struct err *err)
{
    static const char *const why[] = {
        [NO_ANSWER] = "ended without an answer",
        [UNLOADABLE] = "cannot be loaded",
        [NO_ENTRY] = "has no entry 'map_strategy': end it as the file in numaprobe-maps(1) does",
        [OTHER_ABI] = "was written for another version: set .abi = MAP_ABI",
        [INCOMPLETE] = "lacks a function of struct map_strategy",
    };
    if (status < 0)
        return err_set(err, -errno, "--strategy: cannot fork: %s", strerror(errno));
    if (WIFSIGNALED(status))
        return err_set(err, -ECHILD, "--strategy: %s crashed while it was loaded: %s", path,
            strsignal(WTERMSIG(status)));
    if (r->answer == DONE)
        return 0;
    return err_set(err, -ENOEXEC, "--strategy: %s %s%s%s", path, why[r->answer],
        r->text[0] ? ": " : "", r->text);
}

/* Never called here: the stub only shows that there are facts. */
static void no_facts(void *map, struct map_facts *facts)
{
    (void)map, (void)facts;
}

static void describe(struct map_user *user, const char *path, const struct reply *r)
{
    const char *const slash = strrchr(path, '/'), *const base = slash ? slash + 1 : path;
    text_append(user->name, sizeof user->name, "%.*s", (int)strcspn(base, "."), base);
    text_append(user->summary, sizeof user->summary, "%s", r->summary);
    user->stub = (struct map_strategy){.abi = MAP_ABI,
        .name = user->name,
        .summary = user->summary,
        .snapshot = r->snapshot,
        .copies = r->copies,
        .homes = r->homes,
        .facts = r->facts ? no_facts : NULL};
}

static int ask(struct map_user *user, const char *path, struct err *err)
{
    struct reply *const r =
        mmap(NULL, sizeof *r, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (r == MAP_FAILED)
        return err_set(err, -ENOMEM, "--strategy: out of memory");
    struct question question = {r, &user->code};
    const int status = user_code_run(ask_strategy, &question, ANSWER_SECONDS);
    const int code = judge_reply(r, path, status, err);
    if (!code)
        describe(user, path, r);
    munmap(r, sizeof *r);
    return code;
}

int map_user_new(const char *path, struct map_user **out, struct err *err)
{
    const struct user_source source = {.option = "--strategy",
        .path = path,
        .folder = "maps",
        .name = "map.h",
        .header = map_header,
        .define = {"-DMAP_USER"}};
    struct map_user *const user = calloc(1, sizeof *user);
    if (!user)
        return err_set(err, -ENOMEM, "--strategy: out of memory");
    int code = user_code_build(&source, &user->code, err);
    if (!code)
        code = ask(user, path, err);
    if (code)
        map_user_free(user);
    else
        *out = user;
    return code;
}

void map_user_free(struct map_user *user)
{
    if (user)
        user_code_remove(&user->code);
    free(user);
}

bool map_is_user(const struct map_strategy *strategy)
{
    return !strategy->make && !strategy->missing;
}

const struct map_strategy *map_user_enter(const struct map_strategy *strategy)
{
    char why[256];
    const struct map_user *const user = (const struct map_user *)(const void *)strategy;
    return map_is_user(strategy) ? user_code_load(&user->code, "map_strategy", why, sizeof why)
                                 : strategy;
}
