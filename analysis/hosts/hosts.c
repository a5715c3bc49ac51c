/* SPDX-License-Identifier: MIT
 * Runs become hosts as they are read. */
#include "analysis/hosts/hosts.h"

#include "analysis/hosts/hosts_internal.h"
#include "base/grow.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *const hosts_fact_name[HOSTS_FACTS] = {[HOSTS_MODEL] = "processor",
    [HOSTS_ARCH] = "architecture",
    [HOSTS_HYPERVISOR] = "hypervisor",
    [HOSTS_SIZE] = "size",
    [HOSTS_KERNEL] = "kernel",
    [HOSTS_PREFETCHERS] = "prefetchers",
    [HOSTS_NODES] = "nodes",
    [HOSTS_CPUS] = "cpus",
    [HOSTS_SMT] = "smt",
    [HOSTS_GOVERNOR] = "governor",
    [HOSTS_BOOST] = "boost",
    [HOSTS_NO_TURBO] = "no_turbo",
    [HOSTS_THP] = "thp",
    [HOSTS_NUMA_BALANCING] = "numa_balancing",
    [HOSTS_CLOCKSOURCE] = "clocksource",
    [HOSTS_MICROCODE] = "microcode",
    [HOSTS_PAGES] = "pages",
    [HOSTS_VERSION] = "numaprobe",
    [HOSTS_VERDICTS] = "verdicts"};

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
static int note_run(struct hosts *h, const struct dataset_run *run, bool *doubled)
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

static struct host *intern_host(struct hosts *h, const struct dataset_run *run)
{
    const char *const name = strings_intern(h->strings, run->node);
    const size_t i = name ? run_index_intern(&h->inside->host, name, name) : RUN_NONE;
    if (i == RUN_NONE || (i == h->count && GROW(h->host, h->count)))
        return NULL;
    if (i == h->count)
        h->host[h->count++] = (struct host){
            .name = name, .source = strings_intern(h->strings, run->source), .worst = ""};
    return &h->host[i];
}

static size_t count_distinct(const struct dataset_run *run, size_t offset)
{
    size_t distinct = 0;
    for (size_t i = 0; i < run->places; i++) {
        bool seen = false;
        const int64_t own = *(const int64_t *)((const char *)&run->place[i] + offset);
        for (size_t j = 0; j < i && !seen; j++)
            seen = *(const int64_t *)((const char *)&run->place[j] + offset) == own;
        distinct += !seen && own != SAMPLE_NONE;
    }
    return distinct;
}

/* A matrix has all cpus; other instruments have those that they chose. */
static void size_text(const struct dataset_run *run, char *out, size_t size)
{
    static const struct {
        size_t offset;
        const char *name;
    } part[] = {{offsetof(struct dataset_cpu, package), "packages"},
        {offsetof(struct dataset_cpu, node), "nodes"},
        {offsetof(struct dataset_cpu, core), "cores"}, {offsetof(struct dataset_cpu, cpu), "cpus"}};
    *out = '\0';
    if (strcmp(run->instrument, "matrix") != 0)
        return;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        text_append_item(
            out, size, ", ", "%zu %s", count_distinct(run, part[i].offset), part[i].name);
}

/* What runs of one host differ in is both. */
static int add_fact(struct hosts *h, struct host *host, enum hosts_fact fact, const char *text)
{
    const char *const old = host->fact[fact];
    char both[512];
    snprintf(both, sizeof both, "%s", text);
    if (old && *old && *text && !strstr(old, text))
        snprintf(both, sizeof both, "%.250s / %.250s", old, text);
    else if (old && *old)
        return 0;
    host->fact[fact] = strings_intern(h->strings, both);
    return host->fact[fact] ? 0 : -ENOMEM;
}

/* What follows "name=", up to a blank; "" where the name is not there. */
static const char *setting_text(const char *settings, const char *name, char *out, size_t size)
{
    const size_t length = strlen(name);
    const char *at = settings;
    *out = '\0';
    while (at && *at && (strncmp(at, name, length) != 0 || at[length] != '=')) {
        const char *const blank = strchr(at, ' ');
        at = blank ? blank + 1 : NULL;
    }
    if (at && *at)
        snprintf(out, size, "%.*s", (int)strcspn(at + length + 1, " "), at + length + 1);
    return out;
}

static int add_settings(struct hosts *h, struct host *host, const char *settings)
{
    char text[128];
    int code = 0;
    for (int f = HOSTS_NODES; f <= HOSTS_MICROCODE && !code; f++)
        code = add_fact(h, host, (enum hosts_fact)f,
            setting_text(settings, hosts_fact_name[f], text, sizeof text));
    return code;
}

