/* SPDX-License-Identifier: MIT
 * The recording that the runtime of an instrumented program writes: one file for each process,
 * mapped while the program runs, so that it is complete up to the last access however the program
 * ends. Not a format for other machines: native endianness, read by the same build of numaprobe.
 *
 * Counts are of what was seen, i.e. in bursts only; record_header.seen_ticks is how long that was.
 * A count only grows; in a running process it may be slightly out of date. */
#ifndef BASE_RECORD_H
#define BASE_RECORD_H

#include <stdint.h>

#define RECORD_MAGIC 0x31434552414d554eull /* "NUMAREC1" in little endian */
enum {
    RECORD_VERSION = 6,
    RECORD_LINE = 64,   /* bytes: one bit each in a mask of 64, whatever the machine's line */
    RECORD_FRAMES = 16, /* of an allocation's or a thread's call stack, innermost first */
    RECORD_SITES = 8,   /* of one thread on one line */
    RECORD_OBJECTS =
        6, /* on one line: malloc's smallest chunk has 32 bytes, others may be packed */
};

/* Where a table is in the file. Entry i is at offset + i * bytes. */
struct record_table {
    uint64_t offset;
    uint64_t overflowed; /* entries that would have been needed beyond the capacity */
    uint32_t bytes, capacity, count, free;
};

/* Memory that other processes may have mapped, too: the same file, or what is in its place, and the
 * place in it, have the same bytes. */
struct record_share {
    uint64_t start, size;
    uint64_t device, inode, offset; /* offset: at `start` */
    uint32_t alive, used;           /* used: another process may have it by now */
};
enum { RECORD_SHARES = 32 };

/* RECORD_WATCHED: of no recording, but what `numaprobe watch` saw from outside. */
enum record_mode { RECORD_SAMPLED, RECORD_FULL, RECORD_WATCHED };
/* RECORD_RUNNING is also what a killed or crashed process leaves, whose end_ns is then 0. */
enum record_end { RECORD_RUNNING, RECORD_EXITED, RECORD_EXECED };

/* At offset 0. */
struct record_header {
    uint64_t magic;
    uint32_t version, bytes; /* of this header */
    uint32_t pid, parent;
    uint32_t mode, ended;
    /* Monotonic time, and the same moments in the processor's ticks, in which gaps are counted. */
    uint64_t start_ns, end_ns, start_tick, end_tick, last_ns, last_tick;
    uint64_t start_unix_s;
    uint64_t seen_ticks;     /* ticks during which accesses were seen, from the first thread on */
    uint64_t threaded_ticks; /* ticks since the first thread was created, seen or not */
    uint64_t bursts;
    uint64_t accesses;         /* seen, of all threads that ended or slept since */
    uint64_t handovers;        /* false and true ones of all lines in the table */
    uint64_t allocations;      /* of all threads that ended or slept since */
    uint64_t allocations_lost; /* the table of living objects was full; about */
    uint64_t outside;          /* accesses to addresses that are not recorded, about */
    uint32_t threads_created, forks;
    struct record_table threads, modules, lines, touches, objects;
    char note[256]; /* why nothing more was recorded; "" otherwise */
    char exe[512];
    char argv[1024]; /* the arguments, each ended by a zero byte; argv_bytes of it are used */
    uint32_t argv_bytes;
    uint32_t coroutines_created; /* threads are counted apart */
    uint64_t coroutines_lost;    /* for which there was no slot: what they did is their threads' */
    uint64_t shares_lost;        /* mappings beyond RECORD_SHARES */
    uint32_t shares, reserved;
    struct record_share share[RECORD_SHARES];
};

/* One for each thread slot. A later thread uses a slot again if its first thread was joined or no
 * other slot is free. Counts are sums over its threads; names are of the latest. */
