/* SPDX-License-Identifier: MIT
 * Runs become hosts. */
#include "analysis/hosts/hosts.h"

#include "analysis/hosts/hosts_internal.h"
#include "base/grow.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static int hosts_open(struct hosts *h)
{
    if (!h->strings)
        h->strings = strings_new();
    if (!h->inside)
        h->inside = calloc(1, sizeof *h->inside);
    return h->strings && h->inside ? 0 : -ENOMEM;
}

int hosts_note(struct hosts *hosts, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (hosts_open(hosts) || GROW(hosts->note, hosts->notes))
        return -ENOMEM;
    const char *const line = strings_intern(hosts->strings, text);
    if (line)
        hosts->note[hosts->notes++] = line;
    return line ? 0 : -ENOMEM;
}

/* Whether the run was read before, which is a note then. */
static int note_run(struct hosts *h, const struct part_run *run, bool *doubled)
{
    const char *const id = strings_intern(h->strings, run->run_id);
    const char *const node = strings_intern(h->strings, run->node);
    const char *const source = strings_intern(h->strings, run->source);
    const size_t i = id && node && source ? run_index_intern(&h->inside->run, id, node) : RUN_NONE;
    if (i == RUN_NONE || GROW(h->inside->source, h->inside->runs))
        return -ENOMEM;
    *doubled = i < h->inside->runs;
    if (*doubled)
        return hosts_note(h,
            "%s: doubled: run %.16s of host %s was read from %s before; it counts once",
            run->source, run->run_id, run->node, h->inside->source[i]);
    h->inside->source[h->inside->runs++] = source;
    return 0;
}

static struct host *intern_host(struct hosts *h, const struct part_run *run)
{
    const char *const name = strings_intern(h->strings, run->node);
    const size_t i = name ? run_index_intern(&h->inside->host, name, name) : RUN_NONE;
    if (i == RUN_NONE || (i == h->count && GROW(h->host, h->count)))
        return NULL;
    if (i == h->count) {
        struct host *const host = &h->host[h->count++];
        *host = (struct host){.name = name, .worst = ""};
        for (int f = 0; f < HOSTS_FACTS; f++)
            host->fact[f] = "";
    }
    return &h->host[i];
}

/* What runs of one host differ in is both. */
static int add_facts(struct hosts *h, struct host *host, const struct part_run *run)
{
    int code = 0;
    for (int f = 0; f < HOSTS_VERDICTS && !code; f++)
        code = fact_add(h->strings, &host->fact[f], " / ", run->fact[f]);
    for (size_t i = 0; i < run->costs && !code; i++)
        code = fact_add(h->strings, &host->fact[HOSTS_VERDICTS], ", ", run->cost[i]);
    return code;
}

static int add_verdicts(struct hosts *h, struct host *host, const struct part_run *run)
{
    host->verdicts += run->verdicts;
    host->costs += run->costs;
    if (run->worst_ratio <= host->worst_ratio)
        return 0;
    host->worst_ratio = run->worst_ratio;
    host->worst = strings_intern(h->strings, run->worst);
    return host->worst ? 0 : -ENOMEM;
}

/* Values of another run of the host join them when all is read. `quantity`: the number here of each
 * of the part's. */
static int add_values(struct host *host, const struct part_run *run, const uint32_t *quantity)
{
    for (size_t i = 0; i < run->values.count; i++) {
        const struct reading_value *const v = &run->values.at[i];
        if (GROW(host->value, host->values))
            return -ENOMEM;
        host->value[host->values++] =
            (struct hosts_value){quantity[v->quantity], v->value, v->error};
    }
    return 0;
}

static int add_run(struct hosts *h, const struct part_run *run, const uint32_t *quantity)
{
    bool doubled = false;
    const int code = note_run(h, run, &doubled);
    if (code || doubled)
        return code;
    struct host *const host = intern_host(h, run);
    if (!host || add_facts(h, host, run) || add_verdicts(h, host, run) ||
        add_values(host, run, quantity))
        return -ENOMEM;
    host->runs++;
    host->rows += run->rows;
    host->rejected += run->rejected;
    return 0;
}

