/* SPDX-License-Identifier: MIT
 * analysis/price/pattern: from a record written by hand to accesses to replay, and where padding
 * puts them. */
#include "tests/test.h"

#include "analysis/price/pattern.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { ADDRESS = 0x10000, OPS = 1000000 };

/* Two threads, each with a site or two on one line. */
struct made {
    struct record_thread thread[2];
    struct footprint touch[2];
    struct line_stat line, second;
    const struct line_stat *lines[2];
    struct recording record;
    struct sharing sharing;
};

static struct record_site site(unsigned first, unsigned size, unsigned kind, uint64_t count)
{
    return (struct record_site){.pc = first + 1,
        .count = count,
        .first = (uint8_t)first,
        .size = (uint8_t)size,
        .kind = (uint8_t)kind};
}

static void add_site(struct made *m, unsigned thread, struct record_site s)
{
    struct footprint *const t = &m->touch[thread];
    t->site[t->sites++] = s;
    t->reads += s.kind & RECORD_READ ? s.count : 0;
    t->writes += s.kind & RECORD_WRITE ? s.count : 0;
}

static void make(struct made *m)
{
    *m = (struct made){.line = {.address = ADDRESS, .touch = 1, .touches = 2}};
    for (uint32_t i = 0; i < 2; i++) {
        m->thread[i] = (struct record_thread){
            .slot = i, .tid = 100 + i, .lives = 1, .begin_ns = 0, .end_ns = 1000000};
        m->touch[i] = (struct footprint){.slot = i, .next = i == 0 ? 2 : 0};
    }
    m->lines[0] = &m->line;
    m->record = (struct recording){.header = {.mode = RECORD_FULL, .last_ns = 10, .last_tick = 10},
        .thread = m->thread,
        .threads = 2,
        .touch = m->touch,
        .touches = 2,
        .line = &m->line,
        .lines = 1};
    m->sharing = (struct sharing){.recording = &m->record, .line = m->lines, .lines = 1};
}

static struct pattern build(struct made *m)
{
    struct pattern p;
    const char *why;
    const struct pattern_item item[] = {{.sharing = &m->sharing}};
    assert_int_equal(pattern_build(item, 1, &p, &why), 0);
    assert_null(why);
    return p;
}

static void reads_and_writes_of_the_same_bytes_are_one_access(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    for (unsigned i = 0; i < 2; i++) {
        add_site(&m, i, site(8 * i, 8, RECORD_READ, OPS));
        add_site(&m, i, site(8 * i, 8, RECORD_WRITE, OPS));
    }
    struct pattern p = build(&m);
    assert_int_equal(p.threads, 2);
    assert_int_equal(p.thread[0].accesses, 1);
    assert_int_equal(p.thread[0].access[0].op, PATTERN_RMW);
    assert_int_equal(p.thread[0].access[0].size, 8);
    assert_true(p.thread[0].ops == OPS);
    pattern_fini(&p);
}

static void what_is_read_more_often_is_loaded_too(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    add_site(&m, 0, site(0, 4, RECORD_READ, 3 * OPS));
    add_site(&m, 0, site(0, 4, RECORD_WRITE, OPS));
    add_site(&m, 1, site(8, 8, RECORD_READ | RECORD_WRITE | RECORD_ATOMIC, OPS));
    struct pattern p = build(&m);
    assert_int_equal(p.thread[0].accesses, 2);
    assert_int_equal(p.thread[0].access[0].op, PATTERN_LOAD);
    assert_true(p.thread[0].access[0].count == 2 * OPS);
    assert_int_equal(p.thread[0].access[1].op, PATTERN_RMW);
    assert_int_equal(p.thread[1].access[0].op, PATTERN_ADD);
    assert_true(p.thread[1].ops == OPS);
    pattern_fini(&p);
}

static void accesses_without_a_site_count(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    add_site(&m, 0, site(0, 8, RECORD_WRITE, OPS));
    add_site(&m, 1, site(8, 8, RECORD_WRITE, OPS));
    m.touch[0].writes = 5 * OPS;
    struct pattern p = build(&m);
    assert_true(p.thread[0].ops == 5 * OPS);
    pattern_fini(&p);
}

static void a_thread_without_sites_does_as_the_others(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    add_site(&m, 0, site(0, 8, RECORD_READ | RECORD_WRITE | RECORD_ATOMIC, OPS));
    m.touch[1].reads = m.touch[1].writes = OPS;
    m.touch[1].read_mask = m.touch[1].write_mask = 0xff00;
    struct pattern p = build(&m);
    assert_int_equal(p.thread[1].accesses, 1);
    assert_int_equal(p.thread[1].access[0].op, PATTERN_ADD);
    assert_int_equal(p.thread[1].access[0].size, 8);
    assert_true(p.thread[1].ops == OPS);
    pattern_fini(&p);
}

