/* SPDX-License-Identifier: MIT
 * base/record_read: whole records, and those that are cut, foreign or inconsistent. */
#include "tests/test.h"

#include "base/record_read.h"
#include "tests/record_maker.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static FILE *new_file(struct maker *m)
{
    maker_init(m, 2);
    maker_add(m, (struct made){0, 0x1000, 8, RECORD_WRITE, 5, 0, 0, 0x77});
    maker_add(m, (struct made){1, 0x1008, 8, RECORD_READ, 6, 3, 0, 0x88});
    maker_add(m, (struct made){1, 0x1040, 8, RECORD_READ, 7, 0, 0, 0x99});
    maker_block(m, 0x1000, 64, 0x55);
    m->object[0].slot = 2;
    m->record.header.start_ns = 1000000000;
    m->record.header.end_ns = 3000000000;
    m->record.header.start_tick = 100;
    m->record.header.end_tick = 300;
    m->record.header.seen_ticks = 50;
    FILE *const file = tmpfile();
    assert_non_null(file);
    maker_write(m, file);
    return file;
}

static int read_from(FILE *file, struct recording *r, struct err *err)
{
    rewind(file);
    const int code = record_read(file, "x.rec", r, err);
    fclose(file);
    return code;
}

static void check_refused(FILE *file, const char *why)
{
    struct recording r;
    struct err err = {0};
    char text[200];
    assert_int_equal(read_from(file, &r, &err), -EINVAL);
    snprintf(text, sizeof text, "'x.rec' is not a numaprobe recording that can be read: %s", why);
    assert_string_equal(err.text, text);
    assert_null(r.line);
}

static void test_whole(void **state)
{
    struct maker m;
    struct recording r;
    (void)state;
    assert_int_equal(read_from(new_file(&m), &r, NULL), 0);
    assert_int_equal(r.threads, 2);
    assert_int_equal(r.lines, 2);
    assert_int_equal(r.touches, 3);
    assert_int_equal(r.line[0].touches, 2);
    const struct footprint *const t = &r.touch[r.line[0].touch - 1];
    assert_int_equal(t->slot, 1);
    assert_int_equal(t->site[0].pc, 0x88);
    assert_int_equal(r.touch[t->next - 1].slot, 0);
    assert_int_equal(r.object[0].slot, 1);
    assert_true(r.seconds == 2);
    assert_true(r.seen_seconds == 0.5);
    record_fini(&r);
    record_fini(&r);
}

/* Without an end, as of a killed process, what is known last is the end. */
static void test_killed(void **state)
{
    struct maker m;
    struct recording r;
    (void)state;
    FILE *const file = new_file(&m);
    m.record.header.end_ns = m.record.header.end_tick = 0;
    m.record.header.last_ns = 2000000000;
    m.record.header.last_tick = 200;
    rewind(file);
    fwrite(&m.record.header, sizeof m.record.header, 1, file);
    assert_int_equal(read_from(file, &r, NULL), 0);
    assert_true(r.seconds == 1);
    assert_true(r.seen_seconds == 0.5);
    record_fini(&r);
}

static void test_foreign(void **state)
{
    struct maker m;
    (void)state;
    check_refused(tmpfile(), "bad magic");
    FILE *file = tmpfile();
    fputs("not a record", file);
    check_refused(file, "bad magic");
    file = new_file(&m);
    m.record.header.version++;
    rewind(file);
    fwrite(&m.record.header, sizeof m.record.header, 1, file);
    check_refused(file, "it was written by another version of numaprobe");
    file = new_file(&m);
    m.record.header.lines.bytes--;
    rewind(file);
    fwrite(&m.record.header, sizeof m.record.header, 1, file);
    check_refused(file, "it was written by another version of numaprobe");
}

static void test_cut(void **state)
{
    struct maker m;
    struct recording r;
    (void)state;
    FILE *file = new_file(&m);
    fseek(file, 0, SEEK_END);
    const long whole = ftell(file);
    fclose(file);
    for (long at = sizeof(struct record_header) - 1; at < whole; at += 37) {
        file = new_file(&m);
        assert_int_equal(ftruncate(fileno(file), at), 0);
        check_refused(file, "it is truncated");
    }
    /* A count that no file holds costs no memory. */
    file = new_file(&m);
    m.record.header.touches.count = m.record.header.touches.capacity = 1 << 24;
    rewind(file);
    fwrite(&m.record.header, sizeof m.record.header, 1, file);
    check_refused(file, "it is truncated");
    file = new_file(&m);
    m.record.header.touches.count = m.record.header.touches.capacity = UINT32_MAX;
    rewind(file);
    fwrite(&m.record.header, sizeof m.record.header, 1, file);
    check_refused(file, "a table is impossibly large");
    file = new_file(&m);
    m.record.header.lines.offset = UINT64_MAX;
    rewind(file);
    fwrite(&m.record.header, sizeof m.record.header, 1, file);
    assert_true(read_from(file, &r, NULL) < 0);
}

