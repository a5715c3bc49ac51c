/* SPDX-License-Identifier: MIT
 * The tables. Keys are written in this order. */
#include "analysis/report/detect_schema.h"

#define MEMBER(of, member) offsetof(of, member), sizeof(((of *)0)->member)
#define KEY(of, member, name, is)                                                                  \
    {                                                                                              \
        name, is, MEMBER(of, member), NULL, NULL                                                   \
    }
#define PART(of, member, name, is, shape)                                                          \
    {                                                                                              \
        name, is, MEMBER(of, member), &(shape), NULL                                               \
    }
#define NAME(of, member, name, is, names)                                                          \
    {                                                                                              \
        name, KEY_NAME | (is), MEMBER(of, member), NULL, names                                     \
    }
#define END                                                                                        \
    {                                                                                              \
        0                                                                                          \
    }
#define SHAPE(name, of, ...)                                                                       \
    static const struct key name##_keys[] = {__VA_ARGS__, END};                                    \
    static const struct key_shape name = {sizeof(of), name##_keys}

static const char *const kinds[] = {"false", "mixed", "true", NULL};
static const char *const latents[] = {NULL, "turns", "other start", "128-byte lines", NULL};
static const char *const object_kinds[] = {
    "unknown", "global", "tls", "heap", "mmap", "stack", NULL};
static const char *const suggestions[] = {"none", "align", "pad", "move", "separate", NULL};
static const char *const verdicts[] = {NULL, "gain", "none", "loss", "undecided", NULL};
static const char *const modes[] = {"sampled", "full", NULL};

enum {
    MAYBE_TEXT = KEY_TEXT | KEY_MAYBE,
    MAYBE_COUNT = KEY_COUNT | KEY_MAYBE,
    MAYBE_REAL = KEY_REAL | KEY_MAYBE,
    MAYBE_ONE = KEY_ONE | KEY_MAYBE,
    INTERVAL = KEY_ONE | KEY_MAYBE | KEY_INTERVAL
};

#define FRAME(of, frame)                                                                           \
    KEY(of, frame function, "function", MAYBE_TEXT), KEY(of, frame file, "file", MAYBE_TEXT),      \
        KEY(of, frame line, "line", MAYBE_COUNT), KEY(of, frame module, "module", MAYBE_TEXT),     \
        KEY(of, frame offset, "offset", KEY_COUNT)

SHAPE(frame, struct dwarf_frame, FRAME(struct dwarf_frame, ));

#define OF struct view_place
SHAPE(place, OF, KEY(OF, file, "file", MAYBE_TEXT), KEY(OF, line, "line", MAYBE_COUNT));
#undef OF

#define OF struct view_object
SHAPE(object, OF, NAME(OF, kind, "kind", 0, object_kinds), KEY(OF, name, "name", MAYBE_TEXT),
    KEY(OF, type, "type", MAYBE_TEXT), KEY(OF, size, "size", MAYBE_COUNT),
    PART(OF, declared, "declared", MAYBE_ONE, place),
    PART(OF, allocated, "allocated", KEY_MANY, frame), KEY(OF, count, "count", KEY_COUNT));
#undef OF

#define OF struct view_field
SHAPE(field, OF, KEY(OF, name, "name", MAYBE_TEXT), KEY(OF, known, "known", KEY_FLAG | KEY_LATER),
    KEY(OF, object, "object", KEY_COUNT), KEY(OF, first, "first", KEY_COUNT),
    KEY(OF, size, "size", KEY_COUNT), KEY(OF, readers, "readers", KEY_LETTERS),
    KEY(OF, writers, "writers", KEY_LETTERS));
SHAPE(part, OF, KEY(OF, name, "name", MAYBE_TEXT), KEY(OF, object, "object", KEY_COUNT | KEY_LATER),
    KEY(OF, first, "first", KEY_PLACE), KEY(OF, size, "size", KEY_COUNT));
#undef OF

#define OF struct view_site
SHAPE(site, OF, FRAME(OF, frame.), KEY(OF, read, "read", KEY_FLAG),
    KEY(OF, write, "write", KEY_FLAG), KEY(OF, count, "count", KEY_COUNT),
    KEY(OF, thread, "thread", KEY_LETTER), KEY(OF, object, "object", KEY_COUNT | KEY_LATER),
    KEY(OF, first, "first", KEY_COUNT | KEY_LATER), KEY(OF, size, "size", KEY_COUNT | KEY_LATER));
#undef OF

#define OF struct view_thread
SHAPE(thread, OF, KEY(OF, index, "letter", KEY_LETTER), KEY(OF, tid, "tid", KEY_COUNT),
    KEY(OF, name, "name", MAYBE_TEXT), PART(OF, started, "started", MAYBE_ONE, frame),
    KEY(OF, reads, "reads", KEY_COUNT), KEY(OF, writes, "writes", KEY_COUNT));
#undef OF

#define OF struct view_row
SHAPE(row, OF, KEY(OF, thread, "letter", KEY_LETTER), KEY(OF, bytes, "bytes", KEY_CHARS));
#undef OF

#define OF struct view_picture
SHAPE(picture, OF, KEY(OF, address, "address", KEY_ADDRESS), KEY(OF, bytes, "bytes", KEY_COUNT),
    PART(OF, threads, "threads", KEY_MANY, row), PART(OF, fields, "fields", KEY_MANY, part));
#undef OF

#define OF struct interval
SHAPE(interval, OF, KEY(OF, mid, "mid", KEY_REAL), KEY(OF, low, "low", MAYBE_REAL),
    KEY(OF, high, "high", MAYBE_REAL), KEY(OF, n, "n", KEY_COUNT));
#undef OF

#define OF struct price
SHAPE(price, OF, PART(OF, shared_ns, "ns_per_access", INTERVAL, interval),
    PART(OF, padded_ns, "padded_ns_per_access", INTERVAL, interval),
    PART(OF, speedup, "speedup", INTERVAL, interval),
    NAME(OF, verdict, "verdict", KEY_MAYBE, verdicts), KEY(OF, fit, "pace", MAYBE_REAL | KEY_LATER),
    KEY(OF, why.text, "reason", KEY_CHARS | KEY_MAYBE));
#undef OF

#define OF struct finding_view
SHAPE(handovers, OF, KEY(OF, handovers.false_sharing, "false", KEY_COUNT),
    KEY(OF, handovers.true_sharing, "true", KEY_COUNT),
    KEY(OF, handovers.per_second, "per_second", KEY_REAL),
    KEY(OF, handovers.possible, "possible", MAYBE_COUNT));
SHAPE(suggestion, OF, NAME(OF, suggestion.what, "what", KEY_LATER, suggestions),
    KEY(OF, suggestion.bytes, "bytes", MAYBE_COUNT | KEY_LATER),
    KEY(OF, suggestion.text, "text", MAYBE_TEXT));
SHAPE(finding, OF, NAME(OF, kind, "kind", 0, kinds), NAME(OF, latent, "latent", KEY_MAYBE, latents),
    KEY(OF, pid, "pid", KEY_COUNT), PART(OF, object, "object", MAYBE_ONE, object),
    PART(OF, beside, "beside", KEY_MANY, object), KEY(OF, cache_lines, "cache_lines", KEY_COUNT),
    PART(OF, fields, "fields", KEY_MANY, field), PART(OF, sites, "lines", KEY_MANY, site),
    PART(OF, threads, "threads", KEY_MANY, thread),
    KEY(OF, accesses, "accesses", KEY_COUNT | KEY_LATER), KEY(OF, share, "share", KEY_REAL),
    {"handovers", KEY_ONE, 0, sizeof(OF), &handovers, NULL},
    {"suggestion", KEY_ONE, 0, sizeof(OF), &suggestion, NULL},
    PART(OF, price, "price", KEY_ONE, price),
    PART(OF, picture, "picture", KEY_ONE | KEY_LATER, picture));
#undef OF

#define OF struct view_process
SHAPE(accesses, OF, KEY(OF, accesses.seen, "seen", KEY_COUNT),
    KEY(OF, accesses.share, "share", MAYBE_REAL));
SHAPE(process, OF, KEY(OF, pid, "pid", KEY_COUNT), KEY(OF, parent, "parent", KEY_COUNT | KEY_LATER),
    KEY(OF, command, "command", KEY_WORDS), KEY(OF, seconds, "seconds", KEY_REAL),
    KEY(OF, threads, "threads", KEY_COUNT), {"accesses", KEY_ONE, 0, sizeof(OF), &accesses, NULL},
    KEY(OF, ended, "ended", KEY_ENDED), KEY(OF, notes, "notes", KEY_WORDS));
#undef OF

#define OF struct view_suppression
SHAPE(suppression, OF, KEY(OF, pattern, "pattern", KEY_TEXT), KEY(OF, count, "count", KEY_COUNT));
#undef OF

#define OF struct detect_view
static const struct key root_keys[] = {KEY(OF, version, "version", KEY_TEXT | KEY_LATER),
    KEY(OF, command, "command", KEY_WORDS),
    KEY(OF, status, "status", KEY_PLACE | KEY_MAYBE | KEY_LATER),
    KEY(OF, signal, "signal", MAYBE_COUNT | KEY_LATER), NAME(OF, mode, "mode", 0, modes),
    KEY(OF, line_bytes, "line_bytes", KEY_COUNT),
    PART(OF, processes, "processes", KEY_MANY, process),
    PART(OF, findings, "findings", KEY_MANY, finding),
    PART(OF, suppressed, "suppressed", KEY_MANY, suppression), KEY(OF, below, "below", KEY_COUNT),
    PART(OF, all.speedup, "speedup_of_all", INTERVAL, interval),
    KEY(OF, unwatched, "unwatched", KEY_COUNT | KEY_LATER), END};
const struct key_shape detect_schema = {sizeof(OF), root_keys};
#undef OF
