/* SPDX-License-Identifier: MIT
 * The outermost function of a map's is the operation, what calls that the site. */
#include "analysis/go/map_use.h"

#include <string.h>

enum {
    RAX = 0,
    RCX = 1,
    RBX = 3,
    NOT_PASSED = -1,
    ITERATED = 24 /* bytes into an iterator: its map */
};

struct operation {
    const char *prefix; /* of the function's name */
    enum go_map_kind kind;
    const char *name; /* NULL: the function's */
    int reg;          /* that its map is passed in */
    int64_t offset;   /* where at that address the map's is; -1: it is the map's */
};
static const struct operation operations[] = {
    {"runtime.mapaccess", GO_MAP_PLAIN, "read", RBX, -1},
    {"runtime.mapassign", GO_MAP_PLAIN, "write", RBX, -1},
    {"runtime.mapdelete", GO_MAP_PLAIN, "delete", RBX, -1},
    {"runtime.mapclear", GO_MAP_PLAIN, "clear", RBX, -1},
    {"runtime.mapclone", GO_MAP_PLAIN, "clone", RBX, -1},
    {"runtime.mapiterinit", GO_MAP_PLAIN, "iterate", RBX, -1},
    {"runtime.mapIterStart", GO_MAP_PLAIN, "iterate", RBX, -1},
    {"runtime.mapiternext", GO_MAP_PLAIN, "iterate", RAX, ITERATED},
    {"runtime.mapIterNext", GO_MAP_PLAIN, "iterate", RAX, ITERATED},
    {"internal/runtime/maps.(*Iter).Init", GO_MAP_PLAIN, "iterate", RCX, -1},
    {"internal/runtime/maps.(*Iter)", GO_MAP_PLAIN, "iterate", RAX, ITERATED},
    {"internal/runtime/maps.(*Map).Clear", GO_MAP_PLAIN, "clear", RAX, -1},
    {"internal/runtime/maps.(*Map).Delete", GO_MAP_PLAIN, "delete", RAX, -1},
    {"internal/runtime/maps.(*Map).get", GO_MAP_PLAIN, "read", RAX, -1},
    {"internal/runtime/maps.(*Map)", GO_MAP_PLAIN, "write", RAX, -1},
    {"internal/runtime/maps.(*table)", GO_MAP_PLAIN, "write", NOT_PASSED, -1},
    {"sync.(*Map).", GO_MAP_SYNC, NULL, RAX, -1},
    {"internal/sync.(*HashTrieMap[", GO_MAP_SYNC, NULL, RAX, -1},
};

/* What an operation may call: hashes and comparisons are the compiler's, or in assembly without a
 * package. */
static const char *const inner[] = {"runtime.", "internal/", "sync.", "sync/atomic.",
    "type:", "type..", "reflect.", "unicode/utf8."};

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_inner(const char *function)
{
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
        if (begins_with(function, inner[i]))
            return true;
    return !strchr(function, '.');
}

static const struct operation *operation_of(const char *function)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (begins_with(function, operations[i].prefix))
            return &operations[i];
    return NULL;
}

/* "Load" of "sync.(*Map).Load". */
static const char *method_of(const char *function)
{
    const char *const end = strrchr(function, '.');
    return end ? end + 1 : function;
}

/* The index of the operation's frame; `frames`: there is none. */
static size_t find_operation(
    const struct go_frame *frame, size_t frames, const struct operation **operation)
{
    size_t found = frames;
    for (size_t i = 0; i < frames; i++) {
        const char *const name = frame[i].function.name;
        const struct operation *const o = operation_of(name);
        if (o) {
            found = i;
            *operation = o;
        } else if (found < frames || !is_inner(name)) {
            break;
        }
    }
    return found;
}

bool go_map_use_find(const struct go_binary *binary, struct go_arguments *arguments,
    const struct go_moment *moment, const struct go_memory *memory, struct go_map_use *out)
{
    struct go_frame frame[GO_FRAMES];
    const size_t frames = go_stack_frames(binary, moment, frame, GO_FRAMES);
    const struct operation *o = NULL;
    const size_t at = find_operation(frame, frames, &o);
    struct go_argument map = {0}, type;
    if (at >= frames)
        return false;
    *out = (struct go_map_use){
        .kind = o->kind, .operation = o->name ? o->name : method_of(frame[at].function.name)};
    if (at + 1 < frames)
        out->site = frame[at + 1].pc - 1 + moment->bias;
    if (o->reg != NOT_PASSED &&
        go_argument_find(arguments, moment, frame, frames, at, o->reg, memory, &map)) {
        out->map = map.value;
        out->global = map.global;
    }
    if (out->map && o->offset >= 0 &&
        !memory->read(memory->of, out->map + (uint64_t)o->offset, &out->map))
        out->map = 0;
    if (o->kind == GO_MAP_PLAIN && o->reg == RBX &&
        go_argument_find(arguments, moment, frame, frames, at, RAX, memory, &type))
        out->type = type.value;
    return true;
}
