/* SPDX-License-Identifier: MIT
 * Environment, deadline, measures and errors of a run. */
#include "probes/ab/ab_program.h"

#include "base/sample.h"
#include "machine/clock.h"
#include "machine/program.h"
#include "machine/signal_name.h"
#include "probes/ab/ab_output.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

extern char **environ;

/* The control is the first program. */
static const struct ab_program *program_of(const struct ab_setting *setting, unsigned slot)
{
    return &setting->program[slot < setting->programs ? slot : 0];
}

int ab_runner_init(struct ab_runner *runner, const struct ab_setting *setting, struct err *err)
{
    *runner = (struct ab_runner){.setting = setting, .deadline_ns = UINT64_MAX};
    runner->out = memfd_create("stdout", MFD_CLOEXEC);
    runner->err = memfd_create("stderr", MFD_CLOEXEC);
    const struct counters_request request = {.events = setting->events};
    if (runner->out < 0 || runner->err < 0)
        return err_set(err, -errno, "cannot keep a program's output: %s", strerror(errno));
    return setting->events ? counters_init(&runner->counters, &request, err) : 0;
}

void ab_runner_fini(struct ab_runner *runner)
{
    if (!runner->setting)
        return;
    close(runner->out);
    close(runner->err);
    free(runner->first.at);
    counters_fini(&runner->counters);
    *runner = (struct ab_runner){0};
}

static bool is_replaced(const struct ab_program *program, const char *word)
{
    for (size_t i = 0; i < program->envs; i++) {
        const size_t length = strcspn(program->env[i], "=") + 1;
        if (strncmp(program->env[i], word, length) == 0)
            return true;
    }
    return false;
}

/* The words are borrowed, but for the padding, which is the memory behind the pointers. */
static char **new_environment(const struct ab_runner *r, const struct ab_program *program)
{
    static const char name[] = "NUMAPROBE_SHAKE=";
    size_t count = 0, used = 0;
    while (environ[count])
        count++;
    const size_t room = count + AB_ENVS + 2;
    char **const env = calloc(1, room * sizeof *env + sizeof name + AB_SHAKE_MAX);
    if (!env)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (!is_replaced(program, environ[i]))
            env[used++] = environ[i];
    for (size_t i = 0; i < program->envs; i++)
        env[used++] = (char *)program->env[i];
    char *const shake = (char *)(env + room);
    if (r->setting->shake)
        env[used++] = memset(stpcpy(shake, name), 'x', r->padding) ? shake : NULL;
    return env;
}

/* Ends a program by the signal that stops this one, and if that does not end it, by SIGKILL. */
static void end_by(const struct program *program, int number)
{
    enum { PATIENCE_MS = 1000 };
    program_signal(program, number);
    if (!program_wait(program, PATIENCE_MS))
        program_signal(program, SIGKILL);
}

/* The wait ends now and then, since a signal may come just before it. */
static int wait_ms(const struct ab_runner *r)
{
    enum { NS_A_MS = 1000000, MOST_MS = 500 };
    const uint64_t now = clock_raw_ns();
    const uint64_t left = now < r->deadline_ns ? (r->deadline_ns - now) / NS_A_MS + 1 : 0;
    return left < MOST_MS ? (int)left : MOST_MS;
}

static int time_program(
    const struct ab_runner *r, const struct program_setting *how, struct command_end *end)
{
    const volatile int *const stop = r->setting->stop;
    struct program program;
    bool late = false;
    const int code = program_start(how, &program);
    if (code)
        return code;
    while (!program_wait(&program, wait_ms(r)) && !late && !*stop)
        late = clock_raw_ns() >= r->deadline_ns;
    if (*stop)
        end_by(&program, *stop);
    else if (late)
        program_signal(&program, SIGKILL);
    program_end(&program, end);
    return *stop ? -EINTR : late ? -ETIMEDOUT : 0;
}

/* "ended with exit code 3", "was ended by SIGSEGV" */
static int explain_end(struct ab_runner *r, const char *what, const char *command,
    const struct command_end *end, struct err *err)
{
    struct ab_output printed;
    char how[64], which[16];
    const char *const name = end->signal ? signal_name(end->signal) : NULL;
    const char *last = "";
    if (ab_output_read(r->err, &printed) == 0)
        last = ab_output_last_line(&printed);
    snprintf(which, sizeof which, "%d", end->signal);
    if (end->signal)
        snprintf(how, sizeof how, "was ended by SIG%s", name ? name : which);
    else
        snprintf(how, sizeof how, "ended with exit code %d", end->status);
    err_set(err, -ECHILD, "%s: '%.120s' %s%s%.200s", what, command, how,
        *last ? ": " : ", and its stderr is empty", last);
    free(printed.at);
    return -ECHILD;
}

/* A program whose name has a space is most likely a command line in quotes behind '--'. */
static int explain_start(
    int code, const char *what, const char *program, const char *command, struct err *err)
{
    char hint[200] = "";
    if (code == -EINTR)
        return err_set(err, code, "interrupted");
    if (code == -ETIMEDOUT)
        return err_set(err, code,
            "%s: '%.200s' had not ended when the time was over; give it less to do, or more "
            "--max-time",
            what, command);
    if (code == -ENOENT && strchr(program, ' '))
        snprintf(hint, sizeof hint,
            "; behind '--' write its words without quotes, or give --%s '%.120s'", what, program);
    return err_set(
        err, code, "%s: cannot run '%.200s': %s%s", what, command, strerror(-code), hint);
}

