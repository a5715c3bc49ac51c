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
};
#define PC_MASK ((1ull << 56) - 1)

/* symbolizeCodeContext of Go's runtime/race.go. */
struct code_name {
    uintptr_t pc;
    const char *function, *file;
    uintptr_t line, offset, found;
};

static go_namer name_code;
static uint64_t known[ADDRESSES]; /* address, and in the highest 8 bits its kinds; 0: unused */

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
    {"sync.(*Cond).", GO_CONDITION},
    {"sync.", GO_SYNC},
    {"internal/sync.", GO_SYNC},
};

static enum go_kind kind_of_name(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && name; i++)
        if (strncmp(name, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
            return kinds[i].kind;
    return GO_OTHER;
}

/* The functions that a return address lies in: with all that was inlined there, and the outermost,
 * which has the frame. */
struct kinds {
    unsigned char nearest; /* that is not GO_RUNTIME */
    unsigned char frame;
};

/* Each answer but the last is of a function that was inlined, and gives the address of the call. */
static struct kinds ask_kinds(uintptr_t pc)
{
    enum { INLINED = 32 };
    struct code_name name = {.pc = pc - 1};
    struct kinds out = {GO_RUNTIME, GO_OTHER};
    for (unsigned i = 0; i < INLINED && name_code; i++) {
        const uintptr_t asked = name.pc;
        name_code(NAME_CODE, &name);
        out.frame = kind_of_name(name.function);
        if (out.nearest == GO_RUNTIME)
            out.nearest = out.frame;
        if (name.pc == asked)
            break;
    }
    return out;
}

static struct kinds kinds_of(uintptr_t pc)
{
    const uint64_t hash = pc * 0x9e3779b97f4a7c15ull; /* Knuth, TAOCP 3, 6.4 */
    uint64_t *place = NULL;
    for (uint32_t i = 0; i < PROBES; i++) {
        place = &known[((hash >> 40) + i) % ADDRESSES];
        const uint64_t entry = __atomic_load_n(place, __ATOMIC_RELAXED);
        if ((entry & PC_MASK) == pc)
            return (struct kinds){entry >> 60, entry >> 56 & 15};
        if (!entry)
            break;
    }
    const struct kinds are = ask_kinds(pc);
    const uint64_t bits = (uint64_t)are.nearest << 60 | (uint64_t)are.frame << 56;
    __atomic_store_n(place, bits | pc, __ATOMIC_RELAXED);
    return are;
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

/* A mutex's function may call another one, and a condition calls a mutex's. */
static enum go_kind walk_kind(struct go_stack stack, uintptr_t frame)
{
    bool mutex = false;
    for (unsigned i = 0; i < DEPTH; i++) {
        const uintptr_t pc = return_of(stack, frame);
        const enum go_kind kind = pc ? kinds_of(pc).nearest : GO_OTHER;
        if (kind != GO_RUNTIME && kind != GO_MUTEX)
            return mutex && kind != GO_CONDITION ? GO_MUTEX : kind;
        mutex |= kind == GO_MUTEX;
        frame = *(const uintptr_t *)frame;
    }
    return mutex ? GO_MUTEX : GO_OTHER;
}

/* The same return addresses come from the same call; of a condition that calls a mutex the sixth is
 * the condition's where nothing is inlined (Go 1.24, -gcflags=-l). */
enum { CALLS = 64, DEEP = 6 };
static _Thread_local struct call {
    uintptr_t pc[DEEP];
    enum go_kind kind;
} calls[CALLS] INITIAL_EXEC;

/* memcmp is a function of libc's, and this is every operation on a channel. */
static bool is_same(const uintptr_t *a, const uintptr_t *b)
{
    uintptr_t differ = 0;
    for (unsigned i = 0; i < DEEP; i++)
        differ |= a[i] ^ b[i];
    return !differ;
}

enum go_kind go_caller_kind(struct go_stack stack, uintptr_t frame)
{
    struct call now = {.kind = GO_OTHER};
    uintptr_t at = frame, hash = 0;
    for (unsigned i = 0; i < DEEP && go_stack_has(stack, at); i++) {
        now.pc[i] = ((const uintptr_t *)at)[1];
        hash += now.pc[i] >> 3 * i;
        at = *(const uintptr_t *)at;
    }
    struct call *const last = &calls[hash % CALLS];
    if (now.pc[0] && is_same(last->pc, now.pc))
        return last->kind;
    now.kind = walk_kind(stack, frame);
    *last = now;
    return now.kind;
}

uintptr_t go_caller_outside(struct go_stack stack, uintptr_t pc, uintptr_t frame)
{
    uintptr_t at = pc;
    for (unsigned i = 0; i < DEPTH; i++) {
        if (kinds_of(at).frame <= GO_CHANNEL)
            return at;
        at = return_of(stack, frame);
        if (!at)
            break;
        frame = *(const uintptr_t *)frame;
    }
    return pc;
}