struct record_thread {
    uint32_t slot, tid; /* slot as in struct footprint; tid of the kernel */
    uint32_t lives;     /* threads that used this slot */
    uint32_t frames;
    uint64_t created_at[RECORD_FRAMES]; /* return addresses of the creating call's stack */
    uint64_t frame_at[RECORD_FRAMES];   /* the frame pointer of the function at created_at[i] */
    uint64_t called_at;                 /* the stack pointer where the first one made the call */
    uint64_t entry;                     /* the thread's function; 0 for main */
    uint64_t begin_ns, end_ns;          /* of the latest; end 0 while it lives */
    uint64_t cpu_ns;                    /* of those that have ended, and main's so far at exit */
    uint64_t accesses;                  /* seen */
    uint64_t stack_low, stack_high;     /* of the latest; 0 when unknown */
    uint64_t thread_pointer; /* of the latest; static TLS lies at a fixed distance of it */
    char name[16];
    uint32_t coroutine, reserved; /* 1: it is a goroutine, which runs on threads in turn; its tid is
                                     the number that Go gives it, its stack the latest */
};

/* One for each file mapped as code, the program first. Entries stay after dlclose. */
struct record_module {
    uint64_t base;       /* load bias: address = base + address in the file's headers */
    uint64_t low, high;  /* of all its segments */
    uint64_t tls_before; /* its static TLS begins that far below thread_pointer, modulo 2^64, since
                            on some architectures it lies above; 0 for none */
    uint64_t tls_bytes;
    uint32_t build_id_bytes, unloaded; /* unloaded: 0 while it is there */
    uint8_t build_id[32];
    char path[512]; /* absolute for the program */
};

/* RECORD_POOLED: dealt out by a pool of the program, which has it from a block or mapping.
 * RECORD_CHUNK: of no recording, but a block of malloc as `numaprobe watch` finds it, of a size
 * that may be up to RECORD_CHUNK_SLACK bytes more than was asked for. */
enum record_object_kind { RECORD_HEAP = 1, RECORD_MMAP, RECORD_STACK, RECORD_POOLED, RECORD_CHUNK };
enum { RECORD_CHUNK_SLACK = 31 }; /* rounded up to 16, and a rest of 16 is left on */

/* An object on a recorded line that is known at run time. Globals and TLS are found by
 * record_module. */
struct record_object {
    uint64_t start, size;
    uint32_t kind, slot; /* the thread that made it or whose stack it is */
    uint32_t alive;
    uint32_t frames;
    uint64_t stack[RECORD_FRAMES]; /* return addresses of the allocating call's stack */
};

enum record_kind {
    RECORD_READ = 1,
    RECORD_WRITE = 2,
    RECORD_ATOMIC = 4, /* with READ, WRITE or both: read-modify-write */
    RECORD_SYNC = 8,   /* the address of a mutex, condition ... in a call */
    RECORD_RANGE = 16, /* memcpy, memset, a structure copied; size is what lies on this line */
};

struct record_site {
    uint64_t pc; /* return address of the hook: the access is before it */
    uint64_t count;
    uint8_t first, size, kind, reserved; /* bytes on the line: first .. first + size - 1 */
    uint32_t locks; /* the bits that all locks which the thread had each time have in common */
};

/* Two bits for a lock, so that those of several can be joined. */
static inline uint32_t record_lock_bits(uint64_t address)
{
    const uint64_t mixed = address * 0x9e3779b97f4a7c15; /* Knuth, TAOCP 3, 6.4 */
    const unsigned first = mixed >> 59, distance = 1 + (unsigned)(mixed >> 32) % 31;
    return 1u << first | 1u << (first + distance) % 32;
}
#define RECORD_LOCKS_UNKNOWN UINT32_MAX /* no access was looked at */

/* What one thread did on one line. Counts and masks are only of phases in which the line was
 * shared: at least two threads whose accesses nothing ordered, at least one of them writing.
 * Threads that use a slot one after the other have a footprint each; where a line would have very
 * many, the last one counts the later threads, too. */
