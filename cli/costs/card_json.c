/* SPDX-License-Identifier: MIT
 * A card as JSON, a line for each row: docs/card.md has the keys. Four digits are more than any
 * interval is narrow. */
#include "cli/costs/card.h"

#include "analysis/card/card_file.h"
#include "base/cpuset.h"
#include "base/json.h"
#include "base/version.h"
#include "cli/matrix/matrix_report.h"
#include "machine/system/doctor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FORM = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(4) };

/* Prints "key": value below the root; a list has a line for each element. Takes the value. */
static int print_part(FILE *out, const char *key, json_t *value)
{
    int failed = !value || fprintf(out, ",\n\"%s\": ", key) < 0;
    const size_t rows = json_array_size(value);
    for (size_t i = 0; i < rows && !failed; i++)
        failed =
            fputs(i ? ",\n" : "[\n", out) == EOF || json_dumpf(json_array_get(value, i), out, FORM);
    if (!failed)
        failed = rows ? fputs("]", out) == EOF : json_dumpf(value, out, FORM);
    json_decref(value);
    return failed ? -EIO : 0;
}

static json_t *words_json(char *const *words)
{
    json_t *const list = json_array();
    for (size_t i = 0; words && words[i]; i++)
        json_array_append_new(list, json_text(words[i]));
    return list;
}

/* Where and when: the first row has it, since a card without one has no block either. */
static json_t *run_json(const struct card_report *r)
{
    static const struct sample none = {0};
    const struct costs_report *const c = r->costs;
    const struct sample *const s = c->samples->count ? &c->samples->row[0] : &none;
    json_t *const origin = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:I}",
        "label", json_text(r->label), "host", json_text(s->host), "started_at",
        json_text(s->started_at), "run_id", json_text(s->run_id), "cpu_model",
        json_text(s->cpu_model), "arch", json_text(s->arch), "kernel", json_text(s->kernel),
        "hypervisor", json_text(s->hypervisor), "prefetchers", json_text(s->prefetchers), "version",
        numaprobe_version, "seed", (json_int_t)s->seed);
    return json_join(origin,
        json_pack("{s:o, s:f, s:f, s:b, s:I, s:I, s:o, s:o}", "command_line", words_json(r->argv),
            "seconds", c->seconds, "precision", c->precision, "precision_reached", c->precise,
            "blocks", (json_int_t)c->costs->blocks, "regimes", (json_int_t)c->summary->regimes,
            "canary_ns", json_number(c->costs->canary_ns), "clock_resolution_ns",
            json_number(s->clock_resolution_ns)));
}

static json_t *nodes_json(const struct topology *t)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < t->nodes; i++) {
        const struct topology_node *const n = &t->node[i];
        json_array_append_new(list,
            json_pack("{s:i, s:o, s:i}", "node", (int)n->node, "memory_bytes",
                n->memory_bytes == TOPOLOGY_UNKNOWN ? json_null() : json_count(n->memory_bytes),
                "cpus", (int)n->cpus));
    }
    return list;
}

static json_t *distances_json(const struct topology *t)
{
    if (!t->distance)
        return json_null();
    json_t *const rows = json_array();
    for (size_t i = 0; i < t->nodes; i++) {
        json_t *const row = json_array();
        for (size_t k = 0; k < t->nodes; k++)
            json_array_append_new(row, json_integer(t->distance[i * t->nodes + k]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *kinds_json(const struct topology *t)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < t->kinds; i++)
        json_array_append_new(list, json_text(t->kind[i]));
    return list;
}

static json_t *size_json(uint64_t bytes)
{
    return bytes ? json_count(bytes) : json_null();
}

static json_t *topology_json(const struct topology *t)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "packages",
        (json_int_t)t->packages, "l3s", (json_int_t)t->l3s, "cores", (json_int_t)t->cores, "cpus",
        (json_int_t)t->cpus, "l1_bytes", size_json(t->l1_bytes), "l2_bytes", size_json(t->l2_bytes),
        "l3_bytes", size_json(t->l3_bytes), "line_bytes", size_json(t->line_bytes), "kinds",
        kinds_json(t), "nodes", nodes_json(t), "distances", distances_json(t));
}

