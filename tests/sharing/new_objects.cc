/* SPDX-License-Identifier: MIT
 * Objects made with new, one after the other, which the allocator puts side by side; two of each
 * thread's, in turn, so that two of different threads share a line wherever the first one starts.
 * False: each object is one thread's. Fix: a class aligned to lines (C++17's new then honours
 * that). */
/* expect: false-sharing heap=session_new field=hits also=misses */
#include "twin.h"

#include <memory>
#include <vector>

namespace
{
class Session
{
  public:
    void hit(uint64_t x)
    {
        hits += x & 1; /* <- hot */
    }
    APART uint64_t hits = 0;
    uint64_t misses = 0;
};

NOINLINE Session *session_new()
{
    return new Session;
}

struct Sessions {
    alignas(PAD) std::unique_ptr<Session> of[2];
};

void work(unsigned me, void *arg)
{
    Session *first = static_cast<Sessions *>(arg)[me].of[0].get();
    Session *second = static_cast<Sessions *>(arg)[me].of[1].get();
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        first->hit(i);
        second->hit(i >> 1);
        twin_settle();
    }
}
} // namespace

int main(int argc, char **argv)
{
    Sessions sessions[THREADS];
    twin_amount(argc, argv, 80000000);
    twin_moves(alignof(Session) > 16 ? alignof(Session) : 16);
    for (unsigned i = 0; i < 2 * THREADS; i++) {
        sessions[i % THREADS].of[i / THREADS].reset(session_new());
        WRITES(i % THREADS, sessions[i % THREADS].of[i / THREADS]->hits);
    }
    twin_run(THREADS, work, sessions);
    for (const Sessions &s : sessions) {
        printf("%llu %llu\n", (unsigned long long)s.of[0]->hits, (unsigned long long)s.of[1]->hits);
    }
    return 0;
}
