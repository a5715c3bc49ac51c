/* SPDX-License-Identifier: MIT
 * A std::vector with an element for each thread, threads of the C++ library.
 * False: each thread has its element. Fix: an element type aligned to lines. */
/* expect: false-sharing heap=main field=lines field=bytes */
/* price: yes */
#include "twin.h"

#include <thread>
#include <vector>

#define WORKERS 4

namespace
{
struct Tally {
    APART uint64_t lines = 0;
    uint64_t bytes = 0;
    uint64_t errors = 0;
};

NOINLINE void count(Tally &tally, uint64_t x)
{
    tally.bytes += x & 255;        /* <- hot */
    tally.lines += (x & 31) == 10; /* <- hot */
}

void work(unsigned me, std::vector<Tally> &tallies, unsigned long ops)
{
    uint64_t x = me;
    twin_pin(me);
    for (unsigned long i = 0; i < ops; i++) {
        x = twin_mix(x, 3);
        count(tallies[me], x >> 32);
    }
}
} // namespace

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 20000000);
    std::vector<Tally> tallies(WORKERS);
    std::vector<std::thread> threads;
    twin_moves(alignof(Tally) > 16 ? alignof(Tally) : 16);
    for (unsigned i = 0; i < WORKERS; i++) {
        WRITES(i, tallies[i].lines);
        WRITES(i, tallies[i].bytes);
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        threads.emplace_back(work, i, std::ref(tallies), twin.ops);
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    for (const Tally &tally : tallies) {
        printf("%llu %llu\n", (unsigned long long)tally.lines, (unsigned long long)tally.bytes);
    }
    return 0;
}