/* Of the checks of `doctor`, those that change a price. */
static json_t *conditions_json(const struct topology *t)
{
    static const char *const names[] = {
        "governor", "boost", "smt", "thp", "numa balancing", "cpu quota", "clock", "steal"};
    struct doctor_facts facts;
    struct check_result result[DOCTOR_CHECKS_MAX];
    doctor_gather("", t, 0, &facts);
    const size_t count = doctor_judge(&facts, result);
    json_t *const list = json_array();
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        for (size_t i = 0; i < count; i++)
            if (strcmp(result[i].name, names[n]) == 0)
                json_array_append_new(list,
                    json_pack("{s:s, s:s, s:o}", "check", names[n], "level",
                        check_level_name(result[i].level), "found", json_text(result[i].found)));
    return list;
}

static const char *owner_name(const struct price_point *p)
{
    return p->distance == DISTANCE_COUNT ? "memory" : distance_name(p->distance);
}

static void add_reason(json_t *row, const char *key, const char *reason)
{
    if (!json_object_get(row, "reasons"))
        json_object_set_new(row, "reasons", json_object());
    json_object_set_new(json_object_get(row, "reasons"), key, json_text(reason));
}

/* Of what has no estimate at all: the last trial of any that did not count. */
static const char *any_reason(const struct costs_report *r)
{
    for (size_t i = r->samples->count; i-- > 0;)
        if (r->samples->row[i].reject_reason && *r->samples->row[i].reject_reason)
            return r->samples->row[i].reject_reason;
    return "not reached";
}

/* Adds a price to its row; with the reason where it was to be measured and was not. */
static void add_price(const struct costs_report *r, const struct price_point *p, json_t *row)
{
    const struct price_entry *const f = costs_price(r->costs, p);
    const char *const cannot = costs_why_not(r->plan, p);
    const bool has = !*cannot && f && f->ns.n > 0;
    json_object_set_new(
        json_object_get(row, "ns"), owner_name(p), has ? card_interval_json(f->ns) : json_null());
    if (has || (p->distance != DISTANCE_COUNT && *r->plan->place[p->distance].why))
        return; /* there, or among the places that are listed once */
    add_reason(row, owner_name(p), *cannot ? cannot : f && *f->reason ? f->reason : any_reason(r));
}

static bool is_same_row(const struct price_point *a, const struct price_point *b)
{
    return a->op == b->op && a->state == b->state && a->home == b->home;
}

/* A row an op, state and home; a home that is not there is listed once instead. */
static json_t *prices_json(const struct costs_report *r)
{
    json_t *const list = json_array();
    const struct price_point *const p = r->plan->price;
    for (size_t i = 0; i < r->plan->prices; i++) {
        if (*r->plan->node[p[i].home].why)
            continue;
        if (i == 0 || !is_same_row(&p[i - 1], &p[i]))
            json_array_append_new(
                list, json_pack("{s:s, s:s, s:s, s:{}}", "op", p[i].op->name, "state",
                          line_state_name[p[i].state], "home", costs_home_name[p[i].home], "ns"));
        add_price(r, &p[i], json_array_get(list, json_array_size(list) - 1));
    }
    return list;
}

static char *members_text(const struct costs_plan *plan, const struct hold_group *g)
{
    unsigned *const cpu = calloc(g->threads + 1, sizeof *cpu);
    for (unsigned i = 0; cpu && i < g->threads; i++)
        cpu[i] = plan->cpus.cpu[g->member[i]];
    char *const text = cpu ? cpuset_format(cpu, g->threads) : NULL;
    free(cpu);
    return text;
}

/* One interval of a point, or null with the reason. */
static void add_measure(json_t *row, const char *key, const struct interval *i, const char *reason)
{
    const bool has = i && i->n > 0;
    json_array_append_new(json_object_get(row, key), has ? card_interval_json(*i) : json_null());
    if (!has)
        add_reason(row, key, reason);
}

static void add_point(const struct costs_report *r, const struct hold_point *p, json_t *row)
{
    const struct hold_curve *const c = costs_hold(r->costs, p);
    const char *const reason = c && *c->reason ? c->reason : any_reason(r);
    json_array_append_new(json_object_get(row, "gap_ns"), json_real(p->gap_ns));
    add_measure(row, "contended_ns", c ? &c->contended : NULL, reason);
    add_measure(row, "price_ns", c ? &c->price : NULL, reason);
    if (!p->op->blind)
        add_measure(row, "hold_ns", c ? &c->hold_ns : NULL,
            c && c->contended.n ? "no thread saw the line change hands" : reason);
}

