/* SPDX-License-Identifier: MIT
 * The report for an eye: the worst first, each with a picture of its line, the accesses, and what
 * to change. */
#include "cli/detect/detect.h"

#include "analysis/format/format.h"
#include "analysis/sharing/line_map.h"
#include "analysis/sharing/sharing_frame.h"
#include "cli/cmd.h"

#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SITES_SHOWN = 8, THREADS_SHOWN = 8, FRAMES_SHOWN = 6, TRUE_SHOWN = 5 };

/* Asked without setlocale(), since numbers are read and written in the C locale. */
static bool is_utf8(void)
{
    const locale_t own = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (own == (locale_t)0)
        return false;
    const bool utf8 = strcmp(nl_langinfo_l(CODESET, own), "UTF-8") == 0;
    freelocale(own);
    return utf8;
}

static void object_text(
    const struct sharing *s, const struct sharing_object *o, char *out, size_t size)
{
    static const char *const kinds[] = {
        "unknown memory", "global", "thread-local", "heap block", "mapping", ""};
    char place[300], type[160] = "", made[400] = "";
    if (o->type_name[0])
        snprintf(type, sizeof type, " (%.140s%s)", o->type_name, o->array ? "[]" : "");
    sharing_place_text(o->file, o->line, place, sizeof place);
    if (*place)
        snprintf(made, sizeof made, ", %s", place);
    if (o->frames && (o->kind == OBJECT_HEAP || o->kind == OBJECT_MMAP)) {
        const struct dwarf_frame f = sharing_frame(s->dwarf, o->stack[0] - 1);
        sharing_frame_text(&f, place, sizeof place);
        snprintf(
            made, sizeof made, " of %llu bytes, made in %s", (unsigned long long)o->size, place);
    }
    snprintf(out, size, "%s%s%s%s%s", kinds[o->kind], *kinds[o->kind] && o->name[0] ? " " : "",
        o->name, type, made);
}

static void put_head(const struct sharing *s, size_t index, FILE *out)
{
    static const char *const kinds[] = {"false sharing", "false and true sharing", "true sharing"};
    static const char *const latents[] = {"", "latent ", "latent ", "latent "};
    char text[600];
    object_text(s, &s->object[0], text, sizeof text);
    cmd_warn(out, "%zu. %s%s: %s%s", index, latents[s->latent], kinds[s->kind], text,
        s->objects > 1 ? ", and what lies beside it" : "");
}

static void put_amount(const struct sharing *s, FILE *out)
{
    static const char *const why[] = {"", "The threads ran in turns here; at the same time, up to",
        "At another start, as the next build may bring it, up to",
        "With lines of 128 bytes, up to"};
    char a[CELL_TEXT], b[CELL_TEXT], c[CELL_TEXT], d[CELL_TEXT], of[64];
    snprintf(of, sizeof of, "%.*g%% of all accesses", s->share >= 0.1 ? 3 : 2, 100 * s->share);
    if (s->latent)
        cmd_warn(out, "   %s; %s line%s. %s %s hand-overs.", of,
            count_text((double)s->cache_lines, a), s->cache_lines == 1 ? "" : "s", why[s->latent],
            count_text((double)s->possible, b));
    else
        cmd_warn(out, "   %s; %s line%s; hand-overs: %s false (%s a second), %s true.", of,
            count_text((double)s->cache_lines, a), s->cache_lines == 1 ? "" : "s",
            count_text((double)s->handovers_false, b), count_text(s->per_second, c),
            count_text((double)s->handovers_true, d));
}

static void put_objects(const struct sharing *s, FILE *out)
{
    char text[600];
    for (size_t i = 1; i < s->objects; i++) {
        object_text(s, &s->object[i], text, sizeof text);
        cmd_warn(out, "   beside it: %s", text);
    }
    for (size_t i = 0; i < s->objects; i++)
        for (uint32_t f = 1; f < s->object[i].frames && f < FRAMES_SHOWN; f++) {
            const struct dwarf_frame frame = sharing_frame(s->dwarf, s->object[i].stack[f] - 1);
            sharing_frame_text(&frame, text, sizeof text);
            if (frame.function)
                fprintf(out, "     called by %s\n", text);
            if (!frame.function || strcmp(frame.function, "main") == 0)
                break;
        }
}

static void put_picture(const struct sharing *s, FILE *out)
{
    const uint64_t start = s->object[0].start;
    fprintf(out, "\n   line %#llx", (unsigned long long)s->worst);
    if (s->object[0].name[0] && s->worst >= start && s->objects == 1)
        fprintf(out, ", %s + %llu", s->object[0].name, (unsigned long long)(s->worst - start));
    fprintf(out, "  (R read, W written, B both)\n");
    line_map_print(s, is_utf8(), out);
}

