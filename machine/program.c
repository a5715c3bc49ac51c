/* SPDX-License-Identifier: MIT
 * posix_spawn, a pidfd and wait4. */
#include "machine/program.h"

#include "machine/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

static void add_output(posix_spawn_file_actions_t *files, int fd, int target)
{
    if (fd == PROGRAM_DISCARD)
        posix_spawn_file_actions_addopen(files, target, "/dev/null", O_WRONLY, 0);
    else
        posix_spawn_file_actions_adddup2(files, fd, target);
}

/* In a separate process group, so that all of it can be ended. */
static int spawn_program(const struct program_setting *how, struct program *program)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const char *const input = how->input ? how->input : "/dev/null";
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, input, O_RDONLY, 0);
    add_output(&files, how->out, STDOUT_FILENO);
    add_output(&files, how->err, STDERR_FILENO);
    program->began_ns = clock_raw_ns();
    const int failed = posix_spawnp(
        &program->pid, how->argv[0], &files, &attributes, how->argv, how->env ? how->env : environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return -failed;
}

/* One cpu_set_t ends at 1,024 cpus, and the kernel refuses a set shorter than its own. */
static int spawn_bound(const struct program_setting *how, struct program *program)
{
    cpu_set_t before[CPUSET_MAX / CPU_SETSIZE], only[CPUSET_MAX / CPU_SETSIZE];
    if (!how->cpus || how->cpus->count == 0)
        return spawn_program(how, program);
    if (sched_getaffinity(0, sizeof before, before) != 0)
        return -errno;
    CPU_ZERO_S(sizeof only, only);
    for (size_t i = 0; i < how->cpus->count; i++)
        CPU_SET_S((size_t)how->cpus->cpu[i], sizeof only, only);
    if (sched_setaffinity(0, sizeof only, only) != 0)
        return -errno;
    const int code = spawn_program(how, program);
    sched_setaffinity(0, sizeof before, before);
    return code;
}

int program_start(const struct program_setting *how, struct program *program)
{
    *program = (struct program){.fd = -1};
    const int code = spawn_bound(how, program);
    if (!code)
        program->fd = (int)syscall(SYS_pidfd_open, program->pid, 0);
    return code;
}

bool program_wait(const struct program *program, int most_ms)
{
    struct pollfd ended = {.fd = program->fd, .events = POLLIN};
    if (program->fd < 0)
        return true;
    const int got = poll(&ended, 1, most_ms);
    return got > 0 || (got < 0 && errno != EINTR);
}

void program_signal(const struct program *program, int number)
{
    kill(-program->pid, number);
}

void program_end(struct program *program, struct command_end *end)
{
    command_reap(program->pid, program->began_ns, end);
    if (program->fd >= 0)
        close(program->fd);
    program->fd = -1;
}
