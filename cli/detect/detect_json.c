/* SPDX-License-Identifier: MIT
 * The report as JSON; docs/detect.md lists the keys. */
#include "cli/detect/detect.h"

#include "analysis/sharing/line_map.h"
#include "analysis/sharing/sharing_frame.h"
#include "analysis/sharing/suggestion.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

/* JSON is UTF-8; a path need not be. */
static json_t *text(const char *s)
{
    if (!s || !*s)
        return json_null();
    json_t *const string = json_string(s);
    return string ? string : json_string("(not UTF-8)");
}

static json_t *number(uint64_t value)
{
    return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *line_or_null(unsigned line)
{
    return line ? number(line) : json_null();
}

static json_t *place(const char *file, unsigned line)
{
    return file ? json_pack("{so so}", "file", text(file), "line", line_or_null(line))
                : json_null();
}

static json_t *frame_json(struct dwarf *dwarf, uint64_t pc)
{
    const struct dwarf_frame f = sharing_frame(dwarf, pc);
    return json_pack("{so so so so so}", "function", text(f.function), "file", text(f.file), "line",
        line_or_null(f.line), "module", text(f.module), "offset", number(f.offset));
}

static json_t *stack_json(struct dwarf *dwarf, const uint64_t *stack, uint32_t frames)
{
    json_t *const list = json_array();
    for (uint32_t i = 0; i < frames; i++)
        json_array_append_new(list, frame_json(dwarf, stack[i] - 1));
    return list;
}

static json_t *object_json(const struct sharing *s, const struct sharing_object *o)
{
    return json_pack("{ss so so so so so so}", "kind", sharing_object_name(o->kind), "name",
        text(o->name), "type", text(o->type_name), "size", o->size ? number(o->size) : json_null(),
        "declared", place(o->file, o->line), "allocated", stack_json(s->dwarf, o->stack, o->frames),
        "count", number(o->count));
}

static json_t *set_json(uint64_t set)
{
    char letters[SHARING_SET_BITS + 1];
    line_map_letters(set, letters, sizeof letters);
    return json_string(letters);
}

static json_t *fields_json(const struct sharing *s)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < s->fields; i++) {
        const struct sharing_field *const f = &s->field[i];
        json_array_append_new(
            list, json_pack("{so so so so so so so}", "name", text(f->name), "known",
                      json_boolean(f->known), "object", number(f->object), "first",
                      number(f->first), "size", number(f->size), "readers", set_json(f->readers),
                      "writers", set_json(f->writers)));
    }
    return list;
}

static json_t *letter_json(size_t thread)
{
    const char letter[] = {line_map_letter(thread), '\0'};
    return json_string(letter);
}

static json_t *sites_json(const struct sharing *s)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < s->sites; i++) {
        const struct sharing_site *const site = &s->site[i];
        json_t *const one = frame_json(s->dwarf, site->pc);
        json_object_set_new(one, "read", json_boolean(site->kind & RECORD_READ));
        json_object_set_new(one, "write", json_boolean(site->kind & RECORD_WRITE));
        json_object_set_new(one, "count", number(site->count));
        json_object_set_new(one, "thread", letter_json(site->thread));
        json_object_set_new(one, "object", number(site->object));
        json_object_set_new(one, "first", number(site->first));
        json_object_set_new(one, "size", number(site->size));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *threads_json(const struct sharing *s)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < s->threads; i++) {
        const struct sharing_thread *const t = &s->thread[i];
        const struct record_thread *const r = &s->record->thread[t->slot];
        json_array_append_new(
            list, json_pack("{so so so so so so}", "letter", letter_json(i), "tid", number(r->tid),
                      "name", text(r->name), "started",
                      r->frames ? frame_json(s->dwarf, r->created_at[0] - 1) : json_null(), "reads",
                      number(t->reads), "writes", number(t->writes)));
    }
    return list;
}

static json_t *bytes_json(const struct sharing *s, const struct sharing_row *row)
{
    char text[SHARING_WIDE + 1];
    for (unsigned b = 0; b < s->line_bytes; b++)
        text[b] = line_map_byte(row, b);
    text[s->line_bytes] = '\0';
    return json_string(text);
}

static json_t *picture_json(const struct sharing *s)
{
    char address[32];
    json_t *const threads = json_array(), *const fields = json_array();
    snprintf(address, sizeof address, "%#llx", (unsigned long long)s->worst);
    for (size_t i = 0; i < s->rows; i++)
        json_array_append_new(threads, json_pack("{so so}", "letter", letter_json(s->row[i].thread),
                                           "bytes", bytes_json(s, &s->row[i])));
    for (size_t i = 0; i < s->parts; i++) {
        const struct sharing_field *const f = &s->part[i];
        json_array_append_new(
            fields, json_pack("{so so so so}", "name", text(f->name), "object", number(f->object),
                        "first", json_integer((json_int_t)(f->instance + f->first - s->worst)),
                        "size", number(f->size)));
    }
    return json_pack("{ss so so so}", "address", address, "bytes", number(s->line_bytes), "threads",
        threads, "fields", fields);
}

