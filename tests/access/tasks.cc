// SPDX-License-Identifier: MIT
// Thousands of std::async calls with exceptions that travel through futures, thread_local objects
// with destructors, condition variables with timeouts.
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

static long counts[8];
static std::atomic<long> ended;

struct tally {
    std::unique_ptr<long> value = std::make_unique<long>(0);
    ~tally()
    {
        __atomic_fetch_add(&counts[7], 1, __ATOMIC_RELAXED);
        ended += *value > 0;
    }
};
static thread_local tally own;

static long task(int me)
{
    for (int i = 0; i < 500; i++) {
        __atomic_fetch_add(&counts[me % 4], 1, __ATOMIC_RELAXED);
        ++*own.value;
    }
    if (me % 3 == 0)
        throw std::runtime_error(std::to_string(me));
    return me;
}

int main()
{
    long sum = 0, thrown = 0;
    for (int round = 0; round < 300; round++) {
        std::vector<std::future<long>> futures;
        for (int i = 0; i < 6; i++)
            futures.push_back(std::async(std::launch::async, task, i));
        for (auto &future : futures)
            try {
                sum += future.get();
            } catch (const std::runtime_error &error) {
                thrown += std::stol(error.what()) + 1;
            }
    }
    std::mutex mutex;
    std::condition_variable changed;
    bool ready = false;
    std::thread waiter([&] {
        std::unique_lock<std::mutex> held(mutex);
        while (!changed.wait_for(held, std::chrono::milliseconds(1), [&] { return ready; }))
            counts[5]++;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    {
        const std::lock_guard<std::mutex> held(mutex);
        ready = true;
    }
    changed.notify_all();
    waiter.join();
    std::printf("%ld %ld %ld %ld\n", sum, thrown, ended.load(), counts[0] + counts[1]);
    return 13;
}