static void what_is_not_aligned_is_replayed_in_pieces(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    add_site(&m, 0, site(6, 8, RECORD_WRITE, OPS));
    add_site(&m, 1, site(24, 8, RECORD_WRITE, OPS));
    struct pattern p = build(&m);
    assert_int_equal(p.thread[0].accesses, 3); /* 2 at 6, 4 at 8, 2 at 12 */
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(p.thread[0].access[i].at[PATTERN_SHARED] % p.thread[0].access[i].size, 0);
    pattern_fini(&p);
}

static void the_share_of_life_is_that_of_the_gaps(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    for (unsigned i = 0; i < 2; i++)
        add_site(&m, i, site(8 * i, 8, RECORD_WRITE, 1000));
    m.touch[0].gap_ticks = 100 * 250; /* 250 ticks of 1 ns; a quarter of the life of 1 ms */
    m.touch[0].gaps = 100;
    struct pattern p = build(&m);
    assert_true(fabs(p.thread[0].active - 0.25) < 1e-9);
    assert_true(p.thread[1].active == 1); /* not known */
    pattern_fini(&p);
}

/* A tenth of the time was seen. */
static void what_was_seen_in_bursts_counts_for_all_the_time(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    for (unsigned i = 0; i < 2; i++)
        add_site(&m, i, site(8 * i, 8, RECORD_WRITE, OPS));
    m.record.header.mode = RECORD_SAMPLED;
    m.record.header.threaded_ticks = 1000;
    m.record.header.seen_ticks = 100;
    struct pattern p = build(&m);
    assert_true(fabs(p.thread[0].ops / OPS - 10) < 1e-9);
    pattern_fini(&p);
}

static void one_thread_is_refused(void **state)
{
    (void)state;
    struct made m;
    struct pattern p;
    const char *why;
    make(&m);
    add_site(&m, 0, site(0, 8, RECORD_WRITE, OPS));
    const struct pattern_item item[] = {{.sharing = &m.sharing}};
    assert_int_equal(pattern_build(item, 1, &p, &why), 0);
    assert_non_null(strstr(why, "two threads"));
    pattern_fini(&p);
}

/* The second finding's line is used half as often. */
static void findings_keep_their_rates_and_lie_apart(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    struct footprint touch[4] = {m.touch[0], m.touch[1], m.touch[0], m.touch[1]};
    struct line_stat second = {.address = ADDRESS + 100 * PATTERN_LINE, .touch = 3, .touches = 2};
    const struct line_stat *line = &second;
    struct sharing other = {.recording = &m.record, .line = &line, .lines = 1};
    for (uint32_t i = 0; i < 4; i++) {
        const uint64_t count = i < 2 ? 2 * OPS : OPS;
        touch[i].next = i % 2 ? 0 : i + 2;
        touch[i].site[touch[i].sites++] = site(8 * (i % 2), 8, RECORD_WRITE, count);
        touch[i].writes = count;
    }
    m.record.touch = touch;
    m.record.touches = 4;
    const struct pattern_item item[] = {{.sharing = &m.sharing}, {.sharing = &other}};
    struct pattern p;
    const char *why;
    assert_int_equal(pattern_build(item, 2, &p, &why), 0);
    assert_int_equal(p.items, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct pattern_access *const a = p.thread[i].access;
        assert_int_equal(p.thread[i].accesses, 2);
        assert_int_equal(a[0].item, 0);
        assert_int_equal(a[1].item, 1);
        assert_true(fabs(a[0].count / a[1].count - 2) < 1e-9);
        assert_true(a[1].at[PATTERN_SHARED] >= a[0].at[PATTERN_SHARED] + PATTERN_APART);
    }
    pattern_fini(&p);
}

/* One thread uses the end of a line, the other one the start of the next. */
static void lie_across(struct made *m)
{
    make(m);
    m->second = (struct line_stat){.address = ADDRESS + PATTERN_LINE, .touch = 2, .touches = 1};
    m->lines[1] = &m->second;
    m->touch[0].next = 0;
    add_site(m, 0, site(56, 8, RECORD_WRITE, OPS));
    add_site(m, 1, site(0, 8, RECORD_WRITE, OPS));
    m->sharing.lines = 2;
    m->sharing.line_bytes = PATTERN_LINE;
    m->sharing.possible = OPS;
}

