/* SPDX-License-Identifier: MIT
 * Go's profiles: what they have at the end less what they had at the beginning. */
#include "cli/watch/watch_locks.h"

#include "analysis/go/profile_words.h"
#include "base/arch/arch.h"
#include "base/grow.h"
#include "machine/clock.h"
#include "probes/watch/watched_modules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct locks_known {
    uint64_t id; /* the key */
    double count;
    int64_t cycles;
    UT_hash_handle hh;
};

static int find_words(
    const struct go_binary *binary, uint64_t bias, struct locks_go *out, struct err *err)
{
    struct profile_words words;
    if (!profile_words_find(binary, &words))
        return err_set(err, -ENOTSUP,
            "process %d: its profiles were not found: it has no symbols ('-ldflags=-s', or strip), "
            "and its code is not known",
            out->profile.pid);
    out->profile.words = (struct go_profile_words){words.mutex_rate + bias, words.block_rate + bias,
        words.mutexes + bias, words.blocks + bias};
    return 0;
}

int locks_go_find(struct address_space *space, struct locks_go *out, struct err *err)
{
    char path[32];
    size_t modules;
    struct go_binary *binary;
    *out = (struct locks_go){.profile = {.pid = space->pid}};
    snprintf(path, sizeof path, "/proc/%d/exe", space->pid);
    int code = go_binary_open(path, &binary, err);
    if (code)
        return code == -ENOTSUP ? -ENOENT : code;
    struct record_module *const module = watched_modules(space, &modules);
    snprintf(out->version, sizeof out->version, "%s", go_binary_version(binary));
    code = modules ? find_words(binary, module[0].base, out, err)
                   : err_set(err, -ENOMEM, "out of memory");
    free(module);
    go_binary_close(binary);
    return code;
}

static int add_known(void *of, const struct go_profile_row *row)
{
    struct locks_go *const go = of;
    struct locks_known *const known = calloc(1, sizeof *known);
    if (!known)
        return -ENOMEM;
    *known = (struct locks_known){row->id, row->count, row->cycles, {0}};
    HASH_ADD(hh, go->known, id, sizeof known->id, known);
    return 0;
}

int locks_go_begin(struct locks_go *go, struct err *err)
{
    const struct go_profile_words *const at = &go->profile.words;
    int code = go_profile_read(go->profile.pid, at->mutexes, GO_PROFILE_MUTEXES, add_known, go);
    if (!code)
        code = go_profile_read(go->profile.pid, at->blocks, GO_PROFILE_BLOCKS, add_known, go);
    if (code)
        return err_set(err, code, "out of memory");
    go->ticks = arch_ticks();
    go->began_ns = clock_raw_ns();
    return go_profile_start(&go->profile, err);
}

struct reading {
    const struct locks_go *go;
    struct locks_rows *out;
    double seconds_per_tick;
    bool held;
};

static int add_row(void *of, const struct go_profile_row *row)
{
    struct reading *const r = of;
    struct locks_known *known;
    HASH_FIND(hh, r->go->known, &row->id, sizeof row->id, known);
    const double waits = row->count - (known ? known->count : 0);
    const int64_t cycles = row->cycles - (known ? known->cycles : 0);
    if (waits <= 0)
        return 0;
    if (GROW(r->out->at, r->out->count))
        return -ENOMEM;
    struct locks_row *const out = &r->out->at[r->out->count++];
    *out = (struct locks_row){
        .held = r->held, .waits = waits, .seconds = (double)cycles * r->seconds_per_tick};
    for (size_t i = 0; i < row->frames && out->frames < LOCKS_FRAMES; i++)
        out->pc[out->frames++] = row->pc[i];
    return 0;
}

int locks_go_read(struct locks_go *go)
{
    const struct go_profile_words *const at = &go->profile.words;
    const double ticks = (double)(arch_ticks() - go->ticks),
                 seconds = (double)(clock_raw_ns() - go->began_ns) / 1e9;
    struct locks_rows rows = {0};
    struct reading r = {go, &rows, ticks > 0 ? seconds / ticks : 0, false};
    uint64_t word;
    int code = go_profile_read(go->profile.pid, at->blocks, GO_PROFILE_BLOCKS, add_row, &r);
    r.held = true;
    if (!code)
        code = go_profile_read(go->profile.pid, at->mutexes, GO_PROFILE_MUTEXES, add_row, &r);
    /* What was read before it ended is not all. */
    const bool gone = !address_space_copy(go->profile.pid, at->blocks, &word, sizeof word);
    if (code || gone) {
        free(rows.at);
        return code;
    }
    free(go->last.at);
    go->last = rows;
    return 0;
}

void locks_go_end(struct locks_go *go)
{
    struct locks_known *k, *next;
    go_profile_stop(&go->profile);
    free(go->last.at);
    HASH_ITER(hh, go->known, k, next)
    {
        HASH_DEL(go->known, k);
        free(k);
    }
}
