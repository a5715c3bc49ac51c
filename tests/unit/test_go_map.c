/* SPDX-License-Identifier: MIT
 * probes/watch/go_map: heads as Go's versions write them, in this process. */
#include "tests/test.h"

#include "probes/watch/address_space.h"
#include "probes/watch/go_map.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* src/runtime/map.go */
struct hmap {
    int64_t count;
    uint8_t flags, log;
    uint16_t overflow;
    uint32_t seed;
    void *buckets, *old;
    uint64_t moved, extra;
};
/* src/internal/runtime/maps/map.go and table.go */
struct table {
    uint16_t used, capacity, left;
    uint8_t depth;
    int64_t index;
};
struct swiss {
    uint64_t used, seed;
    void *directory;
    int64_t tables;
    uint8_t depth, shift, writing;
};
static _Alignas(64) char bucket[64];

static bool read_map(const void *at, unsigned minor, struct go_map *out)
{
    return go_map_read(getpid(), (uint64_t)(uintptr_t)at, minor, out);
}

/* qemu-user has no process_vm_readv. */
#define NEED_READING()                                                                             \
    do {                                                                                           \
        if (!address_space_copy(getpid(), (uint64_t)(uintptr_t)bucket, &(char){0}, 1))             \
            SKIP_BECAUSE("a process cannot read itself here: %s", strerror(errno));                \
    } while (0)

static void test_the_old_map(void **state)
{
    struct go_map map;
    struct hmap m = {.count = 100, .log = 4, .buckets = bucket};
    (void)state;
    NEED_READING();
    assert_true(read_map(&m, 19, &map));
    assert_true(map.has_length);
    assert_int_equal(map.length, 100);
    assert_int_equal(map.buckets, 16);
    assert_false(map.growing);
    m.old = bucket;
    assert_true(read_map(&m, 23, &map) && map.growing);
    m.count = 100000; /* more than 16 buckets can have */
    assert_false(read_map(&m, 19, &map));
    m = (struct hmap){.count = 1, .log = 0};
    assert_false(read_map(&m, 19, &map));
    m = (struct hmap){.count = 1, .log = 200, .buckets = bucket};
    assert_false(read_map(&m, 19, &map));
}

static void test_the_new_map(void **state)
{
    struct go_map map;
    struct table one = {.capacity = 1024, .depth = 1, .index = 0},
                 two = {.capacity = 512, .depth = 2, .index = 2},
                 three = {.capacity = 256, .depth = 2, .index = 3},
                 *directory[] = {&one, &one, &two, &three};
    struct swiss m = {.used = 900, .directory = directory, .tables = 4, .depth = 2, .shift = 62};
    (void)state;
    NEED_READING();
    assert_true(read_map(&m, 24, &map));
    assert_int_equal(map.length, 900);
    assert_int_equal(map.buckets, (1024 + 512 + 256) / 8);
    m.shift = 10;
    assert_false(read_map(&m, 24, &map));
    m = (struct swiss){.used = 8, .directory = bucket};
    assert_true(read_map(&m, 24, &map));
    assert_int_equal(map.buckets, 1);
    m.used = 9; /* a single group has eight */
    assert_false(read_map(&m, 24, &map));
    assert_false(go_map_read(getpid(), 8, 24, &map));
    assert_false(go_map_read(getpid(), 0x12345, 24, &map));
}

static void test_sync_maps(void **state)
{
    struct go_map map;
    struct hmap m = {.count = 3, .log = 0, .buckets = bucket},
                more = {.count = 5, .log = 0, .buckets = bucket};
    struct {
        void *map;
        uint64_t amended;
    } read = {&m, 0};
    void *words[5] = {NULL, NULL, &read, NULL, NULL}; /* 1.19: mutex, the value's type, its word */
    struct {
        uint32_t inited, mutex[2];
        void *root, *hash, *equal;
        uint64_t seed;
    } trie = {.inited = 1, .root = bucket, .hash = bucket};
    (void)state;
    NEED_READING();
    assert_true(go_map_read_sync(getpid(), (uint64_t)(uintptr_t)words, 19, &map));
    assert_int_equal(map.length, 3);
    words[3] = &more; /* the dirty one has all */
    assert_true(go_map_read_sync(getpid(), (uint64_t)(uintptr_t)words, 19, &map));
    assert_int_equal(map.length, 5);
    void *newer[5] = {NULL, &read, NULL, NULL, NULL};
    assert_true(go_map_read_sync(getpid(), (uint64_t)(uintptr_t)newer, 23, &map));
    assert_int_equal(map.length, 3);
    assert_true(go_map_read_sync(getpid(), (uint64_t)(uintptr_t)&trie, 24, &map));
    assert_false(map.has_length);
    trie.inited = 7;
    assert_false(go_map_read_sync(getpid(), (uint64_t)(uintptr_t)&trie, 24, &map));
}
