/* SPDX-License-Identifier: MIT
 * Records made by hand, for tests of what reads and judges them: as record_read() leaves them, or
 * written to a stream as the runtime would. */
#ifndef TESTS_RECORD_MAKER_H
#define TESTS_RECORD_MAKER_H

#include "base/record_read.h"

#include <stdio.h>
#include <string.h>

enum { MAKER_THREADS = 320, MAKER_LINES = 32, MAKER_TOUCHES = 320, MAKER_OBJECTS = 16 };

struct maker {
    struct recording record; /* points into the arrays below */
    struct record_thread thread[MAKER_THREADS];
    struct line_stat line[MAKER_LINES];
    struct footprint touch[MAKER_TOUCHES];
    struct record_object object[MAKER_OBJECTS];
    struct footprint life; /* life, begin_tick and end_tick of the footprints made next */
};

/* `threads` of them, and one second that was seen. */
static inline void maker_init(struct maker *m, size_t threads)
{
    memset(m, 0, sizeof *m);
    m->record = (struct recording){.thread = m->thread,
        .line = m->line,
        .touch = m->touch,
        .object = m->object,
        .threads = threads,
        .seconds = 1,
        .seen_seconds = 1};
    m->record.header.pid = 42;
    m->record.header.accesses = 10000000;
    for (size_t i = 0; i < threads; i++)
        m->thread[i] = (struct record_thread){.slot = (uint32_t)i + 1, .tid = 100 + (uint32_t)i};
}

static inline struct line_stat *maker_line(struct maker *m, uint64_t address)
{
    for (size_t i = 0; i < m->record.lines; i++)
        if (m->line[i].address == address)
            return &m->line[i];
    struct line_stat *const line = &m->line[m->record.lines++];
    line->address = address;
    return line;
}

static inline struct footprint *maker_touch(struct maker *m, struct line_stat *line, uint32_t slot)
{
    for (uint32_t i = line->touch; i; i = m->touch[i - 1].next)
        if (m->touch[i - 1].slot == slot && m->touch[i - 1].life == m->life.life)
            return &m->touch[i - 1];
    struct footprint *const touch = &m->touch[m->record.touches++];
    *touch = m->life;
    touch->slot = slot;
    touch->next = line->touch;
    line->touch = (uint32_t)m->record.touches;
    line->touches++;
    return touch;
}

struct made {
    uint32_t thread;
    uint64_t address;
    unsigned size, kind;
    uint64_t count, false_in, true_in;
    uint64_t pc;
};

/* Accesses of one site within one line. */
static inline void maker_add(struct maker *m, struct made a)
{
    struct line_stat *const line = maker_line(m, a.address / RECORD_LINE * RECORD_LINE);
    struct footprint *const t = maker_touch(m, line, a.thread);
    const unsigned first = a.address % RECORD_LINE;
    const uint64_t mask = ((a.size < 64 ? 1ull << a.size : 0) - 1) << first;
    t->site[t->sites++] = (struct record_site){.pc = a.pc ? a.pc : 0x1000 + 16 * m->record.touches,
        .count = a.count,
        .first = (uint8_t)first,
        .size = (uint8_t)a.size,
        .kind = (uint8_t)a.kind};
    if (a.kind & RECORD_READ) {
        t->read_mask |= mask;
        t->reads += a.count;
    }
    if (a.kind & RECORD_WRITE) {
        t->write_mask |= mask;
        t->writes += a.count;
    }
    t->false_in += a.false_in;
    t->true_in += a.true_in;
    line->false_handovers += a.false_in;
    line->true_handovers += a.true_in;
}

/* A heap block on all lines that were made so far and that it covers. */
static inline void maker_block(struct maker *m, uint64_t start, uint64_t size, uint64_t made_at)
{
    const uint32_t index = (uint32_t)m->record.objects++;
    m->object[index] = (struct record_object){
        .start = start, .size = size, .kind = RECORD_HEAP, .frames = 1, .stack = {made_at}};
    for (size_t i = 0; i < m->record.lines; i++)
        if (m->line[i].address < start + size && start < m->line[i].address + RECORD_LINE)
            m->line[i].object[m->line[i].objects++] = index;
}

static inline void maker_table(
    FILE *out, struct record_table *table, const void *entries, uint32_t bytes, size_t count)
{
    *table = (struct record_table){.offset = (uint64_t)ftello(out),
        .bytes = bytes,
        .capacity = (uint32_t)count,
        .count = (uint32_t)count};
    if (count)
        fwrite(entries, bytes, count, out);
}

/* Slots are written from 1 on, as the runtime counts them. */
static inline void maker_write(struct maker *m, FILE *out)
{
    struct record_header *const h = &m->record.header;
    h->magic = RECORD_MAGIC;
    h->version = RECORD_VERSION;
    h->bytes = sizeof *h;
    for (size_t i = 0; i < m->record.touches; i++)
        m->touch[i].slot++;
    fwrite(h, sizeof *h, 1, out);
    maker_table(out, &h->threads, m->thread, sizeof *m->thread, m->record.threads);
    maker_table(out, &h->modules, NULL, sizeof(struct record_module), 0);
    maker_table(out, &h->lines, m->line, sizeof *m->line, m->record.lines);
    maker_table(out, &h->touches, m->touch, sizeof *m->touch, m->record.touches);
    maker_table(out, &h->objects, m->object, sizeof *m->object, m->record.objects);
    rewind(out);
    fwrite(h, sizeof *h, 1, out);
    fflush(out);
    for (size_t i = 0; i < m->record.touches; i++)
        m->touch[i].slot--;
}

#endif