static int run_words(struct ab_runner *r, const struct program_setting *how, const char *what,
    const char *command, struct command_end *end, struct err *err)
{
    ab_output_clear(r->err);
    const int code = time_program(r, how, end);
    if (code)
        return explain_start(code, what, how->argv[0], command, err);
    return end->status ? explain_end(r, what, command, end, err) : 0;
}

static int run_prepare(struct ab_runner *r, struct err *err)
{
    char sh[] = "sh", option[] = "-c";
    char *const argv[] = {sh, option, (char *)r->setting->prepare, NULL};
    const struct program_setting how = {.argv = argv, .out = PROGRAM_DISCARD, .err = r->err};
    struct command_end end;
    return run_words(r, &how, "--prepare", r->setting->prepare, &end, err);
}

/* The peak of a program that is started without a copy of this process counts this one's until the
 * exec, so that a smaller one is not known. */
static double peak_bytes(const struct rusage *usage)
{
    enum { KIB = 1024 };
    struct rusage own;
    if (getrusage(RUSAGE_SELF, &own) != 0 || usage->ru_maxrss <= own.ru_maxrss)
        return NAN;
    return (double)usage->ru_maxrss * KIB;
}

static void measure_end(const struct command_end *end, double value[AB_MEASURES])
{
    value[AB_WALL] = end->seconds;
    value[AB_CPU] = command_user_seconds(end) + command_system_seconds(end);
    value[AB_MEMORY] = peak_bytes(&end->usage);
    value[AB_SWITCHES] = (double)(end->usage.ru_nvcsw + end->usage.ru_nivcsw);
    value[AB_METRIC] = NAN;
}

/* What a thread starts inherits its counters, and these begin with the exec. They serve one run:
 * the kernel may exchange those of the two threads, and then the next exec begins nothing. */
static struct counters_thread *begin_counting(struct ab_runner *r)
{
    const struct backend_target started = {.pid = 0, .cpu = -1, .from_exec = true};
    struct counters_thread *const counting =
        counters_open(&r->counters, &started, &r->counting_err);
    counters_begin(counting);
    return counting;
}

static void end_counting(
    struct ab_runner *r, struct counters_thread *counting, double value[AB_MEASURES])
{
    int64_t count[EVENT_ROLES];
    double share[EVENT_HARDWARE];
    for (int i = 0; i < EVENT_ROLES; i++)
        count[i] = SAMPLE_NONE;
    counters_end(counting);
    counters_result(counting, count, share);
    counters_trust_zeros(&r->counters, count);
    for (int i = 0; i < EVENT_HARDWARE; i++)
        value[AB_EVENT + i] = count[i] == SAMPLE_NONE ? (double)NAN : (double)count[i];
    counters_close(counting);
}

static int compare_output(
    struct ab_runner *r, const char *what, const struct ab_output *printed, struct err *err)
{
    const bool itself = strcmp(what, "a") == 0 || strcmp(what, "control") == 0;
    if (ab_output_same(&r->first, printed))
        return 0;
    const size_t line = ab_output_line(&r->first, printed);
    return itself
               ? err_set(err, -ENOTUNIQ,
                     "--same-output: a does not print the same in each run (line %zu), so that "
                     "nothing can be compared with it",
                     line)
               : err_set(err, -EDOM,
                     "--same-output: %s does not print what a does, from line %zu on", what, line);
}

/* Standard output first, then standard error: many programs print their times there. */
static int read_metric(struct ab_runner *r, const char *what, const struct ab_output *printed,
    double *metric, struct err *err)
{
    struct ab_output other;
    *metric = ab_output_metric(printed, r->setting->pattern);
    if (isnan(*metric) && ab_output_read(r->err, &other) == 0) {
        *metric = ab_output_metric(&other, r->setting->pattern);
        free(other.at);
    }
    return isnan(*metric) ? err_set(err, -ENODATA,
                                "--metric: nothing that %s prints fits '%s' with a number in its "
                                "first group",
                                what, r->setting->metric)
                          : 0;
}

static bool keeps_output(const struct ab_setting *setting)
{
    return setting->same_output || setting->pattern;
}

static int read_output(struct ab_runner *r, const char *what, double *metric, struct err *err)
{
    struct ab_output printed;
    int code = ab_output_read(r->out, &printed);
    if (code)
        return err_set(err, code, "%s: cannot read back what it prints: %s", what, strerror(-code));
    if (r->setting->pattern)
        code = read_metric(r, what, &printed, metric, err);
    if (!code && r->setting->same_output && r->first.at)
        code = compare_output(r, what, &printed, err);
    if (!code && r->setting->same_output && !r->first.at)
        r->first = printed;
    else
        free(printed.at);
    return code;
}

int ab_run_program(struct ab_runner *r, unsigned slot, double value[AB_MEASURES], struct err *err)
{
    const struct ab_setting *const s = r->setting;
    const struct ab_program *const program = program_of(s, slot);
    const char *const what = ab_slot_name(slot, s->programs);
    int code = s->prepare ? run_prepare(r, err) : 0;
    char **const env = new_environment(r, program);
    const struct program_setting how = {.argv = program->argv,
        .env = env,
        .cpus = &s->cpus,
        .input = s->input,
        .out = keeps_output(s) ? r->out : PROGRAM_DISCARD,
        .err = r->err};
    struct command_end end = {0};
    if (!env)
        code = err_set(err, -ENOMEM, "out of memory for an environment");
    ab_output_clear(r->out);
    struct counters_thread *const counting = begin_counting(r);
    if (!code)
        code = run_words(r, &how, what, program->command, &end, err);
    end_counting(r, counting, value);
    free(env);
    if (code)
        return code;
    measure_end(&end, value);
    return keeps_output(s) ? read_output(r, what, &value[AB_METRIC], err) : 0;
}
