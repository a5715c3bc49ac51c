/* SPDX-License-Identifier: MIT
 * Mapping, binding, touching and checking measured memory. */
#include "machine/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <numa.h>
#include <numaif.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char *const memory_pages_name[PAGES_COUNT] = {"4k", "thp", "2m"};

enum { HUGE_BYTES = 2 << 20, VERIFY_AT_ONCE = 64 };

/* Replaces libnuma's function, which prints to stderr what seccomp or qemu-user refuses;
 * memory_verify reports what that means. */
void numa_error(char *where)
{
    (void)where;
}

static size_t mapped_bytes(size_t bytes, enum memory_pages pages)
{
    const size_t page = pages == PAGES_4K ? (size_t)sysconf(_SC_PAGESIZE) : HUGE_BYTES;
    return (bytes + page - 1) / page * page;
}

/* Transparent huge pages need an aligned range: maps more and unmaps the ends. */
static void *map_aligned(size_t bytes)
{
    char *p =
        mmap(NULL, bytes + HUGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return p;
    const size_t head = (HUGE_BYTES - (uintptr_t)p % HUGE_BYTES) % HUGE_BYTES;
    if (head)
        munmap(p, head);
    if (head < HUGE_BYTES)
        munmap(p + head + bytes, HUGE_BYTES - head);
    return p + head;
}

static void *map_bytes(size_t bytes, enum memory_pages pages)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    if (pages == PAGES_2M)
        return mmap(NULL, bytes, PROT_READ | PROT_WRITE,
            flags | MAP_HUGETLB | 21 << MAP_HUGE_SHIFT /* log2 of 2 MiB */, -1, 0);
    void *p = pages == PAGES_THP ? map_aligned(bytes)
                                 : mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    /* A kernel without transparent huge pages refuses the advice, which it does not need. */
    if (p != MAP_FAILED)
        madvise(p, bytes, pages == PAGES_THP ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    return p;
}

/* A new mask, NULL when out of memory; *mode is what it is for. */
static struct bitmask *nodes_of(int node, int *mode)
{
    struct bitmask *const mask =
        node == MEMORY_INTERLEAVE ? numa_get_mems_allowed() : numa_allocate_nodemask();
    if (mask && node >= 0)
        numa_bitmask_setbit(mask, (unsigned)node);
    *mode = node == MEMORY_INTERLEAVE ? MPOL_INTERLEAVE : MPOL_BIND;
    return mask;
}

static int bind_pages(void *p, size_t bytes, int node)
{
    int mode;
    if (node == MEMORY_ANY_NODE)
        return 0;
    struct bitmask *const mask = nodes_of(node, &mode);
    if (!mask)
        return -ENOMEM;
    const long rc = mbind(p, bytes, mode, mask->maskp, mask->size + 1, 0);
    const int code = rc ? -errno : 0;
    numa_bitmask_free(mask);
    /* Forbidden in many containers and unknown to qemu-user: then the first touch places the pages,
     * and memory_verify reports whether it did. */
    return code == -EPERM || code == -ENOSYS ? 0 : code;
}

static int explain_map(int code, struct memory_policy policy, struct err *err)
{
    if (policy.pages == PAGES_2M)
        return err_set(err, -ENOTSUP,
            "--pages 2m: no free huge pages; reserve some with 'sudo sysctl vm.nr_hugepages=64'");
    return err_set(err, code, "cannot map memory: %s", strerror(-code));
}

static int explain_bind(int code, struct memory_policy policy, struct err *err)
{
    if (code == -EINVAL && policy.node >= 0)
        return err_set(err, -ENODEV,
            "--mem-node: node %d has no memory that this process may use; see 'numaprobe topo'",
            policy.node);
    return err_set(err, code, "--mem-node: cannot place memory: %s", strerror(-code));
}

int memory_bind_programs(struct memory_policy policy, struct err *err)
{
    int mode;
    if (policy.node == MEMORY_ANY_NODE)
        return 0;
    struct bitmask *const mask = nodes_of(policy.node, &mode);
    if (!mask)
        return err_set(err, -ENOMEM, "out of memory for a set of nodes");
    const int code = set_mempolicy(mode, mask->maskp, mask->size + 1) ? -errno : 0;
    numa_bitmask_free(mask);
    return code ? explain_bind(code, policy, err) : 0;
}

/* In the kernel's headers since 5.14. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Populating reports a lack of memory as an error, where touching would end in a signal. Kernels
 * before 5.14 cannot do it. */
static int populate_pages(void *p, size_t bytes)
{
    return madvise(p, bytes, MADV_POPULATE_WRITE) == 0 || errno == EINVAL || errno == ENOSYS
               ? 0
               : -errno;
}

int memory_new(size_t bytes, struct memory_policy policy, void **memory, struct err *err)
{
    const size_t size = mapped_bytes(bytes, policy.pages);
    void *p = map_bytes(size, policy.pages);
    if (p == MAP_FAILED)
        return explain_map(-errno, policy, err);
    int code = bind_pages(p, size, policy.node);
    if (code)
        explain_bind(code, policy, err);
    else if ((code = populate_pages(p, size)) != 0)
        explain_map(code, policy, err);
    if (code) {
        munmap(p, size);
        return err ? err->code : code;
    }
    memset(p, 0, size);
    *memory = p;
    return 0;
}

void memory_free(void *memory, size_t bytes, struct memory_policy policy)
{
    if (memory)
        munmap(memory, mapped_bytes(bytes, policy.pages));
}

static bool fits_policy(int node, struct memory_policy policy)
{
    return policy.node < 0 || node == policy.node;
}

static int explain_misplaced(int node, struct memory_policy policy, struct err *err)
{
    return err_set(err, -EXDEV,
        "a page bound to node %d lies on node %d; NUMA balancing may have moved it ('sudo sysctl "
        "kernel.numa_balancing=0')",
        policy.node, node);
}

/* -ENOSYS: this kernel does not report it. */
static int ask_move_pages(char *p, size_t bytes, struct memory_policy policy, struct err *err)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t at = 0; at < bytes;) {
        void *pages[VERIFY_AT_ONCE];
        int status[VERIFY_AT_ONCE];
        size_t n = 0;
        for (; n < VERIFY_AT_ONCE && at < bytes; n++, at += page)
            pages[n] = p + at;
        if (numa_move_pages(0, n, pages, NULL, status, 0) != 0)
            return -ENOSYS;
        for (size_t i = 0; i < n; i++)
            if (status[i] < 0)
                return -ENOSYS;
            else if (!fits_policy(status[i], policy))
                return explain_misplaced(status[i], policy, err);
    }
    return 0;
}

