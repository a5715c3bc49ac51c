/* SPDX-License-Identifier: MIT
 * Folds rows. */
#include "analysis/dataset/trial_fold.h"

#include "analysis/dataset/run_index.h"
#include "base/grow.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* By words: a name is some twenty pointers and numbers, and uthash's own function, by bytes, would
 * take a tenth of the time of reading. The multiplier is 2^64 by the golden ratio. */
static unsigned hash_words(const void *key, size_t size)
{
    uint64_t hash = 0;
    for (size_t i = 0; i + sizeof hash <= size; i += sizeof hash) {
        uint64_t word;
        memcpy(&word, (const char *)key + i, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return (unsigned)hash;
}

/* Without this, uthash ends the program when memory runs out. */
#define HASH_NONFATAL_OOM 1
#define HASH_FUNCTION(key, size, hash) ((hash) = hash_words(key, size))
#include <uthash.h>

_Static_assert(EVENT_HARDWARE <= 16, "a bit for each role");
_Static_assert(sizeof(struct estimate_key) % sizeof(uint64_t) == 0, "hash_words takes whole words");

struct named {
    struct estimate_key name;
    uint32_t estimate;
    UT_hash_handle hh;
};

/* A fold that is not complete yet. */
struct open {
    struct trial_fold fold;
    struct trial_fold_extra extra;
    struct trial_fold_map map;
    bool is_map;
    double counted_ops, events[EVENT_HARDWARE], ops[EVENT_HARDWARE];
};

struct rejected {
    uint32_t run;
    int64_t trial;
};

/* The rows of a trial's roles may alternate. */
enum { OPEN = 4 };

struct folds_inside {
    struct named *named; /* by name */
    struct open open[OPEN];
    size_t opens;
    size_t capacity, extras, extras_capacity, maps, maps_capacity, counts, counts_capacity;
    struct rejected *rejected;
    size_t rejections, rejected_capacity;
    struct run_index *runs;
};

int trial_folds_init(struct trial_folds *folds)
{
    *folds = (struct trial_folds){.inside = calloc(1, sizeof *folds->inside)};
    return folds->inside ? 0 : -ENOMEM;
}

void trial_folds_fini(struct trial_folds *folds)
{
    struct folds_inside *in = folds->inside;
    struct named *named, *next;
    if (in) {
        HASH_ITER(hh, in->named, named, next)
        {
            HASH_DEL(in->named, named); /* NOLINT: the analyzer cannot follow uthash's list */
            free(named);
        }
        free(in->rejected);
        run_index_free(in->runs);
    }
    free(in);
    free(folds->fold);
    free(folds->extra);
    free(folds->map);
    free(folds->count);
    free(folds->name);
    *folds = (struct trial_folds){0};
}

/* Room for `more` behind `count`. By halves, not doubled: there may be a million. */
static void *grow_by_half(void *array, size_t count, size_t more, size_t size, size_t *capacity)
{
    if (array && count + more <= *capacity)
        return array;
    const size_t room = count + more + count / 2 + 64;
    void *bigger = reallocarray(array, room, size);
    if (bigger)
        *capacity = room;
    return bigger;
}

static uint32_t add_name(
    struct trial_folds *p, const struct estimate_key *name, const struct sample *row)
{
    const size_t run = run_index_intern(&p->inside->runs, name->run_id, name->host);
    if (run == RUN_NONE || GROW(p->name, p->names))
        return FOLD_NONE;
    struct named *named = calloc(1, sizeof *named);
    if (!named)
        return FOLD_NONE;
    named->name = *name;
    named->estimate = (uint32_t)p->names;
    HASH_ADD(hh, p->inside->named, name, sizeof named->name, named);
    if (!named->hh.tbl) {
        free(named);
        return FOLD_NONE;
    }
    p->name[p->names] = (struct trial_fold_key){
        .name = *name, .run = (uint32_t)run, .counters = row->counters ? row->counters : ""};
    return (uint32_t)p->names++;
}

static uint32_t intern_estimate(struct trial_folds *p, const struct sample *row)
{
    const struct estimate_key name = estimate_key_of(row);
    for (size_t i = 0; i < p->inside->opens; i++) {
        const uint32_t estimate = p->inside->open[i].fold.estimate;
        /* NOLINTNEXTLINE: equal names are equal bytes, see estimate_key.h */
        if (memcmp(&p->name[estimate].name, &name, sizeof name) == 0)
            return estimate;
    }
    struct named *found;
    HASH_FIND(hh, p->inside->named, &name, sizeof name, found);
    return found ? found->estimate : add_name(p, &name, row);
}

static int add_fold_counts(struct trial_folds *p, struct open *open)
{
    struct folds_inside *in = p->inside;
    if (open->counted_ops <= 0)
        return 0;
    struct trial_fold_count *count =
        grow_by_half(p->count, in->counts, 1 + EVENT_HARDWARE, sizeof *count, &in->counts_capacity);
    if (!count)
        return -ENOMEM;
    p->count = count;
    open->fold.counts = (uint32_t)in->counts;
    count[in->counts++] = (struct trial_fold_count){.ops = (float)open->counted_ops};
    for (size_t i = 0; i < EVENT_HARDWARE; i++)
        if (open->fold.roles >> i & 1)
            count[in->counts++] = (struct trial_fold_count){
                .events = (float)open->events[i], .ops = (float)open->ops[i]};
    return 0;
}

static int add_fold_extra(struct trial_folds *p, struct open *open)
{
    struct folds_inside *in = p->inside;
    if (isnan(open->extra.p50_ns) && isnan(open->extra.p99_ns) && isnan(open->extra.transfers))
        return 0;
    struct trial_fold_extra *extra =
        grow_by_half(p->extra, in->extras, 1, sizeof *extra, &in->extras_capacity);
    if (!extra)
        return -ENOMEM;
    p->extra = extra;
    open->fold.extra = (uint32_t)in->extras;
    extra[in->extras++] = open->extra;
    return 0;
}

static int add_fold_map(struct trial_folds *p, struct open *open)
{
    struct folds_inside *in = p->inside;
    if (!open->is_map)
        return 0;
    struct trial_fold_map *map = grow_by_half(p->map, in->maps, 1, sizeof *map, &in->maps_capacity);
    if (!map)
        return -ENOMEM;
    p->map = map;
    open->fold.map = (uint32_t)in->maps;
    map[in->maps++] = open->map;
    return 0;
}

static int close_open(struct trial_folds *p)
{
    struct folds_inside *in = p->inside;
    struct trial_fold *fold = grow_by_half(p->fold, p->folds, OPEN, sizeof *fold, &in->capacity);
    if (!fold)
        return -ENOMEM;
    p->fold = fold;
    for (size_t i = 0; i < in->opens; i++) {
        if (add_fold_counts(p, &in->open[i]) || add_fold_extra(p, &in->open[i]) ||
            add_fold_map(p, &in->open[i]))
            return -ENOMEM;
        fold[p->folds++] = in->open[i].fold;
    }
    in->opens = 0;
    return 0;
}

/* Not known in files from before that column. More than these no instrument takes in turn. */
static int32_t place_of(const struct sample *row)
{
    return row->place >= 0 && row->place <= UINT16_MAX ? (int32_t)row->place : STATS_NO_PLACE;
}

/* NULL when out of memory. */
static struct open *open_of(struct trial_folds *p, uint32_t estimate, const struct sample *row)
{
    struct folds_inside *in = p->inside;
    if (in->opens > 0 &&
        (in->open[0].fold.trial != row->trial || in->open[0].fold.block != row->block) &&
        close_open(p))
        return NULL;
    for (size_t i = 0; i < in->opens; i++)
        if (in->open[i].fold.estimate == estimate && in->open[i].fold.rows < INT16_MAX)
            return &in->open[i];
    if (in->opens == OPEN && close_open(p))
        return NULL;
    struct open *open = &in->open[in->opens++];
    *open = (struct open){.extra = {NAN, NAN, NAN},
        .map = {.p999_ns = NAN,
            .full_bytes = NAN,
            .emptied_bytes = NAN,
            .freed_after_ns = NAN,
            .promotions = NAN,
            .promoting_most_ns = NAN},
        .fold = {.estimate = estimate,
            .extra = FOLD_NONE,
            .map = FOLD_NONE,
            .counts = FOLD_NONE,
            .accepted = 1,
            .least = INFINITY,
            .block = row->block,
            .trial = row->trial,
            .canary_ns = NAN,
            .place = place_of(row)}};
    return open;
}

/* A thread that got no op in still spent its time; a row without a time is ignored. */
static void add_row(struct open *open, const struct sample *row)
{
    struct trial_fold *fold = &open->fold;
    fold->rows++;
    fold->accepted = fold->accepted && row->accepted == 1;
    fold->least = fminf(fold->least, (float)row->ops);
    fold->most = fmaxf(fold->most, (float)row->ops);
    if (row->ops >= 0 && isfinite(row->seconds)) {
        fold->seconds += row->seconds;
        fold->ops += (double)row->ops;
        if (row->transfers >= 0)
            open->extra.transfers = fmax(open->extra.transfers, 0) + (double)row->transfers;
    }
    if (isnan(fold->canary_ns))
        fold->canary_ns = row->canary_ns;
    open->extra.p50_ns = fmax(open->extra.p50_ns, row->lat_p50_ns); /* passes over NaN */
    open->extra.p99_ns = fmax(open->extra.p99_ns, row->lat_p99_ns);
}

/* Only the first thread's row has what belongs to the map as a whole. */
static void add_map(struct open *open, const struct sample *row)
{
    struct trial_fold_map *const map = &open->map;
    if (row->keys < 0)
        return;
    open->is_map = true;
    map->p999_ns = fmax(map->p999_ns, row->lat_p999_ns);
    map->writes += (double)row->writes;
    map->allocations += row->allocations < 0 ? NAN : (double)row->allocations;
    map->iterations += (double)row->iterations;
    map->iterating_ns += row->iterations > 0 ? (double)row->iterations * row->iterate_ns : 0;
    map->full_bytes = fmax(map->full_bytes, row->full_bytes);
    map->emptied_bytes = fmax(map->emptied_bytes, row->emptied_bytes);
    map->freed_after_ns = fmax(map->freed_after_ns, row->freed_after_ns);
    if (row->promotions >= 0)
        map->promotions = (double)row->promotions;
    map->promoting_most_ns = fmax(map->promoting_most_ns, row->promoting_most_ns);
}

static void add_counts(struct open *open, const struct sample *row)
{
    if (row->counted_ops <= 0)
        return;
    open->counted_ops += (double)row->counted_ops;
    for (size_t i = 0; i < EVENT_HARDWARE; i++) {
        if (row->count[i] < 0)
            continue;
        open->fold.roles |= (uint16_t)(1u << i);
        open->events[i] += (double)row->count[i];
        open->ops[i] += (double)row->counted_ops;
    }
}

static int add_rejected(struct trial_folds *p, uint32_t run, int64_t trial)
{
    struct folds_inside *in = p->inside;
    const struct rejected *last = in->rejections ? &in->rejected[in->rejections - 1] : NULL;
    if (last && last->run == run && last->trial == trial)
        return 0;
    struct rejected *all =
        grow_by_half(in->rejected, in->rejections, 1, sizeof *all, &in->rejected_capacity);
    if (!all)
        return -ENOMEM;
    in->rejected = all;
    all[in->rejections++] = (struct rejected){.run = run, .trial = trial};
    return 0;
}

int trial_folds_add(struct trial_folds *p, const struct sample *row)
{
    const uint32_t estimate = intern_estimate(p, row);
    struct open *open = estimate == FOLD_NONE ? NULL : open_of(p, estimate, row);
    if (!open)
        return -ENOMEM;
    add_row(open, row);
    add_counts(open, row);
    add_map(open, row);
    return row->accepted == 1 ? 0 : add_rejected(p, p->name[estimate].run, row->trial);
}

static int compare_rejected(const void *a, const void *b)
{
    const struct rejected *x = a, *y = b;
    return x->run != y->run ? compare_int(x->run, y->run) : compare_int(x->trial, y->trial);
}

int trial_folds_close(struct trial_folds *p)
{
    struct folds_inside *in = p->inside;
    if (close_open(p))
        return -ENOMEM;
    if (in->rejections == 0)
        return 0;
    qsort(in->rejected, in->rejections, sizeof *in->rejected, compare_rejected);
    for (size_t i = 0; i < p->folds; i++) {
        const struct rejected trial = {
            .run = p->name[p->fold[i].estimate].run, .trial = p->fold[i].trial};
        if (p->fold[i].accepted &&
            bsearch(&trial, in->rejected, in->rejections, sizeof trial, compare_rejected))
            p->fold[i].accepted = 0;
    }
    return 0;
}
