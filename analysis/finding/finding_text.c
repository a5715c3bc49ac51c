/* SPDX-License-Identifier: MIT
 * The words of a report. */
#include "analysis/finding/finding_text.h"

#include "analysis/finding/line_map.h"
#include "analysis/format/format.h"
#include "base/compare.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_known(const char *text)
{
    return text && *text;
}

/* The name of a stack shows that it is one. */
static const char *kind_text(const struct sharing_object *object)
{
    static const char *const kinds[] = {
        "unknown memory", "global", "thread-local", "heap block", "mapping", "stack"};
    if (!object)
        return kinds[OBJECT_UNKNOWN];
    return object->kind == OBJECT_STACK && is_known(object->name) ? "" : kinds[object->kind];
}

const char *object_text(const struct sharing_object *o, char *out)
{
    snprintf(out, FINDING_TEXT, "%s", kind_text(o));
    if (!o)
        return out;
    if (is_known(o->name))
        text_append_item(out, FINDING_TEXT, " ", "%s", o->name);
    if (is_known(o->type_name))
        text_append(out, FINDING_TEXT, " (%s%s", o->type_name, o->array ? "[]" : "");
    if (is_known(o->type_name) && o->type_start)
        text_append(out, FINDING_TEXT, ", from byte %" PRIu64, o->type_start);
    if (is_known(o->type_name))
        text_append(out, FINDING_TEXT, ")");
    if (!is_known(o->name) && o->size)
        text_append(out, FINDING_TEXT, " of %" PRIu64 " bytes", o->size);
    if (o->declared && is_known(o->declared->file) && o->declared->line)
        text_append(out, FINDING_TEXT, ", %s:%u", o->declared->file, o->declared->line);
    return out;
}

const char *made_text(const struct sharing_object *object, char *out)
{
    char place[FINDING_TEXT];
    object_text(object, out);
    if (object && object->allocated.count)
        text_append(out, FINDING_TEXT, ", made in %s", frame_text(&object->allocated.at[0], place));
    return out;
}

const char *title_text(const struct finding_view *f, char *out)
{
    static const char *const kinds[] = {"false sharing", "false and true sharing", "true sharing"};
    char object[FINDING_TEXT];
    snprintf(out, FINDING_TEXT, "%s%s: ", f->latent ? "latent " : "", kinds[f->kind]);
    text_append(out, FINDING_TEXT, "%s%s", made_text(f->object, object),
        f->others.count ? ", and what shares its lines" : "");
    return out;
}

const char *amount_text(const struct finding_view *f, char *out)
{
    static const char *const latents[] = {
        "hand-overs: ", "The threads ran in turns here; at the same time, up to ",
        "At another start, as another build or run may bring it, up to ",
        "With lines of 128 bytes, up to ", "Between processes, which are not counted; up to "};
    static const char there[] = "At its start in the uninstrumented program, up to ";
    const bool happens = f->latent == LATENT_START && f->price.happens;
    const bool watched = f->proofs.separate + f->proofs.common > 0;
    char share[CELL_TEXT], lines[CELL_TEXT], handovers[FINDING_TEXT];
    snprintf(out, FINDING_TEXT, "%s%s of %s; %s line%s%s%s", watched ? "some " : "",
        share_text(f->share, share), watched ? "a thread's time" : "all accesses",
        count_text((double)f->cache_lines, lines), f->cache_lines == 1 ? "" : "s",
        f->latent ? ". " : "; ", happens ? there : latents[f->latent]);
    text_append(
        out, FINDING_TEXT, "%s%s", handovers_text(f, handovers), f->latent ? " hand-overs" : "");
    return out;
}

/* The name, of which no character is a pattern's own. */
static void append_pattern(const char *subject, const char *name, char *out)
{
    text_append(out, FINDING_TEXT, "%s:", subject);
    for (; *name; name++)
        text_append(out, FINDING_TEXT, "%s%c", strchr("*?[]\\", *name) ? "\\" : "", *name);
}

/* Of which a program has too many for a pattern: "char", "unsigned long". */
static bool is_basic_type(const char *type)
{
    static const char *const words[] = {"char", "short", "int", "long", "float", "double", "void",
        "bool", "_Bool", "signed", "unsigned"};
    char first[16] = "";
    snprintf(first, sizeof first, "%.*s", (int)strcspn(type, " *["), type);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(first, words[i]) == 0)
            return true;
    return false;
}

