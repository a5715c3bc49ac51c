/* SPDX-License-Identifier: MIT
 * C++ threads that throw through twenty frames, allocate by new, also with alignment and more than
 * there is. */
#include <cstdio>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

struct alignas(64) wide {
    long value;
};
static long counts[2];

static long throw_deep(int depth)
{
    const std::string text(static_cast<size_t>(depth), 'x');
    if (depth > 20)
        throw std::runtime_error(text);
    return throw_deep(depth + 1) + static_cast<long>(text.size());
}

static void work(int me)
{
    std::map<int, std::string> kept;
    for (int i = 0; i < 2000; i++) {
        try {
            throw_deep(0);
        } catch (const std::runtime_error &error) {
            kept[i % 50] = error.what();
            counts[me]++;
        }
        std::vector<wide> wides(3);
        wides[1].value = i;
        counts[me] += wides[1].value;
    }
    volatile size_t much = SIZE_MAX / 4;
    try {
        delete[] new char[much];
    } catch (const std::bad_alloc &) {
        counts[me]++;
    }
}

int main()
{
    std::thread first(work, 0), second(work, 1);
    first.join();
    second.join();
    std::printf("%ld\n", counts[0] + counts[1]);
    return 4;
}
