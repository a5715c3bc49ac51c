/* SPDX-License-Identifier: MIT
 * runtime.blockevent first loads the rate of blocks; runtime.semacquire1 compares both rates with
 * zero; runtime.stkbucket takes, as its last addresses of variables, those of the lists of memory,
 * mutexes and blocks (Go's source, src/runtime/mprof.go and sema.go of 1.18 to 1.24). */
#include "analysis/go/profile_words.h"

#include "analysis/code/effect.h"

enum { WORD = 8, MOST = 64 };

/* Addresses that a function's instructions name relative to themselves, in the order of the code:
 * of words in memory, or those that it takes of variables. */
struct named {
    uint64_t at[MOST];
    size_t count;
};

static void add(struct named *n, uint64_t address)
{
    if (n->count < MOST)
        n->at[n->count++] = address;
}

static void list_named(
    const struct go_binary *binary, const char *function, bool taken, struct named *out)
{
    struct go_function f;
    struct code_effect e;
    *out = (struct named){.count = 0};
    if (!go_pclntab_named(go_binary_functions(binary), function, &f))
        return;
    const uint64_t size = f.end - f.entry;
    const uint8_t *const code = go_binary_code(binary, f.entry, size);
    for (uint64_t at = 0; code && at < size; at += e.instruction.length) {
        if (!code_effect_of(code + at, size - at, &e))
            return;
        const uint64_t next = f.entry + at + e.instruction.length;
        const struct code_operand *const o = &e.instruction.operand[0];
        if (taken && e.kind == CODE_ADDRESS)
            add(out, next + (uint64_t)e.offset);
        else if (!taken && e.instruction.operands && o->base == CODE_IP && o->bytes == WORD)
            add(out, next + (uint64_t)o->offset);
    }
}

static bool is_once(const struct named *n, uint64_t address)
{
    unsigned times = 0;
    for (size_t i = 0; i < n->count; i++)
        times += n->at[i] == address;
    return times == 1;
}

/* Variables lie where the program may write; texts do not. */
static void find_lists(const struct go_binary *binary, struct profile_words *out)
{
    struct named n;
    size_t found = 0;
    list_named(binary, "runtime.stkbucket", true, &n);
    for (size_t i = n.count; i-- > 0 && found < 2;)
        if (is_once(&n, n.at[i]) && go_binary_is_variable(binary, n.at[i]))
            *(found++ == 0 ? &out->blocks : &out->mutexes) = n.at[i];
}

static void find_rates(const struct go_binary *binary, struct profile_words *out)
{
    struct named n;
    list_named(binary, "runtime.blockevent", false, &n);
    if (n.count == 0)
        return;
    out->block_rate = n.at[0];
    list_named(binary, "runtime.semacquire1", false, &n);
    for (size_t i = 0; i + 1 < n.count && !out->mutex_rate; i++)
        if (n.at[i] == out->block_rate && n.at[i + 1] != out->block_rate)
            out->mutex_rate = n.at[i + 1];
}

static bool has_all(const struct profile_words *w)
{
    return w->mutex_rate && w->block_rate && w->mutexes && w->blocks;
}

bool profile_words_find(const struct go_binary *binary, struct profile_words *out)
{
    *out = (struct profile_words){go_binary_symbol(binary, "runtime.mutexprofilerate"),
        go_binary_symbol(binary, "runtime.blockprofilerate"),
        go_binary_symbol(binary, "runtime.xbuckets"), go_binary_symbol(binary, "runtime.bbuckets")};
    if (has_all(out))
        return true;
    *out = (struct profile_words){0};
    find_lists(binary, out);
    find_rates(binary, out);
    return has_all(out) && go_binary_is_variable(binary, out->mutex_rate) &&
           go_binary_is_variable(binary, out->block_rate);
}
