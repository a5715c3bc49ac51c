/* SPDX-License-Identifier: MIT
 * One side of a pair of sockets, and the other. */
#include "probes/maps/map_server.h"

#include "probes/maps/map_user.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_MS = 30000 }; /* a trial takes some 0.1 s, and emptying a map up to a second */

struct request {
    bool ends;
    unsigned point;
    struct map_manner manner;
};

struct map_server {
    const struct map_strategy *strategy;
    const struct maps_plan *plan;
    pid_t child;
    int line; /* a socket to it */
    size_t bytes;
    /* Shared with the child. Its texts are constants of this program, at the same addresses. */
    struct map_outcome *outcome;
    struct map_result *result; /* behind it */
};

/* In the child. */
struct serving {
    struct machine *machine;
    const struct topology *topology;
    struct maps_plan plan; /* whose points have the strategy itself */
    const struct map_server *server;
    uint64_t seed;
    int line;
};

static bool replace_stub(struct maps_plan *plan, const struct map_strategy *stub)
{
    const struct map_strategy *const real = map_user_enter(stub);
    for (size_t i = 0; i < plan->points; i++)
        if (plan->point[i].strategy == stub)
            plan->point[i].strategy = real;
    return real;
}

static void serve_requests(const struct serving *s, struct map_trial *trial)
{
    struct request request;
    while (recv(s->line, &request, sizeof request, 0) == (ssize_t)sizeof request && !request.ends) {
        map_trial_run(trial, &s->plan.point[request.point], request.manner, s->server->outcome,
            s->server->result);
        if (send(s->line, "", 1, MSG_NOSIGNAL) != 1)
            return;
    }
}

static _Noreturn void serve(struct serving *s)
{
    /* Its parts have lines that nothing else uses. */
    static struct stage stage;
    static struct map_trial trial;
    struct err err;
    user_code_unguard();
    signal(SIGINT, SIG_IGN); /* the parent ends the run, and with it this */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    bool ready = replace_stub(&s->plan, s->server->strategy) &&
                 stage_init(&stage, s->machine, s->topology, &s->plan.cpus, &err) == 0 &&
                 map_trial_init(&trial, &stage, &s->plan, s->seed, &err) == 0;
    rng_seed(&stage.rng, s->seed);
    if (ready && send(s->line, "", 1, MSG_NOSIGNAL) == 1)
        serve_requests(s, &trial);
    _exit(!ready);
}

enum answer { ANSWERED, DIED, STUCK };

/* A byte from the child. */
static enum answer wait_answer(const struct map_server *server)
{
    char byte;
    struct pollfd fd = {.fd = server->line, .events = POLLIN};
    int ready;
    do
        ready = poll(&fd, 1, ANSWER_MS);
    while (ready < 0 && errno == EINTR);
    return ready == 0 ? STUCK : recv(server->line, &byte, 1, 0) == 1 ? ANSWERED : DIED;
}

static int end_child(struct map_server *server)
{
    int status = 0;
    const struct request end = {.ends = true};
    if (server->child <= 0)
        return 0;
    send(server->line, &end, sizeof end, MSG_NOSIGNAL);
    close(server->line);
    while (waitpid(server->child, &status, 0) < 0 && errno == EINTR)
        ;
    server->child = 0;
    return status;
}

/* And it is gone. */
static int explain_death(
    struct map_server *server, enum answer answer, const char *when, struct err *err)
{
    const char *const name = server->strategy->name;
    if (answer == STUCK)
        kill(server->child, SIGKILL);
    const int status = end_child(server);
    if (answer == STUCK)
        return err_set(err, -ECHILD, "--strategy: %s is stuck %s: no answer for %d s", name, when,
            ANSWER_MS / 1000);
    if (WIFSIGNALED(status))
        return err_set(
            err, -ECHILD, "--strategy: %s crashed %s: %s", name, when, strsignal(WTERMSIG(status)));
    return err_set(err, -ECHILD, "--strategy: %s ended its process %s", name, when);
}

static int start_child(struct map_server *server, struct serving *serving, struct err *err)
{
    int line[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, line))
        return err_set(err, -errno, "no socket for a strategy: %s", strerror(errno));
    fflush(NULL);
    server->child = fork();
    if (server->child == 0) {
        close(line[1]);
        serving->line = line[0];
        serve(serving);
    }
    close(line[0]);
    server->line = line[1];
    if (server->child < 0)
        return err_set(err, -errno, "cannot start a strategy: %s", strerror(errno));
    const enum answer answer = wait_answer(server);
    return answer == ANSWERED ? 0 : explain_death(server, answer, "before its first trial", err);
}

static int map_results(struct map_server *server)
{
    server->bytes = sizeof *server->outcome + server->plan->cpus.count * sizeof *server->result;
    void *const shared =
        mmap(NULL, server->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return -ENOMEM;
    server->outcome = shared;
    server->result = (struct map_result *)(void *)(server->outcome + 1);
    return 0;
}

int map_server_new(struct machine *machine, const struct topology *topology,
    const struct maps_plan *plan, const struct map_strategy *strategy, uint64_t seed,
    struct map_server **out, struct err *err)
{
    struct map_server *const server = calloc(1, sizeof *server);
    if (!server)
        return err_set(err, -ENOMEM, "out of memory for a strategy");
    *server = (struct map_server){.strategy = strategy, .plan = plan};
    struct serving serving = {
        .machine = machine, .topology = topology, .plan = *plan, .server = server, .seed = seed};
    int code = map_results(server) ? err_set(err, -ENOMEM, "out of memory for a strategy")
                                   : start_child(server, &serving, err);
    if (code)
        map_server_free(server);
    else
        *out = server;
    return code;
}

void map_server_free(struct map_server *server)
{
    if (!server)
        return;
    end_child(server);
    if (server->outcome)
        munmap(server->outcome, server->bytes);
    free(server);
}

const struct map_strategy *map_server_strategy(const struct map_server *server)
{
    return server->strategy;
}

int map_server_run(struct map_server *server, unsigned point, struct map_manner manner,
    struct map_outcome *out, struct map_result *result, struct err *err)
{
    char when[80];
    const struct maps_point *const p = &server->plan->point[point];
    const struct request request = {.point = point, .manner = manner};
    const bool asked = send(server->line, &request, sizeof request, MSG_NOSIGNAL) > 0;
    const enum answer answer = asked ? wait_answer(server) : DIED;
    if (answer == ANSWERED) {
        *out = *server->outcome;
        memcpy(result, server->result, p->threads * sizeof *result);
        return 0;
    }
    snprintf(when, sizeof when, "under load %.48s", p->load->name);
    return explain_death(server, answer, when, err);
}
