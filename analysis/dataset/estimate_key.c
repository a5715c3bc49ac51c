/* SPDX-License-Identifier: MIT
 * Names of estimates: taken from rows, and compared. */
#include "analysis/dataset/estimate_key.h"

#include <math.h>

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static const char *instrument_of(const struct sample *row)
{
    const char *name = or_empty(row->instrument);
    return *name ? name : "run";
}

/* In files older than the column all clients are dealt out. */
static int64_t row_client_threads(const struct sample *row)
{
    return row->clients == SAMPLE_NONE || row->client_threads != SAMPLE_NONE ? row->client_threads
                                                                             : 0;
}

struct estimate_key estimate_key_of(const struct sample *row)
{
    return (struct estimate_key){
        .run_id = or_empty(row->run_id),
        .host = or_empty(row->host),
        .instrument = instrument_of(row),
        .layout = or_empty(row_family(row)),
        .op = or_empty(row->op),
        .mode = or_empty(row->mode),
        .state = or_empty(row->state),
        .home = or_empty(row->home),
        .distance = or_empty(row->distance),
        .role = or_empty(row->role),
        .twin = or_empty(row->twin),
        .load = or_empty(row->load),
        .cpu = row_cpu(row),
        .peer = row->peer,
        .beside = row->beside,
        .threads = row->threads,
        .clients = row->clients,
        .client_threads = row_client_threads(row),
        .regime = row->regime,
        .align_bytes = row_align(row),
        .gap_ns = isnan(row->gap_ns) ? (double)NAN : row->gap_ns + 0.0, /* -0 is 0 */
    };
}

static int compare_pair(const struct estimate_key *a, const struct estimate_key *b)
{
    const int64_t cpus[][2] = {{a->cpu, b->cpu}, {a->peer, b->peer}};
    const char *const places[][2] = {{a->state, b->state}, {a->home, b->home}};
    int order = compare_ints(cpus, 2);
    if (order == 0)
        order = compare_texts(places, 2);
    return order ? order : compare_int(a->beside, b->beside);
}

/* SAMPLE_NONE is the least number, so that the reference comes first in its group. */
static int compare_rest(const struct estimate_key *a, const struct estimate_key *b)
{
    const int64_t counts[][2] = {
        {a->threads, b->threads}, {a->client_threads, b->client_threads}, {a->clients, b->clients}};
    int order = compare_ints(counts, sizeof counts / sizeof *counts);
    if (order == 0)
        order = compare_text(a->role, b->role);
    const int64_t variant[][2] = {{a->regime, b->regime}, {a->align_bytes, b->align_bytes}};
    if (order == 0)
        order = compare_ints(variant, 2);
    return order ? order : compare_text(a->twin, b->twin);
}

int estimate_key_compare(const struct estimate_key *a, const struct estimate_key *b)
{
    const char *const texts[][2] = {{a->run_id, b->run_id}, {a->host, b->host},
        {a->instrument, b->instrument}, {a->layout, b->layout}, {a->op, b->op}, {a->load, b->load},
        {a->mode, b->mode}};
    int order = compare_texts(texts, sizeof texts / sizeof *texts);
    if (order == 0)
        order = compare_pair(a, b);
    if (order == 0)
        order = compare_real(a->gap_ns, b->gap_ns);
    if (order == 0)
        order = compare_text(a->distance, b->distance);
    return order ? order : compare_rest(a, b);
}

struct estimate estimate_named(const struct estimate_key *name)
{
    return (struct estimate){
        .run_id = name->run_id,
        .host = name->host,
        .layout = name->layout,
        .op = name->op,
        .role = name->role,
        .mode = name->mode,
        .twin = name->twin,
        .load = name->load,
        .distance = name->distance,
        .instrument = name->instrument,
        .state = name->state,
        .home = name->home,
        .cpu = name->cpu,
        .peer = name->peer,
        .beside = name->beside,
        .align_bytes = name->align_bytes,
        .gap_ns = name->gap_ns,
        .threads = name->threads,
        .clients = name->clients,
        .client_threads = name->client_threads,
        .regime = name->regime,
        .ns = INTERVAL_NONE,
        .ratio = INTERVAL_NONE,
        .added_ns = INTERVAL_NONE,
        .held_ns = INTERVAL_NONE,
        .ops_a_hold = INTERVAL_NONE,
    };
}

bool estimate_is_hold(const struct estimate *estimate)
{
    return compare_text(estimate->instrument, "costs") == 0 &&
           compare_text(estimate->layout, "hold") == 0;
}

bool estimate_is_map(const struct estimate *estimate)
{
    return compare_text(estimate->instrument, "maps") == 0;
}

bool estimate_same_group(const struct estimate *a, const struct estimate *b)
{
    const char *const text[][2] = {{a->run_id, b->run_id}, {a->host, b->host},
        {a->layout, b->layout}, {a->op, b->op}, {a->mode, b->mode}, {a->role, b->role},
        {a->distance, b->distance}, {a->instrument, b->instrument}, {a->state, b->state},
        {a->home, b->home}, {a->load, b->load}};
    const int64_t number[][2] = {{a->threads, b->threads}, {a->regime, b->regime}, {a->cpu, b->cpu},
        {a->peer, b->peer}, {a->beside, b->beside}, {a->clients, b->clients},
        {a->client_threads, b->client_threads}};
    return compare_texts(text, sizeof text / sizeof *text) == 0 &&
           compare_ints(number, sizeof number / sizeof *number) == 0 &&
           compare_real(a->gap_ns, b->gap_ns) == 0;
}
