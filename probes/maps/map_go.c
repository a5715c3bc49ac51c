/* SPDX-License-Identifier: MIT
 * Lines on a socket, and a file that both sides map. */
#include "probes/maps/map_go.h"

#include "base/sample.h"
#include "machine/program.h"
#include "probes/maps/go_program.h"
#include "probes/maps/go_strategy.h"
#include "probes/maps/map_results.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MS = 30000, ANSWER_TEXT = 200, QUESTION_TEXT = 256 };

/* What the file holds: cells of the trial, cells of each thread, then each thread's steps. */
enum { CELLS = 16 };
enum trial_cell { CELL_FULL, CELL_EMPTIED, CELL_PAUSES, CELL_PAUSED, CELL_PAUSED_MOST };
enum thread_cell { CELL_OPS, CELL_SECONDS, CELL_WRITES, CELL_ITERATIONS, CELL_ITERATED, CELL_LAT };

struct map_go {
    const struct maps_plan *plan;
    uint64_t seed;
    struct go_program files;
    struct program program;
    int line;     /* a socket: its standard output; -1: it is gone */
    int messages; /* the file that is its standard error */
    double *cell;
    size_t bytes, room; /* room: steps of a thread */
    const struct load *drawn;
    unsigned drawn_threads;
};

static uint64_t *steps_of(const struct map_go *g, unsigned thread)
{
    uint64_t *const steps = (uint64_t *)(void *)(g->cell + (1 + g->plan->cpus.count) * CELLS);
    return steps + thread * g->room;
}

static const double *thread_cells(const struct map_go *g, unsigned thread)
{
    return g->cell + (size_t)(1 + thread) * CELLS;
}

