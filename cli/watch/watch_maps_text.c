/* SPDX-License-Identifier: MIT
 * The maps of a Go program as text: those that take the most time first. */
#include "cli/watch/watch_maps.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "cli/cmd.h"

#include <inttypes.h>

static const char *keys_text(
    const struct map_view_process *p, const struct map_view_map *m, char *out, size_t size)
{
    if (!m->read)
        snprintf(out, size, "%s", m->address && !p->unread ? "is gone" : "");
    else if (!m->has_length)
        snprintf(out, size, "keeps no length");
    else
        snprintf(out, size, "%" PRIu64 " key%s in %" PRIu64 " bucket%s%s", m->length,
            m->length == 1 ? "" : "s", m->buckets, m->buckets == 1 ? "" : "s",
            m->growing ? ", growing" : "");
    return out;
}

static void print_map(const struct map_view *view, const struct map_view_map *m, FILE *out)
{
    enum { SITES_SHOWN = 8 };
    char title[FINDING_TEXT], keys[FINDING_TEXT], share[CELL_TEXT];
    const uint64_t all = view->process[m->process].samples;
    const struct interval part = map_view_share(view, m->samples, all);
    putc('\n', out);
    cmd_warn(out, "%5s (%.1f-%.1f)  %s", share_text(part.mid, share), 100 * part.low,
        100 * part.high, map_view_title(m, title, sizeof title));
    if (*keys_text(&view->process[m->process], m, keys, sizeof keys))
        cmd_warn(out, "       %s", keys);
    for (size_t i = 0; i < m->sites && i < SITES_SHOWN; i++) {
        const struct map_view_site *const site = &m->site[i];
        cmd_warn(out, "       %5s  %-8s %s  %s:%u",
            share_text((double)site->samples / (double)all, share), site->operation,
            site->function ? site->function : "?", site->file ? site->file : "?", site->line);
    }
    if (m->sites > SITES_SHOWN)
        cmd_warn(out, "       and %zu more places", m->sites - SITES_SHOWN);
}

void watch_print_maps(const struct watch_session *s, const struct map_view *view, FILE *out)
{
    enum { MAPS_SHOWN = 20 };
    char share[CELL_TEXT];
    for (size_t i = 0; i < view->processes; i++) {
        const struct map_view_process *const p = &view->process[i];
        if (!*p->go)
            continue;
        cmd_warn(out,
            "%" PRIu64 " %s, built by %s: %" PRIu64 " samples of %" PRIu64
            " threads in %.1f s; %s of their time in operations of maps.",
            p->pid, p->program, p->go, p->samples, p->threads, view->seconds,
            share_text(map_view_share(view, p->in_maps, p->samples).mid, share));
    }
    for (size_t i = 0; i < view->processes; i++)
        if (view->process[i].unread)
            cmd_warn(out,
                "The memory of process %" PRIu64
                " may not be read (kernel.yama.ptrace_scope; root may): there are no lengths, and "
                "maps are known where a register or the stack still has them.",
                view->process[i].pid);
    for (size_t i = 0; i < view->maps && i < MAPS_SHOWN; i++)
        print_map(view, &view->map[i], out);
    if (view->maps > MAPS_SHOWN)
        cmd_warn(out, "\nand %zu more maps; --json has all", view->maps - MAPS_SHOWN);
    putc('\n', out);
    watch_print_cost(s, out);
    watch_print_unseen(s, out);
    cmd_warn(out,
        "Shares are of the time on cpus, not of waits. A single operation takes too little "
        "to be measured from outside: there is no latency here.");
}
