/* SPDX-License-Identifier: MIT
 * machine/crew: pinned threads and their common start, on the cpus that this process may use. */
#include "tests/test.h"

#include "base/cpuset.h"
#include "machine/crew.h"
#include "machine/gate.h"
#include "tests/probes.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { CPUS_MAX = 4, ROUNDS = 50 };

struct team {
    struct here here;
    unsigned cpu[CPUS_MAX], cpus;
    struct crew *crew;
};

static struct team team_new(unsigned most)
{
    struct team t = {.here = here_open(NULL)};
    struct err err = {0};
    t.cpus = here_cpus(&t.here, t.cpu, most);
    if (crew_new(t.here.machine, t.cpu, t.cpus, &t.crew, &err))
        fail_msg("%s", err.text);
    return t;
}

static void team_end(struct team *t)
{
    crew_free(t->crew);
    here_close(&t->here);
}

/* What each thread found of itself; plain memory, which crew_run orders. */
struct roll {
    unsigned asked;
    struct {
        int cpu;
        pthread_t self;
        unsigned seen, runs;
        bool signals_blocked;
    } thread[CPUS_MAX];
};

static void answer(void *context, unsigned thread)
{
    struct roll *r = context;
    sigset_t blocked;
    r->thread[thread].cpu = sched_getcpu();
    r->thread[thread].self = pthread_self();
    r->thread[thread].seen = r->asked;
    r->thread[thread].runs++;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    r->thread[thread].signals_blocked = sigismember(&blocked, SIGINT) == 1;
}

static void each_thread_runs_on_its_cpu(void **state)
{
    (void)state;
    struct team t = team_new(CPUS_MAX);
    struct roll r = {0};
    crew_run(t.crew, answer, &r);
    for (unsigned i = 0; i < t.cpus; i++) {
        assert_int_equal(r.thread[i].cpu, t.cpu[i]);
        assert_int_equal(r.thread[i].runs, 1);
        assert_true(r.thread[i].signals_blocked);
        assert_false(pthread_equal(r.thread[i].self, pthread_self()));
    }
    team_end(&t);
}

struct stray {
    unsigned cpu;
    bool before, after;
};

static void go_to(void *context, unsigned thread)
{
    struct stray *const s = context;
    if (thread > 0)
        return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(s->cpu, &set);
    s->before = crew_strayed();
    if (sched_setaffinity(0, sizeof set, &set))
        fail_msg("cpu %u", s->cpu);
    s->after = crew_strayed();
}

static void a_thread_that_was_moved_has_strayed(void **state)
{
    (void)state;
    struct team t = team_new(2);
    if (t.cpus < 2) {
        team_end(&t);
        SKIP_BECAUSE("one cpu only");
    }
    struct stray away = {.cpu = t.cpu[1]}, back = {.cpu = t.cpu[0]};
    crew_run(t.crew, go_to, &away);
    crew_run(t.crew, go_to, &back);
    team_end(&t);
    assert_true(!away.before && away.after);
    assert_true(back.before && !back.after);
}

static void jobs_follow_one_another(void **state)
{
    (void)state;
    struct team t = team_new(CPUS_MAX);
    struct roll r = {0};
    for (r.asked = 1; r.asked <= ROUNDS; r.asked++) {
        crew_run(t.crew, answer, &r);
        for (unsigned i = 0; i < t.cpus; i++) {
            assert_int_equal(r.thread[i].seen, r.asked);
            assert_int_equal(r.thread[i].runs, r.asked);
        }
    }
    team_end(&t);
}

static void the_others_sleep_on(void **state)
{
    (void)state;
    struct team t = team_new(CPUS_MAX);
    struct roll r = {0};
    const unsigned last = t.cpus - 1;
    for (r.asked = 1; r.asked <= ROUNDS; r.asked++)
        crew_run_some(t.crew, &last, 1, answer, &r);
    for (unsigned i = 0; i < t.cpus; i++)
        assert_int_equal(r.thread[i].runs, i == last ? ROUNDS : 0);
    crew_run(t.crew, answer, &r); /* and wake for the next */
    for (unsigned i = 0; i < t.cpus; i++)
        assert_int_equal(r.thread[i].runs, i == last ? ROUNDS + 1 : 1);
    team_end(&t);
}

static int where_am_i(void *context, struct err *err)
{
    *(int *)context = sched_getcpu();
    return err_set(err, -EIO, "called");
}

static void one_thread_can_be_called(void **state)
{
    (void)state;
    struct team t = team_new(CPUS_MAX);
    for (unsigned i = 0; i < t.cpus; i++) {
        struct err err = {0};
        int cpu = -1;
        assert_int_equal(crew_call(t.crew, i, where_am_i, &cpu, &err), -EIO);
        assert_int_equal(cpu, t.cpu[i]);
        assert_string_equal(err.text, "called");
    }
    team_end(&t);
}

