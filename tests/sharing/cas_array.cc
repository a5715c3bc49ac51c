/* SPDX-License-Identifier: MIT
 * The highest value each thread has seen, kept by compare-and-swap in a std::array for all of
 * them; the third thread only reads its own, which main set.
 * False: each thread has its element. Fix: each element on lines of its own. */
/* expect: false-sharing object=peaks field=value */
#include "twin.h"

#include <array>
#include <atomic>

namespace
{
struct Peak {
    APART std::atomic<int> value;
};
ON_LINE std::array<Peak, 3> peaks;

void raise(std::atomic<int> &peak, int value)
{
    int seen = peak.load(std::memory_order_relaxed); /* <- hot */
    while (seen < value &&
           !peak.compare_exchange_weak(seen, value, std::memory_order_relaxed)) { /* <- hot */
    }
}

void work(unsigned me, void *arg)
{
    const unsigned long ops = twin.ops;
    if (me < 2) {
        for (unsigned long i = 0; i < ops; i++) {
            raise(peaks[me].value, static_cast<int>(i));
        }
        return;
    }
    uint64_t sum = 0;
    for (unsigned long i = 0; i < ops; i++) {
        sum += peaks[me].value.load(std::memory_order_relaxed); /* <- hot */
    }
    *static_cast<uint64_t *>(arg) = sum;
}
} // namespace

int main(int argc, char **argv)
{
    alignas(PAD) uint64_t sum = 0;
    twin_amount(argc, argv, 30000000);
    peaks[2].value = 7;
    WRITES(0, peaks[0]);
    WRITES(1, peaks[1]);
    READS(2, peaks[2]);
    twin_run(3, work, &sum);
    printf("%d %d %llu\n", peaks[0].value.load(), peaks[1].value.load(), (unsigned long long)sum);
    return 0;
}
