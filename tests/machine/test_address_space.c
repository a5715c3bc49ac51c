/* SPDX-License-Identifier: MIT
 * probes/watch: what a process has mapped, its code, and which memory processes share. */
#include "tests/test.h"

#include "probes/watch/address_space.h"
#include "probes/watch/heap_block.h"
#include "probes/watch/watched.h"
#include "probes/watch/watched_modules.h"
#include "tests/probes.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t address_of(const void *p)
{
    return (uint64_t)(uintptr_t)p;
}

static void code_is_read_from_its_file(void **state)
{
    struct address_space space;
    struct err err;
    uint8_t bytes[64];
    (void)state;
    const uint64_t here = (uint64_t)(uintptr_t)code_is_read_from_its_file;
    assert_int_equal(address_space_read(getpid(), &space, &err), 0);
    assert_int_equal(address_space_code(&space, here, bytes, sizeof bytes), sizeof bytes);
    assert_memory_equal(bytes, (void *)(uintptr_t)here, sizeof bytes);
    const struct address_mapping *const m = address_space_at(&space, here);
    assert_true(m->executes && m->inode && m->begin <= here && here < m->end);
    assert_int_equal(address_space_code(&space, address_of(&space), bytes, sizeof bytes), 0);
    assert_null(address_space_at(&space, 8));
    assert_int_equal(address_space_code(&space, 8, bytes, sizeof bytes), 0);
    address_space_fini(&space);
}

/* As a JIT makes it. */
static void code_without_a_file_is_read_from_the_process(void **state)
{
    struct address_space space;
    struct err err;
    uint8_t bytes[16], made[16] = {0x90, 0xc3, 1, 2, 3};
    (void)state;
    void *const page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        SKIP_BECAUSE("no memory for code here");
    memcpy(page, made, sizeof made);
    assert_int_equal(address_space_read(getpid(), &space, &err), 0);
    assert_int_equal(
        address_space_code(&space, address_of(page), bytes, sizeof bytes), sizeof bytes);
    assert_memory_equal(bytes, made, sizeof made);
    address_space_fini(&space);
    munmap(page, 4096);
}

static void modules_are_where_the_loader_put_them(void **state)
{
    struct address_space space;
    struct err err;
    size_t count;
    (void)state;
    assert_int_equal(address_space_read(getpid(), &space, &err), 0);
    struct record_module *const module = watched_modules(&space, &count);
    assert_true(count >= 2);
    const uint64_t here = (uint64_t)(uintptr_t)modules_are_where_the_loader_put_them,
                   in_libc = (uint64_t)(uintptr_t)getpid;
    static int data = 1;
    assert_non_null(strstr(module[0].path, "test_address_space"));
    assert_true(module[0].low <= here && here < module[0].high);
    assert_true(module[0].low <= address_of(&data) && address_of(&data) < module[0].high);
    assert_true(module[0].base <= module[0].low);
    bool found = false;
    for (size_t i = 1; i < count; i++)
        found |= module[i].low <= in_libc && in_libc < module[i].high;
    assert_true(found);
    free(module);
    address_space_fini(&space);
}

/* Two processes with the same memory at one place, and each with its own at another. */
static void shared_memory_has_one_key(void **state)
{
    struct watched w = {0};
    struct err err;
    int child[2];
    (void)state;
    void *const common =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    static int own;
    assert_true(common != MAP_FAILED);
    for (int i = 0; i < 2; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            pause();
            _exit(0);
        }
        assert_int_equal(watched_add(&w, child[i], false, &err), 0);
    }
    const uint64_t a = watched_key(&w, 0, address_of(common) + 8),
                   b = watched_key(&w, 1, address_of(common) + 8);
    assert_true(a != 0 && a == b && a % 64 == 8);
    assert_true(watched_key(&w, 0, address_of(&own)) != watched_key(&w, 1, address_of(&own)));
    assert_int_equal(watched_key(&w, 0, address_of("constant")), 0);
    for (int i = 0; i < 2; i++) {
        kill(child[i], SIGKILL);
        waitpid(child[i], NULL, 0);
    }
    watched_scan(&w);
    assert_int_equal(watched_scan(&w), 0);
    watched_fini(&w);
    munmap(common, 4096);
}

static void what_cannot_be_watched_says_why(void **state)
{
    struct watched w = {0};
    struct err err;
    (void)state;
    assert_int_equal(watched_add(&w, 1 << 22, false, &err), -ESRCH);
    assert_int_equal(watched_add(&w, getpid(), false, &err), -EINVAL);
    assert_non_null(strstr(err.text, "itself"));
    assert_int_equal(watched_add(&w, 2, false, &err), -EINVAL); /* kthreadd, but in a container */
    watched_fini(&w);
}

static void a_block_of_malloc_is_found_from_any_byte(void **state)
{
    enum { BLOCKS = 20, BYTES = 1000 };
    char *block[BLOCKS];
    unsigned found = 0;
    (void)state;
    for (unsigned i = 0; i < BLOCKS; i++)
        assert_non_null(block[i] = calloc(1, BYTES + i));
    for (unsigned i = 0; i < BLOCKS; i++)
        for (unsigned at = 0; at < BYTES; at += 333) {
            struct heap_block b;
            if (!heap_block_at(getpid(), address_of(block[i] + at), &b))
                continue;
            found++;
            assert_true(b.start == address_of(block[i]));
            assert_in_range(b.size, BYTES + i, BYTES + i + 31);
        }
    for (unsigned i = 0; i < BLOCKS; i++)
        free(block[i]);
    if (SANITIZED) /* another malloc */
        SKIP_BECAUSE("not glibc's malloc");
    assert_int_equal(found, BLOCKS * 4);
    static int global;
    struct heap_block none;
    assert_false(heap_block_at(getpid(), address_of(&global), &none) && none.size > 1 << 20);
}
