/* SPDX-License-Identifier: MIT
 * The mappings are in the recording's header. */
#include "runtime/intercept/shared_memory.h"

#include "runtime/base/lock.h"
#include "runtime/base/recording.h"
#include "runtime/base/state.h"
#include "runtime/inside.h"
#include "runtime/modules.h"
#include "runtime/schedule.h"

#include <errno.h>
#include <linux/magic.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>

/* No file system has these device numbers. */
enum { ANONYMOUS = 1 << 30, SEGMENT };

static bool watched; /* in this process */

/* Other processes are as other threads would be. Until there is a thread that keeps time, all is
 * seen. */
static void begin_watching(void)
{
    if (watched)
        return;
    watched = true;
    if (!recording_reserve()) {
        state_turn_off(NULL);
        return;
    }
    modules_update(NULL);
    schedule_change_threads(1);
    schedule_set_burst(true);
}

static bool is_same(const struct record_share *a, const struct record_share *b)
{
    return a->start == b->start && a->size == b->size && a->device == b->device &&
           a->inode == b->inode && a->offset == b->offset;
}

static bool overlap(const struct record_share *a, const struct record_share *b)
{
    return a->start < b->start + b->size && b->start < a->start + a->size;
}

/* One that was there before is the same again, unless something else was mapped there since. */
static uint32_t place_of(const struct record_share *share)
{
    for (uint32_t at = record->shares; at-- > 0;) {
        if (is_same(&record->share[at], share))
            return at;
        if (overlap(&record->share[at], share))
            break;
    }
    return record->shares;
}

static void add(const struct record_share *share)
{
    const uint32_t at = place_of(share);
    if (at == RECORD_SHARES) {
        record->shares_lost++;
        return;
    }
    record->share[at] = *share;
    if (at == record->shares)
        __atomic_store_n(&record->shares, at + 1, __ATOMIC_RELEASE);
    if (share->used)
        begin_watching();
}

static void begin(struct record_share *share)
{
    const int before = errno;
    if (!inside_enter())
        return;
    share->alive = 1;
    lock_take(lock_of(LOCK_OBJECTS));
    add(share);
    lock_release(lock_of(LOCK_OBJECTS));
    inside_leave();
    errno = before;
}

void shared_memory_map(void *at, size_t bytes, int protection, int file, off_t offset)
{
    static uint32_t number;
    struct record_share share = {
        .start = (uintptr_t)at, .size = bytes, .device = ANONYMOUS, .offset = (uint64_t)offset};
    struct stat st;
    struct statfs fs;
    const int before = errno;
    if (!state_is_ready())
        return;
    if (file < 0) {
        const uint32_t mine = __atomic_fetch_add(&number, 1, __ATOMIC_RELAXED);
        share.inode = (uint64_t)record->pid << 32 | mine;
        share.offset = 0;
    } else if (fstat(file, &st) == 0 && S_ISREG(st.st_mode) && fstatfs(file, &fs) == 0) {
        share.device = st.st_dev;
        share.inode = st.st_ino;
        share.used = fs.f_type == TMPFS_MAGIC;
    } else {
        errno = before;
        return;
    }
    errno = before;
    if (protection & PROT_WRITE || share.used)
        begin(&share);
}

void shared_memory_attach(void *at, size_t bytes, int id)
{
    struct record_share share = {
        .start = (uintptr_t)at, .size = bytes, .device = SEGMENT, .inode = (uint64_t)id, .used = 1};
    if (state_is_ready())
        begin(&share);
}

void shared_memory_end(uintptr_t at, size_t bytes)
{
    const struct record_share ended = {.start = at, .size = bytes};
    for (uint32_t i = 0; i < record->shares; i++)
        if (overlap(&record->share[i], &ended))
            record->share[i].alive = 0;
}

/* What another process may have from now on. */
static void use_all(void)
{
    bool any = false;
    for (uint32_t i = 0; i < record->shares; i++) {
        any |= record->share[i].alive;
        record->share[i].used |= record->share[i].alive;
    }
    if (any)
        begin_watching();
}

static void after_fork(void)
{
    const int before = errno;
    if (!state_is_ready() || !inside_enter())
        return;
    use_all();
    inside_leave();
    errno = before;
}

static void after_fork_in_child(void)
{
    watched = false;
    after_fork();
}

/* Behind lifecycle.c's, whose handler makes the child's recording, with its parent's mappings. */
__attribute__((constructor(102))) static void at_start(void)
{
    pthread_atfork(NULL, after_fork, after_fork_in_child);
}
