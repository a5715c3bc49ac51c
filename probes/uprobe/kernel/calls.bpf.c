/* SPDX-License-Identifier: MIT OR GPL-2.0
 * Runs in the kernel at each call of a function that has a probe, and at its returns. The
 * arguments are in the registers of Go's ABI since 1.17 (Go's source,
 * src/cmd/compile/abi-internal.md): rax, rbx, rcx, rdi; r14 is the goroutine. Two programs may run
 * on a cpu at once, one interrupted by the other, so all counts are atomic. */
#include "probes/uprobe/call_tables.h"

#include <bpf/bpf_helpers.h>
#include <linux/bpf.h>
#include <linux/ptrace.h>

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, CALL_COUNTS);
    __type(key, struct call_key);
    __type(value, struct call_count);
} counts SEC(".maps");
/* The keys that were used least recently make room for new ones. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, CALL_KEYS);
    __type(key, struct call_map_key);
    __type(value, __u64);
} keys SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, CALL_INSIDE);
    __type(key, __u64);
    __type(value, struct call_insides);
} inside SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, CALL_INSIDE);
    __type(key, __u64);
    __type(value, struct call_flight);
} flights SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, CALL_OVERLAPS);
    __type(key, struct call_overlap_key);
    __type(value, struct call_overlap);
} overlaps SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, CALL_STATS);
    __type(key, __u32);
    __type(value, __u64);
} stats SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct call_config);
} config SEC(".maps");

static const struct call_count no_count;
static const struct call_insides nothing_inside;
static const struct call_overlap no_overlap;

#define ORDER() __asm__ volatile("" ::: "memory")

static __always_inline void add_stat(__u32 which)
{
    __u64 *const stat = bpf_map_lookup_elem(&stats, &which);
    if (stat)
        __sync_fetch_and_add(stat, 1);
}

/* The entry of a table, made where there is none. Two cpus may make it at once. */
static __always_inline void *entry_of(void *table, const void *key, const void *empty)
{
    void *const entry = bpf_map_lookup_elem(table, key);
    if (entry)
        return entry;
    bpf_map_update_elem(table, key, empty, BPF_NOEXIST);
    return bpf_map_lookup_elem(table, key);
}

static __always_inline void count_call(const struct call_key *key)
{
    struct call_count *const count = entry_of(&counts, key, &no_count);
    if (count)
        __sync_fetch_and_add(&count->calls, 1);
    else
        add_stat(CALL_LOST);
}

/* The kernel's verifier sees the bound only in the register that was compared. */
static __always_inline __u64 at_most(__u64 bytes, __u64 most)
{
    __asm__ volatile("" : "+r"(bytes));
    return bytes < most ? bytes : most;
}

static __always_inline long copy_text(struct call_map_key *key, __u64 at, __u64 length)
{
    const __u64 bytes = at_most(length, CALL_KEY_BYTES);
    key->kind = CALL_KEY_TEXT;
    key->length = (__u32)length;
    return bytes ? bpf_probe_read_user(key->bytes, (__u32)bytes, (const void *)at) : 0;
}

/* By the type's description (Go's source, src/internal/abi/type.go, and src/runtime/type.go of
 * older ones): 48 bytes that every type has, then of a map its key's type. */
static __always_inline long copy_at(struct call_map_key *key, __u64 type, __u64 at)
{
    enum { TYPE_BYTES = 48, KIND_AT = 23, KIND = 31, GO_STRING = 24, SHOWN = 16 };
    __u64 key_type = 0, head[3] = {0}, text[2] = {0};
    if (bpf_probe_read_user(&key_type, sizeof key_type, (const void *)(type + TYPE_BYTES)) ||
        bpf_probe_read_user(head, sizeof head, (const void *)key_type))
        return -1;
    if ((head[2] >> (8 * (KIND_AT - 16)) & KIND) == GO_STRING)
        return bpf_probe_read_user(text, sizeof text, (const void *)at)
                   ? -1
                   : copy_text(key, text[0], text[1]);
    key->length = (__u32)head[0];
    const __u64 bytes = at_most(head[0], SHOWN);
    return bytes ? bpf_probe_read_user(key->bytes, (__u32)bytes, (const void *)at) : 0;
}

static __always_inline void count_key(const struct pt_regs *regs, __u32 kind)
{
    enum { HALF = 4, WORD = 8 };
    struct call_map_key key = {.map = regs->rbx, .type = regs->rax, .length = WORD, .kind = kind};
    static const __u64 none;
    long failed = 0;
    if (kind == CALL_KEY_TEXT) {
        failed = copy_text(&key, regs->rcx, regs->rdi);
    } else if (kind == CALL_KEY_AT) {
        failed = copy_at(&key, regs->rax, regs->rcx);
    } else {
        key.length = kind == CALL_KEY_WORD32 ? HALF : WORD;
        *(__u64 *)key.bytes = kind == CALL_KEY_WORD32 ? (__u32)regs->rcx : regs->rcx;
    }
    if (failed) {
        add_stat(CALL_KEYS_UNREAD);
        return;
    }
    __u64 *count = bpf_map_lookup_elem(&keys, &key);
    if (!count) {
        if (bpf_map_update_elem(&keys, &key, &none, BPF_NOEXIST) == 0)
            add_stat(CALL_NEW_KEYS);
        count = bpf_map_lookup_elem(&keys, &key);
    }
    if (count)
        __sync_fetch_and_add(count, 1);
    else
        add_stat(CALL_KEYS_LOST);
}

