/* SPDX-License-Identifier: MIT
 * A list of lines: few, since each took a proof. */
#include "analysis/watch/proved.h"

#include "base/grow.h"

#include <errno.h>
#include <stdlib.h>

static struct proved_line *line_of(struct proved *p, uint64_t key, double second)
{
    for (size_t i = 0; i < p->lines; i++)
        if (p->line[i].key == key)
            return &p->line[i];
    if (GROW(p->line, p->lines))
        return NULL;
    p->line[p->lines] = (struct proved_line){.key = key, .first_s = second};
    return &p->line[p->lines++];
}

int proved_add(
    struct proved *p, const struct contested_pair *pair, enum proved_kind kind, double second)
{
    struct proved_line *const line = line_of(p, pair->line, second);
    if (!line)
        return -ENOMEM;
    line->separate += kind == PROVED_SEPARATE || kind == PROVED_RARELY;
    line->common += kind == PROVED_COMMON || kind == PROVED_OFTEN;
    line->rarely += kind == PROVED_RARELY;
    line->often += kind == PROVED_OFTEN;
    for (int i = 0; i < 2; i++) {
        struct contested_access access = pair->access[i];
        access.weight = 1;
        contested_see(line->user, &line->users, pair->tid[i], &access);
    }
    return 0;
}

bool proved_crossing(const struct proved *p, uint64_t key, enum proved_kind *kind)
{
    enum { ENOUGH = 7 };
    for (size_t i = 0; i < p->lines; i++) {
        const struct proved_line *const line = &p->line[i];
        *kind = line->rarely > line->often ? PROVED_RARELY : PROVED_OFTEN;
        if (line->key == key)
            return line->rarely + line->often >= ENOUGH;
    }
    return false;
}

void proved_add_block(struct proved *p, uint64_t key, struct proved_block block)
{
    struct proved_line *const line = line_of(p, key, 0);
    if (!line)
        return;
    for (unsigned i = 0; i < line->blocks; i++)
        if (line->block[i].start == block.start)
            return;
    if (line->blocks < PROVED_BLOCKS)
        line->block[line->blocks++] = block;
}

bool proved_is_sure(const struct proved_line *line)
{
    return line->separate >= PROVED_LEAST || line->common >= PROVED_LEAST;
}

void proved_fini(struct proved *p)
{
    free(p->line);
    *p = (struct proved){0};
}
