/* SPDX-License-Identifier: MIT
 * Lines are the same by device, inode and place in the file, or what is in its place. */
#include "analysis/sharing/processes.h"

#include "base/compare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A line of a recording. */
struct place {
    uint64_t device, inode, offset;
    const struct line_stat *line;
    const struct recording *from;
    size_t index; /* of the recording */
};

/* What the tables of the joined recording are filled from. */
struct join {
    const struct recording *const *recording;
    size_t count;
    struct place *place; /* by what it is */
    size_t places;
    uint32_t *slot; /* the first of each recording in the joined one */
    struct recording *out;
};

/* The latest mapping that has the address: memory is mapped anew where other memory was. */
static bool find_place(const struct recording *r, const struct line_stat *line, struct place *out)
{
    for (uint32_t i = r->header.shares; i-- > 0;) {
        const struct record_share *const s = &r->header.share[i];
        if (line->address - s->start >= s->size)
            continue;
        out->device = s->device;
        out->inode = s->inode;
        out->offset = s->offset + (line->address - s->start);
        return true;
    }
    return false;
}

static int by_memory(const void *a, const void *b)
{
    const struct place *const x = a, *const y = b;
    int order = compare_u64(x->device, y->device);
    order = order ? order : compare_u64(x->inode, y->inode);
    return order ? order : compare_u64(x->offset, y->offset);
}

static int by_memory_then_process(const void *a, const void *b)
{
    const struct place *const x = a, *const y = b;
    const int order = by_memory(a, b);
    return order ? order : compare_u64(x->index, y->index);
}

static int list_places(struct join *j)
{
    size_t most = 0;
    for (size_t i = 0; i < j->count; i++)
        most += j->recording[i]->lines;
    j->place = calloc(most + 1, sizeof *j->place);
    for (size_t i = 0; j->place && i < j->count; i++)
        for (size_t k = 0; k < j->recording[i]->lines; k++) {
            struct place *const p = &j->place[j->places];
            *p = (struct place){
                .line = &j->recording[i]->line[k], .from = j->recording[i], .index = i};
            j->places +=
                p->line->touch && p->line->flags & RECORD_SHARED && find_place(p->from, p->line, p);
        }
    if (j->places)
        qsort(j->place, j->places, sizeof *j->place, by_memory_then_process);
    return j->place ? 0 : -ENOMEM;
}

static size_t group_end(const struct join *j, size_t from)
{
    size_t end = from;
    while (end < j->places && by_memory(&j->place[from], &j->place[end]) == 0)
        end++;
    return end;
}

static uint64_t end_ns(const struct recording *r)
{
    return r->header.end_ns ? r->header.end_ns : UINT64_MAX;
}

static bool live_together(const struct recording *a, const struct recording *b)
{
    return a != b && a->header.start_ns < end_ns(b) && b->header.start_ns < end_ns(a);
}

static bool is_of_processes(const struct join *j, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++)
        for (size_t k = i + 1; k < end; k++)
            if (live_together(j->place[i].from, j->place[k].from))
                return true;
    return false;
}

static const struct record_module *module_at(const struct recording *r, uint64_t address)
{
    for (size_t i = 0; i < r->modules; i++)
        if (address >= r->module[i].low && address < r->module[i].high)
            return &r->module[i];
    return NULL;
}

/* Where that code is in the joined recording; 0: not known. */
static uint64_t code_at(struct recording *out, const struct recording *from, uint64_t pc)
{
    const struct record_module *const m = module_at(from, pc);
    for (size_t i = 0; m && i < out->modules; i++)
        if (strcmp(out->module[i].path, m->path) == 0)
            return pc - m->base + out->module[i].base;
    if (!m || module_at(out, m->low) || module_at(out, m->high - 1))
        return 0;
    out->module[out->modules++] = *m;
    return pc;
}

/* A process's threads begin and end with it. */
static void add_footprint(
    struct join *j, struct line_stat *line, const struct place *from, const struct footprint *touch)
{
    struct recording *const out = j->out;
    struct footprint *const t = &out->touch[out->touches];
    const struct record_header *const h = &from->from->header;
    uint32_t kept = 0;
    *t = *touch;
    t->slot += j->slot[from->index];
    t->before_reads = t->before_writes = t->contended = 0;
    if (t->begin_tick < h->start_tick)
        t->begin_tick = h->start_tick;
    if (!t->end_tick)
        t->end_tick = h->end_tick;
    for (uint32_t i = 0; i < t->sites; i++) {
        struct record_site site = t->site[i];
        site.pc = code_at(out, from->from, site.pc);
        if (site.pc)
            t->site[kept++] = site;
    }
    t->sites = kept;
    t->next = line->touch;
    line->touch = (uint32_t)++out->touches;
    line->touches++;
}

