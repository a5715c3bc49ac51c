/* SPDX-License-Identifier: MIT
 * A local captured by reference in two lambdas that run in threads of their own, which libstdc++
 * starts. A struct, since compilers put plain locals in an order of their own.
 * False: each member is one thread's. Fix: each thread's on lines of their own. */
/* expect: false-sharing kind=stack object=sums field=evens field=odds field=even_sum field=odd_sum
 */
#include "twin.h"

#include <thread>

namespace
{
struct Sums {
    ON_LINE uint64_t evens = 0;
    uint64_t even_sum = 0;
    APART uint64_t odds = 0;
    uint64_t odd_sum = 0;
};
} // namespace

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 200000000);
    const unsigned long ops = twin.ops;
    Sums sums;
    WRITES(0, sums.evens);
    WRITES(0, sums.even_sum);
    WRITES(1, sums.odds);
    WRITES(1, sums.odd_sum);
    std::thread first([&, ops] {
        twin_pin(0);
        for (unsigned long i = 0; i < ops; i += 2) {
            sums.evens++;       /* <- hot */
            sums.even_sum += i; /* <- hot */
            twin_settle();
        }
    });
    std::thread second([&, ops] {
        twin_pin(1);
        for (unsigned long i = 1; i < ops; i += 2) {
            sums.odds++;       /* <- hot */
            sums.odd_sum += i; /* <- hot */
            twin_settle();
        }
    });
    first.join();
    second.join();
    printf("%llu %llu ", (unsigned long long)sums.evens, (unsigned long long)sums.even_sum);
    printf("%llu %llu\n", (unsigned long long)sums.odds, (unsigned long long)sums.odd_sum);
    return 0;
}
