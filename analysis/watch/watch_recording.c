/* SPDX-License-Identifier: MIT
 * The tables of a recording. */
#include "analysis/watch/watch_recording.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Counts are judged as Poisson's there; proofs are sure. */
enum { SURE = 1000 };

const struct sharing_rule watch_rule = {
    .line_bytes = RECORD_LINE,
    .least = 1,
    .latent_per_second = 1e18, /* what did not happen is not proved */
    .latent_least = UINT64_MAX,
    .mixed = 0.2,
};

uint64_t proved_address(const struct proved_line *line)
{
    const struct contested_access *const access = &line->user[0].access[0];
    return access->address - access->first;
}

static uint64_t mask_of(const struct contested_access *access)
{
    const uint64_t all = access->bytes >= CONTESTED_LINE ? UINT64_MAX : (1ull << access->bytes) - 1;
    return all << access->first;
}

static void add_site(const struct contested_access *access, struct footprint *out)
{
    const uint64_t count = (uint64_t)access->weight;
    *(access->write ? &out->writes : &out->reads) += count;
    *(access->write ? &out->write_mask : &out->read_mask) |= mask_of(access);
    if (out->sites < RECORD_SITES)
        out->site[out->sites++] = (struct record_site){.pc = access->next,
            .count = count,
            .first = access->first,
            .size = access->bytes,
            .kind = access->write ? RECORD_WRITE : RECORD_READ};
}

static uint32_t slot_of(const struct watch_scene *scene, int tid)
{
    uint32_t i = 0;
    while (i < scene->threads && scene->thread[i].tid != tid)
        i++;
    return i;
}

static void fill_line(
    const struct watch_scene *scene, const struct proved_line *line, struct recording *out)
{
    struct line_stat *const l = &out->line[out->lines++];
    *l = (struct line_stat){.address = proved_address(line),
        .phases = 1,
        .false_handovers = (uint64_t)line->separate * SURE,
        .true_handovers = (uint64_t)line->common * SURE};
    for (unsigned i = 0; i < line->users; i++) {
        const struct contested_user *const user = &line->user[i];
        struct footprint *const f = &out->touch[out->touches];
        const uint32_t slot = slot_of(scene, user->tid);
        if (slot == scene->threads) /* it has ended */
            continue;
        *f = (struct footprint){.next = l->touch, .slot = slot, .life = 1};
        for (unsigned k = 0; k < user->accesses; k++)
            add_site(&user->access[k], f);
        f->contended = f->reads + f->writes;
        l->touch = (uint32_t)++out->touches;
        l->touches++;
    }
}

static void fill_objects(
    const struct watch_scene *scene, const struct proved_line *line, struct recording *out)
{
    struct line_stat *const l = &out->line[out->lines - 1];
    for (unsigned i = 0; i < line->blocks; i++) {
        l->object[l->objects++] = (uint32_t)out->objects;
        out->object[out->objects++] = (struct record_object){.start = line->block[i].start,
            .size = line->block[i].size,
            .kind = line->block[i].kind,
            .slot = (uint32_t)scene->threads,
            .alive = 1};
    }
}

static void fill_threads(const struct watch_scene *scene, struct recording *out)
{
    for (; out->threads < scene->threads; out->threads++) {
        const struct watch_thread *const t = &scene->thread[out->threads];
        struct record_thread *const r = &out->thread[out->threads];
        *r = (struct record_thread){.slot = (uint32_t)out->threads,
            .tid = (uint32_t)t->tid,
            .lives = 1,
            .accesses = t->samples,
            .stack_low = t->stack_low,
            .stack_high = t->stack_high,
            .thread_pointer = t->thread_pointer};
        strncpy(r->name, t->name, sizeof r->name - 1);
        out->header.accesses += t->samples;
    }
}

static void *table(size_t count, size_t bytes)
{
    return aligned_alloc(64, ((count + 1) * bytes + 63) / 64 * 64);
}

int watch_record(const struct watch_scene *scene, struct recording *out)
{
    *out = (struct recording){
        .header = {.pid = (uint32_t)scene->pid, .seen_ticks = 1, .threaded_ticks = 1},
        .seconds = scene->seconds,
        .seen_seconds = scene->seconds};
    out->thread = table(scene->threads, sizeof *out->thread);
    out->module = table(scene->modules, sizeof *out->module);
    out->line = table(scene->proved->lines, sizeof *out->line);
    out->touch = table(scene->proved->lines * CONTESTED_USERS, sizeof *out->touch);
    out->object = table(scene->proved->lines * PROVED_BLOCKS, sizeof *out->object);
    if (!out->object || !out->thread || !out->module || !out->line || !out->touch) {
        record_fini(out);
        return -ENOMEM;
    }
    snprintf(out->header.argv, sizeof out->header.argv, "%s", scene->name);
    out->header.argv_bytes = (uint32_t)strlen(out->header.argv) + 1;
    for (; out->modules < scene->modules; out->modules++)
        out->module[out->modules] = scene->module[out->modules];
    fill_threads(scene, out);
    for (size_t i = 0; i < scene->proved->lines; i++)
        if (proved_is_sure(&scene->proved->line[i])) {
            fill_line(scene, &scene->proved->line[i], out);
            fill_objects(scene, &scene->proved->line[i], out);
        }
    return 0;
}
