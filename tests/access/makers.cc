// SPDX-License-Identifier: MIT
// Each form of operator new and some calls of malloc's family make a block that two threads use in
// turns, each its own bytes. In between, allocations fail.
#include "turns.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <new>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

enum { LINES = 64, LINE = 64, ROUNDS = 5000, BYTES = (LINES + 1) * LINE };
constexpr auto aligned = std::align_val_t(64);

static void work(char *at, unsigned byte)
{
    volatile char *line = at + (-reinterpret_cast<unsigned long>(at) & (LINE - 1));
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned i = 0; i < LINES; i++)
            line[i * LINE + byte] = line[i * LINE + byte] + 1;
}

#define MAKER(name, call)                                                                          \
    static void *name()                                                                            \
    {                                                                                              \
        void *at = call;                                                                           \
        return at;                                                                                 \
    }
MAKER(by_new, operator new(BYTES))
MAKER(by_new_array, operator new[](BYTES))
MAKER(by_nothrow, operator new(BYTES, std::nothrow))
MAKER(by_nothrow_array, operator new[](BYTES, std::nothrow))
MAKER(by_aligned, operator new(BYTES, aligned))
MAKER(by_aligned_array, operator new[](BYTES, aligned))
MAKER(by_aligned_nothrow, operator new(BYTES, aligned, std::nothrow))
MAKER(by_aligned_nothrow_array, operator new[](BYTES, aligned, std::nothrow))
MAKER(by_reallocarray, reallocarray(nullptr, LINES + 1, LINE))
MAKER(by_realloc, realloc(malloc(8), BYTES))

template <class F> static void expect_bad_alloc(F make)
{
    try {
        make();
        std::printf("no exception\n");
    } catch (const std::bad_alloc &) {
    }
}

// A new that throws, before it has called malloc or after, leaves nothing to the next malloc.
static void *after_throw()
{
    expect_bad_alloc([] { return operator new(~0ul / 4); });
    return malloc(BYTES);
}

static void *after_bad_alignment()
{
    expect_bad_alloc([] { return operator new(8, std::align_val_t(3)); });
    return malloc(BYTES);
}

static void *after_failures()
{
    void *at = malloc(BYTES), *other = at;
    if (posix_memalign(&other, 3, BYTES) == 0 || other != at || realloc(at, ~0ul / 4) ||
        reallocarray(at, ~0ul, 2))
        std::printf("no failure\n");
    free(nullptr);
    return at;
}

// libc calls malloc itself.
static void *by_libc()
{
    static char text[BYTES];
    std::memset(text, 'x', sizeof text - 1);
    return strdup(text);
}

static const struct {
    const char *name;
    void *(*make)();
} makers[] = {
#define NAMED(name)                                                                                \
    {                                                                                              \
#name, name                                                                                \
    }
    NAMED(by_new), NAMED(by_new_array), NAMED(by_nothrow), NAMED(by_nothrow_array),
    NAMED(by_aligned), NAMED(by_aligned_array), NAMED(by_aligned_nothrow),
    NAMED(by_aligned_nothrow_array), NAMED(by_reallocarray), NAMED(by_realloc), NAMED(after_throw),
#ifndef TCMALLOC // does not throw there
    NAMED(after_bad_alignment),
#endif
    NAMED(after_failures), NAMED(by_libc)
#undef NAMED
};

static int try_out(void *(*make)())
{
    turn worked{}, done{};
    char *at = static_cast<char *>(make());
    std::thread thread([&] {
        work(at, 0);
        turn_give(&worked);
        turn_await(&done);
    });
    turn_await(&worked);
    work(at, 40);
    turn_give(&done);
    thread.join();
    return 0;
}

int main()
{
    for (const auto &maker : makers) {
        const pid_t child = fork();
        if (child == 0)
            return try_out(maker.make);
        std::printf("%d %s\n", child, maker.name);
        std::fflush(stdout);
        waitpid(child, nullptr, 0);
    }
    return 0;
}
