/* SPDX-License-Identifier: MIT
 * Facts about the machine for every row of a run, and the time that its cpus lost. What they mean
 * for a measurement is in doctor.h. */
#ifndef MACHINE_SYSTEM_SYSTEM_H
#define MACHINE_SYSTEM_SYSTEM_H

#include <stddef.h>
#include <stdint.h>

/* Architecture and release of the kernel; "" where unknown. */
struct system_kernel {
    char arch[32], release[64];
};
/* Below "" by uname(2); below another root as hwloc's recordings have it
 * (/proc/hwloc-nofile-info), and where that is not there, by uname(2) too. */
void system_kernel_read(const char *root, struct system_kernel *kernel);

/* One line each, without control characters; "" where unknown. */
struct system_info {
    char host[64];
    char cpu_model[64];
    char arch[32];
    char kernel[64];
    char hypervisor[32]; /* "KVM", "Firecracker", …; "" on bare metal */
    char
        prefetchers[64]; /* "all on", "all off", "on except …"; "unknown" where it cannot be read */
    /* "nodes=0-1 cpus=0-63 smt=on governor=performance …", those that can be read */
    char settings[384];
};
void system_read(struct system_info *info);
/* The same from the /proc, /sys and /dev below `root` ("" is the real one). */
void system_read_at(const char *root, struct system_info *info);

/* Fills in `settings`. */
void settings_read(const char *root, char *out, size_t size);

/* What some cpus did since boot, summed; /proc/stat counts in steps of 10 ms. */
struct system_times {
    uint64_t busy_ns, idle_ns, steal_ns; /* steal: the hypervisor ran something else instead */
};
/* Each cpu counts once, even when the list repeats it. 0; -ENOENT when a cpu does not exist or is
 * offline; -errno when root/proc/stat cannot be read. */
int system_times_at(
    const char *root, const unsigned *cpus, size_t count, struct system_times *times);
int system_steal_ns(const unsigned *cpus, size_t count, uint64_t *ns);

#endif