static json_t *suggestion_json(const struct suggestion *s)
{
    return json_pack("{ss so so}", "what", suggestion_name(s->what), "bytes",
        s->bytes ? number(s->bytes) : json_null(), "text", text(s->text));
}

static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *interval_json(const struct price *price, struct interval i)
{
    if (!price->known || !isfinite(i.mid))
        return json_null();
    return json_pack("{so so so so}", "mid", json_real(i.mid), "low", real_or_null(i.low), "high",
        real_or_null(i.high), "n", number(i.n));
}

static json_t *price_json(const struct price *price)
{
    return json_pack("{so so so so so so}", "ns_per_access", interval_json(price, price->shared_ns),
        "padded_ns_per_access", interval_json(price, price->padded_ns), "speedup",
        interval_json(price, price->speedup), "verdict",
        text(price->known ? price_verdict_name(price->verdict) : NULL), "pace",
        price->known ? real_or_null(price->fit) : json_null(), "reason",
        text(price->known ? NULL : price->why.text));
}

static json_t *finding_json(const struct sharing *s, const struct price *price)
{
    json_t *const beside = json_array();
    for (size_t i = 1; i < s->objects; i++)
        json_array_append_new(beside, object_json(s, &s->object[i]));
    return json_pack("{ss so so so so so so so so so so so so so so}", "kind",
        sharing_kind_name(s->kind), "latent", text(sharing_latent_name(s->latent)), "pid",
        number(s->record->header.pid), "object",
        s->objects ? object_json(s, &s->object[0]) : json_null(), "beside", beside, "cache_lines",
        number(s->cache_lines), "fields", fields_json(s), "lines", sites_json(s), "threads",
        threads_json(s), "accesses", number(s->accesses), "share", json_real(s->share), "handovers",
        json_pack("{so so so so}", "false", number(s->handovers_false), "true",
            number(s->handovers_true), "per_second", json_real(s->per_second), "possible",
            s->latent ? number(s->possible) : json_null()),
        "suggestion", suggestion_json(&s->suggestion), "price", price_json(price), "picture",
        picture_json(s));
}

static json_t *words_json(const struct record_header *h)
{
    json_t *const list = json_array();
    for (uint32_t at = 0; at < h->argv_bytes;) {
        json_array_append_new(list, h->argv[at] ? text(&h->argv[at]) : json_string(""));
        at += (uint32_t)strlen(&h->argv[at]) + 1;
    }
    return list;
}

static json_t *process_json(const struct detect_report *report, const struct recording *r)
{
    char end[128];
    json_t *const notes = json_array();
    if (r->header.note[0])
        json_array_append_new(notes, text(r->header.note));
    if (r->header.lines.overflowed || r->header.touches.overflowed)
        json_array_append_new(notes,
            json_string("more lines were shared than the record holds; the first ones are told"));
    detect_end_text(report, r, end, sizeof end);
    return json_pack("{so so so so so so so so}", "pid", number(r->header.pid), "parent",
        number(r->header.parent), "command", words_json(&r->header), "seconds",
        json_real(r->seconds), "threads", number(r->header.threads_created + 1), "accesses",
        json_pack("{so so}", "seen", number(r->header.accesses), "share",
            r->header.threaded_ticks
                ? json_real((double)r->header.seen_ticks / (double)r->header.threaded_ticks)
                : json_null()),
        "ended", text(end), "notes", notes);
}

static json_t *command_json(const struct detect_report *report)
{
    json_t *const list = json_array();
    for (char *const *word = report->command; word && *word; word++)
        json_array_append_new(list, **word ? text(*word) : json_string(""));
    return list;
}

static json_t *report_json(const struct detect_report *report)
{
    json_t *const processes = json_array(), *const findings = json_array(),
                  *const suppressed = json_array();
    bool full = report->records->count > 0;
    for (size_t i = 0; i < report->records->count; i++) {
        const struct recording *const r = &report->records->process[i].record;
        json_array_append_new(processes, process_json(report, r));
        full &= r->header.mode == RECORD_FULL;
    }
    for (size_t i = 0; i < report->list->count; i++)
        json_array_append_new(
            findings, finding_json(&report->list->finding[i], &report->prices->price[i]));
    for (size_t i = 0; i < report->suppressions->count; i++)
        json_array_append_new(
            suppressed, json_pack("{so so}", "pattern", text(report->suppressions->at[i].text),
                            "count", number(report->suppressions->at[i].matched)));
    return json_pack("{ss so so so ss so so so so so so so}", "version", VERSION, "command",
        command_json(report), "status",
        report->end ? json_integer(report->end->status) : json_null(), "signal",
        report->end && report->end->signal ? json_integer(report->end->signal) : json_null(),
        "mode", full ? "full" : "sampled", "line_bytes", number(report->rule->line_bytes),
        "processes", processes, "findings", findings, "suppressed", suppressed, "below",
        number(report->list->below), "speedup_of_all",
        interval_json(&report->prices->all, report->prices->all.speedup), "unwatched",
        number(report->records->empty));
}

int detect_print_json(const struct detect_report *report, FILE *out)
{
    json_t *const root = report_json(report);
    if (!root)
        return -ENOMEM;
    const int failed = json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    json_decref(root);
    putc('\n', out);
    return failed || ferror(out) ? -EIO : 0;
}
