/* SPDX-License-Identifier: MIT
 * The bytes of a line in groups that the same threads use and the same threads write. */
#include "analysis/sharing/sharing_separable.h"

#include "analysis/sharing/sharing_window.h"

struct group {
    uint64_t users, writers; /* threads, by their numbers modulo 64 */
    uint64_t mask[2];        /* its bytes in the window */
};

struct groups {
    const struct candidate *candidate;
    struct group group[SHARING_WIDE];
    size_t count;
};

static bool is_minor(const struct touched *t)
{
    return touch_accesses(t->from) * 100 < t->met;
}

/* A thread that reads a byte far more often than it writes it, and other bytes, too, is its reader,
 * such as one that wakes another one now and then. Of the byte `at` of the window. */
static bool is_writer(const struct groups *g, const struct touched *t, unsigned at)
{
    enum { RARELY = 8 };
    uint64_t here = 0, written = 0, elsewhere = 0;
    for (uint32_t i = 0; i < t->from->sites; i++) {
        const struct record_site *const s = &t->from->site[i];
        const uint64_t first = t->line->address + s->first - g->candidate->start;
        if (at >= first && at < first + s->size) {
            here += s->count;
            written += s->kind & RECORD_WRITE ? s->count : 0;
        } else if (s->count > elsewhere) {
            elsewhere = s->count;
        }
    }
    const bool rarely = written * RARELY < here && written * RARELY < elsewhere;
    return mask_bit(t->written, at) && (written == 0 || !rarely);
}

static struct group group_of_byte(const struct groups *g, unsigned byte)
{
    struct group found = {0};
    for (size_t i = 0; i < g->candidate->touches; i++) {
        const struct touched *const t = &g->candidate->touched[i];
        const uint64_t bit = 1ull << t->thread % 64;
        const bool written = is_writer(g, t, byte);
        if (is_minor(t))
            continue;
        found.users |= mask_bit(t->written, byte) || mask_bit(t->read, byte) ? bit : 0;
        found.writers |= written ? bit : 0;
    }
    return found;
}

static void add_byte(struct groups *g, unsigned byte)
{
    const struct group new = group_of_byte(g, byte);
    size_t i = 0;
    while (i < g->count && (g->group[i].users != new.users || g->group[i].writers != new.writers))
        i++;
    if (!new.users)
        return;
    if (i == g->count)
        g->group[g->count++] = new;
    g->group[i].mask[byte / 64] |= 1ull << byte % 64;
}

static void find_groups(const struct candidate *c, struct groups *g)
{
    *g = (struct groups){.candidate = c};
    for (unsigned b = 0; b < c->bytes; b++)
        add_byte(g, b);
}

static bool is_in_group(const struct groups *g, const struct group *group, const struct touched *t,
    const struct record_site *site)
{
    const uint64_t first = t->line->address + site->first - g->candidate->start;
    for (uint64_t b = first; b < first + site->size; b++)
        if (b < g->candidate->bytes && mask_bit(group->mask, (unsigned)b))
            return true;
    return false;
}

/* What a thread did in a group: by its most frequent site, and by all that write. */
struct uses {
    uint64_t most, written, all;
    uint32_t had;   /* bits of the locks that it had each time */
    uint32_t calls; /* bits of the locks in the group for which it called */
};

static void add_site(struct uses *sum, const struct touched *t, const struct record_site *site)
{
    sum->most = site->count > sum->most ? site->count : sum->most;
    sum->written += site->kind & RECORD_WRITE ? site->count : 0;
    sum->all += site->count;
    sum->had &= site->locks;
    if (site->kind & RECORD_SYNC)
        sum->calls |= record_lock_bits(t->line->address + site->first);
}

static struct uses uses_of(const struct groups *g, const struct group *group, unsigned thread)
{
    struct uses sum = {.had = UINT32_MAX};
    for (size_t i = 0; i < g->candidate->touches; i++) {
        const struct touched *const t = &g->candidate->touched[i];
        if (t->thread % 64 != thread || is_minor(t))
            continue;
        for (uint32_t j = 0; j < t->from->sites; j++) {
            const struct record_site *const site = &t->from->site[j];
            if (is_in_group(g, group, t, site))
                add_site(&sum, t, site);
        }
    }
    return sum;
}

