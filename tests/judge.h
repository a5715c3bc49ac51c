/* SPDX-License-Identifier: MIT
 * Judging records that are made by hand. */
#ifndef TESTS_JUDGE_H
#define TESTS_JUDGE_H

#include "analysis/sharing/sharing.h"
#include "tests/record_maker.h"
#include "tests/test.h"

enum { R = RECORD_READ, W = RECORD_WRITE, RW = RECORD_READ | RECORD_WRITE };
static const uint64_t base = 0x10000;

struct judged {
    struct dwarf *dwarf;
    struct sharing_list list;
};

static inline void judge_lines(struct maker *m, unsigned line_bytes, struct judged *j)
{
    struct sharing_rule rule = sharing_rule;
    rule.line_bytes = line_bytes;
    *j = (struct judged){.dwarf = dwarf_new(NULL, 0)};
    assert_int_equal(sharing_find(&m->record, j->dwarf, &rule, &j->list, NULL), 0);
}

static inline void judge(struct maker *m, struct judged *j)
{
    judge_lines(m, RECORD_LINE, j);
}

static inline void done(struct judged *j)
{
    sharing_fini(&j->list);
    dwarf_free(j->dwarf);
}

/* Two threads, each with eight bytes of its own on the line. */
static inline void make_false(struct maker *m, uint64_t at, uint64_t count, uint64_t handovers)
{
    maker_add(m, (struct made){0, at, 8, RW, count, handovers / 2, 0, 0});
    maker_add(m, (struct made){1, at + 8, 8, RW, count, handovers / 2, 0, 0});
}

#endif
