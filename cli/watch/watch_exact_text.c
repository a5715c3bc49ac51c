/* SPDX-License-Identifier: MIT
 * Counted calls as text: what is called most first. */
#include "cli/watch/watch_exact.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "cli/cmd.h"

#include <inttypes.h>
#include <math.h>

static const char *place_text(const struct exact_place *p, char *out, size_t size)
{
    snprintf(
        out, size, "%s  %s:%u", p->function ? p->function : "?", p->file ? p->file : "?", p->line);
    return out;
}

static void print_sites(const struct exact_group *g, FILE *out)
{
    enum { SITES_SHOWN = 8 };
    char place[FINDING_TEXT], longest[CELL_TEXT];
    for (size_t i = 0; i < g->sites && i < SITES_SHOWN; i++) {
        const struct exact_site *const site = &g->site[i];
        cmd_warn(out, "  %12" PRIu64 "  %-7s %s", site->calls, site->operation,
            place_text(&site->place, place, sizeof place));
        if (site->longer)
            cmd_warn(out, "  %12s  %" PRIu64 " of them took long, the longest %s us", "",
                site->longer, number_text((double)site->longest_ns / 1e3, longest));
    }
    if (g->sites > SITES_SHOWN)
        cmd_warn(out, "  and %zu more places", g->sites - SITES_SHOWN);
}

static void print_keys(const struct exact_group *g, FILE *out)
{
    char share[CELL_TEXT];
    if (g->keys == 0)
        return;
    cmd_warn(out, "  the keys that were used most:");
    for (size_t i = 0; i < g->keys; i++)
        cmd_warn(out, "  %12" PRIu64 "  %5s  %s", g->key[i].count,
            share_text((double)g->key[i].count / (double)g->calls, share), g->key[i].text);
}

static void print_group(const struct exact_group *g, FILE *out)
{
    char title[FINDING_TEXT];
    putc('\n', out);
    cmd_warn(out, "%s: %" PRIu64 " %s", exact_group_title(g, title, sizeof title), g->calls,
        g->function ? "calls" : "operations");
    print_sites(g, out);
    print_keys(g, out);
}

static void print_overlap(const struct exact_overlap *o, FILE *out)
{
    char place[FINDING_TEXT];
    putc('\n', out);
    cmd_warn(out, "%s at %#" PRIx64 ": overlaps, %" PRIu64 " times, first after %.1f s:",
        o->type ? o->type : "map", o->address, o->count, o->first_s);
    cmd_warn(out, "    a %-7s %s", o->second.operation,
        place_text(&o->second.place, place, sizeof place));
    cmd_warn(out, "    while a %s was inside, for up to %" PRIu64 " ns by then: %s",
        o->first.operation, o->longest_ns, place_text(&o->first.place, place, sizeof place));
}

static void print_overlaps(const struct exact_view *v, FILE *out)
{
    enum { OVERLAPS_SHOWN = 10 };
    for (size_t i = 0; i < v->overlaps && i < OVERLAPS_SHOWN; i++)
        print_overlap(&v->overlap[i], out);
    if (v->overlaps > OVERLAPS_SHOWN)
        cmd_warn(out, "and %zu more pairs of places; --json has all", v->overlaps - OVERLAPS_SHOWN);
    if (v->least_ns > 0 && v->overlaps == 0)
        cmd_warn(out, "No overlaps were seen.");
}

static void print_lost(const struct exact_lost *l, FILE *out)
{
    const struct {
        uint64_t count;
        const char *what;
    } rows[] = {
        {l->calls, "calls were not counted by place: too many places and maps"},
        {l->keys, "keys were not counted: the table was full"},
        {l->unread_keys, "keys could not be read"},
        {l->forgotten_keys, "times a key that was used rarely made room for another: counts of "
                            "such keys are too low"},
        {l->overlaps, "overlaps were not kept: too many pairs of places"},
        {l->inside, "operations were not looked at for overlaps: too many at once"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].count)
            cmd_warn(out, "%" PRIu64 " %s.", rows[i].count, rows[i].what);
}

static void print_hits(const struct exact_view *v, FILE *out)
{
    char share[CELL_TEXT], hit[CELL_TEXT], step[CELL_TEXT];
    const double part = v->threads_s > 0 ? fmin(1, v->taken_s / v->threads_s) : 0;
    if (v->least_ns > 0)
        cmd_warn(out,
            "%zu probes took some %s of the threads' time: %s us for each of %" PRIu64
            " operations.",
            v->probes, share_text(part, share), number_text(v->pair_ns / 1e3, hit), v->hits);
    else
        cmd_warn(out,
            "%zu probes took some %s of the threads' time: %s us for each of %" PRIu64 " hits.",
            v->probes, share_text(part, share), number_text(v->hit_ns / 1e3, hit), v->hits);
    if (v->steps)
        cmd_warn(out,
            "%" PRIu64 " of them took %s us: of functions that do not check their stack the first "
            "instruction is single-stepped.",
            v->steps, number_text(v->step_ns / 1e3, step));
}

static void print_cost(const struct exact_view *v, FILE *out)
{
    char least[CELL_TEXT];
    print_hits(v, out);
    if (v->least_ns > 0)
        cmd_warn(out,
            "Long is more than %s us, ten times what the probes of an operation take; there is no "
            "other latency.",
            number_text(v->least_ns / 1e3, least));
    else
        cmd_warn(out, "A single operation takes less than its probe: there is no latency here.");
    if (v->times > 1 || v->attached_s < 0.9 * v->seconds)
        cmd_warn(out,
            "Probes were there for %.2f of %.1f s, %u time%s: all counts are of that time.",
            v->attached_s, v->seconds, v->times, v->times == 1 ? "" : "s");
}

void watch_print_exact(const struct exact_view *v, FILE *out)
{
    enum { GROUPS_SHOWN = 20 };
    cmd_warn(out, "%" PRIu64 " %s, built by %s: calls of %s in %.1f s.", v->pid, v->program, v->go,
        v->what, v->seconds);
    for (size_t i = 0; i < v->groups && i < GROUPS_SHOWN; i++)
        print_group(&v->group[i], out);
    if (v->groups > GROUPS_SHOWN)
        cmd_warn(out, "and %zu more; --json has all", v->groups - GROUPS_SHOWN);
    if (v->groups == 0)
        cmd_warn(out, "None were called.");
    print_overlaps(v, out);
    putc('\n', out);
    print_lost(&v->lost, out);
    print_cost(v, out);
}
