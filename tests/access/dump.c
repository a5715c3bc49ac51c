/* SPDX-License-Identifier: MIT
 * Prints a recording as lines of words, for the tests: dump FILE. */
#include "base/record.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *base;

static const void *entry(const struct record_table *table, uint32_t index)
{
    return base + table->offset + (uint64_t)index * table->bytes;
}

static void print_line(const struct record_header *h, const struct line_stat *line)
{
    printf("line %" PRIx64 " flags %u touches %u false %" PRIu64 " true %" PRIu64 " read %" PRIu64
           " ordered %" PRIu64 " phases %u objects %u\n",
        line->address, line->flags, line->touches, line->false_handovers, line->true_handovers,
        line->read_handovers, line->ordered_handovers, line->phases, line->objects);
    uint32_t i = line->touch;
    for (uint32_t n = 0; i && n < line->touches; n++) {
        const struct footprint *t = entry(&h->touches, i - 1);
        printf("touch %" PRIx64 " slot %u read %" PRIx64 " write %" PRIx64 " reads %" PRIu64
               " writes %" PRIu64 " false %" PRIu64 " true %" PRIu64 " sites %u lost %" PRIu64 "\n",
            line->address, t->slot, t->read_mask, t->write_mask, t->reads, t->writes, t->false_in,
            t->true_in, t->sites, t->sites_lost);
        for (uint32_t s = 0; s < t->sites; s++)
            printf("site %" PRIx64 " slot %u pc %" PRIx64 " first %u size %u kind %u count %" PRIu64
                   "\n",
                line->address, t->slot, t->site[s].pc, t->site[s].first, t->site[s].size,
                t->site[s].kind, t->site[s].count);
        i = t->next;
    }
    for (uint32_t k = 0; k < line->objects; k++) {
        const struct record_object *o = entry(&h->objects, line->object[k]);
        printf("object %" PRIx64 " start %" PRIx64 " size %" PRIu64
               " kind %u slot %u alive %u frames %u stack",
            line->address, o->start, o->size, o->kind, o->slot, o->alive, o->frames);
        for (uint32_t f = 0; f < o->frames; f++)
            printf(" %" PRIx64, o->stack[f]);
        printf("\n");
    }
}

static void print_recording(const struct record_header *h)
{
    const double seconds = (double)(h->last_ns - h->start_ns) / 1e9;
    const double rate = (double)(h->last_tick - h->start_tick) / seconds;
    printf("record pid %u mode %u ended %u threads %u created %u accesses %" PRIu64
           " handovers %" PRIu64 " allocations %" PRIu64 " lost %" PRIu64 " bursts %" PRIu64
           " seen %.6f threaded %.6f note %s\n",
        h->pid, h->mode, h->ended, h->threads.count, h->threads_created, h->accesses, h->handovers,
        h->allocations, h->allocations_lost, h->bursts, (double)h->seen_ticks / rate,
        (double)h->threaded_ticks / rate, h->note[0] ? h->note : "-");
    printf("full lines %" PRIu64 " touches %" PRIu64 " objects %" PRIu64 " used lines %u touches %u"
           " objects %u outside %" PRIu64 "\n",
        h->lines.overflowed, h->touches.overflowed, h->objects.overflowed, h->lines.count,
        h->touches.count, h->objects.count, h->outside);
    for (uint32_t i = 0; i < h->modules.count; i++) {
        const struct record_module *m = entry(&h->modules, i);
        printf("module %" PRIx64 " low %" PRIx64 " high %" PRIx64 " id %u tls %" PRIu64
               " before %" PRIu64 " %s\n",
            m->base, m->low, m->high, m->build_id_bytes, m->tls_bytes, m->tls_before, m->path);
    }
    for (uint32_t i = 0; i < h->threads.count; i++) {
        const struct record_thread *t = entry(&h->threads, i);
        printf("thread %u lives %u accesses %" PRIu64 " cpu %.6f frames %u name %s\n", t->slot,
            t->lives, t->accesses, (double)t->cpu_ns / 1e9, t->frames, t->name);
    }
    for (uint32_t i = 0; i < h->lines.count; i++) {
        const struct line_stat *line = entry(&h->lines, i);
        if (line->touch && line->touches)
            print_line(h, line);
    }
}

int main(int argc, char **argv)
{
    struct stat status;
    const int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    if (file < 0 || fstat(file, &status) != 0 ||
        status.st_size < (off_t)sizeof(struct record_header))
        return 1;
    base = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, file, 0);
    if (base == MAP_FAILED)
        return 1;
    const struct record_header *h = (const struct record_header *)base;
    if (h->magic != RECORD_MAGIC)
        return 1;
    print_recording(h);
    return 0;
}