static void put_threads(const struct sharing *s, FILE *out)
{
    struct table *const t = table_new();
    for (size_t i = 0; i < 2; i++)
        table_column(t, "", TABLE_LEFT);
    for (size_t i = 0; i < s->threads && i < THREADS_SHOWN; i++) {
        const struct record_thread *const r = &s->record->thread[s->thread[i].slot];
        char place[400] = "", a[CELL_TEXT], b[CELL_TEXT];
        if (r->frames) {
            const struct dwarf_frame f = sharing_frame(s->dwarf, r->created_at[0] - 1);
            sharing_frame_text(&f, place, sizeof place);
        }
        table_row(t);
        table_cell(t, PAINT_NONE, "   %c", line_map_letter(i));
        table_cell(t, PAINT_NONE, "thread %u %s: %s reads, %s writes%s%s", r->tid, r->name,
            count_text((double)s->thread[i].reads, a), count_text((double)s->thread[i].writes, b),
            *place ? "; started in " : "", place);
    }
    putc('\n', out);
    table_text(t, out, cmd_look(out));
    table_free(t);
    if (s->threads > THREADS_SHOWN)
        fprintf(out, "   and %zu threads more\n", s->threads - THREADS_SHOWN);
}

static const char *kind_text(unsigned kind)
{
    static const char *const names[] = {"", "read", "write", "read, write"};
    return kind & RECORD_SYNC                                                   ? "lock call"
           : kind & RECORD_ATOMIC && (kind & 3) == (RECORD_READ | RECORD_WRITE) ? "atomic"
                                                                                : names[kind & 3];
}

/* Of what its thread did there: sites are counted only while threads have the line in turn, so that
 * the numbers say how they relate, not how many there were. */
static double site_share(const struct sharing *s, size_t site)
{
    uint64_t all = 0;
    for (size_t i = 0; i < s->sites; i++)
        all += s->site[i].thread == s->site[site].thread ? s->site[i].count : 0;
    return all ? 100 * (double)s->site[site].count / (double)all : 0;
}

static void put_sites(const struct sharing *s, FILE *out)
{
    struct table *const t = table_new();
    char text[512];
    table_column(t, "  ", TABLE_LEFT);
    table_column(t, "", TABLE_LEFT);
    table_column(t, "share", TABLE_RIGHT);
    table_column(t, "where", TABLE_LEFT);
    for (size_t i = 0; i < s->sites && i < SITES_SHOWN; i++) {
        const struct dwarf_frame f = sharing_frame(s->dwarf, s->site[i].pc);
        sharing_frame_text(&f, text, sizeof text);
        table_row(t);
        table_cell(t, PAINT_NONE, "   %c", line_map_letter(s->site[i].thread));
        table_cell(t, PAINT_NONE, "%s", kind_text(s->site[i].kind));
        table_cell(t, PAINT_NONE, "%.0f%%", site_share(s, i));
        table_cell(t, PAINT_NONE, "%s", text);
    }
    putc('\n', out);
    table_text(t, out, cmd_look(out));
    table_free(t);
    if (s->sites > SITES_SHOWN)
        fprintf(out, "   and %zu places more (--json has all)\n", s->sites - SITES_SHOWN);
}

static void put_price(const struct price *price, FILE *out)
{
    char text[600];
    price_text(price, text, sizeof text);
    if (price->known && isfinite(price->shared_ns.mid))
        cmd_warn(out, "   Price: an access takes %.3g ns, and %.3g ns on lines of its own.",
            price->shared_ns.mid, price->padded_ns.mid);
    cmd_warn(out, "   Gain: %s.", text);
}

static void put_finding(
    const struct sharing *s, size_t index, size_t processes, const struct price *price, FILE *out)
{
    putc('\n', out);
    put_head(s, index, out);
    put_amount(s, out);
    if (processes > 1)
        cmd_warn(out, "   in process %u, %s", s->record->header.pid, s->record->header.argv);
    put_objects(s, out);
    put_picture(s, out);
    put_threads(s, out);
    put_sites(s, out);
    putc('\n', out);
    cmd_warn(out, "   Suggestion: %s.", s->suggestion.text);
    if (price)
        put_price(price, out);
}

static void put_true(const struct sharing_list *list, FILE *out)
{
    size_t shown = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct sharing *const s = &list->finding[i];
        char text[600], b[CELL_TEXT];
        if (s->kind != SHARING_TRUE)
            continue;
        if (shown == 0)
            fprintf(out, "\nTruly shared, which no layout changes:\n");
        if (shown++ == TRUE_SHOWN) {
            fprintf(out, "  and more (--json has all)\n");
            return;
        }
        object_text(s, &s->object[0], text, sizeof text);
        cmd_warn(out, "  %s: %s hand-overs", text, count_text((double)s->handovers_true, b));
    }
}

size_t detect_count(const struct sharing_list *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += list->finding[i].kind != SHARING_TRUE;
    return count;
}

