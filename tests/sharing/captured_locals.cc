/* SPDX-License-Identifier: MIT
 * Locals captured by reference in two lambdas that run in threads of their own. Four locals, in
 * turn, so that two of different threads share a line wherever the frame starts.
 * False: each local is one thread's. Fix: each thread's in a struct on lines of its own. */
/* expect: false-sharing kind=stack object=evens object=odds object=even_sum object=odd_sum */
#include <thread>
#include "twin.h"

#ifdef FIXED
namespace
{
struct Sums {
    alignas(PAD) uint64_t count = 0;
    uint64_t sum = 0;
};
} // namespace
#endif

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 200000000);
    const unsigned long ops = twin.ops;
#ifdef FIXED
    Sums even, odd;
    uint64_t &evens = even.count, &odds = odd.count, &even_sum = even.sum, &odd_sum = odd.sum;
#else
    uint64_t evens = 0, odds = 0, even_sum = 0, odd_sum = 0;
#endif
    WRITES(0, evens);
    WRITES(0, even_sum);
    WRITES(1, odds);
    WRITES(1, odd_sum);
    std::thread first([&, ops] {
        twin_pin(0);
        for (unsigned long i = 0; i < ops; i += 2) {
            evens++;       /* <- hot */
            even_sum += i; /* <- hot */
            twin_settle();
        }
    });
    std::thread second([&, ops] {
        twin_pin(1);
        for (unsigned long i = 1; i < ops; i += 2) {
            odds++;       /* <- hot */
            odd_sum += i; /* <- hot */
            twin_settle();
        }
    });
    first.join();
    second.join();
    printf("%llu %llu ", (unsigned long long)evens, (unsigned long long)even_sum);
    printf("%llu %llu\n", (unsigned long long)odds, (unsigned long long)odd_sum);
    return 0;
}