const char *suppression_text(const struct finding_view *f, char *out)
{
    const struct sharing_object *const o = f->object;
    const struct dwarf_frame *const frame = o && o->allocated.count ? &o->allocated.at[0]
                                            : f->sites.count        ? &f->sites.at[0].frame
                                                                    : NULL;
    *out = '\0';
    if (o && is_known(o->name))
        append_pattern("object", o->name, out);
    else if (o && is_known(o->type_name) && !is_basic_type(o->type_name))
        append_pattern("object", o->type_name, out);
    else if (frame && is_known(frame->function))
        append_pattern("function", frame->function, out);
    else if (frame && is_known(frame->module))
        append_pattern("module", frame->module, out);
    return out;
}

const char *share_text(double share, char *out)
{
    snprintf(out, CELL_TEXT, share > 0 && share < 0.01 ? "<1%%" : "%.0f%%", 100 * share);
    return out;
}

const char *object_name(const struct sharing_object *o)
{
    return o && is_known(o->name)        ? o->name
           : o && is_known(o->type_name) ? o->type_name
                                         : kind_text(o);
}

const char *handovers_text(const struct finding_view *f, char *out)
{
    char a[CELL_TEXT], b[CELL_TEXT], c[CELL_TEXT];
    if (f->proofs.separate + f->proofs.common > 0)
        snprintf(out, FINDING_TEXT,
            "proved %s times on separate bytes, %s on common ones, first after %.1f s",
            count_text((double)f->proofs.separate, a), count_text((double)f->proofs.common, b),
            f->proofs.first_s);
    else if (f->latent)
        snprintf(out, FINDING_TEXT, "%s", count_text((double)f->handovers.possible, a));
    else
        snprintf(out, FINDING_TEXT, "%s false (%s a second), %s true",
            count_text((double)f->handovers.false_sharing, a),
            count_text(f->handovers.per_second, b),
            count_text((double)f->handovers.true_sharing, c));
    return out;
}

const char *frame_text(const struct dwarf_frame *f, char *out)
{
    const char *const slash = f->module ? strrchr(f->module, '/') : NULL;
    const char *const module = slash ? slash + 1 : f->module;
    if (f->function && f->file && f->line)
        snprintf(out, FINDING_TEXT, "%s %s:%u", f->function, f->file, f->line);
    else if (f->function && !module) /* as of a JIT */
        snprintf(out, FINDING_TEXT, "%s", f->function);
    else if (f->function)
        snprintf(out, FINDING_TEXT, "%s (%s+0x%llx)", f->function, module,
            (unsigned long long)f->offset);
    else
        snprintf(
            out, FINDING_TEXT, "%s+0x%llx", module ? module : "", (unsigned long long)f->offset);
    return out;
}

const char *coverage_text(const struct view_process *p, char *out)
{
    const bool watched = p->samples || (!p->accesses.seen && isnan(p->accesses.share));
    char count[CELL_TEXT];
    snprintf(out, FINDING_TEXT, "%.2f s, ", p->seconds);
    if (p->coroutines)
        text_append(out, FINDING_TEXT, "%" PRIu64 " goroutine%s on ", p->coroutines,
            p->coroutines == 1 ? "" : "s");
    text_append(out, FINDING_TEXT, "%" PRIu64 " thread%s, %s %s", p->threads,
        p->threads == 1 ? "" : "s", count_text((double)(p->samples + p->accesses.seen), count),
        watched ? "samples" : "accesses seen");
    if (isfinite(p->accesses.share))
        text_append(out, FINDING_TEXT, ", %.0f%% of the time", 100 * p->accesses.share);
    return out;
}

const char *ended_text(const struct view_end *end, char *out)
{
    static const char *const names[] = {"exit", "exec", "killed", "running", "signal"};
    snprintf(out, FINDING_TEXT, "%s", names[end->how]);
    if (end->how == ENDED_SIGNAL)
        text_append(out, FINDING_TEXT, " %d", end->signal);
    return out;
}

