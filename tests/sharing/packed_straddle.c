/* SPDX-License-Identifier: MIT
 * Packed records of 44 bytes: the third field of the second one straddles a line's end, so that
 * one record shares the line before it with the first and the line after it with the third.
 * False: each record is one thread's. Fix: records aligned to lines, still packed inside. */
/* expect: false-sharing object=records field=sum also=count */
#include "twin.h"

#include <stddef.h>

#define RECORDS 3
struct __attribute__((packed)) record {
    uint32_t tag;
    uint32_t count;
    char name[8];
    uint64_t sum; /* of the second record: bytes 60 to 67 */
    char rest[20];
};
struct place {
    APART struct record r;
};
_Static_assert(sizeof(struct record) == 44 && offsetof(struct record, sum) == 16, "straddles");
ON_LINE static struct place records[RECORDS];

static void work(unsigned me, void *arg)
{
    (void)arg;
    struct record *r = &records[me].r;
    const unsigned long ops = twin.ops;
    for (unsigned long i = 0; i < ops; i++) {
        r->count++; /* <- hot */
        twin_settle();
        r->sum += i; /* <- hot */
        twin_settle();
    }
}

int main(int argc, char **argv)
{
    twin_amount(argc, argv, 70000000);
    for (unsigned i = 0; i < RECORDS; i++) {
        twin_hot(i, 'w', (char *)&records[i] + offsetof(struct record, count), sizeof(uint32_t));
        twin_hot(i, 'w', (char *)&records[i] + offsetof(struct record, sum), sizeof(uint64_t));
    }
    twin_run(RECORDS, work, NULL);
    for (unsigned i = 0; i < RECORDS; i++) {
        printf("%u %llu\n", records[i].r.count, (unsigned long long)records[i].r.sum);
    }
    return 0;
}