static int add_facts(struct hosts *h, struct host *host, const struct dataset_run *run)
{
    char size[128];
    size_text(run, size, sizeof size);
    const char *const text[HOSTS_FACTS] = {[HOSTS_MODEL] = run->cpu_model,
        [HOSTS_ARCH] = run->arch,
        [HOSTS_HYPERVISOR] = run->hypervisor,
        [HOSTS_SIZE] = size,
        [HOSTS_KERNEL] = run->kernel,
        [HOSTS_PREFETCHERS] = run->prefetchers,
        [HOSTS_PAGES] = run->pages,
        [HOSTS_VERSION] = run->version,
        [HOSTS_VERDICTS] = ""};
    int code = 0;
    for (int f = 0; f < HOSTS_FACTS && !code; f++)
        if (text[f])
            code = add_fact(h, host, (enum hosts_fact)f, text[f]);
    return code ? code : add_settings(h, host, run->settings);
}

/* The fact is which questions cost: "undecided" comes and goes between hosts that are alike. */
static int add_verdict(struct hosts *h, struct host *host, const struct verdict *v)
{
    const struct estimate *const e = v->first;
    char text[1024];
    host->verdicts++;
    if (v->worst != VERDICT_SLOWER)
        return 0;
    host->costs++;
    if (e->ratio.mid > host->worst_ratio) {
        snprintf(text, sizeof text, "%s %s: %s", e->layout, e->op, v->text);
        host->worst = strings_intern(h->strings, text);
        host->worst_ratio = e->ratio.mid;
    }
    snprintf(text, sizeof text, "%.900s", host->fact[HOSTS_VERDICTS]);
    text_append_item(text, sizeof text, ", ", "%s %s costs", e->layout, e->op);
    host->fact[HOSTS_VERDICTS] = strings_intern(h->strings, text);
    return host->worst && host->fact[HOSTS_VERDICTS] ? 0 : -ENOMEM;
}

static int add_verdicts(struct hosts *h, struct host *host, const struct dataset *run)
{
    struct verdict *verdict;
    size_t count;
    int code = verdict_build(&run->summary, &verdict, &count);
    if (code)
        return code;
    for (size_t i = 0; i < count && !code; i++) {
        const struct estimate *const e = verdict[i].first;
        const bool main = run->summary.regimes == 0 || e->regime == run->summary.regime[0].regime;
        if (main && !estimate_is_hold(e))
            code = add_verdict(h, host, &verdict[i]);
    }
    free(verdict);
    return code;
}

/* Values of another run of the host join them when all is read. */
static int add_values(struct hosts *h, struct host *host, const struct dataset *run)
{
    struct reading_values values = {0};
    int code = values_list(h, run, &values);
    if (!code)
        values_join(&values);
    for (size_t i = 0; i < values.count && !code; i++) {
        code = GROW(host->value, host->values);
        if (!code)
            host->value[host->values++] =
                (struct hosts_value){values.at[i].quantity, values.at[i].value, values.at[i].error};
    }
    free(values.at);
    return code;
}

static int take_run(void *context, const struct dataset *run, struct err *err)
{
    struct hosts *const h = context;
    bool doubled = false;
    int code = note_run(h, run->run, &doubled);
    if (code || doubled)
        return code ? err_set(err, code, "out of memory for the hosts") : 0;
    struct host *const host = intern_host(h, run->run);
    if (!host || add_facts(h, host, run->run) || add_verdicts(h, host, run) ||
        add_values(h, host, run))
        return err_set(err, -ENOMEM, "out of memory for the hosts");
    host->runs++;
    host->rows += run->run->rows;
    host->rejected += run->run->rejected;
    return 0;
}

int hosts_read(
    struct hosts *hosts, FILE *in, const char *name, struct dataset *dataset, struct err *err)
{
    if (hosts_open(hosts))
        return err_set(err, -ENOMEM, "out of memory for the hosts");
    const int code = dataset_read_runs(in, name, dataset, take_run, hosts, err);
    if (code == -ENOMEM)
        return code;
    hosts->files++;
    return code && hosts_note(hosts, "%s; what was read before it counts", err->text)
               ? err_set(err, -ENOMEM, "out of memory for the hosts")
               : 0;
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
        run_index_free(hosts->inside->quantity);
        free(hosts->inside->source);
    }
    free(hosts->inside);
    peers_fini(&hosts->result);
    free(hosts->host);
    free(hosts->quantity);
    free(hosts->kind);
    free(hosts->note);
    strings_free(hosts->strings);
    *hosts = (struct hosts){0};
}