/* One line of numa_maps: "7f… policy … N0=4 N1=2 …"; all nodes that hold pages of the mapping. */
static int line_nodes(const char *line, struct memory_policy policy, struct err *err)
{
    bool found = false;
    for (const char *s = strstr(line, " N"); s; s = strstr(s + 1, " N")) {
        int node;
        if (sscanf(s, " N%d=", &node) != 1)
            continue;
        if (!fits_policy(node, policy))
            return explain_misplaced(node, policy, err);
        found = true;
    }
    return found ? 0 : -ENOSYS;
}

static int ask_numa_maps(const char *p, struct memory_policy policy, struct err *err)
{
    FILE *f = fopen("/proc/self/numa_maps", "re");
    if (!f)
        return -ENOSYS;
    char *line = NULL, *best = NULL;
    size_t size = 0;
    /* Lines ascend by start address: the mapping of p is the last one that begins at or below p. */
    while (getline(&line, &size, f) > 0 && strtoull(line, NULL, 16) <= (uintptr_t)p) {
        free(best);
        best = strdup(line);
    }
    const int code = best ? line_nodes(best, policy, err) : -ENOSYS;
    free(line);
    free(best);
    fclose(f);
    return code;
}

static int ask_allowed(struct memory_policy policy)
{
    if (policy.node == MEMORY_INTERLEAVE || numa_available() < 0)
        return -ENOSYS;
    struct bitmask *mask = numa_get_mems_allowed();
    const bool only = mask && numa_bitmask_weight(mask) == 1 &&
                      (policy.node < 0 || numa_bitmask_isbitset(mask, (unsigned)policy.node));
    if (mask)
        numa_bitmask_free(mask);
    return only ? 0 : -ENOSYS;
}

int memory_verify(
    void *address, size_t bytes, struct memory_policy policy, const char **how, struct err *err)
{
    *how = "move_pages";
    int code = ask_move_pages(address, bytes, policy, err);
    if (code == -ENOSYS) {
        *how = "numa_maps";
        code = ask_numa_maps(address, policy, err);
    }
    if (code == -ENOSYS) {
        *how = "single-node";
        code = ask_allowed(policy);
    }
    if (code == -ENOSYS) {
        *how = "unverified";
        code = 0;
    }
    return code;
}
