/* SPDX-License-Identifier: MIT
 * Calls by which a program confines itself to some system calls, or is about to: without
 * PR_SET_NO_NEW_PRIVS only root may install a filter (seccomp(2)). What needs a file is done
 * before. Both functions have any number of arguments; all that there may be are passed on, as libc
 * does. */
#include "runtime/base/confine.h"
#include "runtime/base/real_libc.h"
#include "runtime/base/recording.h"
#include "runtime/inside.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/prctl.h>

static void prepare_confinement(bool now)
{
    if (!inside_enter())
        return;
    const int before = errno;
    if (!confine_is_on() && !recording_reserve())
        state_turn_off(NULL);
    if (now && !confine_is_on())
        confine_enter();
    errno = before;
    inside_leave();
}

static void see_option(unsigned long option)
{
    if (option == PR_SET_NO_NEW_PRIVS || option == PR_SET_SECCOMP)
        prepare_confinement(option == PR_SET_SECCOMP);
}

struct words {
    unsigned long at[6];
};

static struct words list_words(va_list rest)
{
    struct words w;
    for (unsigned i = 0; i < 6; i++)
        w.at[i] = va_arg(rest, unsigned long);
    return w;
}

#define WORDS(last)                                                                                \
    va_list rest;                                                                                  \
    va_start(rest, last);                                                                          \
    const struct words w = list_words(rest);                                                       \
    va_end(rest);

REPLACE(int, prctl, int option, ...)
{
    WORDS(option)
    see_option((unsigned long)option);
    return NEXT(prctl)(option, w.at[0], w.at[1], w.at[2], w.at[3]);
}

INTERPOSE(long, syscall, long number, ...)
{
    WORDS(number)
    if (number == SYS_prctl)
        see_option(w.at[0]);
    if (number == SYS_seccomp)
        prepare_confinement(true);
    return NEXT(syscall)(number, w.at[0], w.at[1], w.at[2], w.at[3], w.at[4], w.at[5]);
}
#undef WORDS
