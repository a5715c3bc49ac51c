/* SPDX-License-Identifier: MIT
 * exec: the program goes, its process stays. Without it, the record would look like one of a
 * program that was killed. Programs fail to exec and go on, and so does the record. */
#include "runtime/real_libc.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>

typedef char *const *words;

static int came_back(int result)
{
    const int before = errno;
    record_go_on();
    errno = before;
    return result;
}

#define EXEC(name, parameters, arguments)                                                          \
    int OURS(name) parameters;                                                                     \
    INTERPOSE int OURS(name) parameters                                                            \
    {                                                                                              \
        record_end(RECORD_EXECED);                                                                 \
        return came_back(NEXT(name) arguments);                                                    \
    }
REAL(int, execve, const char *, words, words)
REAL(int, execv, const char *, words)
REAL(int, execvp, const char *, words)
REAL(int, execvpe, const char *, words, words)
REAL(int, fexecve, int, words, words)
EXEC(execve, (const char *file, words argv, words environment), (file, argv, environment))
EXEC(execvpe, (const char *file, words argv, words environment), (file, argv, environment))
EXEC(fexecve, (int file, words argv, words environment), (file, argv, environment))
EXEC(execv, (const char *file, words argv), (file, argv))
EXEC(execvp, (const char *file, words argv), (file, argv))
#undef EXEC

static size_t count_words(const char *first, va_list rest)
{
    size_t n = first ? 1 : 0;
    while (n && va_arg(rest, char *))
        n++;
    return n;
}

/* As glibc does it: on the stack, since a forked or a signal's exec may not allocate. With the end
 * of the words; `rest` is then behind it. */
static void list_words(char **to, const char *first, va_list *rest)
{
    to[0] = (char *)first;
    for (size_t i = 0; to[i]; i++)
        to[i + 1] = va_arg(*rest, char *);
}

#define EXEC_LIST(name, call)                                                                      \
    int OURS(name)(const char *file, const char *first, ...);                                      \
    INTERPOSE int OURS(name)(const char *file, const char *first, ...)                             \
    {                                                                                              \
        va_list rest;                                                                              \
        va_start(rest, first);                                                                     \
        char **argv = __builtin_alloca((count_words(first, rest) + 1) * sizeof *argv);             \
        va_end(rest);                                                                              \
        va_start(rest, first);                                                                     \
        list_words(argv, first, &rest);                                                            \
        record_end(RECORD_EXECED);                                                                 \
        const int result = came_back(call);                                                        \
        va_end(rest);                                                                              \
        return result;                                                                             \
    }
EXEC_LIST(execl, NEXT(execv)(file, argv))
EXEC_LIST(execlp, NEXT(execvp)(file, argv))
EXEC_LIST(execle, NEXT(execve)(file, argv, va_arg(rest, char **)))
#undef EXEC_LIST
