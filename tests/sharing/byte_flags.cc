/* SPDX-License-Identifier: MIT
 * One flag of a byte for each thread, all in one word, toggled by atomic exchanges.
 * False: each thread has its byte; only whole words would overlap. Fix: each flag on lines of its
 * own. */
/* expect: false-sharing object=flags field=up */
#include "twin.h"

#include <atomic>

namespace
{
struct Flag {
    APART std::atomic<uint8_t> up;
};
ON_LINE Flag flags[THREADS];

void work(unsigned me, void *arg)
{
    uint64_t *changes = static_cast<uint64_t *>(arg) + me * PAD / sizeof(uint64_t), n = 0;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        const uint8_t up = (i >> me) & 1;
        n += flags[me].up.exchange(up, std::memory_order_relaxed) != up; /* <- hot */
    }
    *changes = n;
}
} // namespace

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t changes[THREADS * PAD / sizeof(uint64_t)];
    twin_amount(argc, argv, 35000000);
    WRITES(0, flags[0]);
    WRITES(1, flags[1]);
    twin_run(THREADS, work, changes);
    printf("%llu %llu\n", (unsigned long long)changes[0],
        (unsigned long long)changes[PAD / sizeof(uint64_t)]);
    return 0;
}
