/* SPDX-License-Identifier: MIT
 * A class with virtual functions, made as a derived one and used through its base: one thread draws
 * keys from a counter of the base class, the other makes virtual calls, which read the pointer to
 * the virtual table.
 * False: the reader never looks at the counter. Fix: the counter on lines of its own. */
/* expect: false-sharing heap=index_open type=SortedIndex field=keys field=vptr also=mask */
#include "twin.h"

#include <atomic>
#include <memory>

namespace
{
class Index
{
  public:
    virtual ~Index() = default;
    virtual uint64_t probe(uint64_t key) const = 0;
    uint64_t key_new()
    {
        return keys.fetch_add(1, std::memory_order_relaxed); /* <- hot */
    }
    void report() const
    {
        READS(1, *reinterpret_cast<void *const *>(this));
        WRITES(0, keys);
    }

  protected:
    APART std::atomic<uint64_t> keys{0};
};

template <class Row> class SortedIndex : public Index
{
  public:
    explicit SortedIndex(uint64_t rows) : mask(rows - 1)
    {
    }
    uint64_t probe(uint64_t key) const override
    {
        return (key & mask) * sizeof(Row); /* <- touched */
    }

  private:
    APART uint64_t mask;
};

class EmptyIndex final : public Index
{
  public:
    uint64_t probe(uint64_t key) const override
    {
        return key * 0;
    }
};

NOINLINE std::unique_ptr<Index> index_open(bool empty)
{
    if (empty) {
        return std::unique_ptr<Index>(new EmptyIndex);
    }
    return std::unique_ptr<Index>(new SortedIndex<uint32_t>(1024));
}

struct Use {
    Index *index;
    alignas(PAD) uint64_t sum = 0;
};

void work(unsigned me, void *arg)
{
    Use *use = static_cast<Use *>(arg);
    Index *index = use->index;
    uint64_t sum = 0;
    for (unsigned long i = 0; i < twin.ops && me == 0; i++) {
        index->key_new();
    }
    for (unsigned long i = 0; i < twin.ops && me == 1; i++) {
        sum += index->probe(i); /* <- hot */
        twin_settle();
    }
    if (me == 1) {
        use->sum = sum;
    }
}
} // namespace

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 40000000);
    const std::unique_ptr<Index> index = index_open(argc > 100);
    Use use = {index.get()};
#ifndef FIXED
    twin_moves(16);
#endif
    index->report();
    twin_run(THREADS, work, &use);
    printf("%llu %llu\n", (unsigned long long)index->key_new(), (unsigned long long)use.sum);
    return 0;
}
