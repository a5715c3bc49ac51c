/* SPDX-License-Identifier: MIT
 * std::make_shared puts the counts beside the object: one thread copies the pointers, the other
 * reads the objects. Two of them, of 80 bytes with their counts, so that one shares its first line
 * with them wherever they start.
 * False: the reader never looks at the counts. Fix: an object aligned to lines. */
/* expect: false-sharing heap=route_new */
#include "twin.h"

#include <memory>

namespace
{
struct Route {
    APART uint64_t hops[6];
};
typedef std::shared_ptr<Route> RoutePtr;

NOINLINE RoutePtr route_new(uint64_t first)
{
    RoutePtr route = std::make_shared<Route>();
    for (uint64_t &hop : route->hops) {
        hop = first++;
    }
    return route;
}

struct Use {
    RoutePtr routes[2];
    alignas(PAD) uint64_t sum = 0;
};

void pass_on(const RoutePtr *routes, unsigned long ops)
{
    for (unsigned long i = 0; i < ops; i++) {
        RoutePtr mine = routes[i % 2]; /* <- hot */
        twin_settle();
        mine.reset(); /* <- hot */
    }
}

uint64_t follow(const Route *even, const Route *odd, unsigned long ops)
{
    uint64_t x = 1;
    for (unsigned long i = 0; i < ops; i++) {
        x = twin_mix(x, 1) + even->hops[0] + odd->hops[0]; /* <- hot */
        twin_settle();
    }
    return x;
}

void work(unsigned me, void *arg)
{
    Use *use = static_cast<Use *>(arg);
    if (me == 0) {
        pass_on(use->routes, twin.ops);
    } else {
        use->sum = follow(use->routes[0].get(), use->routes[1].get(), twin.ops * 3);
    }
}
} // namespace

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 15000000);
    Use use;
    twin_moves(alignof(Route) > 16 ? alignof(Route) : 16);
    for (unsigned i = 0; i < 2; i++) {
        use.routes[i] = route_new(i * 6);
        /* libstdc++: a vtable pointer and two counts of 4 bytes, then the object at its alignment
         */
        const size_t before = alignof(Route) > 16 ? alignof(Route) : 16;
        twin_hot(0, 'w', reinterpret_cast<char *>(use.routes[i].get()) - before + 8, 4);
        READS(1, use.routes[i]->hops[0]);
    }
    twin_run(THREADS, work, &use);
    printf("%ld %llx\n", use.routes[0].use_count(), (unsigned long long)use.sum);
    return 0;
}
