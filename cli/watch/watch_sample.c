/* SPDX-License-Identifier: MIT
 * From samples to accesses that may be contended for, and to proofs. */
#include "cli/watch/watch.h"

#include "base/debug.h"
#include "base/record.h"
#include "probes/watch/heap_block.h"
#include "probes/watch/proof.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum {
    SAMPLES = 512, /* at once */
    TEXT_BEFORE = 1200,
    TEXT_BEHIND = 640 /* bytes of code around a sample: 40 instructions, and where to begin */
};

/* Code around `ip`, of the mapping that it lies in. */
static size_t read_text(struct address_space *space, uint64_t ip, uint8_t *bytes, uint64_t *from)
{
    const struct address_mapping *const m = address_space_at(space, ip);
    if (!m)
        return 0;
    *from = ip - m->begin < TEXT_BEFORE ? m->begin : ip - TEXT_BEFORE;
    return address_space_code(space, *from, bytes, (size_t)(ip - *from) + TEXT_BEHIND);
}

static const struct window *window_at(struct watch_session *s, unsigned process, uint64_t ip)
{
    const struct window *const known = window_cache_at(s->windows, process, ip);
    uint8_t bytes[TEXT_BEFORE + TEXT_BEHIND];
    struct address_space *const space = &s->watched.process[process].space;
    struct code_text text = {.bytes = bytes};
    if (known)
        return known;
    if (!address_space_at(space, ip)) /* a library was loaded since, or code was made */
        watched_refresh(&s->watched, process);
    text.size = read_text(space, ip, bytes, &text.address);
    return window_cache_add(s->windows, process, ip, &text);
}

/* A sample lies most often one instruction behind the access that it waited for; the others of its
 * surroundings are guesses. */
static float weight_of(const struct code_access *access)
{
    const int distance = access->distance < 0 ? -access->distance : access->distance + 1;
    return access->distance == -1 ? 1 : 0.5F / (float)distance;
}

static int add_access(struct watch_session *s, const struct watched_thread *t,
    const struct thread_sample *sample, const struct code_access *access)
{
    const struct code_operand *const o = &access->operand;
    const uint64_t address = code_address(access, sample->reg),
                   key = watched_key(&s->watched, t->process, address);
    if (!key || o->bytes == 0 || o->bytes > CONTESTED_LINE)
        return 0;
    return contested_add(s->contested, t->tid, key,
        &(struct contested_access){.next = access->next,
            .address = address,
            .sample = s->samples,
            .weight = weight_of(access),
            .bytes = (uint8_t)o->bytes,
            .write = o->write});
}

/* Of the thread whose line is being priced: does it wait for that? */
static void count_priced(struct watch_session *s, const struct watched_thread *t,
    const struct window *window, const struct thread_sample *sample)
{
    s->price.samples++;
    for (size_t i = 0; i < window->count; i++) {
        const struct code_access *const access = &window->access[i];
        const uint64_t key =
            watched_key(&s->watched, t->process, code_address(access, sample->reg));
        if (access->distance == -1 && key / CONTESTED_LINE == s->price.key / CONTESTED_LINE) {
            s->price.at_line++;
            return;
        }
    }
}

static int add_sample(struct watch_session *s, const struct thread_sample *sample)
{
    const struct watched_thread *const t = watched_thread(&s->watched, sample->tid);
    if (!t)
        return 0;
    const struct window *const window = window_at(s, t->process, sample->ip);
    if (!window)
        return -ENOMEM;
    s->samples++;
    s->undecoded += window->count == 0;
    if (s->price.tid == t->tid)
        count_priced(s, t, window, sample);
    int code = 0;
    for (size_t i = 0; i < window->count && !code; i++)
        code = add_access(s, t, sample, &window->access[i]);
    return code;
}

int watch_sample(struct watch_session *s)
{
    struct thread_sample sample[SAMPLES];
    size_t count;
    int code = 0;
    do {
        count = watched_read(&s->watched, sample, NULL, SAMPLES);
        for (size_t i = 0; i < count && !code; i++)
            code = add_sample(s, &sample[i]);
    } while (count == SAMPLES && !code);
    return code;
}

static void debug_answer(const struct contested_pair *pair, const char *answer)
{
    const struct contested_access *const a = &pair->access[0], *const b = &pair->access[1];
    debug(DEBUG_WATCH, "line %#" PRIx64 ": %d %s bytes %u-%u, %d %s bytes %u-%u: %s", pair->line,
        pair->tid[0], a->write ? "writes" : "reads", a->first, a->first + a->bytes - 1U,
        pair->tid[1], b->write ? "writes" : "reads", b->first, b->first + b->bytes - 1U, answer);
}

