/* SPDX-License-Identifier: MIT
 * machine/memory: mapped, bound, touched and verified pages, as far as this machine lets them. */
#include "tests/test.h"

#include "machine/memory.h"
#include "tests/probes.h"

#include <stdbool.h>
#include <sys/prctl.h>

enum { BYTES = 5 * 4096 + 8, HUGE_PAGE = 2 << 20, ABSENT_NODE = 63 };

/* What /proc/meminfo says of `key`; -1: nothing. */
static long meminfo(const char *key)
{
    char line[128];
    long value = -1;
    FILE *f = fopen("/proc/meminfo", "r");
    while (f && value < 0 && fgets(line, sizeof line, f))
        if (strncmp(line, key, strlen(key)) == 0)
            value = strtol(line + strlen(key), NULL, 10);
    if (f)
        fclose(f);
    return value;
}

static bool is_known(const char *how)
{
    static const char *const words[] = {"move_pages", "numa_maps", "single-node", "unverified"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], how) == 0)
            return true;
    return false;
}

/* The node of this machine's first cpu, or of any that has memory. */
static int some_node(void)
{
    struct here h = here_open(NULL);
    int node = MEMORY_ANY_NODE;
    for (size_t i = 0; i < h.topology.nodes && node < 0; i++)
        if (h.topology.node[i].allowed && h.topology.node[i].memory_bytes)
            node = (int)h.topology.node[i].node;
    here_close(&h);
    return node;
}

static size_t nodes_here(void)
{
    struct here h = here_open(NULL);
    const size_t nodes = h.topology.nodes;
    here_close(&h);
    return nodes;
}

static void *fresh(struct memory_policy policy)
{
    void *memory = NULL;
    struct err err = {0};
    if (memory_new(BYTES, policy, &memory, &err))
        fail_msg("%s", err.text);
    assert_non_null(memory);
    assert_int_equal((uintptr_t)memory % 4096, 0);
    return memory;
}

static void assert_zero(const unsigned char *memory)
{
    for (size_t i = 0; i < BYTES; i++)
        assert_int_equal(memory[i], 0);
}

static void memory_is_fresh_and_zero(void **state)
{
    (void)state;
    const int nodes[] = {some_node(), MEMORY_ANY_NODE, MEMORY_INTERLEAVE};
    for (unsigned i = 0; i < 3; i++)
        for (int again = 0; again < 3; again++) {
            const struct memory_policy policy = {.node = nodes[i], .pages = PAGES_4K};
            void *memory = fresh(policy);
            assert_zero(memory);
            memset(memory, 0xa5, BYTES);
            memory_free(memory, BYTES, policy);
        }
}

static void its_node_is_verified(void **state)
{
    (void)state;
    const struct memory_policy policy = {.node = some_node(), .pages = PAGES_4K};
    void *memory = fresh(policy);
    const char *how = NULL;
    struct err err = {0};
    const int code = memory_verify(memory, BYTES, policy, &how, &err);
    memory_free(memory, BYTES, policy);
    assert_int_equal(code, 0);
    assert_true(is_known(how));
    print_message("# verified by: %s\n", how);
    if (strcmp(how, "unverified") == 0)
        SKIP_BECAUSE("nothing here tells where pages lie");
}

static void any_node_and_all_nodes_verify(void **state)
{
    (void)state;
    const int nodes[] = {MEMORY_ANY_NODE, MEMORY_INTERLEAVE};
    for (unsigned i = 0; i < 2; i++) {
        const struct memory_policy policy = {.node = nodes[i], .pages = PAGES_4K};
        void *memory = fresh(policy);
        const char *how = NULL;
        assert_int_equal(memory_verify(memory, BYTES, policy, &how, NULL), 0);
        assert_true(is_known(how));
        memory_free(memory, BYTES, policy);
    }
}

static void a_page_on_another_node_is_found(void **state)
{
    (void)state;
    const struct memory_policy policy = {.node = some_node(), .pages = PAGES_4K};
    const struct memory_policy other = {.node = policy.node + 1, .pages = PAGES_4K};
    void *memory = fresh(policy);
    const char *how = NULL;
    struct err err = {0};
    const int code = memory_verify(memory, BYTES, other, &how, &err);
    memory_free(memory, BYTES, policy);
    if (code == 0 && strcmp(how, "unverified") == 0)
        SKIP_BECAUSE("nothing here tells where pages lie");
    assert_refused(code, -EXDEV, &err, "a page bound to node");
    assert_non_null(strstr(err.text, "kernel.numa_balancing=0"));
}

static void transparent_huge_pages_are_aligned(void **state)
{
    (void)state;
    const struct memory_policy policy = {.node = some_node(), .pages = PAGES_THP};
    void *memory = fresh(policy);
    const char *how = NULL;
    assert_int_equal((uintptr_t)memory % HUGE_PAGE, 0);
    assert_zero(memory);
    ((char *)memory)[HUGE_PAGE - 1] = 1; /* mapped to the end of the page */
    assert_int_equal(memory_verify(memory, BYTES, policy, &how, NULL), 0);
    memory_free(memory, BYTES, policy);
}