const char *access_time_text(const struct price *price, char *out)
{
    *out = '\0';
    char shared[CELL_TEXT], padded[CELL_TEXT];
    if (price->known && isfinite(price->shared_ns.mid) && isfinite(price->padded_ns.mid))
        snprintf(out, FINDING_TEXT, "an access takes %s ns, and %s ns on separate lines",
            number_text(price->shared_ns.mid, shared), number_text(price->padded_ns.mid, padded));
    return out;
}

static char letter_of(const struct finding_view *f, uint64_t tid)
{
    size_t at = 0;
    while (at < f->threads.count && f->threads.at[at].tid != tid)
        at++;
    return line_map_letter(at);
}

const char *relief_text(const struct finding_view *f, char *out)
{
    const struct interval gain = f->proofs.gain;
    char times[CELL_TEXT];
    *out = '\0';
    if (!f->proofs.priced)
        return out;
    if (isfinite(gain.mid))
        snprintf(out, FINDING_TEXT,
            "thread %c did %s while the others were held off the line%s (%zu pairs of 8 ms)",
            letter_of(f, f->proofs.gain_tid), times_text(gain, "much", times),
            gain.low <= 1 && gain.high >= 1 ? ", which may be none more" : "", gain.n);
    else
        snprintf(out, FINDING_TEXT,
            "undecided: the threads met too seldom, or neither a word that goes up nor samples "
            "show what one gets done; watch longer");
    return out;
}

/* The innermost call may be in a library without names. */
size_t object_calls(const struct sharing_object *object)
{
    size_t count = 0;
    while (count < object->allocated.count && count < FINDING_FRAMES) {
        const char *const function = object->allocated.at[count].function;
        if (count > 0 && !is_known(function))
            break;
        count++;
        if (is_known(function) && strcmp(function, "main") == 0)
            break;
    }
    return count;
}

const char *access_text(const struct sharing_site *site)
{
    static const char *const names[] = {"", "read", "write", "read, write"};
    return site->kind & RECORD_SYNC ? "lock call"
           : site->kind & RECORD_ATOMIC && site->read && site->write
               ? "atomic"
               : names[site->read + 2 * site->write];
}

static bool are_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool site_is_like(const struct sharing_site *a, const struct sharing_site *b)
{
    return a->frame.line == b->frame.line && are_same(a->frame.file, b->frame.file) &&
           are_same(a->frame.function, b->frame.function) &&
           (a->frame.file || a->frame.offset == b->frame.offset) &&
           strcmp(access_text(a), access_text(b)) == 0;
}

static int more_often(const void *a, const void *b)
{
    const struct site_row *const x = a, *const y = b;
    return compare_u64(y->count, x->count);
}

size_t site_rows(const struct finding_view *finding, struct site_row *row)
{
    size_t rows = 0;
    for (size_t i = 0; i < finding->sites.count; i++) {
        const struct sharing_site *const site = &finding->sites.at[i];
        size_t k = 0;
        while (
            k < rows && (row[k].site->thread != site->thread || !site_is_like(row[k].site, site)))
            k++;
        if (k == rows)
            row[rows++] = (struct site_row){.site = site};
        row[k].count += site->count;
    }
    qsort(row, rows, sizeof *row, more_often);
    return rows;
}

double site_share(const struct finding_view *finding, size_t thread, uint64_t count)
{
    const struct sharing_site *const s = finding->sites.at;
    double all = 0;
    for (size_t i = 0; i < finding->sites.count; i++)
        all += s[i].thread == thread ? (double)s[i].count : 0;
    return all > 0 ? (double)count / all : 0;
}

static bool is_any_suppressed(const struct detect_view *view)
{
    for (size_t i = 0; i < view->suppressed.count; i++)
        if (view->suppressed.at[i].count)
            return true;
    return false;
}

const char *nothing_text(const struct detect_view *view, char *out)
{
    const char *const other = is_any_suppressed(view) ? "other " : "";
    if (view->unseen)
        snprintf(out, FINDING_TEXT, "Whether there is %sfalse sharing is not known: %s", other,
            view->unseen);
    else if (detect_view_is_little(view))
        snprintf(out, FINDING_TEXT,
            "No %sfalse sharing was seen, but too little was seen to know: --full sees all", other);
    else
        snprintf(out, FINDING_TEXT, "No %sfalse sharing found", other);
    return out;
}
