/* SPDX-License-Identifier: MIT
 * probes/maps/map_crowd: clients that are threads all join before the first op, do no more than
 * their thinking lets them, and lose nothing where there is no memory. By a map that keeps
 * account. */
#include "machine/crew.h"
#include "probes/maps/map_crowd.h"
#include "probes/maps/map_limit.h"
#include "probes/maps/map_trial.h"
#include "tests/probes.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { CLIENTS = 60 };

struct account {
    atomic_uint joined, left, early, awake_wrong, refuses_at;
    atomic_ullong ops;
};
static struct account account;

struct client {
    bool sleeps;
};

static void *make_map(const struct map_needs *needs)
{
    (void)needs;
    return &account;
}

static void destroy_map(void *map)
{
    (void)map;
}

static void *join_map(void *map, unsigned thread)
{
    (void)thread;
    const unsigned number = atomic_fetch_add(&((struct account *)map)->joined, 1);
    return number == account.refuses_at ? NULL : calloc(1, sizeof(struct client));
}

static void leave_map(void *self)
{
    atomic_fetch_add(&account.left, 1);
    free(self);
}

/* One joins to fill the map, and leaves, before the clients. */
static void count_op(const struct client *me)
{
    account.early += account.joined > 1 && account.joined < 1 + CLIENTS;
    account.awake_wrong += me->sleeps;
    account.ops++;
}

static bool get_value(void *self, uint64_t key, uint64_t *value)
{
    (void)key, (void)value;
    count_op(self);
    return false;
}

static enum map_written put_value(void *self, uint64_t key, const uint64_t *value)
{
    (void)key, (void)value;
    count_op(self);
    return MAP_CHANGED;
}

static enum map_written remove_key(void *self, uint64_t key)
{
    return put_value(self, key, NULL);
}

static bool iterate_map(void *self, map_visit *visit, void *context)
{
    (void)visit, (void)context;
    count_op(self);
    return true;
}

static uint64_t count_keys(void *self)
{
    count_op(self);
    return 0;
}

static void sleep_client(void *self, bool begins)
{
    struct client *const me = self;
    account.awake_wrong += me->sleeps == begins;
    me->sleeps = begins;
}

#define insert_value put_value
static const struct map_strategy accounting = {MAP_FUNCTIONS, .name = "accounting",
    .join = join_map, .leave = leave_map, .sleep = sleep_client};

/* A trial with everything around it. */
struct scene {
    _Alignas(_Alignof(struct stage)) struct stage stage;
    struct here here;
    struct maps_plan plan;
    struct map_trial trial;
    struct map_outcome outcome;
    struct map_result result[2];
};

static void begin(struct scene *s, double think_ns)
{
    struct err err = {0};
    char clients[16];
    *s = (struct scene){.here = here_open(NULL)};
    snprintf(clients, sizeof clients, "%d", CLIENTS);
    const struct maps_request request = {.loads = "half",
        .strategies = "mutex",
        .threads = s->here.topology.cpus > 1 ? "2" : "1",
        .client_threads = clients,
        .think_ns = think_ns};
    if (maps_plan_build(&request, &s->here.topology, &s->plan, &err) ||
        stage_init(&s->stage, s->here.machine, &s->here.topology, &s->plan.cpus, &err) ||
        map_trial_init(&s->trial, &s->stage, &s->plan, 1, &err))
        fail_msg("%s", err.text);
    rng_seed(&s->stage.rng, 1);
    assert_int_equal(s->plan.points, 1);
    assert_true(s->plan.point->client_threads && s->plan.point->clients == CLIENTS);
}

static void end(struct scene *s)
{
    map_trial_fini(&s->trial);
    stage_fini(&s->stage);
    maps_plan_fini(&s->plan);
    here_close(&s->here);
}

static void run(struct scene *s, unsigned refuses_at)
{
    struct maps_point point = s->plan.point[0];
    point.strategy = &accounting;
    memset(&account, 0, sizeof account);
    account.refuses_at = refuses_at;
    map_trial_run(&s->trial, &point, (struct map_manner){.stretch = 1}, &s->outcome, s->result);
}

