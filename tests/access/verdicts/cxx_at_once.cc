/* SPDX-License-Identifier: MIT */
/* verdict: false-sharing
 * build: -std=c++20
 * Between two barriers, two threads use bytes of one line at the same time. */
#include <barrier>
#include <thread>

alignas(64) static volatile long parts[2];
alignas(256) static std::barrier barrier(2, []() noexcept {});

static void add(volatile long &part)
{
    for (int round = 0; round < 4; round++) {
        barrier.arrive_and_wait();
        for (int i = 0; i < 300000; i++)
            part = part + 1;
    }
}

int main()
{
    std::thread other([] { add(parts[1]); });
    add(parts[0]);
    other.join();
}
