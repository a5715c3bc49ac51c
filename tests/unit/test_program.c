/* SPDX-License-Identifier: MIT
 * machine/program: input, environment, cpus and output of a started program, and its end. */
#include "tests/test.h"

#include "machine/program.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Runs a shell script; what it prints is in `out`. */
static void run_script(const char *script, struct program_setting *how, char *out, size_t size,
    struct command_end *end)
{
    char sh[] = "sh", c[] = "-c", text[256];
    char *const argv[] = {sh, c, text, NULL};
    struct program program;
    snprintf(text, sizeof text, "%s", script);
    how->argv = argv;
    how->out = memfd_create("out", MFD_CLOEXEC);
    how->err = PROGRAM_DISCARD;
    assert_true(how->out >= 0);
    assert_int_equal(program_start(how, &program), 0);
    while (!program_wait(&program, -1))
        continue;
    program_end(&program, end);
    const ssize_t got = pread(how->out, out, size - 1, 0);
    assert_true(got >= 0);
    out[got] = '\0';
    close(how->out);
}

static void input_and_environment_are_those_given(void **state)
{
    (void)state;
    char path[] = "/tmp/numaprobe-program-XXXXXX", out[64], word[] = "WORD=there";
    char *const env[] = {word, NULL};
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "line\n", 5), 5);
    close(fd);
    struct program_setting how = {.input = path, .env = env};
    struct command_end end;
    run_script("read a; echo $a $WORD; exit 3", &how, out, sizeof out, &end);
    unlink(path);
    assert_string_equal(out, "line there\n");
    assert_int_equal(end.status, 3);
    assert_int_equal(end.signal, 0);
    assert_true(end.seconds > 0);
}

static void without_input_it_is_empty(void **state)
{
    (void)state;
    char out[64];
    struct program_setting how = {0};
    struct command_end end;
    run_script("read a && echo some; echo end", &how, out, sizeof out, &end);
    assert_string_equal(out, "end\n");
}

static void the_program_is_bound_and_the_caller_is_not(void **state)
{
    (void)state;
    char out[64], want[32];
    unsigned cpu = (unsigned)sched_getcpu();
    const struct cpuset only = {&cpu, 1};
    struct program_setting how = {.cpus = &only};
    struct command_end end;
    cpu_set_t before, after;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    run_script("sed -n 's/Cpus_allowed_list:.//p' /proc/self/status", &how, out, sizeof out, &end);
    assert_int_equal(sched_getaffinity(0, sizeof after, &after), 0);
    snprintf(want, sizeof want, "%u\n", cpu);
    assert_string_equal(out, want);
    assert_true(CPU_EQUAL(&before, &after));
}

static void a_signal_ends_it_and_what_it_has_started(void **state)
{
    (void)state;
    char sh[] = "sh", c[] = "-c", text[] = "sleep 1000 | cat; exit 0";
    char *const argv[] = {sh, c, text, NULL};
    const struct program_setting how = {
        .argv = argv, .out = PROGRAM_DISCARD, .err = PROGRAM_DISCARD};
    struct program program;
    struct command_end end;
    assert_int_equal(program_start(&how, &program), 0);
    if (program.fd < 0)
        SKIP_BECAUSE("no pidfd before Linux 5.3");
    assert_false(program_wait(&program, 50));
    program_signal(&program, SIGKILL);
    assert_true(program_wait(&program, 10000));
    const int group = program.pid;
    program_end(&program, &end);
    assert_int_equal(end.signal, SIGKILL);
    for (int i = 0; i < 100 && kill(-group, 0) == 0; i++)
        usleep(20000); /* zombies, until init has waited for them */
}

static void one_that_is_not_there_is_refused(void **state)
{
    (void)state;
    char nowhere[] = "/nowhere/at/all";
    char *const argv[] = {nowhere, NULL};
    const struct program_setting how = {
        .argv = argv, .out = PROGRAM_DISCARD, .err = PROGRAM_DISCARD};
    struct program program;
    struct command_end end;
    const int code = program_start(&how, &program);
    if (code == 0) {
        program_end(&program, &end);
        SKIP_BECAUSE("posix_spawn does not report a failed exec here (qemu-user)");
    }
    assert_int_equal(code, -ENOENT);
}