static uint64_t ops_of(const struct scene *s)
{
    uint64_t ops = 0;
    for (unsigned i = 0; i < s->plan.point->threads; i++)
        ops += s->result[i].ops;
    return ops;
}

/* On a busy machine a trial may not count: then what it measured is not looked at. */
static void all_join_before_the_first_op(void **state)
{
    (void)state;
    static struct scene s;
    begin(&s, 0);
    for (int i = 0; i < 3; i++) {
        run(&s, UINT32_MAX);
        assert_int_equal(account.joined, 1 + CLIENTS);
        assert_int_equal(account.left, 1 + CLIENTS);
        assert_int_equal(account.early, 0);
        assert_true(ops_of(&s) > 0 && ops_of(&s) < account.ops);
        for (unsigned k = 0; k < s.plan.point->threads; k++)
            assert_true(s.result[k].seconds > 0.015 && s.result[k].seconds < 0.03);
    }
    end(&s);
}

/* 60 that think 5 ms do at most 12,000 ops a second, and as it begins with all of them thinking,
 * none comes twice within its thinking time. */
static void who_thinks_sleeps(void **state)
{
    (void)state;
    static struct scene s;
    const double think_ns = 5e6;
    begin(&s, think_ns);
    run(&s, UINT32_MAX);
    assert_int_equal(account.awake_wrong, 0);
    assert_int_equal(account.early, 0);
    const double turns = s.result[0].seconds * 1e9 / think_ns;
    assert_true((double)ops_of(&s) <= CLIENTS * (turns + 1));
    assert_true(ops_of(&s) > 0);
    if (!isnan(s.result[0].lat_ns[MAP_P50])) /* the op is timed, not the thinking */
        assert_true(s.result[0].lat_ns[MAP_P50] < think_ns);
    end(&s);
}

static void who_cannot_join_ends_the_trial(void **state)
{
    (void)state;
    static struct scene s;
    begin(&s, 0);
    run(&s, CLIENTS / 2);
    assert_string_equal(s.outcome.reason, "out of memory");
    assert_int_equal(account.joined, 1 + CLIENTS);
    assert_int_equal(account.left, CLIENTS);
    run(&s, UINT32_MAX); /* and the next one is not affected */
    assert_string_not_equal(s.outcome.reason, "out of memory");
    end(&s);
}

/* In a child, whose limit does not matter here. */
static void threads_that_cannot_be_started_are_told(void **state)
{
    (void)state;
    if (SANITIZED)
        SKIP_BECAUSE("a sanitizer maps terabytes");
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        static struct scene s;
        static unsigned cpu[5000];
        struct err err = {0};
        struct crew *many = NULL;
        begin(&s, 0);
        for (unsigned i = 0; i < 5000; i++)
            cpu[i] = s.stage.cpu[0];
        const struct rlimit most = {1 << 30, 1 << 30};
        const int code =
            setrlimit(RLIMIT_AS, &most) ? 0 : crew_new_many(s.stage.crew, cpu, 5000, &many, &err);
        _exit(code < 0 && !many && strstr(err.text, "--client-threads: cannot start more than ") &&
                      strstr(err.text, " of 5000: ")
                  ? 0
                  : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void a_limit_is_set_and_ended(void **state)
{
    (void)state;
    struct rlimit before, within, after;
    assert_int_equal(getrlimit(RLIMIT_DATA, &before), 0);
    const struct map_limit limit = map_limit_set();
    assert_int_equal(getrlimit(RLIMIT_DATA, &within), 0);
    map_limit_end(limit);
    assert_int_equal(getrlimit(RLIMIT_DATA, &after), 0);
    assert_true(after.rlim_cur == before.rlim_cur && within.rlim_cur <= before.rlim_cur);
    if (!limit.code && before.rlim_cur == RLIM_INFINITY)
        assert_true(within.rlim_cur < before.rlim_cur);
}
