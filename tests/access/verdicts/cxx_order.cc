/* SPDX-License-Identifier: MIT */
/* verdict: none
 * build: -std=c++20
 * Two threads use bytes of one line in turns that a barrier, a latch or a semaphore divides. */
#include <barrier>
#include <latch>
#include <semaphore>
#include <thread>

constexpr int writes = 100000, rounds = 4;
alignas(64) static struct {
    volatile long first, second, third, fourth;
} parts;

static void add(volatile long &part)
{
    for (int i = 0; i < writes; i++)
        part = part + 1;
}

int main()
{
    alignas(256) static std::barrier barrier(2);
    alignas(256) static std::latch latch(1);
    alignas(256) static std::binary_semaphore semaphore(0);
    std::thread other([] {
        for (int i = 0; i < rounds; i++) {
            barrier.arrive_and_wait();
            add(parts.second);
            barrier.wait(barrier.arrive());
        }
        latch.wait();
        add(parts.third);
        semaphore.release();
    });
    for (int i = 0; i < rounds; i++) {
        add(parts.first);
        barrier.arrive_and_wait();
        barrier.arrive_and_wait();
    }
    add(parts.first);
    latch.count_down();
    semaphore.acquire();
    add(parts.fourth);
    other.join();
}
