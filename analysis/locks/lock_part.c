/* SPDX-License-Identifier: MIT
 * By the beginnings of names; Go's are of 1.18 to 1.24, Rust's of 1.62 and newer. */
#include "analysis/locks/lock_part.h"

#include <stdbool.h>
#include <string.h>

static const struct {
    const char *prefix, *lock;
    enum lock_part part;
} parts[] = {
    {"sync/mutex.go waits", "Mutex.Lock", LOCK_TAKEN},
    {"sync/rwmutex.go waits", "RWMutex.RLock or Lock", LOCK_TAKEN},
    {"sync/mutex.go releases", "Mutex.Unlock", LOCK_RELEASED},
    {"sync/rwmutex.go releases", "RWMutex.RUnlock or Unlock", LOCK_RELEASED},
    {"sync.(*RWMutex).RLock", "RWMutex.RLock", LOCK_TAKEN},
    {"sync.(*RWMutex).Lock", "RWMutex.Lock", LOCK_TAKEN},
    {"sync.(*Mutex).Lock", "Mutex.Lock", LOCK_TAKEN},
    {"sync.(*Mutex).lockSlow", "Mutex.Lock", LOCK_TAKEN},
    {"internal/sync.(*Mutex).", "Mutex.Lock", LOCK_TAKEN},
    {"sync.(*RWMutex).RUnlock", "RWMutex.RUnlock", LOCK_RELEASED},
    {"sync.(*RWMutex).rUnlockSlow", "RWMutex.RUnlock", LOCK_RELEASED},
    {"sync.(*RWMutex).Unlock", "RWMutex.Unlock", LOCK_RELEASED},
    {"sync.(*Mutex).Unlock", "Mutex.Unlock", LOCK_RELEASED},
    {"sync.(*Mutex).unlockSlow", "Mutex.Unlock", LOCK_RELEASED},
    {"runtime.unlock", "a lock of Go's runtime", LOCK_RELEASED},
    {"runtime._LostContendedRuntimeLock", "a lock of Go's runtime", LOCK_RELEASED},
    {"sync.", "sync", LOCK_OTHER},
    {"runtime.", "runtime", LOCK_OTHER},
    {"std::sys::unix::locks::futex_mutex", "Mutex::lock", LOCK_TAKEN},
    {"std::sys::unix::locks::futex_rwlock", "RwLock", LOCK_TAKEN},
    {"std::sys::sync::mutex", "Mutex::lock", LOCK_TAKEN},
    {"std::sys::sync::rwlock", "RwLock", LOCK_TAKEN},
    {"std::sync::mutex", "Mutex::lock", LOCK_TAKEN},
    {"std::sync::rwlock", "RwLock", LOCK_TAKEN},
    {"std::", "std", LOCK_OTHER},
    {"pthread_mutex_", "pthread_mutex_lock", LOCK_TAKEN},
    {"__pthread_mutex_", "pthread_mutex_lock", LOCK_TAKEN},
    {"___pthread_mutex_", "pthread_mutex_lock", LOCK_TAKEN},
    {"pthread_rwlock_rd", "pthread_rwlock_rdlock", LOCK_TAKEN},
    {"pthread_rwlock_timedrd", "pthread_rwlock_rdlock", LOCK_TAKEN},
    {"___pthread_rwlock_rd", "pthread_rwlock_rdlock", LOCK_TAKEN},
    {"pthread_rwlock_", "pthread_rwlock_wrlock", LOCK_TAKEN},
    {"___pthread_rwlock_", "pthread_rwlock_wrlock", LOCK_TAKEN},
    {"pthread_cond_", "pthread_cond_wait", LOCK_OTHER},
    {"___pthread_cond_", "pthread_cond_wait", LOCK_OTHER},
    {"pthread_barrier_", "pthread_barrier_wait", LOCK_OTHER},
    {"pthread_join", "pthread_join", LOCK_OTHER},
    {"__pthread_clockjoin", "pthread_join", LOCK_OTHER},
    {"sem_", "sem_wait", LOCK_OTHER},
};

enum lock_part lock_part_of(const char *function, const char **lock)
{
    for (size_t i = 0; function && i < sizeof parts / sizeof *parts; i++)
        if (strncmp(function, parts[i].prefix, strlen(parts[i].prefix)) == 0) {
            *lock = parts[i].lock;
            return parts[i].part;
        }
    return LOCK_NOTHING;
}

static bool is_lock(enum lock_part part)
{
    return part == LOCK_TAKEN || part == LOCK_RELEASED;
}

enum lock_part lock_part_in(
    const char *const *function, size_t count, const char **lock, size_t *inner)
{
    enum { LOOKED_AT = 8 };
    enum lock_part found = LOCK_NOTHING;
    *inner = 0;
    for (size_t i = 0; i < count && i < LOOKED_AT; i++) {
        const char *name = NULL;
        const enum lock_part part = lock_part_of(function[i], &name);
        if (is_lock(found) && part != found)
            break;
        if (!is_lock(part) && (part == LOCK_NOTHING || found != LOCK_NOTHING))
            continue; /* what is inside of a lock may have any name */
        found = part;
        *lock = name;
        *inner = i + 1;
    }
    return found;
}

const char *lock_part_of_file(const char *function, const char *file, bool released)
{
    static const char *const texts[][3] = {
        {"sync/mutex.go", "sync/mutex.go waits", "sync/mutex.go releases"},
        {"sync/rwmutex.go", "sync/rwmutex.go waits", "sync/rwmutex.go releases"}};
    const size_t length = file ? strlen(file) : 0;
    if (!function || strncmp(function, "sync.", 5) == 0 ||
        strncmp(function, "internal/sync.", 14) == 0)
        return NULL;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const size_t suffix = strlen(texts[i][0]);
        if (length > suffix && strcmp(file + length - suffix, texts[i][0]) == 0)
            return texts[i][1 + released];
    }
    return NULL;
}
