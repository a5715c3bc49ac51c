/* SPDX-License-Identifier: MIT
 * Which hypervisor this machine runs under, as far as the kernel's files tell. */
#ifndef MACHINE_SYSTEM_HYPERVISOR_H
#define MACHINE_SYSTEM_HYPERVISOR_H

#include <stddef.h>

/* "KVM", "Firecracker", …; "unknown" when the cpu tells that there is one and nothing else does; ""
 * on bare metal. `root` as in sysfile.h. */
void hypervisor_read(const char *root, char *out, size_t size);

#endif