/* Rewrites the tables after `change`. */
static void read_changed(void (*change)(struct maker *), struct recording *r)
{
    struct maker m;
    fclose(new_file(&m));
    change(&m);
    FILE *const file = tmpfile();
    maker_write(&m, file);
    assert_int_equal(read_from(file, r, NULL), 0);
}

static void make_ring(struct maker *m)
{
    m->touch[0].next = 2; /* 2 -> 1 -> 2 */
}
static void make_far(struct maker *m)
{
    m->touch[1].next = 1000;
    m->line[1].touch = 0xffffffff;
}
static void make_joined(struct maker *m)
{
    m->touch[2].next = 1; /* the second line's list runs into the first's */
}
static void make_stranger(struct maker *m)
{
    m->touch[1].slot = 77;
}
static void make_wild(struct maker *m)
{
    m->touch[0].sites = 99;
    m->touch[0].site[0].first = 60; /* 8 bytes */
    m->touch[1].site[0].size = 0;
    m->line[0].objects = 99;
    m->line[0].object[1] = 1000;
    m->object[0].frames = 99;
    m->object[0].size = UINT64_MAX;
    m->object[0].slot = 99;
    m->thread[0].frames = 99;
    m->record.header.argv_bytes = 99999;
    memset(m->thread[0].name, 'x', sizeof m->thread[0].name);
    m->touch[2].reads = m->touch[2].site[0].count = m->line[0].true_handovers = UINT64_MAX;
}

static void test_inconsistent(void **state)
{
    struct recording r;
    (void)state;
    read_changed(make_ring, &r);
    assert_int_equal(r.line[0].touches, 2);
    assert_int_equal(r.touch[0].next, 0);
    record_fini(&r);
    read_changed(make_far, &r);
    assert_int_equal(r.line[0].touches, 1);
    assert_int_equal(r.line[1].touches, 0);
    assert_int_equal(r.line[1].touch, 0);
    record_fini(&r);
    read_changed(make_joined, &r);
    assert_int_equal(r.line[0].touches, 2);
    assert_int_equal(r.line[1].touches, 1);
    record_fini(&r);
    read_changed(make_stranger, &r);
    assert_int_equal(r.line[0].touches, 0);
    record_fini(&r);
    read_changed(make_wild, &r);
    assert_int_equal(r.touch[0].sites, 0); /* beyond the line, and those that were none */
    assert_int_equal(r.touch[1].sites, 0);
    assert_int_equal(r.line[0].objects, RECORD_OBJECTS - 1);
    assert_int_equal(r.object[0].frames, RECORD_FRAMES);
    assert_true(r.object[0].start + r.object[0].size >= r.object[0].start);
    assert_int_equal(r.object[0].slot, r.threads);
    assert_int_equal(r.thread[0].frames, RECORD_FRAMES);
    assert_int_equal(r.header.argv_bytes, sizeof r.header.argv);
    assert_int_equal(strlen(r.thread[0].name), sizeof r.thread[0].name - 1);
    assert_true(r.touch[2].reads < UINT64_MAX / 64); /* can be summed */
    assert_true(r.touch[2].site[0].count < UINT64_MAX / 64);
    assert_true(r.line[0].true_handovers < UINT64_MAX / 64);
    record_fini(&r);
}

/* What was not counted while a line rested is not the reader's business. */
static void make_rested(struct maker *m)
{
    m->touch[0].rested = 4;
    m->touch[1].false_in = 60;
    m->touch[1].rested = UINT64_MAX;
    m->line[0].false_handovers = 100;
}

static void test_rested(void **state)
{
    struct recording r;
    (void)state;
    read_changed(make_rested, &r);
    assert_int_equal(r.line[0].false_handovers, 100);
    assert_int_equal(r.touch[1].false_in, 60);
    assert_int_equal(r.touch[0].rested, 4);
    assert_int_equal(r.touch[1].rested, RECORD_COUNT_MAX);
    record_fini(&r);
}