static void the_nearest_thread_is_on_the_node(void **state)
{
    (void)state;
    struct team t = team_new(CPUS_MAX);
    for (unsigned i = 0; i < t.cpus; i++) {
        const int node = topology_cpu(&t.here.topology, t.cpu[i])->node;
        const unsigned near = crew_near(t.crew, &t.here.topology, node);
        assert_true(near <= i);
        assert_int_equal(topology_cpu(&t.here.topology, t.cpu[near])->node, node);
    }
    assert_int_equal(crew_near(t.crew, &t.here.topology, 1 << 20), 0);
    team_end(&t);
}

static void one_thread_is_a_crew(void **state)
{
    (void)state;
    struct team t = team_new(1);
    struct roll r = {.asked = 7};
    crew_run(t.crew, answer, &r);
    assert_int_equal(r.thread[0].cpu, t.cpu[0]);
    assert_int_equal(r.thread[0].seen, 7);
    team_end(&t);
}

static void the_caller_stays_where_it_was(void **state)
{
    (void)state;
    cpu_set_t before, after;
    if (sched_getaffinity(0, sizeof before, &before))
        SKIP_BECAUSE("sched_getaffinity: %s", strerror(errno));
    struct team t = team_new(1);
    assert_int_equal(sched_getaffinity(0, sizeof after, &after), 0);
    assert_true(CPU_EQUAL(&before, &after));
    team_end(&t);
}

struct start {
    struct gate gate;
    struct clock clock;
    uint64_t start[CPUS_MAX], left[CPUS_MAX];
};

static void pass(void *context, unsigned thread)
{
    struct start *s = context;
    s->start[thread] = gate_pass(&s->gate, &s->clock);
    s->left[thread] = clock_begin(&s->clock); /* ordered, unlike clock_now */
}

static void all_start_at_one_tick(void **state)
{
    (void)state;
    struct team t = team_new(CPUS_MAX);
    static struct start s; /* aligned */
    clock_calibrate(&s.clock);
    for (int round = 0; round < ROUNDS; round++) {
        gate_init(&s.gate, t.cpus);
        const uint64_t before = clock_now(&s.clock);
        crew_run(t.crew, pass, &s);
        for (unsigned i = 0; i < t.cpus; i++) {
            assert_true(s.start[i] == s.start[0]);
            assert_true(s.start[i] >= before);
            assert_true(s.left[i] >= s.start[i]);
        }
    }
    team_end(&t);
}

static void a_cpu_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct here h = here_open(NULL);
    unsigned cpu[2];
    struct crew *crew = NULL;
    struct err err = {0};
    here_cpus(&h, cpu, 1);
    cpu[1] = CPUSET_MAX - 1;
    if (topology_cpu(&h.topology, cpu[1]))
        SKIP_BECAUSE("this machine has a cpu %u", cpu[1]);
    const int code = crew_new(h.machine, cpu, 2, &crew, &err);
    assert_true(code < 0);
    assert_refused(code, code, &err, "--cpus: cannot run on cpu 8191");
    assert_null(crew);
    here_close(&h);
}

static void nothing_is_freed_twice(void **state)
{
    (void)state;
    crew_free(NULL);
}

enum { LEFT_COMPLETE = 10, LEFT_REFUSED, LEFT_WRONG };

static unsigned long mapped_bytes(void)
{
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%lu", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return pages * (unsigned long)sysconf(_SC_PAGESIZE);
}

/* In a child: room for some of the threads, not for all. */
static int start_too_many(void)
{
    enum { THREADS = 256 };
    struct here h = here_open(NULL);
    unsigned cpu[THREADS];
    here_cpus(&h, cpu, 1);
    for (unsigned i = 1; i < THREADS; i++)
        cpu[i] = cpu[0];
    const struct rlimit limit = {mapped_bytes() + (256u << 20), mapped_bytes() + (256u << 20)};
    setrlimit(RLIMIT_AS, &limit);
    alarm(20);
    struct crew *crew;
    struct err err = {0};
    const int code = crew_new(h.machine, cpu, THREADS, &crew, &err);
    if (code == 0)
        return LEFT_COMPLETE;
    return code == -EAGAIN && strstr(err.text, "cannot start thread ") ? LEFT_REFUSED : LEFT_WRONG;
}

static void threads_that_cannot_be_had_are_told(void **state)
{
    (void)state;
    if (SANITIZED)
        SKIP_BECAUSE("sanitizers need the address space that this test takes away");
    int status = 0;
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0)
        _exit(start_too_many());
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == LEFT_COMPLETE)
        SKIP_BECAUSE("RLIMIT_AS does not limit threads here");
    assert_true(WIFEXITED(status)); /* else it hung until the alarm */
    assert_int_equal(WEXITSTATUS(status), LEFT_REFUSED);
}