static void lines_lie_as_in_the_program_that_is_priced(void **state)
{
    (void)state;
    struct made m;
    lie_across(&m);
    for (uint64_t shift = 0; shift < PATTERN_LINE; shift += 8) {
        const struct pattern_item item = {&m.sharing, ADDRESS + shift};
        struct pattern p;
        const char *why;
        assert_int_equal(pattern_happens(&m.sharing, item.origin), shift != 0);
        assert_int_equal(pattern_build(&item, 1, &p, &why), 0);
        assert_int_equal(pattern_is_shared(&p, 0), shift != 0);
        assert_false(pattern_is_shared(&p, 1));
        pattern_fini(&p);
    }
}

/* Also what both write, which padding leaves together. */
static void alone_each_thread_has_a_copy(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    for (unsigned i = 0; i < 2; i++)
        add_site(&m, i, site(32, 8, RECORD_WRITE, OPS));
    struct pattern p = build(&m);
    const uint32_t *const a = p.thread[0].access[0].at, *const b = p.thread[1].access[0].at;
    assert_int_equal(a[PATTERN_PADDED], b[PATTERN_PADDED]);
    assert_true(b[PATTERN_ALONE] >= a[PATTERN_ALONE] + PATTERN_APART);
    assert_true(b[PATTERN_ALONE] < p.bytes[PATTERN_ALONE]);
    pattern_fini(&p);
}

static unsigned padded_line(const struct pattern *p, size_t thread, size_t access)
{
    return p->thread[thread].access[access].at[PATTERN_PADDED] / PATTERN_LINE;
}

static void padding_parts_threads_and_keeps_what_is_shared(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    for (unsigned i = 0; i < 2; i++) {
        add_site(&m, i, site(8 * i, 8, RECORD_WRITE, 2 * OPS)); /* its own */
        add_site(&m, i, site(32, 8, RECORD_WRITE, OPS));        /* both write it */
    }
    struct pattern p = build(&m);
    assert_int_equal(padded_line(&p, 0, 1), padded_line(&p, 1, 1));
    assert_int_not_equal(padded_line(&p, 0, 0), padded_line(&p, 1, 0));
    assert_int_not_equal(padded_line(&p, 0, 0), padded_line(&p, 0, 1));
    const uint32_t a = p.thread[0].access[0].at[PATTERN_PADDED],
                   b = p.thread[1].access[0].at[PATTERN_PADDED];
    assert_true((a > b ? a - b : b - a) >= PATTERN_APART);
    assert_true(a < p.bytes[PATTERN_PADDED] && b < p.bytes[PATTERN_PADDED]);
    pattern_fini(&p);
}

static void bytes_of_one_access_stay_together(void **state)
{
    (void)state;
    struct made m;
    make(&m);
    add_site(&m, 0, site(0, 8, RECORD_READ, OPS)); /* the second thread writes half of it */
    add_site(&m, 1, site(4, 4, RECORD_WRITE, OPS));
    struct pattern p = build(&m);
    const uint32_t whole = p.thread[0].access[0].at[PATTERN_PADDED],
                   half = p.thread[1].access[0].at[PATTERN_PADDED];
    assert_int_equal(half, whole + 4);
    pattern_fini(&p);
}

/* 16 bytes further on the two fields, one on each line here, would share one. */
static void a_moved_object_is_replayed_where_it_would_share(void **state)
{
    (void)state;
    struct made m;
    lie_across(&m);
    m.sharing.latent = LATENT_START;
    m.sharing.worst = ADDRESS + 16;
    struct pattern p;
    const char *why;
    assert_int_equal(pattern_build_moved(&m.sharing, &p, &why), 0);
    assert_null(why);
    assert_int_equal(p.thread[0].access[0].at[PATTERN_SHARED] / PATTERN_LINE,
        p.thread[1].access[0].at[PATTERN_SHARED] / PATTERN_LINE);
    assert_int_equal(p.thread[0].access[0].at[PATTERN_SHARED] % PATTERN_LINE, 40);
    pattern_fini(&p);
}

/* Of fields that a thread each writes nothing is shared once they are apart; where one of them is
 * read by the other, that is. */
static void what_a_fix_leaves_shared(void **state)
{
    (void)state;
    for (int reads = 0; reads < 2; reads++) {
        struct made m;
        make(&m);
        add_site(&m, 0, site(0, 8, RECORD_WRITE, OPS));
        add_site(&m, 1, site(8, 8, RECORD_WRITE, OPS));
        if (reads)
            add_site(&m, 1, site(0, 8, RECORD_READ, OPS));
        struct pattern p = build(&m);
        assert_true(pattern_is_shared(&p, 0));
        assert_int_equal(pattern_is_shared(&p, 1), reads);
        pattern_fini(&p);
    }
}
