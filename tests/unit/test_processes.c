/* SPDX-License-Identifier: MIT
 * Lines of memory that processes share, joined from their recordings. */
#include "tests/test.h"

#include "analysis/sharing/processes.h"

#include <string.h>

enum { LINES = 4, PROGRAM = 0x400000, LIBRARY = 0x7f0000 };

/* A process with one thread, a program, and a mapping at `start` of the file `inode`. */
struct process {
    struct recording r;
    struct record_thread thread[1];
    struct record_module module[2];
    struct line_stat line[LINES];
    struct footprint touch[LINES];
    struct record_object object[1];
};

static void begin(struct process *p, uint64_t start, uint64_t inode, uint64_t begin, uint64_t end)
{
    memset(p, 0, sizeof *p);
    p->r = (struct recording){.thread = p->thread,
        .module = p->module,
        .line = p->line,
        .touch = p->touch,
        .object = p->object,
        .threads = 1,
        .modules = 1,
        .objects = 1,
        .seconds = 1,
        .seen_seconds = 1};
    p->r.header.start_ns = p->r.header.start_tick = begin;
    p->r.header.end_ns = p->r.header.end_tick = end;
    p->r.header.accesses = 100;
    p->r.header.shares = 1;
    p->r.header.share[0] = (struct record_share){
        .start = start, .size = 4096, .device = 7, .inode = inode, .offset = 4096};
    strcpy(p->module[0].path, "/bin/program");
    p->module[0].base = p->module[0].low = PROGRAM;
    p->module[0].high = PROGRAM + 0x1000;
    p->object[0] = (struct record_object){.start = start, .size = 4096, .kind = RECORD_MMAP};
}

/* The thread writes bytes of a line, by the code at `pc`. */
static void write_line(struct process *p, uint64_t address, unsigned first, uint64_t pc)
{
    struct line_stat *const line = &p->line[p->r.lines++];
    struct footprint *const t = &p->touch[p->r.touches++];
    *t = (struct footprint){
        .writes = 50, .write_mask = 0xffull << first, .sites = 1, .before_writes = 20};
    t->site[0] = (struct record_site){
        .pc = pc, .count = 50, .first = (uint8_t)first, .size = 8, .kind = RECORD_WRITE};
    *line = (struct line_stat){.address = address,
        .touch = (uint32_t)p->r.touches,
        .touches = 1,
        .flags = RECORD_SHARED,
        .objects = 1};
}

static struct recording join(struct process *const *process, size_t count)
{
    const struct recording *list[4];
    struct recording out;
    for (size_t i = 0; i < count; i++)
        list[i] = &process[i]->r;
    assert_int_equal(processes_join(list, count, &out), 0);
    return out;
}

static void the_same_place_in_a_file_is_one_line(void **state)
{
    (void)state;
    struct process a, b;
    begin(&a, 0x10000, 1, 10, 100);
    begin(&b, 0x90000, 1, 20, 0); /* mapped elsewhere, and still running or killed */
    b.module[0].base = b.module[0].low = PROGRAM + 0x100000;
    b.module[0].high = b.module[0].low + 0x1000;
    write_line(&a, 0x10040, 0, PROGRAM + 0x10);
    write_line(&a, 0x10080, 0, PROGRAM + 0x10); /* the other has none there */
    write_line(&b, 0x90040, 8, PROGRAM + 0x100020);
    struct recording j = join((struct process *[]){&a, &b}, 2);
    assert_true(j.joined);
    assert_int_equal(j.lines, 1);
    assert_int_equal(j.threads, 2);
    assert_int_equal(j.line[0].address, 0x10040);
    assert_int_equal(j.line[0].touches, 2);
    const struct footprint *const second = &j.touch[j.line[0].touch - 1],
                                  *const first = &j.touch[second->next - 1];
    assert_int_equal(second->slot, 1);
    assert_int_equal(first->slot, 0);
    assert_int_equal(footprint_phase_accesses(first), 50);
    assert_int_equal(second->begin_tick, 20);
    assert_int_equal(first->end_tick, 100);
    assert_int_equal(second->end_tick, 0);
    assert_int_equal(second->site[0].pc, PROGRAM + 0x20); /* where the first one has that code */
    assert_int_equal(j.object[j.line[0].object[0]].start, 0x10000);
    assert_int_equal(j.header.accesses, 200);
    record_fini(&j);
}

static void code_that_only_the_other_has(void **state)
{
    (void)state;
    struct process a, b;
    begin(&a, 0x10000, 1, 10, 100);
    begin(&b, 0x10000, 1, 20, 90);
    strcpy(b.module[0].path, "/bin/other"); /* at the addresses of the first one's program */
    strcpy(b.module[1].path, "/lib/other.so");
    b.module[1].base = b.module[1].low = LIBRARY;
    b.module[1].high = LIBRARY + 0x1000;
    b.r.modules = 2;
    write_line(&a, 0x10040, 0, PROGRAM + 0x10);
    write_line(&b, 0x10040, 8, PROGRAM + 0x20);
    write_line(&a, 0x100c0, 0, PROGRAM + 0x10);
    write_line(&b, 0x100c0, 8, LIBRARY + 0x20);
    struct recording j = join((struct process *[]){&a, &b}, 2);
    assert_int_equal(j.lines, 2);
    assert_int_equal(j.touch[j.line[0].touch - 1].sites, 0); /* not known */
    assert_int_equal(j.touch[j.line[1].touch - 1].site[0].pc, LIBRARY + 0x20);
    assert_int_equal(j.modules, 2);
    record_fini(&j);
}

static void processes_have_to_live_at_the_same_time(void **state)
{
    (void)state;
    struct process a, b, c;
    begin(&a, 0x10000, 1, 10, 100);
    begin(&b, 0x10000, 1, 100, 200);
    begin(&c, 0x10000, 2, 10, 200); /* another file */
    write_line(&a, 0x10040, 0, PROGRAM + 0x10);
    write_line(&b, 0x10040, 8, PROGRAM + 0x20);
    write_line(&c, 0x10040, 8, PROGRAM + 0x20);
    struct recording j = join((struct process *[]){&a, &b, &c}, 3);
    assert_int_equal(j.lines, 0);
    record_fini(&j);
    begin(&c, 0x10000, 1, 150, 250); /* with the second one */
    write_line(&c, 0x10040, 8, PROGRAM + 0x20);
    j = join((struct process *[]){&a, &b, &c}, 3);
    assert_int_equal(j.lines, 1);
    record_fini(&j);
}

static void what_was_mapped_there_last_counts(void **state)
{
    (void)state;
    struct process a, b;
    begin(&a, 0x10000, 1, 10, 100);
    begin(&b, 0x10000, 1, 10, 100);
    b.r.header.share[1] = b.r.header.share[0];
    b.r.header.share[1].inode = 2;
    b.r.header.shares = 2;
    write_line(&a, 0x10040, 0, PROGRAM + 0x10);
    write_line(&b, 0x10040, 8, PROGRAM + 0x20);
    struct recording j = join((struct process *[]){&a, &b}, 2);
    assert_int_equal(j.lines, 0);
    record_fini(&j);
    a.line[0].flags = 0; /* of no memory that processes share */
    b.r.header.shares = 1;
    j = join((struct process *[]){&a, &b}, 2);
    assert_int_equal(j.lines, 0);
    record_fini(&j);
}
