/* SPDX-License-Identifier: MIT
 * What the headers of this folder report to the runtime: <barrier>, <latch> and <semaphore> are
 * templates over atomics, so that no call of theirs can be replaced. `numaprobe c++` has the
 * compiler find them here first. Each includes the library's own under another name and derives
 * from its class, with the same name, size and layout as the original. */
#ifndef RUNTIME_CXX_NUMAPROBE_ORDER_H
#define RUNTIME_CXX_NUMAPROBE_ORDER_H

enum numaprobe_baton { numaprobe_semaphore, numaprobe_latch };

extern "C" {
/* A barrier for so many threads; 0: it is destroyed, or that number is not known any more. */
void numaprobe_barrier_make(const void *barrier, long threads) noexcept;
/* The calling thread comes to it; from what is returned, it goes on. */
void *numaprobe_barrier_come(const void *barrier) noexcept;
void numaprobe_barrier_go_on(void *round) noexcept;

void numaprobe_baton_make(const void *baton) noexcept;
void numaprobe_baton_pass(const void *baton, int kind) noexcept;
void numaprobe_baton_receive(const void *baton, int kind) noexcept;
}

#endif