static void add_objects(struct recording *out, struct line_stat *line, const struct place *first)
{
    for (uint32_t i = 0; i < first->line->objects; i++) {
        struct record_object object = first->from->object[first->line->object[i]];
        object.slot = (uint32_t)out->threads; /* not known */
        line->object[line->objects++] = (uint32_t)out->objects;
        out->object[out->objects++] = object;
    }
}

static void add_line(struct join *j, size_t from, size_t end)
{
    const struct place *const first = &j->place[from];
    struct line_stat *const line = &j->out->line[j->out->lines++];
    *line = (struct line_stat){
        .address = first->line->address, .lives = 1, .phases = 1, .flags = RECORD_SHARED};
    for (size_t i = from; i < end; i++) {
        const struct recording *const r = j->place[i].from;
        line->first_tick = line->first_tick ? line->first_tick : j->place[i].line->first_tick;
        for (uint32_t t = j->place[i].line->touch; t; t = r->touch[t - 1].next)
            add_footprint(j, line, &j->place[i], &r->touch[t - 1]);
    }
    add_objects(j->out, line, first);
}

static void *table(size_t count, size_t bytes)
{
    void *const made = aligned_alloc(64, ((count + 1) * bytes + 63) / 64 * 64);
    if (made)
        memset(made, 0, (count + 1) * bytes);
    return made;
}

/* Room for all that may be joined. */
static int make_tables(struct join *j)
{
    size_t threads = 0, modules = 0, touches = 0;
    for (size_t i = 0; i < j->count; i++) {
        threads += j->recording[i]->threads;
        modules += j->recording[i]->modules;
        touches += j->recording[i]->touches;
    }
    j->slot = calloc(j->count + 1, sizeof *j->slot);
    j->out->thread = table(threads, sizeof *j->out->thread);
    j->out->module = table(modules, sizeof *j->out->module);
    j->out->touch = table(touches, sizeof *j->out->touch);
    j->out->line = table(j->places, sizeof *j->out->line);
    j->out->object = table(j->places * RECORD_OBJECTS, sizeof *j->out->object);
    return j->slot && j->out->thread && j->out->module && j->out->touch && j->out->line &&
                   j->out->object
               ? 0
               : -ENOMEM;
}

static void add_recordings(struct join *j)
{
    for (size_t i = 0; i < j->count; i++) {
        const struct recording *const r = j->recording[i];
        struct recording *const out = j->out;
        j->slot[i] = (uint32_t)out->threads;
        for (size_t k = 0; k < r->threads; k++)
            out->thread[out->threads++] = r->thread[k];
        out->header.accesses += r->header.accesses;
        out->seconds = r->seconds > out->seconds ? r->seconds : out->seconds;
        if (r->seen_seconds > out->seen_seconds)
            out->seen_seconds = r->seen_seconds;
    }
}

static void begin_joined(struct join *j, const struct recording *first)
{
    j->out->header = first->header;
    j->out->header.accesses = 0;
    j->out->joined = true;
    for (size_t i = 0; i < first->modules; i++)
        j->out->module[j->out->modules++] = first->module[i];
    add_recordings(j);
}

static int join_places(struct join *j)
{
    for (size_t i = 0, end; i < j->places; i = end) {
        end = group_end(j, i);
        if (!is_of_processes(j, i, end))
            continue;
        if (j->out->lines == 0) {
            if (make_tables(j))
                return -ENOMEM;
            begin_joined(j, j->place[i].from);
        }
        add_line(j, i, end);
    }
    return 0;
}

int processes_join(const struct recording *const *recording, size_t count, struct recording *out)
{
    struct join j = {.recording = recording, .count = count, .out = out};
    *out = (struct recording){.lines = 0};
    int code = list_places(&j);
    if (!code)
        code = join_places(&j);
    if (code)
        record_fini(out);
    free(j.place);
    free(j.slot);
    return code;
}
