/* SPDX-License-Identifier: MIT
 * Finding the real functions. */
#include "runtime/base/real_libc.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static _Thread_local bool searching INITIAL_EXEC;

bool real_is_searching(void)
{
    return searching;
}

#ifndef ACCESS_WRAP
REAL(void *, dlopen, const char *, int)

/* A library may have come with a plugin, and dlopen made it visible to that alone. */
static void *find_in_plugins(const char *name)
{
    static const struct {
        const char *prefix, *library;
    } places[] = {
        {"_Zn", "libstdc++.so.6"},
        {"_Zn", "libc++.so.1"},
        {"_Zd", "libstdc++.so.6"},
        {"_Zd", "libc++.so.1"},
        {"GOMP_", "libgomp.so.1"},
        {"GOMP_", "libomp.so.5"},
        {"__kmpc_", "libomp.so.5"},
        {"__kmpc_", "libomp.so"},
        {"__kmpc_", "libiomp5.so"},
    };
    void *at = NULL;
    for (size_t i = 0; !at && i < sizeof places / sizeof *places; i++) {
        const bool here = strncmp(name, places[i].prefix, strlen(places[i].prefix)) == 0;
        void *library = here ? NEXT(dlopen)(places[i].library, RTLD_LAZY | RTLD_NOLOAD) : NULL;
        at = library ? dlsym(library, name) : NULL;
    }
    return at;
}

/* A program that is not instrumented may load libc before the runtime, which came with one of its
 * libraries. In any other, what comes first is the runtime's function. */
static void *find_before(const char *name)
{
    Dl_info ours, found;
    void *at = dlsym(RTLD_DEFAULT, name);
    const bool known = at && dladdr((void *)(uintptr_t)&find_before, &ours) && dladdr(at, &found);
    return known && found.dli_fbase != ours.dli_fbase ? at : NULL;
}

/* dlsym without a version may give the oldest one, which has another struct: of pthread_cond_*
 * (glibc, nptl/old_pthread_cond_wait.c). Versions by glibc's own lists (nptl/Versions). */
void *real_find(const char *name)
{
    const int before = errno;
    void *at = NULL;
    searching = true;
    if (strncmp(name, "pthread_cond_", 13) == 0)
        at = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
    if (!at)
        at = dlsym(RTLD_NEXT, name);
    searching = false;
    if (!at)
        at = find_before(name);
    if (!at)
        at = find_in_plugins(name);
    errno = before;
    return at;
}
#endif

REAL(int, pthread_create, pthread_t *, const pthread_attr_t *, void *(*)(void *), void *)

int real_thread(pthread_t *id, void *(*run)(void *))
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    const int failed = NEXT(pthread_create)(id, &attributes, run, NULL);
    pthread_attr_destroy(&attributes);
    return failed;
}
