/* SPDX-License-Identifier: MIT
 * A table by map, place and operation. */
#include "analysis/go/map_shares.h"

#include "base/compare.h"
#include "base/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct counted {
    struct counted_key {
        uint64_t map, site;
        const char *operation; /* one text for each, or a part of a function's name */
        uint64_t process;
    } key;
    enum go_map_kind kind;
    uint64_t global, type, samples;
    uint64_t in_group;
    double weighted;               /* its samples of each group times all of that group */
    struct counted *also_in_group; /* the next that the group has */
    UT_hash_handle hh;
};

struct map_shares {
    struct counted *counted;
    struct counted *group;               /* those that the current group has */
    double samples;                      /* in all groups */
    double group_squares, share_squares; /* of the groups' sizes, and of each one's part of them */
};

struct map_shares *map_shares_new(void)
{
    return calloc(1, sizeof(struct map_shares));
}

void map_shares_free(struct map_shares *shares)
{
    struct counted *c, *next;
    if (!shares)
        return;
    HASH_ITER(hh, shares->counted, c, next)
    {
        HASH_DEL(shares->counted, c);
        free(c);
    }
    free(shares);
}

static struct counted *counted_of(
    const struct map_shares *shares, unsigned process, const struct go_map_use *use)
{
    const struct counted_key key = {use->map, use->site, use->operation, process};
    struct counted *c;
    HASH_FIND(hh, shares->counted, &key, sizeof key, c);
    return c;
}

bool map_shares_has(const struct map_shares *shares, unsigned process, const struct go_map_use *use)
{
    return counted_of(shares, process, use) != NULL;
}

int map_shares_add(struct map_shares *shares, unsigned process, const struct go_map_use *use)
{
    struct counted *c = counted_of(shares, process, use);
    if (!c) {
        c = calloc(1, sizeof *c);
        if (!c)
            return -ENOMEM;
        c->key = (struct counted_key){use->map, use->site, use->operation, process};
        c->kind = use->kind;
        HASH_ADD(hh, shares->counted, key, sizeof c->key, c);
    }
    c->samples++;
    if (c->in_group++ == 0) {
        c->also_in_group = shares->group;
        shares->group = c;
    }
    c->global = use->global ? use->global : c->global;
    c->type = use->type ? use->type : c->type;
    return 0;
}

void map_shares_end_group(struct map_shares *shares, uint64_t samples)
{
    const double all = (double)samples;
    shares->samples += all;
    shares->group_squares += all * all;
    for (struct counted *c = shares->group; c; c = c->also_in_group) {
        const double mine = (double)c->in_group;
        shares->share_squares += mine * mine;
        c->weighted += mine * all;
        c->in_group = 0;
    }
    shares->group = NULL;
}

/* Summed over all that is counted apart: the squares of what a group has beyond its part, against
 * what they are where each sample falls for itself. */
double map_shares_design_effect(const struct map_shares *shares)
{
    double grouped = shares->share_squares, single = 0;
    for (const struct counted *c = shares->counted; c; c = c->hh.next) {
        const double part = (double)c->samples / shares->samples;
        grouped += part * (part * shares->group_squares - 2 * c->weighted);
        single += (double)c->samples * (1 - part);
    }
    return single > 0 && grouped > single ? grouped / single : 1;
}

/* A place, and the only map that was seen there. */
struct place {
    struct place_key {
        uint64_t site, process, kind;
    } key;
    uint64_t map; /* 0: none, or several */
    bool several;
    UT_hash_handle hh;
};

struct found {
    struct found_key {
        uint64_t map, process, kind;
    } key;
    size_t index;
    UT_hash_handle hh;
};

/* What a list is made with. */
struct making {
    struct map_share_list *list;
    struct place *place;
    struct found *found;
};

static struct place_key place_key(const struct counted *c)
{
    return (struct place_key){c->key.site, c->key.process, c->kind};
}

