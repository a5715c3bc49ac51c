/* SPDX-License-Identifier: MIT
 * A small made-up machine and a recording of it, for the tests of recordings. */
#ifndef TESTS_RECORDING_MADE_H
#define TESTS_RECORDING_MADE_H

#include "machine/recording.h"
#include "machine/recording_text.h"
#include "tests/fakeroot.h"

#define CPU "/sys/devices/system/cpu/"
#define NODE "/sys/devices/system/node/"

static inline char *written(const struct pieces *pieces)
{
    char *text;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    recording_text_write(pieces, out);
    fclose(out);
    return text;
}

static inline void cpu_file(
    const struct fakeroot *root, unsigned cpu, const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, CPU "cpu%u/%s", cpu, name);
    fakeroot_file(root, path, text);
}

/* A small machine, of one cpu. */
static inline void add_small(const struct fakeroot *root)
{
    fakeroot_file(root, "/proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n");
    fakeroot_file(root, CPU "online", "0\n");
    fakeroot_file(root, CPU "possible", "0\n");
    cpu_file(root, 0, "topology/core_cpus", "1\n");
    cpu_file(root, 0, "topology/package_cpus", "1\n");
    cpu_file(root, 0, "topology/core_id", "0\n");
    cpu_file(root, 0, "topology/physical_package_id", "0\n");
    fakeroot_file(root, "/sys/kernel/mm/transparent_hugepage/enabled", "always [never]\n");
}

static inline json_t *made_calls(void)
{
    return json_pack("{s:i, s:i, s:i, s:n, s:s, s:{s:i, s:i, s:i}, s:i}", "perf_event_open",
        -EACCES, "mbind", 0, "move_pages", -EPERM, "memlock_bytes", "prefetchers", "all on",
        "window", "busy_ns", 1, "idle_ns", 99, "steal_ns", 0, "line_bytes", 64);
}

static inline int make(
    const struct fakeroot *root, const char *folder, struct recording_made *made, struct err *err)
{
    json_t *const calls = made_calls(), *const events = json_array();
    const struct recording_parts parts = {
        .root = root->path, .version = "test", .calls = calls, .events = events};
    const int code = recording_make(folder, &parts, made, err);
    json_decref(calls);
    json_decref(events);
    return code;
}

static inline size_t file_bytes(const char *folder, const char *name)
{
    char path[512];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(stat(path, &status), 0);
    return (size_t)status.st_size;
}

#endif