static json_t *new_curve(const struct costs_plan *plan, const struct hold_point *p)
{
    char *const cpus = members_text(plan, p->group);
    json_t *const row = json_pack("{s:s, s:s, s:i, s:o, s:s, s:[], s:[], s:[], s:o}", "op",
        p->op->name, "contenders", p->group->name, "threads", (int)p->group->threads, "cpus",
        json_text(cpus), "distance", distance_name(p->group->distance), "gap_ns", "contended_ns",
        "price_ns", "hold_ns", p->op->blind ? json_null() : json_array());
    if (p->op->blind)
        add_reason(row, "hold_ns", "a store does not see where the line comes from");
    free(cpus);
    return row;
}

static json_t *holds_json(const struct costs_report *r)
{
    json_t *const list = json_array();
    const struct hold_point *before = NULL;
    for (size_t i = 0; i < r->plan->holds; i++) {
        const struct hold_point *const p = &r->plan->hold[i];
        if (p->alone)
            continue;
        if (!before || before->op != p->op || before->group != p->group)
            json_array_append_new(list, new_curve(r->plan, p));
        add_point(r, p, json_array_get(list, json_array_size(list) - 1));
        before = p;
    }
    return list;
}

static void add_class(void *context, const struct matrix_class *c)
{
    const struct interval ns = {.low = c->low, .mid = c->ns, .high = c->high, .n = c->blocks};
    json_array_append_new(
        context, json_pack("{s:s, s:o, s:o, s:o, s:I, s:I}", "distance", c->apart, "ns",
                     card_interval_json(ns), "nearest_ns", json_number(c->least->figure.ns.mid),
                     "farthest_ns", json_number(c->most->figure.ns.mid), "pairs",
                     (json_int_t)c->count, "of", (json_int_t)c->pairs));
}

static json_t *classes_json(const struct card_classes *c)
{
    json_t *const list = json_array();
    if (!c->err.code && matrix_classes_each(&c->run.results, 0, add_class, list)) {
        json_decref(list);
        return NULL;
    }
    return list;
}

static bool has_class(const struct matrix_results *r)
{
    for (size_t i = 0; i < r->pairs; i++)
        if (r->result[i].figure.ns.n)
            return true;
    return false;
}

static void add_lack(json_t *list, const char *what, const char *reason)
{
    if (*reason)
        json_array_append_new(
            list, json_pack("{s:s, s:o}", "what", what, "reason", json_text(reason)));
}

/* What this machine has no place for, once each. */
static json_t *lacks_json(const struct card_report *r)
{
    const struct costs_plan *const plan = r->costs->plan;
    json_t *const list = json_array();
    char what[64];
    for (int d = DISTANCE_SMT; d < DISTANCE_COUNT; d++)
        add_lack(list, distance_name((enum distance)d), plan->place[d].why);
    for (int h = 0; h < COSTS_HOMES; h++) {
        snprintf(what, sizeof what, "%s memory", costs_home_name[h]);
        add_lack(list, what, plan->node[h].why);
    }
    for (size_t i = 0; i < plan->groups; i++) {
        snprintf(what, sizeof what, "contenders: %s", plan->group[i].name);
        add_lack(list, what, plan->group[i].why);
    }
    add_lack(list, "curves", plan->why_no_hold);
    if (r->classes->err.code)
        add_lack(list, "classes", r->classes->err.text);
    else if (!has_class(&r->classes->run.results))
        add_lack(list, "classes", "no pair had a batch that counted in this time");
    return list;
}

int card_print(const struct card_report *r, FILE *out)
{
    int code = fprintf(out, "{\"schema\": %d", CARD_SCHEMA) < 0 ? -EIO : 0;
    code = code ? code : print_part(out, "command", json_string(card_command));
    code = code ? code : print_part(out, "run", run_json(r));
    code = code ? code : print_part(out, "topology", topology_json(r->costs->topology));
    code = code ? code : print_part(out, "conditions", conditions_json(r->costs->topology));
    code = code ? code : print_part(out, "prices", prices_json(r->costs));
    code = code ? code : print_part(out, "hold", holds_json(r->costs));
    code = code ? code
                : print_part(out, "classes_home",
                      r->classes->err.code ? json_null() : json_string(r->classes->home));
    code = code ? code : print_part(out, "classes", classes_json(r->classes));
    code = code ? code : print_part(out, "lacks", lacks_json(r));
    return code || fputs("\n}\n", out) == EOF ? -EIO : 0;
}