static int add_runs(struct hosts *h, const struct hosts_part *part)
{
    const struct quantities *const of = &part->quantities;
    uint32_t *const quantity = calloc(of->count + 1, sizeof *quantity);
    int code = quantity ? 0 : -ENOMEM;
    for (size_t i = 0; i < of->count && !code; i++)
        code = quantities_intern(
            &h->inside->quantities, h->strings, of->at[i].name, of->at[i].version, &quantity[i]);
    for (size_t i = 0; i < part->runs && !code; i++)
        code = add_run(h, &part->run[i], quantity);
    free(quantity);
    return code;
}

int hosts_add(struct hosts *hosts, const struct hosts_part *part, struct dataset *dataset)
{
    if (hosts_open(hosts) || add_runs(hosts, part) || dataset_add_stats(dataset, &part->rest))
        return -ENOMEM;
    hosts->files++;
    if (part->broken.code)
        return hosts_note(hosts, "%s; what was read before it counts", part->broken.text);
    return part->runs || part->rest.stats ? 0 : hosts_note(hosts, "%s: it has no rows", part->name);
}

static int by_quantity(const void *a, const void *b)
{
    const struct hosts_value *const x = a, *const y = b;
    return (x->quantity > y->quantity) - (x->quantity < y->quantity);
}

/* Of several runs the mean, of logarithms. */
static void join_runs(struct host *host)
{
    size_t kept = 0;
    if (host->values)
        qsort(host->value, host->values, sizeof *host->value, by_quantity);
    for (size_t i = 0, next; i < host->values; i = next) {
        struct hosts_value joined = host->value[i];
        double squares = joined.error * joined.error;
        for (next = i + 1; next < host->values && host->value[next].quantity == joined.quantity;
             next++) {
            joined.value += host->value[next].value;
            squares += host->value[next].error * host->value[next].error;
        }
        joined.value /= (double)(next - i);
        joined.error = sqrt(squares) / (double)(next - i);
        host->value[kept++] = joined;
    }
    host->values = kept;
}

static int compare_peers(struct hosts *h)
{
    struct peers_kind *const kind = calloc(h->kinds + 1, sizeof *kind);
    if (!kind)
        return -ENOMEM;
    for (size_t k = 0; k < h->kinds; k++)
        kind[k] = (struct peers_kind){
            h->kind[k].value, h->kind[k].error, h->kind[k].hosts, h->kind[k].quantities};
    const int code = peers_find(kind, h->kinds, &peers_default, &h->result);
    free(kind);
    return code;
}

int hosts_finish(struct hosts *hosts)
{
    if (hosts_open(hosts))
        return -ENOMEM;
    hosts->quantity = hosts->inside->quantities.at;
    hosts->quantities = hosts->inside->quantities.count;
    for (size_t i = 0; i < hosts->count; i++)
        join_runs(&hosts->host[i]);
    int code = kinds_group(hosts);
    if (!code)
        code = kinds_compare(hosts);
    if (!code)
        code = kinds_tabulate(hosts);
    return code ? code : compare_peers(hosts);
}

void hosts_fini(struct hosts *hosts)
{
    for (size_t i = 0; i < hosts->count; i++)
        free(hosts->host[i].value);
    for (size_t k = 0; k < hosts->kinds; k++) {
        free(hosts->kind[k].host);
        free(hosts->kind[k].quantity);
        free(hosts->kind[k].value);
        free(hosts->kind[k].error);
    }
    if (hosts->inside) {
        run_index_free(hosts->inside->host);
        run_index_free(hosts->inside->run);
        quantities_fini(&hosts->inside->quantities);
        free(hosts->inside->source);
    }
    free(hosts->inside);
    peers_fini(&hosts->result);
    free(hosts->host);
    free(hosts->kind);
    free(hosts->note);
    strings_free(hosts->strings);
    *hosts = (struct hosts){0};
}
