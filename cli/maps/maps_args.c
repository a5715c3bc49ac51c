/* SPDX-License-Identifier: MIT
 * Options of `numaprobe maps`. */
#include "cli/maps/maps_args.h"

#include "cli/run/run_args.h"

#include <errno.h>
#include <string.h>

/* Without an argument: the one on the PATH. */
static int parse_go(const struct option_row *row, const char *text, void *value, struct err *err)
{
    (void)row, (void)err;
    *(const char **)value = text ? text : "go";
    return 0;
}

/* As of run, and with the owner of each part of a map. */
static int parse_memory(
    const struct option_row *row, const char *text, void *value, struct err *err)
{
    if (strcmp(text, "owner") == 0) {
        *(struct memory_place *)value = (struct memory_place){.kind = MEMORY_OWNER};
        return 0;
    }
    return run_parse_memory(row, text, value, err)
               ? err_set(err, -EINVAL,
                     "%s: '%s' is not local, remote, interleave, owner or a node number", row->name,
                     text)
               : 0;
}

#define ARGS struct maps_args
static const struct option_row rows[] = {
    OPTION_HEADING("What is measured"),
    {"--load", 0, "LIST", "Loads by name, or your own ./FILE.txt (default: all)", NULL,
        OPTION_TEXT(request.loads)},
    {"--mix", 0, "LIST", "A load of your own: get=90,put=8,iterate=2", NULL,
        OPTION_TEXT(request.mix)},
    {"--keys", 0, "N", "Keys in the map (default: the load's, 10,000)", NULL,
        OPTION_TEXT(request.keys)},
    {"--zipf", 0, "S", "Draw keys by Zipf's law with this exponent", NULL,
        OPTION_TEXT(request.zipf)},
    {"--value", 0, "BYTES", "Size of a value (default: the load's, 8)", NULL,
        OPTION_TEXT(request.value)},
    {"--strategy", 0, "LIST", "Ways to share the map (default: all)", NULL,
        OPTION_TEXT(request.strategies)},
    {"--align", 0, "LIST", "Alignments of shards, of 8,16,32,64,128", "8,64", run_parse_aligns,
        OPTION_AT(unsigned, request.aligns)},
    {"--go", 0, "[PROGRAM]", "Four strategies in Go, too, built by it (default: go)", NULL,
        parse_go, OPTION_AT(const char *, request.go)},
    {"--go-free", 0, NULL, "Goroutines may change threads, as in most programs", NULL,
        OPTION_FLAG(request.go_free)},
    {"--quiesce", 0, "N", "Ops between two reports of a thread that it holds no reference", "64",
        OPTION_COUNT(request.quiesce, 1, MAPS_QUIESCE_MOST)},
    {"--list", 0, NULL, "List loads and strategies", NULL, OPTION_FLAG(list)},
    OPTION_HEADING("Where"),
    {"--threads", 0, "LIST", "Numbers of threads, as 1,2,4 (default: as many as cpus, 2)", NULL,
        OPTION_TEXT(request.threads)},
    {"--clients", 0, "LIST", "Clients that the threads serve in turn, up to 1000000", NULL,
        OPTION_TEXT(request.clients)},
    {"--client-threads", 0, "LIST", "Clients that are OS threads on these cpus, up to 10000", NULL,
        OPTION_TEXT(request.client_threads)},
    {"--think", 0, "TIME", "Time that a client thinks between two ops", "0",
        OPTION_DURATION(request.think_ns, 1, MAPS_THINK_MOST_NS)},
    {"--cpus", 0, "LIST", "Cpus of the threads, in this order", NULL, OPTION_CPUS(request.cpus)},
    {"--place", 0, "NAME",
        "compact, spread, smt, one-per-l3 or one-per-node (default: compact, without SMT siblings)",
        NULL,
        OPTION_CHOICE(request.place, "placement", placement_name + PLACE_COMPACT,
            PLACEMENTS - PLACE_COMPACT, PLACE_COMPACT)},
    {"--mem-node", 0, "NODE",
        "local, remote, interleave, owner (each shard with its thread) or a number", "local",
        parse_memory, OPTION_AT(struct memory_place, request.memory)},
    INSTRUMENT_ROW_TOPOLOGY,
    OPTION_HEADING("What is counted besides the time ('numaprobe events' lists it)"),
    {"--counters", 0, "NAME", "auto, perf, papi or none", "auto", OPTION_TEXT(counters)},
    {"--events", 0, "LIST",
        "Roles, as rfo,l3-miss, or events by name (default: those of contested lines)", NULL,
        OPTION_TEXT(events)},
    OPTION_HEADING("How well and how long"),
    {"--precision", 0, "SHARE", "Stop when all 95% intervals are within this share", "5%",
        OPTION_SHARE(common.precision)},
    {"--max-time", 0, "TIME", "Time limit of each load", "14s",
        OPTION_DURATION(common.max_time_ns, 1e9, 0)},
    {"--seed", 0, "N", "Seed of keys, operations, order and intervals", "1",
        OPTION_COUNT(common.seed, 0, INT64_MAX)},
    {"--self-test", 0, NULL,
        "Measure each strategy against itself; exit 1 when a difference is found", NULL,
        OPTION_FLAG(request.self_test)},
    {"--strict", 0, NULL, "Placement that cannot be verified is an error", NULL,
        OPTION_FLAG(common.strict)},
    INSTRUMENT_ROWS_OUTPUT("Write every sample ('numaprobe schema' lists the columns)",
        "Write all numbers", "Print the plan and measure nothing",
        "No progress and no warnings on stderr"),
};

const struct options maps_options = {
    .summary = "Measures what a way to share a map between threads costs under a load: one lock, "
               "shards, copy-on-write, read-copy-update, or two tiers as Go's sync.Map had.",
    .ending = "Examples:\n"
              "  numaprobe maps --load reads-90\n"
              "  numaprobe maps --mix get=90,put=8,iterate=2 --keys 1e5 --zipf 0.99\n"
              "  numaprobe maps --strategy rwlock,sharded --align 8,64 --load half\n"
              "  numaprobe maps --load reads-99 --threads 1,2,4,8 --csv maps.csv\n"
              "  numaprobe maps --load reads-99 --events rfo,fill-same-l3,l3-miss\n"
              "  numaprobe maps --load reads-90 --clients 100,1000,3000,10000 --think 1ms",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};
