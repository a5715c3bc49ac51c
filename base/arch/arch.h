/* SPDX-License-Identifier: MIT
 * What differs between architectures, picked here and nowhere else. Each header gives:
 *   ARCH_NAME
 *   ARCH_ADDRESS_BITS   of a program's address space, at most
 *   arch_code_address() a return address as it was before a function signed it to store it
 *   arch_thread_pointer() what this thread's static TLS is at a fixed distance from
 *   arch_ticks()        the cheapest user-space counter; unordered, for the time between batches
 *   arch_ticks_begin()  the same, after all earlier and before all later instructions
 *   arch_ticks_end()    the same, after all earlier memory accesses of the timed op are done
 *   arch_has_ticks()    whether that counter exists and runs at a constant rate on all cpus
 *   arch_pause()        a hint in a spinning wait
 *   arch_drain()        returns when this cpu's stores so far are visible to others
 *   arch_flush()        takes a line out of all caches; false where arch_can_flush() is
 *   arch_flavour()      which stamped op loops suit this cpu ("plain", "llsc", "lse") */
#ifndef BASE_ARCH_ARCH_H
#define BASE_ARCH_ARCH_H

#if defined(__x86_64__)
#include "base/arch/x86_64.h"
#elif defined(__aarch64__)
#include "base/arch/aarch64.h"
#else
#include "base/arch/generic.h"
#endif

#endif
