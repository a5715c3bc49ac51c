/* SPDX-License-Identifier: MIT
 * Go's own function names code; each address is asked for once. Go keeps frame pointers
 * (cmd/internal/objabi, Framepointer_enabled on amd64). */
#include "runtime/go/go_caller.h"

#include <stddef.h>
#include <string.h>

enum {
    ADDRESSES = 1 << 14,
    PROBES = 8,
    DEPTH = 8,     /* of calls within Go's packages */
    NAME_CODE = 1, /* raceSymbolizeCodeCmd of Go's runtime/race.go */
    KIND_BITS = 4,
};

/* symbolizeCodeContext of Go's runtime/race.go. */
struct code_name {
    uintptr_t pc;
    const char *function, *file;
    uintptr_t line, offset, found;
};

static go_namer name_code;
static uint64_t known[ADDRESSES]; /* address, and in the highest bits its kind; 0: unused */

void go_caller_init(go_namer namer)
{
    name_code = namer;
}

/* The first that the name begins with. */
static const struct {
    const char *prefix;
    enum go_kind kind;
} kinds[] = {
    {"runtime.chan", GO_CHANNEL},
    {"runtime.closechan", GO_CHANNEL},
    {"runtime.select", GO_CHANNEL},
    {"runtime.recv", GO_CHANNEL},
    {"runtime.send", GO_CHANNEL},
    {"runtime.racesync", GO_CHANNEL},
    {"runtime.racenotify", GO_CHANNEL},
    {"runtime.", GO_RUNTIME},
    {"internal/race.", GO_RUNTIME},
    {"sync/atomic.", GO_ATOMIC},
    {"internal/runtime/atomic.", GO_ATOMIC},
    {"sync.(*Mutex).", GO_MUTEX},
    {"internal/sync.(*Mutex).", GO_MUTEX},
    {"sync.(*RWMutex).R", GO_READER},
    {"sync.(*RWMutex).TryR", GO_READER},
    {"sync.(*RWMutex).", GO_MUTEX},
    {"sync.(*WaitGroup).", GO_GROUP},
    {"sync.", GO_SYNC},
    {"internal/sync.", GO_SYNC},
};

static enum go_kind ask_kind(uintptr_t pc)
{
    struct code_name name = {.pc = pc - 1};
    if (!name_code)
        return GO_OTHER;
    name_code(NAME_CODE, &name);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && name.function; i++)
        if (strncmp(name.function, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
            return kinds[i].kind;
    return GO_OTHER;
}

static enum go_kind kind_of(uintptr_t pc)
{
    const uint64_t hash = pc * 0x9e3779b97f4a7c15ull; /* Knuth, TAOCP 3, 6.4 */
    uint64_t *place = NULL;
    for (uint32_t i = 0; i < PROBES; i++) {
        place = &known[((hash >> 40) + i) % ADDRESSES];
        const uint64_t entry = __atomic_load_n(place, __ATOMIC_RELAXED);
        if (entry << KIND_BITS >> KIND_BITS == pc)
            return entry >> (64 - KIND_BITS);
        if (!entry)
            break;
    }
    const enum go_kind kind = ask_kind(pc);
    __atomic_store_n(place, (uint64_t)kind << (64 - KIND_BITS) | pc, __ATOMIC_RELAXED);
    return kind;
}

struct go_stack go_stack_of(const void *g)
{
    const uintptr_t *const bounds = g;
    return g ? (struct go_stack){bounds[0], bounds[1]} : (struct go_stack){0};
}

bool go_stack_has(struct go_stack stack, uintptr_t frame)
{
    return frame >= stack.low && frame + 2 * sizeof frame <= stack.high &&
           frame % sizeof frame == 0;
}

/* A frame's return address; 0: it lies elsewhere. */
static uintptr_t return_of(struct go_stack stack, uintptr_t frame)
{
    return go_stack_has(stack, frame) ? ((const uintptr_t *)frame)[1] : 0;
}

enum go_kind go_caller_kind(struct go_stack stack, uintptr_t frame)
{
    for (unsigned i = 0; i < DEPTH; i++) {
        const uintptr_t pc = return_of(stack, frame);
        const enum go_kind kind = pc ? kind_of(pc) : GO_OTHER;
        if (kind != GO_RUNTIME)
            return kind;
        frame = *(const uintptr_t *)frame;
    }
    return GO_OTHER;
}

uintptr_t go_caller_outside(struct go_stack stack, uintptr_t pc, uintptr_t frame)
{
    uintptr_t at = pc;
    for (unsigned i = 0; i < DEPTH; i++) {
        if (kind_of(at) <= GO_CHANNEL)
            return at;
        at = return_of(stack, frame);
        if (!at)
            break;
        frame = *(const uintptr_t *)frame;
    }
    return pc;
}
