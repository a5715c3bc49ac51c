/* SPDX-License-Identifier: MIT
 * The columns of the CSV, in the order of the file. Columns are added at the end and never renamed.
 */
#include "base/sample.h"

#include <stddef.h>

/* A column of struct sample; of an event, its count for a role and the share of the time it ran. */
#define COLUMN(column, kind, member, of, means)                                                    \
    {                                                                                              \
        .name = #column, .type = SAMPLE_TYPE_##kind, .offset = offsetof(struct sample, member),    \
        .unit = of, .meaning = means                                                               \
    }
#define TEXT(name, meaning) COLUMN(name, TEXT, name, "", meaning)
#define INT(name, unit, meaning) COLUMN(name, INT, name, unit, meaning)
#define REAL(name, unit, meaning) COLUMN(name, REAL, name, unit, meaning)
#define COUNT(name, role, unit, meaning) COLUMN(name, INT, count[EVENT_##role], unit, meaning)
#define SHARE(column, role, of)                                                                    \
    COLUMN(column##_share, REAL, share[EVENT_##role], "",                                          \
        "share of the window that " #column " ran" of)
#define SCALED "; the count is scaled by it"

const struct sample_column sample_columns[] = {
    INT(schema, "", "version of these columns; another number means other columns or meanings"),
    TEXT(run_id, "unique name of one run, the same in all its rows"),
    TEXT(started_at, "when the run began, UTC, ISO 8601"),
    TEXT(host, "host name of the machine measured on"),
    TEXT(cpu_model, "processor model as the kernel names it"),
    TEXT(arch, "architecture measured on: x86_64, aarch64, ..."),
    TEXT(kernel, "release of the running kernel"),
    TEXT(hypervisor, "hypervisor that the cpu or kernel reports; empty where there is none"),
    TEXT(version, "version of numaprobe that measured"),
    INT(seed, "", "seed of the run order; with the same plan it gives the same order again"),
    TEXT(layout, "arrangement of the shared data; isolated is the reference without sharing"),
    INT(align_bytes, "B",
        "stride from slot to slot asked for; 8 is natural packing; empty: isolated"),
    TEXT(op, "operation each measured iteration performs"),
    TEXT(role, "what this thread does in the layout; values of two roles are never pooled"),
    TEXT(mode, "throughput: independent ops; latency: each op waits for the one before it"),
    REAL(gap_ns, "ns", "private work between two ops; it may hide the price of the line"),
    INT(shards, "", "number of slots in the layout"),
    TEXT(pages, "kind of pages that hold the measured memory"),
    INT(threads, "", "threads that run together in the trial"),
    INT(thread, "", "this thread's index, from 0, in the order of --cpus"),
    INT(cpu, "", "OS index of the cpu that the thread is pinned to"),
    INT(core, "", "hwloc logical index of that cpu's core, over the whole machine"),
    INT(l3, "", "hwloc logical index of that cpu's L3; empty where none is known"),
    INT(package, "", "hwloc logical index of that cpu's package"),
    INT(node, "", "OS index of the NUMA node local to that cpu"),
    TEXT(mem_node,
        "NUMA node the memory was bound to; or interleave, or owner (maps: of each shard)"),
    TEXT(mem_verified, "whether and how the pages' node was checked before and after the trial"),
    INT(trial, "", "index of the trial within the run, in the order measured"),
    INT(block, "", "index of the block: a random order of all variants, between two canaries"),
    INT(regime, "", "label of the canary's level within this run, from 0; never pool two regimes"),
    REAL(canary_ns, "ns", "round trip of a ping-pong between the same cpus just before the block"),
    TEXT(prefetchers, "state of the hardware prefetchers; empty when it cannot be read"),
    INT(ops, "", "operations this thread completed in its window; for cas and lock: successes"),
    REAL(seconds, "s", "length of this thread's own window, in which all threads ran"),
    REAL(ns_per_op, "ns", "seconds * 1e9 / ops: this thread's mean time for one op"),
    REAL(lat_min_ns, "ns", "shortest single op, the clock's own cost subtracted"),
    REAL(lat_p50_ns, "ns", "median of the single ops, the clock's own cost subtracted"),
    REAL(lat_p90_ns, "ns", "time that 90% of the single ops do not exceed"),
    REAL(lat_p99_ns, "ns", "time that 99% of the single ops do not exceed"),
    REAL(lat_p999_ns, "ns", "time that 99.9% of the single ops do not exceed"),
    REAL(lat_max_ns, "ns", "longest single op; includes interrupts and preemption"),
    REAL(clock_overhead_ns, "ns",
        "cost of an empty pair of clock reads: already subtracted in lat_*"),
    REAL(clock_resolution_ns, "ns", "smallest step the clock was seen to take"),
    COUNT(context_switches, CONTEXT_SWITCHES, "",
        "context switches of this thread within its window"),
    COUNT(migrations, MIGRATIONS, "", "times this thread was found on another cpu than its own"),
    REAL(steal_ns, "ns", "time the hypervisor took from this cpu during the window"),
    INT(accepted, "", "1: the trial counts; 0: it was disturbed and is kept for the record only"),
    TEXT(reject_reason, "why the trial does not count; empty when accepted"),
    TEXT(reference_for, "in rows of isolated: the layout whose reference this is"),
    TEXT(counters,
        "backend and role=event of what was counted, [l3] for a whole L3; none: nothing was"),
    TEXT(counters_reason,
        "why counter columns are empty; a share below 0.1 also leaves its count empty"),
    COUNT(cycles, CYCLES, "events", "core cycles in the window; empty: not counted"),
    COUNT(instructions, INSTRUCTIONS, "events",
        "instructions retired in the window; empty: not counted"),
    COUNT(loads, LOADS, "events", "loads retired in the window; empty: not counted"),
    COUNT(stores, STORES, "events", "stores retired in the window; empty: not counted"),
    COUNT(rfo, RFO, "events",
        "reads for ownership: a write had to fetch the line; empty: not counted"),
    COUNT(fill_same_l3, FILL_SAME_L3, "events",
        "lines filled from another core's cache in the same L3"),
    COUNT(fill_remote, FILL_REMOTE, "events",
        "lines filled from a cache beyond its own L3 or package"),
    COUNT(l3_miss, L3_MISS, "events",
        "accesses that missed the L3; a line contested within one L3 causes none"),
    COUNT(l3_miss_remote, L3_MISS_REMOTE, "events",
        "L3 misses served by another node's memory or cache"),
    COUNT(stall_mem, STALL_MEM, "cycles",
        "cycles stalled with memory accesses outstanding; empty: not counted"),
    TEXT(distance,
        "distance of the farthest two of the trial's cpus, and the kinds of cores that a run "
        "mixes or takes on a hybrid processor; never pool two distances"),
    TEXT(twin, "a or b: the same variant under two names, in a self-test"),
    TEXT(lat_reason, "why the lat_ columns are empty"),
    REAL(canary_after_ns, "ns", "the canary's round trip just after the block"),
    TEXT(protocol, "what the canary does; values of two protocols do not compare"),
    SHARE(cycles, CYCLES, SCALED),
    SHARE(instructions, INSTRUCTIONS, SCALED),
    SHARE(loads, LOADS, SCALED),
    SHARE(stores, STORES, SCALED),
    SHARE(rfo, RFO, SCALED),
    SHARE(fill_same_l3, FILL_SAME_L3, SCALED),
    SHARE(fill_remote, FILL_REMOTE, SCALED),
    SHARE(l3_miss, L3_MISS, SCALED),
    SHARE(l3_miss_remote, L3_MISS_REMOTE, SCALED),
    SHARE(stall_mem, STALL_MEM, SCALED),
    COUNT(raw1, RAW1, "events", "event 1 of --events that is not a role; column counters names it"),
    SHARE(raw1, RAW1, ""),
    COUNT(raw2, RAW2, "events", "event 2 of --events that is not a role; column counters names it"),
    SHARE(raw2, RAW2, ""),
    COUNT(raw3, RAW3, "events", "event 3 of --events that is not a role; column counters names it"),
    SHARE(raw3, RAW3, ""),
    COUNT(raw4, RAW4, "events", "event 4 of --events that is not a role; column counters names it"),
    SHARE(raw4, RAW4, ""),
    COUNT(page_faults, PAGE_FAULTS, "", "page faults of this thread within its window"),
    INT(counted_ops, "", "operations in the counted window: divide the counts by this, not by ops"),
    TEXT(instrument,
        "what measured: run, matrix, memory (matrix --memory), costs, maps; empty: run"),
    INT(peer, "", "OS index of the cpu at the line's other end; empty: the row is not of a pair"),
    TEXT(state, "state the peer left the line in: modified, exclusive, shared, invalid (memory)"),
    TEXT(home,
        "whose memory: local or remote to this cpu; first, second (of the pair), node; or node 2"),
    INT(beside, "", "pairs measured at the same time, this one included; 1: alone"),
    INT(transfers, "", "times this thread got the line from another, while it did its ops"),
    INT(place, "", "which of the pages taken in turn held the line; blocks of one place are alike"),
    TEXT(pages_got, "pages that the memory has: as in pages, or 4k+thp, a mixture; empty: unknown"),
    TEXT(layout_file, "file of one's own layout, as --layout was given it; empty: built in"),
    TEXT(cpu_kind, "kind of the cpu's core on a hybrid processor: P, E, ...; empty: all are alike"),
    TEXT(load_file, "file of one's own load, as --load was given it; empty: built in"),
    INT(keys, "", "keys in the map when the load begins"),
    INT(value_bytes, "B", "size of a value"),
    INT(writes, "", "writes of this thread since it joined the map"),
    INT(allocations, "", "allocations of this thread since it joined the map, by maps/memory.c"),
    INT(iterations, "", "iterations of this thread over the map since it joined"),
    REAL(iterate_ns, "ns", "mean time of one iteration, its copy included where it makes one"),
    INT(snapshot, "", "1: an iteration sees the map as it was at one moment; 0: it need not"),
    REAL(full_bytes, "B",
        "heap that the map takes after the load, with what is not freed yet; row of thread 0"),
    REAL(emptied_bytes, "B", "heap it still takes when all keys were deleted; empty: not tried"),
    REAL(freed_after_ns, "ns", "mean time from the replacement of memory until it was freed"),
    REAL(freed_after_most_ns, "ns", "longest time from a replacement until it was freed"),
    INT(promotions, "", "times that the dirty part became the read-only one (twotier)"),
    REAL(promoting_ns, "ns", "time that promotions held the lock, in all"),
    REAL(promoting_most_ns, "ns", "longest time that one promotion held the lock"),
    INT(clients, "",
        "clients of maps, which think gap_ns between two ops; empty: each thread is one"),
    INT(gc_pauses, "", "Go: collections of garbage that ended in the window; row of thread 0"),
    REAL(gc_paused_ns, "ns", "Go: time that these stopped all threads, in all"),
    REAL(gc_paused_most_ns, "ns", "Go: longest time that one of these stopped all threads"),
    TEXT(go_version, "version of Go that compiled the strategy; empty: it is not in Go"),
    INT(go_locked, "",
        "Go: 1: each goroutine is locked to a thread on its cpu; 0: it may change threads"),
    TEXT(load, "maps: the load's mix, keys, draw, value and ops between reports of quiescence"),
    INT(client_threads, "",
        "maps: 1: clients are OS threads, a row for those of each cpu; 0: they are dealt out"),
    TEXT(settings, "settings of the machine that can be read: nodes, cpus, smt, governor, ..."),
};

const struct sample_column sample_node_column =
    TEXT(fleet_node, "node that the row is of, in a file of fleet collect");

#undef COLUMN
#undef TEXT
#undef INT
#undef REAL
#undef COUNT
#undef SHARE
#undef SCALED

const size_t sample_column_count = sizeof(sample_columns) / sizeof(sample_columns[0]);
