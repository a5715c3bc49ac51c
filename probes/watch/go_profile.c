/* SPDX-License-Identifier: MIT
 * The rate of blocks is in cycles: what lasts longer is always in the profile. Ours marks that it
 * was numaprobe that switched it on. */
#include "probes/watch/go_profile.h"

#include "probes/watch/address_space.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

static const uint64_t MUTEX_RATE = 1; /* each */
static const uint64_t BLOCK_RATE = 3;

static int write_word(int pid, uint64_t address, uint64_t word)
{
    const struct iovec from = {&word, sizeof word}, to = {(void *)(uintptr_t)address, sizeof word};
    return process_vm_writev(pid, &from, 1, &to, 1, 0) == (ssize_t)sizeof word ? 0 : -errno;
}

/* Where it is off. */
static int switch_on(int pid, uint64_t address, uint64_t rate, bool *set)
{
    uint64_t word;
    *set = false;
    if (!address_space_copy(pid, address, &word, sizeof word))
        return -errno;
    if (word)
        return 0;
    const int code = write_word(pid, address, rate);
    *set = code == 0;
    return code;
}

/* Where it is still as we set it. */
static void switch_off(int pid, uint64_t address, uint64_t rate)
{
    uint64_t word;
    if (address_space_copy(pid, address, &word, sizeof word) && word == rate)
        (void)write_word(pid, address, 0);
}

int go_profile_start(struct go_profile *p, struct err *err)
{
    int code = switch_on(p->pid, p->words.mutex_rate, MUTEX_RATE, &p->mutex_set);
    if (!code)
        code = switch_on(p->pid, p->words.block_rate, BLOCK_RATE, &p->block_set);
    if (!code)
        return 0;
    go_profile_stop(p);
    return err_set(err, code, "process %d: its profiles cannot be switched on: %s%s", p->pid,
        strerror(-code),
        code == -EPERM ? " (another user's, or kernel.yama.ptrace_scope is 1 or more; root may)"
                       : "");
}

void go_profile_stop(struct go_profile *p)
{
    if (p->mutex_set)
        switch_off(p->pid, p->words.mutex_rate, MUTEX_RATE);
    if (p->block_set)
        switch_off(p->pid, p->words.block_rate, BLOCK_RATE);
    p->mutex_set = p->block_set = false;
}

int go_profile_clear(struct go_profile *p, struct err *err)
{
    uint64_t word;
    if (!address_space_copy(p->pid, p->words.block_rate, &word, sizeof word))
        return err_set(err, -errno, "process %d cannot be read: %s", p->pid, strerror(errno));
    if (word != BLOCK_RATE)
        return err_set(
            err, -ENOENT, "process %d: no numaprobe left its profiles switched on", p->pid);
    const int code = write_word(p->pid, p->words.block_rate, 0);
    if (code)
        return err_set(err, code, "process %d cannot be written: %s", p->pid, strerror(-code));
    switch_off(p->pid, p->words.mutex_rate, MUTEX_RATE);
    return 0;
}

/* src/runtime/mprof.go: behind the bucket its stack, and behind that its record. */
struct bucket {
    uint64_t next, all_next, kind, hash, size, frames;
};
struct record {
    double count;
    int64_t cycles;
};

static bool read_row(
    int pid, uint64_t at, enum go_profile_kind kind, struct go_profile_row *out, uint64_t *next)
{
    enum { FRAMES_MOST = 4096 };
    struct bucket b = {0};
    struct record r = {0};
    if (!address_space_copy(pid, at, &b, sizeof b) || b.kind != (uint64_t)kind ||
        b.frames > FRAMES_MOST)
        return false;
    *out = (struct go_profile_row){.id = at};
    out->frames = b.frames < GO_PROFILE_FRAMES ? b.frames : GO_PROFILE_FRAMES;
    if (!address_space_copy(pid, at + sizeof b, out->pc, out->frames * sizeof *out->pc) ||
        !address_space_copy(pid, at + sizeof b + b.frames * sizeof *out->pc, &r, sizeof r))
        return false;
    out->count = r.count;
    out->cycles = r.cycles;
    *next = b.all_next;
    return true;
}

int go_profile_read(int pid, uint64_t list, enum go_profile_kind kind,
    int (*see)(void *of, const struct go_profile_row *row), void *of)
{
    struct go_profile_row row;
    uint64_t at = 0;
    int code = 0;
    if (!address_space_copy(pid, list, &at, sizeof at))
        return 0;
    while (at && !code && read_row(pid, at, kind, &row, &at))
        code = see(of, &row);
    return code;
}
