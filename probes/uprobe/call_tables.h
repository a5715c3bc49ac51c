/* SPDX-License-Identifier: MIT OR GPL-2.0
 * What the kernel's part and numaprobe have in common: the tables that are filled at each call.
 * Compiled for both. */
#ifndef PROBES_UPROBE_CALL_TABLES_H
#define PROBES_UPROBE_CALL_TABLES_H

#include <linux/types.h>

/* A probe's cookie: its number, and what is known of the function that it is in. */
enum {
    CALL_PROBE = 0xffff,
    CALL_OF_MAP = 1 << 16,  /* its first arguments are a map's type and the map */
    CALL_WRITES = 1 << 17,  /* to that map */
    CALL_STEPPED = 1 << 18, /* the probe is on the first instruction, which is single-stepped */
    CALL_KEY_SHIFT = 20,    /* enum call_key_kind, two bits */
    CALL_KEY_MASK = 7
};

/* How the third argument has the key. */
enum call_key_kind {
    CALL_KEY_NONE,
    CALL_KEY_WORD32,
    CALL_KEY_WORD64,
    CALL_KEY_TEXT, /* pointer; the fourth is the length */
    CALL_KEY_AT    /* pointer to it; the map's type has its size and kind */
};

enum {
    CALL_COUNTS = 16384, /* entries of the tables */
    CALL_KEYS = 32768,
    CALL_OVERLAPS = 4096,
    CALL_INSIDE = 16384,
    CALL_SLOTS = 8, /* operations in one map at once */
    CALL_KEY_BYTES = 48
};

struct call_key { /* of the counts */
    __u64 probe, site, map, type;
};
struct call_count {
    __u64 calls;
    __u64 longer, longest_ns; /* of pairs: took longer than was asked for, and the longest */
};

struct call_map_key { /* a key of the program's map */
    __u64 map, type;
    __u32 length; /* of a text; of other keys their bytes */
    __u32 kind;   /* enum call_key_kind; CALL_KEY_AT: bytes of no kind that is known */
    char bytes[CALL_KEY_BYTES];
};

struct call_inside { /* an operation that has begun and not returned */
    __u64 g;         /* its goroutine; 0: the slot is free, 1: it is being filled */
    __u64 site, began_ns;
    __u32 probe, writes;
};
struct call_insides {
    struct call_inside at[CALL_SLOTS];
};
struct call_flight { /* the operation that a goroutine is in */
    struct call_key key;
    __u64 began_ns;
    __u64 slot; /* CALL_SLOTS: none */
};

struct call_overlap_key { /* two operations in one map at once, one of which writes */
    __u64 map, type, first_site, second_site;
    __u32 first_probe, second_probe; /* the first was inside when the second came */
};
struct call_overlap {
    __u64 count, first_ns, longest_ns; /* first_ns: CLOCK_MONOTONIC; longest: how long the first had
                                          been inside by then */
};

enum call_stat {
    CALL_HITS,    /* of probes at the beginning of functions, also those that were filtered */
    CALL_STEPS,   /* those of them that were single-stepped */
    CALL_RETURNS, /* of probes at returns */
    CALL_LOST,    /* calls for which the table of counts had no room */
    CALL_NEW_KEYS,
    CALL_KEYS_UNREAD,   /* the memory could not be read at that moment */
    CALL_KEYS_LOST,     /* no room */
    CALL_OVERLAPS_LOST, /* no room */
    CALL_INSIDE_LOST,   /* operations that were not looked at for overlaps: no room */
    CALL_STATS
};

struct call_config {
    __u64 only_map;   /* 0: all */
    __u64 least_ns;   /* a longer operation counts as such */
    __u64 with_pairs; /* returns have probes, too */
};

#endif
