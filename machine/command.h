/* SPDX-License-Identifier: MIT
 * A program that is forked, waits before its first instruction, and is released later, so that its
 * events can be counted from the beginning. */
#ifndef MACHINE_COMMAND_H
#define MACHINE_COMMAND_H

#include "base/err.h"

#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>

struct command {
    int pid;
    uint64_t began_ns;          /* when it was released */
    struct sigaction before[4]; /* the actions of signals until then */
    int hold, failed;           /* pipes: its go-ahead, and the errno of an exec that failed */
};

struct command_end {
    int status; /* as in a shell: the exit code, or 128 plus the signal */
    int signal; /* the one that ended it; 0: none */
    double seconds;
    struct rusage usage; /* its own and that of the children it waited for */
};

/* Forks; the child waits for command_release. 0 or -errno with err. */
int command_hold(char *const argv[], struct command *command, struct err *err);
/* Lets it exec argv (searched in PATH). Until command_wait ends, SIGINT and SIGQUIT
 * concern the command only, and SIGTERM and SIGHUP are passed on to it. -errno with err when the
 * exec fails: -ENOENT, -EACCES, … */
int command_release(struct command *command, const char *name, struct err *err);
/* Waits for its end. */
void command_wait(const struct command *command, struct command_end *end);
/* Waits for the end of any child of this process that was started at `began_ns`. */
void command_reap(int pid, uint64_t began_ns, struct command_end *end);
double command_user_seconds(const struct command_end *end);
double command_system_seconds(const struct command_end *end);

#endif