static int share_file(struct map_go *g, struct err *err)
{
    const size_t threads = g->plan->cpus.count;
    g->room = steps_room(g->plan->load, g->plan->loads, g->plan->threads, g->plan->counts);
    g->bytes = ((1 + threads) * CELLS + threads * g->room) * sizeof(uint64_t);
    const int fd = open(g->files.shared, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const int code = fd < 0 ? -errno : -posix_fallocate(fd, 0, (off_t)g->bytes);
    void *const shared =
        code ? MAP_FAILED : mmap(NULL, g->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    if (shared != MAP_FAILED)
        g->cell = shared;
    return g->cell ? 0
                   : err_set(err, code ? code : -ENOMEM, "--go: no room for the steps in %s: %s",
                         g->files.folder, strerror(code ? -code : ENOMEM));
}

/* argv of `maps FILE THREADS ROOM locked|free CPU...`, in one piece of memory. */
static char **make_arguments(const struct map_go *g)
{
    enum { DIGITS = 24, BEFORE = 5 };
    const size_t cpus = g->plan->cpus.count, words = BEFORE + cpus + 1;
    char **const argv = calloc(words, sizeof *argv + DIGITS);
    if (!argv)
        return NULL;
    char(*text)[DIGITS] = (char(*)[DIGITS])(void *)(argv + words);
    argv[0] = (char *)g->files.program;
    argv[1] = (char *)g->files.shared;
    for (size_t i = 2; i + 1 < words; i++)
        argv[i] = text[i];
    snprintf(argv[2], DIGITS, "%zu", cpus);
    snprintf(argv[3], DIGITS, "%zu", g->room);
    snprintf(argv[4], DIGITS, g->plan->go_free ? "free" : "locked");
    for (size_t i = 0; i < cpus; i++)
        snprintf(argv[BEFORE + i], DIGITS, "%u", g->plan->cpus.cpu[i]);
    return argv;
}

enum answer { ANSWERED, DIED, STUCK };

/* A line from the program, without its end. */
static enum answer read_answer(const struct map_go *g, char text[ANSWER_TEXT])
{
    size_t got = 0;
    text[0] = '\0';
    while (got < ANSWER_TEXT - 1) {
        struct pollfd fd = {.fd = g->line, .events = POLLIN};
        const int ready = poll(&fd, 1, ANSWER_MS);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready == 0)
            return STUCK;
        const ssize_t more = read(g->line, text + got, ANSWER_TEXT - 1 - got);
        if (more <= 0)
            return DIED;
        got += (size_t)more;
        text[got] = '\0';
        if (text[got - 1] == '\n')
            break;
    }
    text[strcspn(text, "\n")] = '\0';
    return ANSWERED;
}

static void end_program(struct map_go *g)
{
    struct command_end end;
    if (g->line < 0)
        return;
    program_signal(&g->program, SIGKILL);
    close(g->line);
    close(g->messages);
    g->line = -1;
    program_end(&g->program, &end);
}

/* And it is gone. */
static int explain_death(
    struct map_go *g, enum answer answer, const struct maps_point *point, struct err *err)
{
    char message[ANSWER_TEXT];
    const char *const name = point ? point->strategy->name : "the program",
                      *const load = point ? point->load->name : "none";
    /* What it wrote last is complete once it has ended. */
    if (answer == DIED)
        program_wait(&g->program, 1000);
    end_program(g);
    if (answer == STUCK)
        return err_set(err, -ECHILD, "--go: %s is stuck under load %s: no answer for %d s", name,
            load, ANSWER_MS / 1000);
    go_first_message(&g->files, message, sizeof message);
    return err_set(err, -ECHILD, "--go: %s crashed under load %s: %s", name, load, message);
}

static int start_program(struct map_go *g, struct err *err)
{
    int line[2];
    char text[ANSWER_TEXT];
    char **const argv = make_arguments(g);
    g->messages = open(g->files.messages, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (!argv || g->messages < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line)) {
        free(argv);
        return err_set(err, -EIO, "--go: no socket for the program: %s", strerror(errno));
    }
    struct err unbound; /* where binding is forbidden, the first touch serves */
    memory_bind_programs(g->plan->memory, &unbound);
    const struct program_setting how = {
        .argv = argv, .cpus = &g->plan->cpus, .out = line[0], .err = g->messages};
    const int code = program_start(&how, &g->program);
    close(line[0]);
    free(argv);
    if (code) {
        close(line[1]);
        return err_set(err, code, "--go: cannot start %s: %s; another TMPDIR may help",
            g->files.program, strerror(-code));
    }
    g->line = line[1];
    const enum answer answer = read_answer(g, text);
    return answer == ANSWERED ? 0 : explain_death(g, answer, NULL, err);
}

static void draw_steps(struct map_go *g, const struct maps_point *p)
{
    if (g->drawn == p->load && g->drawn_threads == p->threads)
        return;
    for (unsigned i = 0; i < p->threads; i++)
        steps_draw_seeded(p->load, (struct steps_place){i, p->threads}, g->seed, steps_of(g, i));
    g->drawn = p->load;
    g->drawn_threads = p->threads;
}

/* The rest of a question, in the order in which data/go/maps/main.go reads it. */
struct question {
    const char *what;
    double window_ns, batch_ns;
    uint64_t turn;
    bool empties;
};

static int ask(struct map_go *g, const struct maps_point *p, struct question q,
    char answer[ANSWER_TEXT], struct err *err)
{
    char text[QUESTION_TEXT];
    draw_steps(g, p);
    const int length = snprintf(text, sizeof text,
        "%s %s %u %" PRIu64 " %u %" PRIu64 " %d %.0f %.0f %" PRIu64 " %d\n", q.what,
        p->strategy->name, p->load->words, load_keys(p->load, p->threads), p->threads,
        steps_count(p->load, p->threads), p->load->draw == DRAW_NEW, q.window_ns, q.batch_ns,
        q.turn, q.empties);
    const bool asked = send(g->line, text, (size_t)length, MSG_NOSIGNAL) == length;
    const enum answer got = asked ? read_answer(g, answer) : DIED;
    return got == ANSWERED ? 0 : explain_death(g, got, p, err);
}

/* Under each load, with the most threads. */
static int check_strategies(struct map_go *g, struct err *err)
{
    char wrong[ANSWER_TEXT];
    const struct maps_plan *const plan = g->plan;
    int code = 0;
    for (size_t i = 0; i < plan->points && !code; i++) {
        const struct maps_point *const p = &plan->point[i];
        if (!go_is_strategy(p->strategy) || p->threads != plan->threads[plan->counts - 1])
            continue;
        code = ask(g, p, (struct question){.what = "check"}, wrong, err);
        if (!code && *wrong)
            code = err_set(err, -ECHILD, "--go: %s is not a map: under load %s %s",
                p->strategy->name, p->load->name, wrong);
    }
    return code;
}

int map_go_new(const struct maps_plan *plan, uint64_t seed, struct map_go **out, struct err *err)
{
    struct map_go *const g = calloc(1, sizeof *g);
    if (!g)
        return err_set(err, -ENOMEM, "--go: out of memory");
    g->plan = plan;
    g->seed = seed;
    g->line = -1;
    int code = go_build(&plan->go, &g->files, err);
    if (!code)
        code = share_file(g, err);
    if (!code)
        code = start_program(g, err);
    if (!code)
        code = check_strategies(g, err);
    if (code)
        map_go_free(g);
    else
        *out = g;
    return code;
}

void map_go_free(struct map_go *g)
{
    if (!g)
        return;
    end_program(g);
    if (g->cell)
        munmap(g->cell, g->bytes);
    go_remove(&g->files);
    free(g);
}

static void collect_result(const double *cell, struct map_result *r)
{
    map_results_clear(r, 1); /* its events are not counted */
    r->ops = (uint64_t)round(cell[CELL_OPS]);
    r->seconds = cell[CELL_SECONDS];
    r->writes = (uint64_t)cell[CELL_WRITES];
    r->iterations = (uint64_t)cell[CELL_ITERATIONS];
    r->iterated_ns = cell[CELL_ITERATED];
    memcpy(r->lat_ns, cell + CELL_LAT, sizeof r->lat_ns);
}

/* Nothing reports where Go's heap lies, unless there is one node only. */
static const char *verify_memory(const struct map_go *g)
{
    struct err err;
    const char *how = "";
    memory_verify(g->cell, sizeof *g->cell, g->plan->memory, &how, &err);
    return strcmp(how, "single-node") == 0 ? how : "unverified";
}

int map_go_run(struct map_go *g, const struct maps_point *point, struct stage *stage,
    struct map_manner manner, struct map_outcome *out, struct map_result *result, struct err *err)
{
    char answer[ANSWER_TEXT];
    map_trial_set_window(stage, point, manner.stretch);
    const struct question question = {.what = "trial",
        .window_ns = stage->trial.window_ns,
        .batch_ns = stage->trial.batch_ns,
        .turn = rng_next(&stage->rng) >> 1,
        .empties = manner.empties};
    /* A thread that is switched out does not spoil a trial: what collects garbage and what wakes
     * waiting goroutines are threads of Go, on the same cpus. */
    const int code = ask(g, point, question, answer, err);
    if (code)
        return code;
    *out = (struct map_outcome){.reason = stage_stopped(stage) ? stage_interrupted : "",
        .verified = verify_memory(g),
        .full_bytes = g->cell[CELL_FULL],
        .emptied_bytes = g->cell[CELL_EMPTIED],
        .pauses = g->cell[CELL_PAUSES],
        .paused_ns = g->cell[CELL_PAUSED],
        .paused_most_ns = g->cell[CELL_PAUSED_MOST]};
    for (unsigned i = 0; i < point->threads; i++)
        collect_result(thread_cells(g, i), &result[i]);
    return 0;
}