static __always_inline void add_overlap(
    const struct call_key *key, const struct call_inside *other, __u64 now)
{
    const struct call_overlap_key pair = {
        key->map, key->type, other->site, key->site, other->probe, (__u32)key->probe};
    struct call_overlap *const overlap = entry_of(&overlaps, &pair, &no_overlap);
    /* Clocks of two cpus may differ by some ns. */
    const __u64 passed = now > other->began_ns ? now - other->began_ns : 0;
    if (!overlap) {
        add_stat(CALL_OVERLAPS_LOST);
        return;
    }
    if (__sync_fetch_and_add(&overlap->count, 1) == 0)
        overlap->first_ns = now;
    if (passed > overlap->longest_ns)
        overlap->longest_ns = passed;
}

/* Returns the slot that was taken; CALL_SLOTS: all are. */
static __always_inline __u64 take_slot(
    struct call_insides *in, const struct call_flight *flight, __u64 g, __u32 writes)
{
    for (__u32 i = 0; i < CALL_SLOTS; i++) {
        struct call_inside *const at = &in->at[i];
        if (at->g || __sync_val_compare_and_swap(&at->g, 0, 1) != 0)
            continue;
        at->site = flight->key.site;
        at->began_ns = flight->began_ns;
        at->probe = (__u32)flight->key.probe;
        at->writes = writes;
        ORDER();
        *(volatile __u64 *)&at->g = g;
        return i;
    }
    return CALL_SLOTS;
}

/* The own slot is taken before others are looked at, so that of two that come at once at least one
 * sees the other. */
static __always_inline void compare_others(
    const struct call_insides *in, const struct call_flight *flight, __u64 g, __u32 writes)
{
    for (__u32 i = 0; i < CALL_SLOTS; i++) {
        const struct call_inside *const at = &in->at[i];
        const __u64 other = *(const volatile __u64 *)&at->g;
        if (other > 1 && other != g && (writes || at->writes))
            add_overlap(&flight->key, at, flight->began_ns);
    }
}

static __always_inline void leave(__u64 g, const struct call_flight *flight)
{
    struct call_insides *const in = bpf_map_lookup_elem(&inside, &flight->key.map);
    const __u64 slot = flight->slot;
    if (in && slot < CALL_SLOTS && in->at[slot & (CALL_SLOTS - 1)].g == g)
        *(volatile __u64 *)&in->at[slot & (CALL_SLOTS - 1)].g = 0;
}

static __always_inline void enter(const struct call_key *key, __u64 g, __u32 writes)
{
    struct call_flight flight = {*key, bpf_ktime_get_ns(), CALL_SLOTS};
    /* One that did not return, as of a key that cannot be hashed: the goroutine is elsewhere now.
     */
    const struct call_flight *const before = bpf_map_lookup_elem(&flights, &g);
    if (before)
        leave(g, before);
    struct call_insides *const in =
        key->map ? entry_of(&inside, &key->map, &nothing_inside) : (void *)0;
    if (in) {
        flight.slot = take_slot(in, &flight, g, writes);
        compare_others(in, &flight, g, writes);
    }
    if (bpf_map_update_elem(&flights, &g, &flight, BPF_ANY) || (key->map && !in) ||
        (in && flight.slot == CALL_SLOTS))
        add_stat(CALL_INSIDE_LOST);
}

/* On the jump behind a function's check of its stack. Where it is taken, the stack grows and the
 * function begins again. */
SEC("uprobe")
int on_call(struct pt_regs *regs)
{
    enum { CARRY = 1, ZERO = 1 << 6 };
    const __u64 cookie = bpf_get_attach_cookie(regs);
    const __u32 first = 0, kind = cookie >> CALL_KEY_SHIFT & CALL_KEY_MASK;
    const struct call_config *const c = bpf_map_lookup_elem(&config, &first);
    const int of_map = (cookie & CALL_OF_MAP) != 0;
    add_stat(CALL_HITS);
    if (cookie & CALL_STEPPED)
        add_stat(CALL_STEPS);
    if (!c || (!(cookie & CALL_STEPPED) && regs->eflags & (CARRY | ZERO)) ||
        (c->only_map && c->only_map != regs->rbx))
        return 0;
    struct call_key key = {.probe = cookie & CALL_PROBE,
        .map = of_map ? regs->rbx : 0,
        .type = of_map ? regs->rax : 0};
    bpf_probe_read_user(&key.site, sizeof key.site, (const void *)regs->rsp);
    count_call(&key);
    if (kind != CALL_KEY_NONE)
        count_key(regs, kind);
    if (c->with_pairs)
        enter(&key, regs->r14, (cookie & CALL_WRITES) != 0);
    return 0;
}

SEC("uprobe")
int on_return(struct pt_regs *regs)
{
    const __u64 g = regs->r14, now = bpf_ktime_get_ns();
    const __u32 first = 0;
    const struct call_config *const c = bpf_map_lookup_elem(&config, &first);
    struct call_flight *const flight = bpf_map_lookup_elem(&flights, &g);
    add_stat(CALL_RETURNS);
    if (!c || !flight || flight->key.probe != (bpf_get_attach_cookie(regs) & CALL_PROBE))
        return 0;
    const __u64 took = now > flight->began_ns ? now - flight->began_ns : 0;
    leave(g, flight);
    if (took > c->least_ns) {
        const struct call_key key = flight->key;
        struct call_count *const count = bpf_map_lookup_elem(&counts, &key);
        if (count) {
            __sync_fetch_and_add(&count->longer, 1);
            if (took > count->longest_ns)
                count->longest_ns = took;
        }
    }
    bpf_map_delete_elem(&flights, &g);
    return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
