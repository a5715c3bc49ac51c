/* SPDX-License-Identifier: MIT
 * A reference count in one word of 8 bytes with what never changes: one thread takes and drops
 * references, the other reads the size. Seen 8 bytes at a time this would be true sharing.
 * False: the reader never looks at the count. Fix: what is only read on lines of its own. */
/* expect: false-sharing heap=buffer_new field=refs field=size */
/* price: yes */
#include "twin.h"

#include <atomic>

namespace
{
struct Buffer {
    ON_LINE std::atomic<uint32_t> refs{1};
    APART const uint32_t size = 48;
};

NOINLINE Buffer *buffer_new()
{
    return new Buffer;
}

void share(Buffer *buffer, unsigned long ops)
{
    for (unsigned long i = 0; i < ops; i++) {
        buffer->refs.fetch_add(1, std::memory_order_relaxed); /* <- hot */
        buffer->refs.fetch_sub(1, std::memory_order_release); /* <- hot */
    }
}

uint64_t look(const Buffer *buffer, unsigned long ops)
{
    uint64_t x = 1;
    for (unsigned long i = 0; i < ops; i++) {
        x = twin_mix(x, 2) + buffer->size; /* <- hot */
        twin_settle();
    }
    return x;
}

struct Use {
    Buffer *buffer;
    alignas(PAD) uint64_t sum;
};

void work(unsigned me, void *arg)
{
    Use *use = static_cast<Use *>(arg);
    if (me == 0) {
        share(use->buffer, twin.ops);
    } else {
        use->sum = look(use->buffer, twin.ops * 3);
    }
}
} // namespace

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 20000000);
    Use use = {buffer_new(), 0};
    WRITES(0, use.buffer->refs);
    READS(1, use.buffer->size);
    twin_run(THREADS, work, &use);
    printf("%u %llx\n", use.buffer->refs.load(), (unsigned long long)use.sum);
    delete use.buffer;
    return 0;
}
