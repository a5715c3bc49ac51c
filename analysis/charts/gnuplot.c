/* SPDX-License-Identifier: MIT
 * Spawns gnuplot and waits for it. */
#include "analysis/charts/gnuplot.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char missing[] = "gnuplot is not installed (Debian: gnuplot-nox)";

FILE *gnuplot_file(void)
{
    const int fd = memfd_create("numaprobe", MFD_CLOEXEC);
    FILE *const file = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (!file && fd >= 0)
        close(fd);
    return file;
}

void gnuplot_text(FILE *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                " .,:;+-_=/()[]<>%*";
    for (size_t bytes; *text; text += bytes) {
        for (bytes = strspn(text, plain); (unsigned char)text[bytes] >= 0x80;)
            bytes++;
        text_put(text, bytes, out);
        if (bytes == 0) {
            fputc('?', out);
            bytes = 1;
        }
    }
}

/* "gnuplot> ...", a caret, then "line N: what is wrong": the last line has the reason. */
static void last_line(FILE *errors, char *out, size_t size)
{
    char line[256];
    rewind(errors);
    snprintf(out, size, "no reason given");
    while (fgets(line, sizeof line, errors)) {
        line[strcspn(line, "\n")] = '\0';
        const char *const at = line + strspn(line, " \t");
        if (*at)
            snprintf(out, size, "%s", at);
    }
}

static int spawn_gnuplot(FILE *script, FILE *errors, const int *fd, size_t fds, pid_t *pid)
{
    static char name[] = "gnuplot", bare[] = "--default-settings", from_input[] = "-";
    static char *const words[] = {name, bare, from_input, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    int code = posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
    if (!code)
        code = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (!code)
        code = posix_spawn_file_actions_adddup2(&actions, fileno(errors), STDERR_FILENO);
    for (size_t i = 0; i < fds && !code; i++) /* onto itself: no longer closed on exec */
        code = posix_spawn_file_actions_adddup2(&actions, fd[i], fd[i]);
    if (!code)
        code = posix_spawnp(pid, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static int check_status(int status, FILE *errors, struct err *err)
{
    char line[256];
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFSIGNALED(status))
        return err_set(err, -EIO, "gnuplot was ended by signal %d", WTERMSIG(status));
    if (WEXITSTATUS(status) == 127)
        return err_set(err, -ENOENT, "%s", missing);
    last_line(errors, line, sizeof line);
    return err_set(err, -EIO, "gnuplot: %s", line);
}

int gnuplot_run(FILE *script, const int *fd, size_t fds, struct err *err)
{
    int status = 0;
    pid_t pid;
    FILE *const errors = gnuplot_file();
    if (!errors || fflush(script) != 0 || lseek(fileno(script), 0, SEEK_SET) != 0) {
        const int code = errno;
        if (errors)
            fclose(errors);
        return err_set(err, -code, "no file in memory for gnuplot: %s", strerror(code));
    }
    int code = spawn_gnuplot(script, errors, fd, fds, &pid);
    while (!code && waitpid(pid, &status, 0) < 0)
        code = errno == EINTR ? 0 : errno;
    if (code == ENOENT)
        err_set(err, -code, "%s", missing);
    else if (code)
        err_set(err, -code, "gnuplot cannot be run: %s", strerror(code));
    else
        code = -check_status(status, errors, err);
    fclose(errors);
    return -code;
}