/* A field may be used several times each time, and a thread that waits looks at both more often
 * than it writes. */
enum { OFTEN = 4 };
enum { ABOUT = 10 }; /* as often, where some accesses stand for others */

/* What nobody writes comes along with what others write and its reader then reads. What is only
 * used with a lock comes along with that lock. */
static bool comes_along(
    const struct groups *g, const struct group *group, const struct group *by, unsigned thread)
{
    const struct uses mine = uses_of(g, group, thread), carrier = uses_of(g, by, thread);
    const bool locked = carrier.calls && (mine.had & carrier.calls) == carrier.calls;
    return carrier.written * OFTEN >= mine.most || locked ||
           (!group->writers && carrier.all + carrier.all / ABOUT >= mine.most);
}

static bool is_carried(const struct groups *g, const struct group *group, const struct group *by)
{
    const uint64_t carried = group->writers ? by->writers : by->users;
    if (group->users & ~carried || (by->users & (by->users - 1)) == 0)
        return false;
    for (unsigned thread = 0; thread < 64; thread++)
        if (group->users >> thread & 1 && !comes_along(g, group, by, thread))
            return false;
    return true;
}

static struct uses all_uses(const struct groups *g, const struct group *group)
{
    struct uses sum = {0};
    for (unsigned thread = 0; thread < 64; thread++) {
        const struct uses uses = uses_of(g, group, thread);
        sum.written += uses.written;
        sum.all += uses.all;
    }
    return sum;
}

/* Of all accesses, those to other groups than this one, which carries them. How often a thread
 * looks at the carrier while it waits says nothing about how often it then takes the others. */
static double carried_share(const struct groups *g, const struct group *carrier)
{
    const double own = (double)all_uses(g, carrier).written;
    double others = 0;
    for (size_t i = 0; i < g->count; i++)
        if (&g->group[i] != carrier)
            others += (double)all_uses(g, &g->group[i]).all;
    return others > 0 ? others / (own + others) : 0;
}

static bool carries_all(const struct groups *g, const struct group *carrier)
{
    for (size_t i = 0; i < g->count; i++)
        if (&g->group[i] != carrier && !is_carried(g, &g->group[i], carrier))
            return false;
    return true;
}

struct separable separable_of(const struct candidate *candidate)
{
    struct groups g;
    find_groups(candidate, &g);
    if (g.count < 2)
        return (struct separable){.is = false};
    for (size_t i = 0; i < g.count; i++)
        if (carries_all(&g, &g.group[i]))
            return (struct separable){.carried = carried_share(&g, &g.group[i])};
    return (struct separable){.is = true};
}

/* Would the site alone make the hand-over a true one? */
static bool is_shared_site(
    const struct candidate *c, const struct touched *by, const struct record_site *site)
{
    const uint64_t first = by->line->address + site->first - c->start;
    for (size_t i = 0; i < c->touches; i++) {
        const struct touched *const t = &c->touched[i];
        const bool meets = touches_meet(t->from, by->from);
        for (uint64_t b = first; meets && b < first + site->size; b++)
            if (b < c->bytes && (mask_bit(t->written, (unsigned)b) ||
                                    (site->kind & RECORD_WRITE && mask_bit(t->read, (unsigned)b))))
                return true;
    }
    return false;
}

static bool comes_for_shared(const struct candidate *c, const struct touched *t)
{
    uint64_t shared = 0, own = 0;
    for (uint32_t i = 0; i < t->from->sites; i++) {
        const struct record_site *const site = &t->from->site[i];
        uint64_t *const most = is_shared_site(c, t, site) ? &shared : &own;
        *most = site->count > *most ? site->count : *most;
    }
    return shared * OFTEN >= own;
}

uint64_t separable_visits(const struct candidate *candidate)
{
    uint64_t visits = 0;
    for (size_t i = 0; i < candidate->touches; i++) {
        const struct touched *const t = &candidate->touched[i];
        if (t->false_in > 0 && is_minor(t) && comes_for_shared(candidate, t))
            visits += t->false_in;
    }
    return visits;
}
