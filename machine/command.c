/* SPDX-License-Identifier: MIT
 * Two pipes, a fork and an exec. */
#include "machine/command.h"

#include "machine/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The process that signals are passed on to; a handler can only reach a global variable. */
static volatile sig_atomic_t running;

static void pass_signal(int number)
{
    if (running > 0)
        kill(running, number);
}

/* The child's side. The exec closes the pipe when it succeeds. */
static void exec_released(char *const argv[], int hold, int failed)
{
    char go;
    if (read(hold, &go, 1) != 1)
        _exit(127);
    execvp(argv[0], argv);
    const int why = errno;
    if (write(failed, &why, sizeof why) != sizeof why)
        _exit(126);
    _exit(127);
}

int command_hold(char *const argv[], struct command *command, struct err *err)
{
    int hold[2], failed[2];
    if (pipe2(hold, O_CLOEXEC) != 0)
        return err_set(err, -errno, "cannot start '%s': %s", argv[0], strerror(errno));
    if (pipe2(failed, O_CLOEXEC) != 0) {
        const int code = err_set(err, -errno, "cannot start '%s': %s", argv[0], strerror(errno));
        close(hold[0]);
        close(hold[1]);
        return code;
    }
    const pid_t pid = fork();
    if (pid == 0) {
        close(hold[1]);
        exec_released(argv, hold[0], failed[1]);
    }
    const int why = errno;
    close(hold[0]);
    close(failed[1]);
    *command = (struct command){.pid = pid, .hold = hold[1], .failed = failed[0]};
    if (pid > 0)
        return 0;
    close(hold[1]);
    close(failed[0]);
    return err_set(err, -why, "cannot start '%s': %s", argv[0], strerror(why));
}

static const int ignored[] = {SIGINT, SIGQUIT}, passed[] = {SIGTERM, SIGHUP};

static void redirect_signals(struct command *command)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN}, forward = {.sa_handler = pass_signal};
    running = command->pid;
    for (int i = 0; i < 2; i++) {
        sigaction(ignored[i], &ignore, &command->before[i]);
        sigaction(passed[i], &forward, &command->before[2 + i]);
    }
}

static void restore_signals(const struct command *command)
{
    running = 0;
    for (int i = 0; i < 2; i++) {
        sigaction(ignored[i], &command->before[i], NULL);
        sigaction(passed[i], &command->before[2 + i], NULL);
    }
}

int command_release(struct command *command, const char *name, struct err *err)
{
    int why = 0;
    redirect_signals(command);
    command->began_ns = clock_raw_ns();
    const ssize_t gone = write(command->hold, "", 1);
    close(command->hold);
    ssize_t got = 0;
    while (gone == 1 && (got = read(command->failed, &why, sizeof why)) < 0 && errno == EINTR)
        continue;
    close(command->failed);
    if (got != sizeof why)
        return 0;
    waitpid(command->pid, NULL, 0);
    restore_signals(command);
    return err_set(err, -why, "cannot run '%s': %s", name, strerror(why));
}

void command_reap(int pid, uint64_t began_ns, struct command_end *end)
{
    int status = 0;
    while (wait4(pid, &status, 0, &end->usage) < 0 && errno == EINTR)
        continue;
    end->seconds = (double)(clock_raw_ns() - began_ns) / 1e9;
    end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end->status = end->signal ? 128 + end->signal : WEXITSTATUS(status);
}

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

double command_user_seconds(const struct command_end *end)
{
    return seconds_of(&end->usage.ru_utime);
}

double command_system_seconds(const struct command_end *end)
{
    return seconds_of(&end->usage.ru_stime);
}

void command_wait(const struct command *command, struct command_end *end)
{
    command_reap(command->pid, command->began_ns, end);
    restore_signals(command);
}