static int add_place(struct making *m, const struct counted *c)
{
    const struct place_key key = place_key(c);
    struct place *p;
    HASH_FIND(hh, m->place, &key, sizeof key, p);
    if (!p) {
        p = calloc(1, sizeof *p);
        if (!p)
            return -ENOMEM;
        p->key = key;
        HASH_ADD(hh, m->place, key, sizeof p->key, p);
    }
    p->several |= p->map && c->key.map && p->map != c->key.map;
    p->map = c->key.map ? c->key.map : p->map;
    return 0;
}

static uint64_t map_of(const struct making *m, const struct counted *c)
{
    const struct place_key key = place_key(c);
    struct place *p;
    if (c->key.map)
        return c->key.map;
    HASH_FIND(hh, m->place, &key, sizeof key, p);
    return p && !p->several ? p->map : 0;
}

/* NULL: out of memory. */
static struct map_share *share_of(struct making *m, const struct counted *c, uint64_t map)
{
    const struct found_key key = {map, c->key.process, c->kind};
    struct map_share_list *const list = m->list;
    struct found *f;
    HASH_FIND(hh, m->found, &key, sizeof key, f);
    if (f)
        return &list->map[f->index];
    f = calloc(1, sizeof *f);
    if (!f || GROW(list->map, list->maps)) {
        free(f);
        return NULL;
    }
    f->key = key;
    f->index = list->maps++;
    HASH_ADD(hh, m->found, key, sizeof f->key, f);
    list->map[f->index] =
        (struct map_share){.process = (unsigned)c->key.process, .kind = c->kind, .map = map};
    return &list->map[f->index];
}

static void making_fini(struct making *m)
{
    struct place *p, *next_place;
    struct found *f, *next_found;
    HASH_ITER(hh, m->place, p, next_place)
    {
        HASH_DEL(m->place, p);
        free(p);
    }
    HASH_ITER(hh, m->found, f, next_found)
    {
        HASH_DEL(m->found, f);
        free(f);
    }
}

static int add_site(struct map_share *share, const struct counted *c)
{
    share->samples += c->samples;
    share->global = c->global ? c->global : share->global;
    share->type = c->type ? c->type : share->type;
    for (size_t i = 0; i < share->sites; i++)
        if (share->site[i].site == c->key.site &&
            strcmp(share->site[i].operation, c->key.operation) == 0) {
            share->site[i].samples += c->samples;
            return 0;
        }
    if (GROW(share->site, share->sites))
        return -ENOMEM;
    share->site[share->sites++] = (struct map_site){c->key.site, c->key.operation, c->samples};
    return 0;
}

static int by_samples(const void *a, const void *b)
{
    const struct map_share *const x = a, *const y = b;
    return x->samples == y->samples ? compare_u64(x->map, y->map)
                                    : compare_u64(y->samples, x->samples);
}

static int sites_by_samples(const void *a, const void *b)
{
    const struct map_site *const x = a, *const y = b;
    return x->samples == y->samples ? compare_u64(x->site, y->site)
                                    : compare_u64(y->samples, x->samples);
}

int map_shares_list(const struct map_shares *shares, struct map_share_list *out)
{
    struct making m = {.list = out};
    int code = 0;
    *out = (struct map_share_list){0};
    for (const struct counted *c = shares->counted; c && !code; c = c->hh.next)
        code = add_place(&m, c);
    for (const struct counted *c = shares->counted; c && !code; c = c->hh.next) {
        struct map_share *const share = share_of(&m, c, map_of(&m, c));
        code = share ? add_site(share, c) : -ENOMEM;
    }
    making_fini(&m);
    if (code)
        return code;
    if (out->maps > 1)
        qsort(out->map, out->maps, sizeof *out->map, by_samples);
    for (size_t i = 0; i < out->maps; i++)
        qsort(out->map[i].site, out->map[i].sites, sizeof *out->map[i].site, sites_by_samples);
    return 0;
}

void map_share_list_fini(struct map_share_list *list)
{
    for (size_t i = 0; i < list->maps; i++)
        free(list->map[i].site);
    free(list->map);
    *list = (struct map_share_list){0};
}