static bool has_ended(struct watch_session *s, int tid)
{
    const struct watched_thread *const t = watched_thread(&s->watched, tid);
    return !t || t->ended;
}

/* What the address lies in: a block of malloc's, else the mapping, unless it is a file's data. */
static bool find_block(struct watch_session *s, int tid, uint64_t address, struct proved_block *out)
{
    const struct watched_thread *const t = watched_thread(&s->watched, tid);
    struct address_space *const space = t ? &s->watched.process[t->process].space : NULL;
    const struct address_mapping *const m = space ? address_space_at(space, address) : NULL;
    struct heap_block block;
    if (!m || (m->inode && !m->shared))
        return false;
    *out = (struct proved_block){m->begin, m->end - m->begin, RECORD_MMAP};
    if (!m->shared && heap_block_at(space->pid, address, &block))
        *out = (struct proved_block){block.start, block.size, RECORD_CHUNK};
    return *m->path != '[' || out->kind == RECORD_CHUNK; /* the heap, a stack */
}

/* While they are there. */
static void note_blocks(struct watch_session *s, const struct contested_pair *pair)
{
    struct proved_block block;
    for (int i = 0; i < 2; i++)
        if (find_block(s, pair->tid[i], pair->access[i].address, &block))
            proved_add_block(&s->proved, pair->line, block);
}

/* Of the time that the program is watched; some lines at once. */
static bool may_count(const struct watch_session *s)
{
    const double part = 0.02, at_once_s = 0.05;
    return s->counting_s < watch_pace(s) * (at_once_s + part * watch_seconds(s));
}

/* *proved becomes false where it has to stay open. */
static int judge(struct watch_session *s, const struct contested_pair *pair,
    const struct proof_side side[2], const struct proof *proof, bool *proved,
    enum proved_kind *kind, struct err *err)
{
    enum proof_crossing crossing;
    *kind = proof->answer == PROOF_COMMON ? PROVED_COMMON : PROVED_SEPARATE;
    if (proof->crossed[0] == proof->crossed[1] || proved_crossing(&s->proved, pair->line, kind))
        return 0;
    *proved = may_count(s);
    if (!*proved)
        return 0;
    const double began = watch_seconds(s);
    const int code = proof_count_crossing(side, proof->crossed[1], &crossing, err);
    s->counting_s += watch_seconds(s) - began;
    *kind = crossing == CROSSING_RARELY ? PROVED_RARELY : PROVED_OFTEN;
    *proved = !code && crossing != CROSSING_UNKNOWN;
    return code;
}

/* *proved: it is proved that the two share the line, in this way. */
static int try(struct watch_session *s, const struct contested_pair *pair, bool *proved,
    enum proved_kind *kind, struct err *err)
{
    static const char *const answers[] = {"none", "late", "open", "open"},
                             *const kinds[PROVED_KINDS] = {
                                 "separate", "crossed rarely", "crossed", "common"};
    enum { SHORT_NS = 2000000, LONG_NS = 10000000, EVERY = 4 };
    struct proof_side side[2];
    struct proof proof;
    for (int i = 0; i < 2; i++)
        side[i] = (struct proof_side){.tid = pair->tid[i],
            .address = pair->access[i].address,
            .bytes = pair->access[i].bytes,
            .write = pair->access[i].write};
    /* What is rare, or on a busy machine, takes longer now and then. */
    const uint64_t most = s->tries++ % EVERY == EVERY - 1 ? LONG_NS : SHORT_NS;
    int code = proof_try(side, most, s->dead_ns, &proof, err);
    *proved = !code && (proof.answer == PROOF_SEPARATE || proof.answer == PROOF_COMMON);
    if (*proved)
        code = judge(s, pair, side, &proof, proved, kind, err);
    s->late += proof.answer == PROOF_LATE;
    debug_answer(pair, code ? strerror(-code) : *proved ? kinds[*kind] : answers[proof.answer]);
    return code;
}

int watch_prove(struct watch_session *s, struct err *err)
{
    struct contested_pair pair;
    enum proved_kind kind;
    bool proved;
    if (!contested_pick(s->contested, &s->rng, &pair))
        return 0;
    if (has_ended(s, pair.tid[0]) || has_ended(s, pair.tid[1]))
        return 0;
    const int code = try(s, &pair, &proved, &kind, err);
    s->occupied += code == -ENOSPC;
    if (code)
        return code == -ENOSPC || code == -ESRCH || code == -EINVAL ? 0 : code;
    if (!proved)
        return 0;
    if (proved_add(&s->proved, &pair, kind, watch_seconds(s)))
        return err_set(err, -ENOMEM, "out of memory");
    note_blocks(s, &pair);
    return 0;
}