struct footprint {
    uint32_t next; /* the line's next touch is touches[next - 1]; 0 ends the list */
    uint32_t slot;
    /* Private to the runtime: what other threads read when they take the line, on a separate line.
     */
    uint32_t tag, valid;
    uint64_t now_read, now_written;   /* since its copy of the line became valid */
    uint64_t lost_read, lost_written; /* by others, before; while that hand-over counts as false */
    uint64_t last_tick;
    uint32_t sites;
    uint32_t cpu; /* 1 + the cpu it was on when it last received the line; 0: not known */
    uint64_t read_mask, write_mask; /* one bit a byte, bit 0 is the line's first */
    uint64_t reads, writes;         /* an atomic read-modify-write counts in both */
    uint64_t false_in, true_in;     /* hand-overs received */
    uint64_t gap_ticks, gaps;       /* between its accesses: mean gap = gap_ticks / gaps */
    struct record_site site[RECORD_SITES];
    uint64_t sites_lost; /* accesses of further sites */
    uint64_t rested;     /* of reads + writes: while hand-overs were not counted */
    /* Of reads + writes in phases that have ended: in each at most as many as another thread had
     * there, since only those can have been contended for. */
    uint64_t contended;
    uint64_t before_reads, before_writes; /* of them, those of phases that have ended */
    /* Private to the runtime. */
    uint64_t before_read_mask, before_write_mask;
    uint32_t seen_reads, seen_writes, before_sites;
    uint32_t holder; /* the next one whose copy is valid, as `next` */
    uint32_t burst;  /* of its latest access under the line's lock */
    uint32_t locks;  /* of all its accesses, as those of a site */
    /* When the thread was created and joined; end 0: it was not. */
    uint64_t begin_tick, end_tick;
    uint32_t life; /* which of the slot's threads, counted from 1 */
    /* Private to the runtime. */
    uint32_t wrote;   /* the tag of its latest write, as `tag` */
    uint32_t kept[2]; /* while the line is biased: of the locks, as in struct me, those that the
                         thread has all that time */
} __attribute__((aligned(64)));

/* In the phase that has not ended. */
static inline uint64_t footprint_phase_accesses(const struct footprint *t)
{
    return t->reads - t->before_reads + t->writes - t->before_writes;
}

enum record_line_flag {
    RECORD_CLOSED = 1,    /* an object on it was freed: another line_stat counts later accesses */
    RECORD_SHARED = 4,    /* in memory of a struct record_share: counted though only one thread of
                             this process may use it */
    RECORD_NEIGHBOUR = 2, /* not shared, counts are of those phases in which another thread used
                             an adjacent line */
};

struct line_stat {
    uint64_t address;             /* multiple of RECORD_LINE */
    uint32_t touch;               /* the first is touches[touch - 1]; 0: entry not used */
    uint32_t touches;             /* length of the list */
    uint32_t flags, lives;        /* lives: equal lines of other objects folded in */
    uint32_t generation, dropped; /* private to the runtime */
    uint32_t phases;              /* in which it was shared */
    uint32_t beside;     /* private to the runtime: an adjacent line is used at the same time */
    uint64_t first_tick; /* of this line_stat */
    uint32_t objects, objects_lost; /* known on it: objects[object[i]] */
    uint32_t object[RECORD_OBJECTS];
    uint32_t touches_lost; /* accesses of threads beyond the table's capacity */
    uint32_t holder;       /* private to the runtime: the first whose copy is valid, as `touch` */
    uint64_t
        switched; /* false and true hand-overs within one cpu, which switched to another thread */
    /* What changes with each hand-over, on a separate line. */
    uint64_t false_handovers __attribute__((aligned(64)));
    uint64_t true_handovers;
    uint64_t read_handovers;    /* from reader to reader: costs nothing */
    uint64_t ordered_handovers; /* between phases: neither */
    /* Private to the runtime. */
    uint64_t rests_at;                           /* hand-overs */
    uint64_t last_written;                       /* by the last writer, whose copy is shared now */
    uint32_t last_writer, lock, burst, patience; /* last_writer: its tag then */
} __attribute__((aligned(64)));

#endif