void detect_end_text(
    const struct detect_report *report, const struct recording *r, char *out, size_t size)
{
    const struct record_header *const h = &r->header;
    const bool own = report->end && (int)h->pid == report->pid;
    if (h->ended == RECORD_EXECED) /* the signal was another program's */
        snprintf(out, size, "exec");
    else if (own && report->end->signal)
        snprintf(out, size, "signal %d", report->end->signal);
    else if (h->ended == RECORD_EXITED)
        snprintf(out, size, "exit");
    else if (!own && kill((pid_t)h->pid, 0) == 0)
        snprintf(out, size, "running");
    else
        snprintf(out, size, "killed");
}

static void put_process(const struct detect_report *report, const struct recording *r, FILE *out)
{
    const struct record_header *const h = &r->header;
    char end[128], a[CELL_TEXT], seen[64] = "";
    detect_end_text(report, r, end, sizeof end);
    if (h->threaded_ticks)
        snprintf(seen, sizeof seen, ", %.0f%% of the time",
            100 * (double)h->seen_ticks / (double)h->threaded_ticks);
    cmd_warn(out, "%u %s: %.2f s, %u thread%s, %s accesses seen%s", h->pid, h->argv, r->seconds,
        h->threads_created + 1, h->threads_created ? "s" : "", count_text((double)h->accesses, a),
        seen);
    if (strncmp(end, "signal", 6) == 0)
        cmd_warn(out, "  It ended by %s, %s: this is what it did until then.", end,
            strsignal(report->end->signal));
    else if (strcmp(end, "exec") == 0)
        cmd_warn(out, "  It ended by exec: this is what it did until then.");
    else if (strcmp(end, "killed") == 0)
        cmd_warn(out, "  It did not end by exit: this is what it did until then.");
    else if (strcmp(end, "running") == 0)
        cmd_warn(out, "  It still runs: this is what it did so far.");
    if (h->note[0])
        cmd_warn(out, "  Not watched to the end: %s.", h->note);
    if (h->lines.overflowed || h->touches.overflowed)
        cmd_warn(out, "  More lines were shared than the record holds; the first ones are told.");
}

/* Why a module names nothing, once each: of those that findings speak of. */
static void put_reasons(const struct detect_report *report, FILE *out)
{
    const char *told[16];
    size_t count = 0;
    for (size_t i = 0; i < report->list->count; i++) {
        const struct sharing *const s = &report->list->finding[i];
        for (size_t j = 0; j < s->sites && count < 16; j++) {
            const char *const reason = dwarf_reason(s->dwarf, s->site[j].pc);
            if (!reason) /* the frame of a big unit takes a while */
                continue;
            const struct dwarf_frame f = sharing_frame(s->dwarf, s->site[j].pc);
            bool again = !f.module;
            for (size_t k = 0; k < count && !again; k++)
                again = strcmp(told[k], f.module) == 0;
            if (again)
                continue;
            told[count++] = f.module;
            cmd_warn(out, "Places in %s are offsets: %s.", f.module, reason);
        }
    }
}

static void put_gain(const struct detect_report *report, FILE *out)
{
    const struct detect_prices *const prices = report->prices;
    size_t happen = 0;
    char text[600];
    for (size_t i = 0; i < prices->count; i++)
        happen += prices->price[i].known && prices->price[i].happens;
    price_text(&prices->all, text, sizeof text);
    if (happen > 1 || (detect_count(report->list) && !prices->measured))
        putc('\n', out);
    if (happen > 1)
        cmd_warn(out, "All of them together: %s.", text);
    if (detect_count(report->list) && !prices->measured)
        cmd_warn(out, "What a fix wins is not known: %s.", prices->price[0].why.text);
}

static void put_end(const struct detect_report *report, FILE *out)
{
    put_gain(report, out);
    if (detect_count(report->list) == 0 && detect_watched(report->records))
        fprintf(out, "%sNo false sharing found.\n", report->list->count ? "\n" : "");
    if (report->list->below)
        cmd_warn(out,
            "%zu shared place%s stayed below the threshold (%.0f false hand-overs a second).",
            report->list->below, report->list->below == 1 ? "" : "s", report->rule->per_second);
    for (size_t i = 0; i < report->suppressions->count; i++) {
        const struct suppression *const s = &report->suppressions->at[i];
        if (s->matched)
            cmd_warn(out, "Suppressed by '%s': %zu.", s->text, s->matched);
        else
            cmd_warn(out, "%s line %u: '%s' matched nothing.", report->suppressions->path, s->line,
                s->text);
    }
}

void detect_print_text(const struct detect_report *report, FILE *out)
{
    size_t shown = 0;
    for (size_t i = 0; i < report->records->count; i++)
        put_process(report, &report->records->process[i].record, out);
    if (report->records->empty)
        cmd_warn(out, "%zu process%s could not be watched: no space for the record.",
            report->records->empty, report->records->empty == 1 ? "" : "es");
    put_reasons(report, out);
    for (size_t i = 0; i < report->list->count; i++)
        if (report->list->finding[i].kind != SHARING_TRUE)
            put_finding(&report->list->finding[i], ++shown, report->records->count,
                report->prices->measured ? &report->prices->price[i] : NULL, out);
    put_true(report->list, out);
    put_end(report, out);
}
