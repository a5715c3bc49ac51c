/* SPDX-License-Identifier: MIT
 * Of addresses in several processes, those of one. */
#include "cli/watch/watch_lines.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* UINT_MAX: it is not known any more. */
static unsigned process_of(struct watch_session *s, int tid)
{
    const struct watched_thread *const t = watched_thread(&s->watched, tid);
    return t ? t->process : UINT_MAX;
}

static unsigned reporter_of(struct watch_session *s, const struct proved_line *line)
{
    unsigned first = UINT_MAX;
    for (unsigned i = 0; i < line->users; i++) {
        const unsigned process = process_of(s, line->user[i].tid);
        first = process < first ? process : first;
    }
    return first;
}

/* Where `to` has the same place of the same file; 0: nowhere. */
static uint64_t translate(struct address_space *from, struct address_space *to, uint64_t address)
{
    const struct address_mapping *const m = address_space_at(from, address);
    if (!m || m->inode == 0)
        return 0;
    const uint64_t offset = m->offset + (address - m->begin);
    for (size_t i = 0; i < to->count; i++) {
        const struct address_mapping *const o = &to->mapping[i];
        if (o->executes && o->inode == m->inode && o->device == m->device && offset >= o->offset &&
            offset - o->offset < o->end - o->begin)
            return o->begin + (offset - o->offset);
    }
    return 0;
}

static void take_over_code(struct watch_session *s, unsigned process, struct contested_user *user)
{
    const unsigned from = process_of(s, user->tid);
    for (unsigned i = 0; i < user->accesses && from != process; i++)
        user->access[i].next = from == UINT_MAX
                                   ? 0
                                   : translate(&s->watched.process[from].space,
                                         &s->watched.process[process].space, user->access[i].next);
}

/* The address of the line is that of its first user. */
static void move_own_first(struct watch_session *s, unsigned process, struct proved_line *line)
{
    unsigned own = 0;
    while (process_of(s, line->user[own].tid) != process)
        own++;
    const struct contested_user first = line->user[own];
    line->user[own] = line->user[0];
    line->user[0] = first;
}

int watch_lines_of(struct watch_session *s, unsigned process, struct proved *out)
{
    *out = (struct proved){.line = calloc(s->proved.lines + 1, sizeof *out->line)};
    for (size_t i = 0; out->line && i < s->proved.lines; i++) {
        struct proved_line *const line = &out->line[out->lines];
        if (reporter_of(s, &s->proved.line[i]) != process)
            continue;
        *line = s->proved.line[i];
        move_own_first(s, process, line);
        for (unsigned k = 1; k < line->users; k++)
            take_over_code(s, process, &line->user[k]);
        out->lines++;
    }
    return out->line ? 0 : -ENOMEM;
}
