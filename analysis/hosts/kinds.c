/* SPDX-License-Identifier: MIT
 * Machines by kind. A few hosts that differ in something are not a kind: they are what is looked
 * for. */
#include "analysis/hosts/hosts_internal.h"
#include "analysis/stats/stats.h"
#include "base/grow.h"
#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A fifth of the hosts of a processor model, and at least five, are a kind where they differ from
 * the others in the hypervisor or the size. */
enum { KIND_SHARE = 5, KIND_LEAST = PEERS_HOSTS_MIN };

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *commonest_fact(const char **text, size_t count, size_t *most)
{
    const char *best = "";
    *most = 0;
    if (count)
        qsort(text, count, sizeof *text, by_text);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && strcmp(text[next], text[i]) == 0; next++)
            ;
        if (next - i > *most) {
            *most = next - i;
            best = text[i];
        }
    }
    return best;
}

/* Without matrix there is no size. Where so few lack it that they are not a kind, it is a
 * difference of the others. */
static bool has_sizes(const struct hosts *h, size_t from, size_t end)
{
    size_t lacking = 0;
    for (size_t i = from; i < end; i++)
        lacking += !*h->host[i].fact[HOSTS_SIZE];
    return lacking * KIND_SHARE < end - from;
}

static int compare_facts(const struct host *a, const struct host *b, int facts)
{
    for (int f = 0; f < facts; f++) {
        const int order = strcmp(a->fact[f], b->fact[f]);
        if (order)
            return order;
    }
    return 0;
}

static int by_facts(const void *a, const void *b)
{
    const struct host *const x = a, *const y = b;
    const int order = compare_facts(x, y, HOSTS_KERNEL);
    return order ? order : strcmp(x->name, y->name);
}

static int by_kind(const void *a, const void *b)
{
    const struct host *const x = a, *const y = b;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : strcmp(x->name, y->name);
}

/* Hosts from `from` on with the same first facts end before this one. */
static size_t alike_end(const struct hosts *h, size_t from, size_t end, int facts)
{
    size_t to = from + 1;
    while (to < end && compare_facts(&h->host[from], &h->host[to], facts) == 0)
        to++;
    return to;
}

/* Those of one processor model: groups that are large enough are kinds, and the others belong to
 * the largest group. */
static size_t group_model(struct hosts *h, size_t from, size_t end, size_t kinds)
{
    const int facts = has_sizes(h, from, end) ? HOSTS_SIZE + 1 : HOSTS_SIZE;
    size_t largest = 0, largest_kind = kinds, next = kinds;
    for (size_t i = from, to; i < end; i = to) {
        to = alike_end(h, i, end, facts);
        const bool kind = to - i >= KIND_LEAST && (to - i) * KIND_SHARE >= end - from;
        for (size_t j = i; j < to; j++)
            h->host[j].kind = kind ? next : SIZE_MAX;
        if (kind && to - i > largest) {
            largest = to - i;
            largest_kind = next;
        }
        next += kind;
    }
    for (size_t j = from; j < end; j++)
        if (h->host[j].kind == SIZE_MAX)
            h->host[j].kind = largest_kind;
    return next > kinds ? next : kinds + 1;
}

/* The largest first: numbers them again. */
static int renumber(struct hosts *h, size_t kinds)
{
    size_t *const count = calloc(kinds + 1, sizeof *count), *const rank =
                                                                calloc(kinds + 1, sizeof *rank);
    const int code = count && rank ? 0 : -ENOMEM;
    for (size_t i = 0; i < h->count && !code; i++)
        count[h->host[i].kind]++;
    for (size_t k = 0; k < kinds && !code; k++)
        for (size_t other = 0; other < kinds; other++)
            rank[k] += count[other] > count[k] || (other < k && count[other] == count[k]);
    for (size_t i = 0; i < h->count && !code; i++)
        h->host[i].kind = rank[h->host[i].kind];
    free(count);
    free(rank);
    return code;
}

static int list_hosts(struct hosts *h)
{
    for (size_t i = 0; i < h->count; i++) {
        struct hosts_kind *const kind = &h->kind[h->host[i].kind];
        if (GROW(kind->host, kind->hosts))
            return -ENOMEM;
        h->host[i].row = kind->hosts;
        kind->host[kind->hosts++] = i;
    }
    return 0;
}

int kinds_group(struct hosts *h)
{
    if (h->count)
        qsort(h->host, h->count, sizeof *h->host, by_facts);
    for (size_t i = 0, end; i < h->count; i = end) {
        end = alike_end(h, i, h->count, HOSTS_HYPERVISOR);
        h->kinds = group_model(h, i, end, h->kinds);
    }
    h->kind = calloc(h->kinds + 1, sizeof *h->kind);
    if (!h->kind || renumber(h, h->kinds))
        return -ENOMEM;
    if (h->count)
        qsort(h->host, h->count, sizeof *h->host, by_kind);
    return list_hosts(h);
}

static bool has_text(const char **text, size_t count, const char *wanted, size_t *found)
{
    *found = 0;
    for (size_t i = 0; i < count; i++)
        *found += strcmp(text[i], wanted) == 0;
    return *found > 0;
}

