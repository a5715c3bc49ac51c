/* SPDX-License-Identifier: MIT
 * Gathering the facts that the checks judge, and walking the checks. */
#include "machine/system/doctor.h"

#include "machine/system/doctor_checks.h"

#include <errno.h>
#include <linux/mempolicy.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Opens a counter of the calling thread in user space, which needs the fewest permissions. */
static int try_pmu(void)
{
    struct perf_event_attr attr = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof attr,
        .config = PERF_COUNT_HW_CPU_CYCLES,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    const long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd < 0)
        return -errno;
    close((int)fd);
    return 0;
}

static void *page_new(size_t bytes)
{
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Not by libnuma, which would hide the call that was refused. MPOL_PREFERRED without a node is
 * valid on every machine. */
static int try_mbind(void)
{
    const size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
    void *page = page_new(bytes);
    if (page == MAP_FAILED)
        return -errno;
    const long failed = syscall(SYS_mbind, page, bytes, MPOL_PREFERRED, NULL, 0, 0);
    const int error = failed != 0 ? -errno : 0;
    munmap(page, bytes);
    return error;
}

/* Without a list of nodes, move_pages only reports where a page is. */
static int try_move_pages(void)
{
    const size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
    char *page = page_new(bytes);
    if (page == MAP_FAILED)
        return -errno;
    page[0] = 1;
    void *pages[] = {page};
    int status = 0;
    const long failed = syscall(SYS_move_pages, 0, 1, pages, NULL, &status, 0);
    const int error = failed != 0 ? -errno : status < 0 ? status : 0;
    munmap(page, bytes);
    return error;
}

static uint64_t memlock_bytes(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0)
        return 0;
    return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : (uint64_t)limit.rlim_cur;
}

/* The allowed cpus; the caller frees them. NULL when out of memory. */
static unsigned *allowed_cpus(const struct topology *topology, size_t *count)
{
    unsigned *cpus = calloc(topology->cpus + 1, sizeof *cpus);
    *count = 0;
    for (size_t i = 0; cpus != NULL && i < topology->cpus; i++)
        if (topology->cpu[i].allowed)
            cpus[(*count)++] = topology->cpu[i].cpu;
    return cpus;
}

static void wait_ms(unsigned ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

static int read_times(const char *root, const struct topology *topology, struct system_times *times)
{
    size_t count;
    unsigned *cpus = allowed_cpus(topology, &count);
    const int error = cpus != NULL ? system_times_at(root, cpus, count, times) : -ENOMEM;
    free(cpus);
    return error;
}

static void watch_cpus(struct doctor_facts *facts, unsigned window_ms)
{
    const struct system_times before = facts->since_boot;
    struct system_times after;
    wait_ms(window_ms);
    if (read_times(facts->root, facts->topology, &after) != 0)
        return;
    facts->window = (struct system_times){
        .busy_ns = after.busy_ns - before.busy_ns,
        .idle_ns = after.idle_ns - before.idle_ns,
        .steal_ns = after.steal_ns - before.steal_ns,
    };
}

void doctor_read_files(
    const char *root, const struct topology *topology, struct doctor_facts *facts)
{
    *facts = (struct doctor_facts){.root = root, .topology = topology};
    system_read_at(root, &facts->system);
    cgroup_read(root, &facts->cgroup);
    if (read_times(root, topology, &facts->since_boot) != 0)
        facts->since_boot = (struct system_times){0};
}

void doctor_gather(const char *root, const struct topology *topology, unsigned window_ms,
    struct doctor_facts *facts)
{
    doctor_read_files(root, topology, facts);
    facts->pmu = try_pmu();
    facts->mbind = try_mbind();
    facts->move_pages = try_move_pages();
    facts->memlock_bytes = memlock_bytes();
    if (facts->since_boot.busy_ns + facts->since_boot.idle_ns > 0)
        watch_cpus(facts, window_ms);
}

size_t doctor_judge(const struct doctor_facts *facts, struct check_result out[DOCTOR_CHECKS_MAX])
{
    const struct doctor_check *const subjects[] = {
        doctor_checks_load, doctor_checks_kernel, doctor_checks_memory, doctor_checks_machine};
    size_t count = 0;
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        for (const struct doctor_check *at = subjects[i];
             at->name != NULL && count < DOCTOR_CHECKS_MAX; at++) {
            out[count] = (struct check_result){.name = at->name};
            at->judge(facts, &out[count++]);
        }
    return count;
}
