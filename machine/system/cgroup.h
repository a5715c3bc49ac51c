/* SPDX-License-Identifier: MIT
 * How much of the machine's time the cgroup of this process may use. hwloc reads its cpuset. */
#ifndef MACHINE_SYSTEM_CGROUP_H
#define MACHINE_SYSTEM_CGROUP_H

struct cgroup_info {
    char path[256];    /* of the cpu controller, "/" at the root; "" where there are no cgroups */
    double quota_cpus; /* cpus' worth of time: the tightest limit of the cgroup and those around it;
                          0: unlimited */
};
/* `root` as in sysfile.h. */
void cgroup_read(const char *root, struct cgroup_info *info);

#endif
