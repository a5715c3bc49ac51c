/* SPDX-License-Identifier: MIT
 * How much of a node's memory can be had without taking it from programs. */
#ifndef MACHINE_SYSTEM_NODE_ROOM_H
#define MACHINE_SYSTEM_NODE_ROOM_H

#include <stdint.h>

/* In bytes: what is free above the kernel's reserve, and file pages that are not in use. Below it
 * the kernel ends one of the programs that are bound to the node. -1: not known. `root` as in
 * sysfile.h. */
int64_t node_room(const char *root, unsigned node);

#endif