static bool has_huge_pages(void)
{
    char text[MEMORY_PAGES_TEXT];
    const struct memory_policy policy = {.node = MEMORY_ANY_NODE, .pages = PAGES_THP};
    void *memory = fresh(policy);
    memory_pages_got(memory, BYTES, text);
    memory_free(memory, BYTES, policy);
    return strcmp(text, "thp") == 0;
}

/* Fragmentation, a kernel without them, a container's setting: prctl(2) has the same effect. */
static void transparent_huge_pages_that_were_not_got_are_told(void **state)
{
    (void)state;
    char with[MEMORY_PAGES_TEXT], without[MEMORY_PAGES_TEXT], small[MEMORY_PAGES_TEXT];
    const struct memory_policy policy = {.node = MEMORY_ANY_NODE, .pages = PAGES_THP};
    const struct memory_policy base = {.node = MEMORY_ANY_NODE, .pages = PAGES_4K};
    const bool possible = has_huge_pages();
    if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
        SKIP_BECAUSE("the kernel has no PR_SET_THP_DISABLE");
    void *refused = fresh(policy), *plain = fresh(base);
    memory_pages_got(refused, BYTES, without);
    memory_pages_got(plain, BYTES, small);
    memory_free(refused, BYTES, policy);
    prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
    void *huge = fresh(policy);
    memory_pages_got(huge, BYTES, with);
    memory_pages_got(plain, BYTES, small);
    memory_free(huge, BYTES, policy);
    memory_free(plain, BYTES, base);
    if (!*small)
        SKIP_BECAUSE("no pages in /proc/self/smaps");
    assert_string_equal(without, small);
    assert_string_not_equal(small, "thp");
    if (!possible)
        SKIP_BECAUSE("no transparent huge page to be had here");
    assert_string_equal(with, "thp");
}

static void memory_that_is_not_mapped_has_no_pages(void **state)
{
    (void)state;
    char text[MEMORY_PAGES_TEXT] = "x";
    memory_pages_got(NULL, 4096, text);
    assert_string_equal(text, "");
}

static void huge_pages_must_be_reserved(void **state)
{
    (void)state;
    if (meminfo("HugePages_Free:") != 0 || meminfo("Hugepagesize:") != 2048)
        SKIP_BECAUSE("not a machine of 2 MiB huge pages with none free");
    void *memory = NULL;
    struct err err = {0};
    const int nodes[] = {some_node(), MEMORY_ANY_NODE};
    for (unsigned i = 0; i < 2; i++) {
        const struct memory_policy policy = {.node = nodes[i], .pages = PAGES_2M};
        assert_refused(memory_new(BYTES, policy, &memory, &err), -ENOTSUP, &err,
            "sudo sysctl vm.nr_hugepages=64");
        assert_null(memory);
    }
}

static void reserved_huge_pages_are_used(void **state)
{
    (void)state;
    if (meminfo("HugePages_Free:") <= 0 || meminfo("Hugepagesize:") != 2048)
        SKIP_BECAUSE("no 2 MiB huge page is free");
    const struct memory_policy policy = {.node = MEMORY_ANY_NODE, .pages = PAGES_2M};
    const long before = meminfo("HugePages_Free:");
    void *memory = fresh(policy);
    const long during = meminfo("HugePages_Free:");
    assert_zero(memory);
    memory_free(memory, BYTES, policy);
    assert_true(during < before);
}

static void a_node_without_memory_is_told(void **state)
{
    (void)state;
    if (nodes_here() > ABSENT_NODE)
        SKIP_BECAUSE("this machine may have a node %d", ABSENT_NODE);
    const struct memory_policy policy = {.node = ABSENT_NODE, .pages = PAGES_4K};
    void *memory = NULL;
    struct err err = {0};
    const int code = memory_new(BYTES, policy, &memory, &err);
    if (code == 0) {
        memory_free(memory, BYTES, policy);
        SKIP_BECAUSE("the kernel refuses to bind memory (in a container, under qemu-user)");
    }
    assert_refused(code, -ENODEV, &err, "--mem-node: node 63 has no memory");
    assert_null(memory);
}

static void nothing_is_freed_twice(void **state)
{
    (void)state;
    memory_free(NULL, BYTES, (struct memory_policy){0});
}

static void page_sizes_have_names(void **state)
{
    (void)state;
    assert_string_equal(memory_pages_name[PAGES_4K], "4k");
    assert_string_equal(memory_pages_name[PAGES_THP], "thp");
    assert_string_equal(memory_pages_name[PAGES_2M], "2m");
}
