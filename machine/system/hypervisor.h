/* SPDX-License-Identifier: MIT
 * Which hypervisor this machine runs under, as far as the kernel's files show. */
#ifndef MACHINE_SYSTEM_HYPERVISOR_H
#define MACHINE_SYSTEM_HYPERVISOR_H

#include <stddef.h>

/* "KVM", "Firecracker", …; "unknown" when only the cpu's flag shows that there is one; "" on bare
 * metal. `root` as in sysfile.h. */
void hypervisor_read(const char *root, char *out, size_t size);

#endif
