/* SPDX-License-Identifier: MIT
 * exec: the program ends, its process stays. If this were not seen, the recording would look like
 * that of a program that was killed. Where exec fails, the program goes on, and so does the
 * recording. */
#include "base/record.h"
#include "runtime/base/real_libc.h"
#include "runtime/lifecycle.h"

#include <errno.h>
#include <stdarg.h>

typedef char *const *words;

static int resume_after(int result)
{
    const int before = errno;
    lifecycle_resume();
    errno = before;
    return result;
}

#define EXEC(name, arguments, ...)                                                                 \
    REPLACE(int, name, __VA_ARGS__)                                                                \
    {                                                                                              \
        lifecycle_end(RECORD_EXECED);                                                              \
        return resume_after(NEXT(name) arguments);                                                 \
    }
EXEC(execve, (file, argv, environment), const char *file, words argv, words environment)
EXEC(execvpe, (file, argv, environment), const char *file, words argv, words environment)
EXEC(fexecve, (file, argv, environment), int file, words argv, words environment)
EXEC(execv, (file, argv), const char *file, words argv)
EXEC(execvp, (file, argv), const char *file, words argv)
#undef EXEC

static size_t count_words(const char *first, va_list rest)
{
    size_t n = first ? 1 : 0;
    while (n && va_arg(rest, char *))
        n++;
    return n;
}

/* Writes all words and their NULL, and leaves `rest` behind it. `to` is on the stack, as in glibc:
 * after fork, or in a signal handler, exec may not allocate. */
static void list_words(char **to, const char *first, va_list *rest)
{
    to[0] = (char *)first;
    for (size_t i = 0; to[i]; i++)
        to[i + 1] = va_arg(*rest, char *);
}

#define EXEC_LIST(name, call)                                                                      \
    INTERPOSE(int, name, const char *file, const char *first, ...)                                 \
    {                                                                                              \
        va_list rest;                                                                              \
        va_start(rest, first);                                                                     \
        char **argv = __builtin_alloca((count_words(first, rest) + 1) * sizeof *argv);             \
        va_end(rest);                                                                              \
        va_start(rest, first);                                                                     \
        list_words(argv, first, &rest);                                                            \
        lifecycle_end(RECORD_EXECED);                                                              \
        const int result = resume_after(call);                                                     \
        va_end(rest);                                                                              \
        return result;                                                                             \
    }
EXEC_LIST(execl, NEXT(execv)(file, argv))
EXEC_LIST(execlp, NEXT(execvp)(file, argv))
EXEC_LIST(execle, NEXT(execve)(file, argv, va_arg(rest, char **)))
#undef EXEC_LIST
