/* SPDX-License-Identifier: MIT
 * machine/baseline: how a plain run of a program ended, and what its threads used. */
#include "tests/test.h"

#include "base/cpuset.h"
#include "machine/baseline.h"
#include "tests/probes.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel of a machine with 4,096 cpus refuses a set that is shorter than its own. */
static bool has_4096_cpus;
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
    if (has_4096_cpus && size < 4096 / 8) {
        errno = EINVAL;
        return -1;
    }
    memset(set, 0, size);
    return syscall(SYS_sched_getaffinity, pid, size, set) < 0 ? -1 : 0;
}

static void a_machine_of_4096_cpus_runs_a_program_on_one(void **state)
{
    (void)state;
    struct baseline_run run;
    struct err err = {0};
    char name[] = "true";
    char *const argv[] = {name, NULL};
    const struct baseline_options how = {.cpu = sched_getcpu(), .most_ns = 60e9};
    has_4096_cpus = true;
    const int code = baseline_run(argv, &how, &run, &err);
    has_4096_cpus = false;
    if (code)
        fail_msg("%s", err.text);
    assert_int_equal(run.status, 0);
    baseline_fini(&run);
}

static void a_cpu_beyond_the_machine_is_told(void **state)
{
    (void)state;
    struct baseline_run run;
    struct err err = {0};
    char name[] = "true";
    char *const argv[] = {name, NULL};
    const struct baseline_options how = {.cpu = CPUSET_MAX - 1, .most_ns = 60e9};
    assert_refused(baseline_run(argv, &how, &run, &err), -EINVAL, &err, "--plain: cannot run");
}

static void a_plain_run_tells_its_end(void **state)
{
    (void)state;
    const struct baseline_options how = {.cpu = BASELINE_ANY_CPU, .most_ns = 60e9};
    struct baseline_run run;
    struct err err = {0};
    char sh[] = "sh", c[] = "-c", nowhere[] = "/nowhere/at/all",
         work[] = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; exit 3";
    char *const argv[] = {sh, c, work, NULL}, *const none[] = {nowhere, NULL};
    assert_int_equal(baseline_run(argv, &how, &run, &err), 0);
    assert_int_equal(run.status, 3);
    assert_true(run.cpu_ns > 0);
    assert_true(run.elapsed_ns > 0);
    for (size_t i = 0; i < run.threads; i++)
        assert_true(run.thread[i].cpu_ns <= 1.01 * run.cpu_ns);
    baseline_fini(&run);
    const int code = baseline_run(none, &how, &run, &err);
    if (code == 0 && run.status == 127) {
        baseline_fini(&run);
        SKIP_BECAUSE("posix_spawn does not tell of a failed exec here (qemu-user)");
    }
    assert_int_equal(code, -ENOENT);
    assert_non_null(strstr(err.text, "--plain"));
}

/* Each run leaves a line. */
static void more_of_it_run_beside_it(void **state)
{
    (void)state;
    unsigned cpu = (unsigned)sched_getcpu();
    const struct baseline_options how = {
        .cpu = (int)cpu, .beside = {.cpu = &cpu, .count = 1}, .most_ns = 60e9};
    struct baseline_run run;
    struct err err = {0};
    char sh[] = "sh", c[] = "-c", work[160], path[] = "/tmp/test_baseline.XXXXXX", text[8] = "";
    const int fd = mkstemp(path);
    snprintf(work, sizeof work, "echo a >>%s", path);
    char *const argv[] = {sh, c, work, NULL};
    const int code = baseline_run(argv, &how, &run, &err);
    const ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    unlink(path);
    assert_int_equal(code, 0);
    assert_int_equal(got, 4);
    assert_string_equal(text, "a\na\n");
    assert_true(run.user >= 0 && run.user <= 1);
    baseline_fini(&run);
}

static void one_that_does_not_end_is_killed(void **state)
{
    (void)state;
    const struct baseline_options how = {.cpu = BASELINE_ANY_CPU, .most_ns = 20e6};
    struct baseline_run run;
    struct err err = {0};
    char name[] = "sleep", time[] = "1000";
    char *const argv[] = {name, time, NULL};
    assert_int_equal(baseline_run(argv, &how, &run, &err), -ETIMEDOUT);
    assert_non_null(strstr(err.text, "had not ended"));
}
