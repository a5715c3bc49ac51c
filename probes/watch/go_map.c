/* SPDX-License-Identifier: MIT
 * The shapes are those of Go's source: src/runtime/map.go (1.18 to 1.23), src/internal/runtime/maps
 * (map.go and table.go, since 1.24), src/sync/map.go and src/internal/sync/hashtriemap.go. */
#include "probes/watch/go_map.h"

#include "probes/watch/address_space.h"

#include <stdlib.h>

enum {
    SWISS_MINOR = 24,   /* the first version with Swiss tables, and with a sync.Map of hashes */
    POINTER_MINOR = 20, /* the first in which sync.Map's read part is a pointer */
    BUCKET_KEYS = 8,
    TABLES_READ = 4096, /* of a map that has more, the rest is estimated by these */
    WORD_BITS = 64
};

static bool is_pointer(uint64_t word)
{
    return word && word % sizeof word == 0 && word >> 47 == 0;
}

struct hmap {
    int64_t count;
    uint8_t flags, log_buckets;
    uint16_t overflow;
    uint32_t seed;
    uint64_t buckets, old_buckets, moved, extra;
};

static bool read_hmap(int pid, uint64_t address, struct go_map *out)
{
    enum { FLAGS_MOST = 0x1f, LOG_MOST = 48, KEYS_MOST = 13 /* of a bucket on average: 6.5 */ };
    struct hmap m = {0};
    if (!address_space_copy(pid, address, &m, sizeof m) || m.count < 0 || m.flags > FLAGS_MOST ||
        m.log_buckets > LOG_MOST || (m.buckets ? !is_pointer(m.buckets) : m.count > 0))
        return false;
    *out = (struct go_map){true, (uint64_t)m.count, 1ull << m.log_buckets, m.old_buckets != 0};
    return out->length <= KEYS_MOST * out->buckets;
}

struct swiss {
    uint64_t used, seed, directory;
    int64_t tables;
    uint8_t depth, shift, writing;
};
struct swiss_table {
    uint16_t used, capacity, left;
    uint8_t depth;
    int64_t index;
};

/* A table that several places of the directory point to counts as a part at each. */
static double buckets_of(int pid, const struct swiss *m)
{
    const size_t tables = m->tables < TABLES_READ ? (size_t)m->tables : (size_t)TABLES_READ;
    uint64_t *const at = calloc(tables, sizeof *at);
    double keys = 0;
    if (!at || !address_space_copy(pid, m->directory, at, tables * sizeof *at)) {
        free(at);
        return 0;
    }
    for (size_t i = 0; i < tables; i++) {
        struct swiss_table t = {0};
        if (address_space_copy(pid, at[i], &t, sizeof t) && t.depth <= m->depth)
            keys += (double)t.capacity / (double)(1ull << (m->depth - t.depth));
    }
    free(at);
    return keys / BUCKET_KEYS * (double)m->tables / (double)tables;
}

static bool read_swiss(int pid, uint64_t address, struct go_map *out)
{
    enum { DEPTH_MOST = 40 };
    struct swiss m = {0};
    if (!address_space_copy(pid, address, &m, sizeof m) || m.depth > DEPTH_MOST || m.writing > 1 ||
        m.used >> 48)
        return false;
    *out = (struct go_map){.has_length = true, .length = m.used, .buckets = 1};
    if (m.tables == 0)
        return m.used <= BUCKET_KEYS && (is_pointer(m.directory) || (!m.directory && !m.used));
    if (m.tables != 1ll << m.depth || m.shift != WORD_BITS - m.depth || !is_pointer(m.directory))
        return false;
    out->buckets = (uint64_t)(buckets_of(pid, &m) + 0.5);
    return true;
}

bool go_map_read(int pid, uint64_t address, unsigned minor, struct go_map *out)
{
    if (!is_pointer(address))
        return false;
    return minor >= SWISS_MINOR ? read_swiss(pid, address, out) : read_hmap(pid, address, out);
}

/* Of the part that is read without a lock, and of the other, which has all where it is there. */
static bool read_two(int pid, uint64_t address, unsigned minor, struct go_map *out)
{
    uint64_t word[5] = {0}, map = 0;
    if (!address_space_copy(pid, address, word, sizeof word))
        return false;
    const uint64_t *const part = minor >= POINTER_MINOR ? &word[1] : &word[2];
    const uint64_t read = part[0], dirty = part[1];
    if (dirty)
        return go_map_read(pid, dirty, minor, out);
    return is_pointer(read) && address_space_copy(pid, read, &map, sizeof map) &&
           go_map_read(pid, map, minor, out);
}

static bool read_trie(int pid, uint64_t address, struct go_map *out)
{
    struct {
        uint32_t inited, mutex[2];
        uint64_t root, hash, equal, seed;
    } m = {0};
    *out = (struct go_map){0};
    return address_space_copy(pid, address, &m, sizeof m) && m.inited == 1 && is_pointer(m.root) &&
           m.hash;
}

bool go_map_read_sync(int pid, uint64_t address, unsigned minor, struct go_map *out)
{
    if (!is_pointer(address))
        return false;
    return minor >= SWISS_MINOR ? read_trie(pid, address, out) : read_two(pid, address, minor, out);
}