/* Where half of the kind agrees, those that fewer than a fifth are like differ. */
static void compare_fact(struct hosts *h, struct hosts_kind *kind, int fact, const char **text)
{
    size_t most, alike;
    for (size_t i = 0; i < kind->hosts; i++)
        text[i] = h->host[kind->host[i]].fact[fact];
    kind->fact[fact] = commonest_fact(text, kind->hosts, &most);
    if (most * 2 < kind->hosts) {
        kind->fact[fact] = "";
        return;
    }
    for (size_t i = 0; i < kind->hosts; i++) {
        struct host *const host = &h->host[kind->host[i]];
        host->differs[fact] = strcmp(host->fact[fact], kind->fact[fact]) != 0 &&
                              has_text(text, kind->hosts, host->fact[fact], &alike) &&
                              alike * KIND_SHARE < kind->hosts;
    }
}

int kinds_compare(struct hosts *h)
{
    const char **const text = calloc(h->count + 1, sizeof *text);
    for (size_t k = 0; k < h->kinds && text; k++)
        for (int f = 0; f < HOSTS_FACTS; f++)
            compare_fact(h, &h->kind[k], f, text);
    free(text);
    return text ? 0 : -ENOMEM;
}

static int number_quantities(
    struct hosts *h, struct hosts_kind *kind, uint32_t *count, uint32_t *column)
{
    memset(count, 0, h->quantities * sizeof *count);
    for (size_t i = 0; i < kind->hosts; i++)
        for (size_t v = 0; v < h->host[kind->host[i]].values; v++)
            count[h->host[kind->host[i]].value[v].quantity]++;
    for (size_t q = 0; q < h->quantities; q++) {
        column[q] = (uint32_t)kind->quantities;
        if (!count[q])
            continue;
        if (GROW(kind->quantity, kind->quantities))
            return -ENOMEM;
        kind->quantity[kind->quantities++] = (uint32_t)q;
    }
    return 0;
}

static void fill_host(const struct hosts_kind *kind, struct host *host, size_t row,
    const uint32_t *count, const uint32_t *column)
{
    size_t common = 0;
    for (size_t v = 0; v < host->values; v++) {
        const size_t q = host->value[v].quantity, cell = row * kind->quantities + column[q];
        kind->value[cell] = host->value[v].value;
        kind->error[cell] = host->value[v].error;
        common += count[q] * 2 >= kind->hosts;
        host->alone += count[q] * KIND_SHARE < kind->hosts;
    }
    for (size_t c = 0; c < kind->quantities; c++)
        host->lacking += count[kind->quantity[c]] * 2 >= kind->hosts;
    host->lacking -= common;
    if (host->differs[HOSTS_VERSION]) /* which is why */
        host->lacking = host->alone = 0;
}

static int tabulate_kind(
    struct hosts *h, struct hosts_kind *kind, uint32_t *count, uint32_t *column)
{
    if (number_quantities(h, kind, count, column))
        return -ENOMEM;
    const size_t cells = kind->hosts * kind->quantities;
    kind->value = malloc((cells + 1) * sizeof *kind->value);
    kind->error = malloc((cells + 1) * sizeof *kind->error);
    if (!kind->value || !kind->error)
        return -ENOMEM;
    for (size_t i = 0; i < cells; i++)
        kind->value[i] = kind->error[i] = NAN;
    for (size_t i = 0; i < kind->hosts; i++)
        fill_host(kind, &h->host[kind->host[i]], i, count, column);
    return 0;
}

int kinds_tabulate(struct hosts *h)
{
    uint32_t *const count = calloc(h->quantities + 1, sizeof *count);
    uint32_t *const column = calloc(h->quantities + 1, sizeof *column);
    int code = count && column ? 0 : -ENOMEM;
    for (size_t k = 0; k < h->kinds && !code; k++)
        code = tabulate_kind(h, &h->kind[k], count, column);
    free(count);
    free(column);
    return code;
}

const char *hosts_kind_text(const struct hosts_kind *kind, char *out)
{
    snprintf(out, HOSTS_KIND_TEXT, "%s",
        *kind->fact[HOSTS_MODEL] ? kind->fact[HOSTS_MODEL] : "unknown processor");
    for (int f = HOSTS_ARCH; f <= HOSTS_SIZE; f++)
        if (*kind->fact[f])
            text_append_item(out, HOSTS_KIND_TEXT, ", ", "%s", kind->fact[f]);
    return out;
}

const struct host *hosts_named_host(const struct hosts *h, const struct peers_named *named)
{
    return &h->host[h->kind[named->kind].host[named->host]];
}

const char *hosts_named_quantity(const struct hosts *h, const struct peers_named *named)
{
    return named->quantity == PEERS_ALL
               ? "all together"
               : h->quantity[h->kind[named->kind].quantity[named->quantity]].name;
}

size_t hosts_named_end(const struct hosts *h, size_t from)
{
    const struct peers_named *const n = h->result.named;
    size_t to = from + 1;
    while (to < h->result.count && n[to].kind == n[from].kind && n[to].host == n[from].host)
        to++;
    return to;
}
