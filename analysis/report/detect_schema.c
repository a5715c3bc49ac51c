/* SPDX-License-Identifier: MIT
 * The tables. Keys are written in this order. */
#include "analysis/report/detect_schema.h"

/* A member of OF, the struct whose keys are listed; its name is the key unless another is given. */
#define KEY_AS(key, member, is, ...)                                                               \
    {                                                                                              \
        key, is, offsetof(OF, member), sizeof(((OF *)0)->member), __VA_ARGS__                      \
    }
#define KEY(member, is) KEY_AS(#member, member, is, NULL, NULL)
#define PART(member, is, shape) KEY_AS(#member, member, is, &(shape), NULL)
#define NAME(member, is, names) KEY_AS(#member, member, KEY_NAME | (is), NULL, names)
/* Keys of a struct within OF whose members are OF's here. */
#define GROUP(key, shape)                                                                          \
    {                                                                                              \
        key, KEY_ONE, 0, sizeof(OF), &(shape), NULL                                                \
    }
#define SHAPE(name, ...)                                                                           \
    static const struct key name##_keys[] = {__VA_ARGS__, {0}};                                    \
    static const struct key_shape name = {sizeof(OF), name##_keys}

static const char *const kinds[] = {"false", "mixed", "true", NULL};
static const char *const latents[] = {
    NULL, "turns", "other start", "128-byte lines", "processes", NULL};
static const char *const object_kinds[] = {
    "unknown", "global", "tls", "heap", "mmap", "stack", NULL};
static const char *const suggestions[] = {"none", "align", "pad", "move", "separate", NULL};
static const char *const verdicts[] = {NULL, "gain", "none", "loss", "undecided", NULL};
static const char *const modes[] = {"sampled", "full", "watched", NULL};

enum {
    MAYBE_TEXT = KEY_TEXT | KEY_MAYBE,
    MAYBE_CHARS = KEY_CHARS | KEY_MAYBE,
    MAYBE_COUNT = KEY_COUNT | KEY_MAYBE,
    MAYBE_REAL = KEY_REAL | KEY_MAYBE,
    MAYBE_ONE = KEY_ONE | KEY_MAYBE,
    INTERVAL = KEY_ONE | KEY_MAYBE | KEY_INTERVAL
};

#define FRAME(frame)                                                                               \
    KEY_AS("function", frame function, MAYBE_TEXT, NULL, NULL),                                    \
        KEY_AS("file", frame file, MAYBE_TEXT, NULL, NULL),                                        \
        KEY_AS("line", frame line, MAYBE_COUNT, NULL, NULL),                                       \
        KEY_AS("module", frame module, MAYBE_TEXT, NULL, NULL),                                    \
        KEY_AS("offset", frame offset, KEY_COUNT, NULL, NULL)

#define OF struct dwarf_frame
SHAPE(frame, FRAME());
#undef OF

#define OF struct sharing_place
SHAPE(place, KEY(file, MAYBE_TEXT), KEY(line, MAYBE_COUNT));
#undef OF

#define OF struct sharing_object
SHAPE(object, NAME(kind, 0, object_kinds), KEY(name, MAYBE_CHARS),
    KEY_AS("type", type_name, MAYBE_CHARS, NULL, NULL), KEY(size, MAYBE_COUNT),
    PART(declared, MAYBE_ONE, place), PART(allocated, KEY_MANY, frame), KEY(count, KEY_COUNT),
    KEY(type_start, KEY_COUNT | KEY_LATER));
#undef OF

#define OF struct sharing_field
SHAPE(field, KEY(name, MAYBE_CHARS), KEY(known, KEY_FLAG | KEY_LATER), KEY(object, KEY_COUNT),
    KEY(first, KEY_COUNT), KEY(size, KEY_COUNT), KEY(readers, KEY_LETTERS),
    KEY(writers, KEY_LETTERS));
SHAPE(part, KEY(name, MAYBE_CHARS), KEY(object, KEY_COUNT | KEY_LATER),
    KEY_AS("first", place, KEY_PLACE, NULL, NULL), KEY(size, KEY_COUNT));
#undef OF

#define OF struct sharing_site
SHAPE(site, FRAME(frame.), KEY(read, KEY_FLAG), KEY(write, KEY_FLAG), KEY(count, KEY_COUNT),
    KEY(thread, KEY_LETTER), KEY(object, KEY_COUNT | KEY_LATER), KEY(first, KEY_COUNT | KEY_LATER),
    KEY(size, KEY_COUNT | KEY_LATER));
#undef OF

#define OF struct sharing_thread
SHAPE(thread, KEY_AS("letter", index, KEY_LETTER, NULL, NULL), KEY(tid, KEY_COUNT),
    KEY(name, MAYBE_TEXT), PART(started, MAYBE_ONE, frame), KEY(reads, KEY_COUNT),
    KEY(writes, KEY_COUNT), KEY_AS("goroutine", coroutine, KEY_FLAG | KEY_LATER, NULL, NULL));
#undef OF

#define OF struct sharing_row
SHAPE(row, KEY_AS("letter", thread, KEY_LETTER, NULL, NULL), KEY(bytes, KEY_CHARS));
#undef OF

#define OF struct view_picture
SHAPE(picture, KEY(address, KEY_ADDRESS), KEY(bytes, KEY_COUNT), PART(threads, KEY_MANY, row),
    PART(fields, KEY_MANY, part));
#undef OF

#define OF struct interval
SHAPE(interval, KEY(mid, KEY_REAL), KEY(low, MAYBE_REAL), KEY(high, MAYBE_REAL), KEY(n, KEY_COUNT));
#undef OF

#define OF struct price
SHAPE(price, KEY_AS("ns_per_access", shared_ns, INTERVAL, &interval, NULL),
    KEY_AS("padded_ns_per_access", padded_ns, INTERVAL, &interval, NULL),
    PART(speedup, INTERVAL, interval), NAME(verdict, KEY_MAYBE, verdicts),
    KEY_AS("pace", fit, MAYBE_REAL | KEY_LATER, NULL, NULL), KEY(happens, KEY_FLAG | KEY_LATER),
    KEY_AS("reason", why.text, MAYBE_CHARS, NULL, NULL));
#undef OF

#define OF struct finding_view
SHAPE(handovers, KEY_AS("false", handovers.false_sharing, KEY_COUNT, NULL, NULL),
    KEY_AS("true", handovers.true_sharing, KEY_COUNT, NULL, NULL),
    KEY_AS("per_second", handovers.per_second, MAYBE_REAL, NULL, NULL),
    KEY_AS("possible", handovers.possible, MAYBE_COUNT, NULL, NULL));
SHAPE(proofs, KEY_AS("separate", proofs.separate, KEY_COUNT, NULL, NULL),
    KEY_AS("common", proofs.common, KEY_COUNT, NULL, NULL),
    KEY_AS("first_s", proofs.first_s, KEY_REAL, NULL, NULL),
    KEY_AS("priced", proofs.priced, KEY_FLAG | KEY_LATER, NULL, NULL),
    KEY_AS("gain", proofs.gain, INTERVAL | KEY_LATER, &interval, NULL),
    KEY_AS("gain_tid", proofs.gain_tid, KEY_COUNT | KEY_LATER, NULL, NULL));
SHAPE(suggestion, KEY_AS("what", suggestion.what, KEY_NAME | KEY_LATER, NULL, suggestions),
    KEY_AS("bytes", suggestion.bytes, MAYBE_COUNT | KEY_LATER, NULL, NULL),
    KEY_AS("text", suggestion.text, MAYBE_CHARS, NULL, NULL));
SHAPE(finding, NAME(kind, 0, kinds), NAME(latent, KEY_MAYBE, latents), KEY(pid, KEY_COUNT),
    PART(object, MAYBE_ONE, object), KEY_AS("beside", others, KEY_MANY, &object, NULL),
    KEY(cache_lines, KEY_COUNT), PART(fields, KEY_MANY, field),
    KEY_AS("lines", sites, KEY_MANY, &site, NULL), PART(threads, KEY_MANY, thread),
    KEY(accesses, KEY_COUNT | KEY_LATER), KEY(share, KEY_REAL), GROUP("handovers", handovers),
    {"proofs", KEY_ONE | KEY_LATER, 0, sizeof(OF), &proofs, NULL}, GROUP("suggestion", suggestion),
    PART(price, KEY_ONE, price), PART(picture, KEY_ONE | KEY_LATER, picture));
#undef OF

#define OF struct view_process
SHAPE(accesses, KEY_AS("seen", accesses.seen, KEY_COUNT, NULL, NULL),
    KEY_AS("share", accesses.share, MAYBE_REAL, NULL, NULL));
SHAPE(process, KEY(pid, KEY_COUNT), KEY(parent, KEY_COUNT | KEY_LATER), KEY(command, KEY_WORDS),
    KEY(seconds, KEY_REAL), KEY(threads, KEY_COUNT), GROUP("accesses", accesses),
    KEY(ended, KEY_END), KEY(notes, KEY_WORDS),
    KEY_AS("goroutines", coroutines, KEY_COUNT | KEY_LATER, NULL, NULL),
    KEY(samples, KEY_COUNT | KEY_LATER));
#undef OF

#define OF struct view_suppression
SHAPE(suppression, KEY(pattern, KEY_TEXT), KEY(count, KEY_COUNT));
#undef OF

#define OF struct view_pair
SHAPE(pair, KEY(functions, KEY_WORDS), KEY(object, KEY_TEXT), KEY(per_second, KEY_REAL),
    KEY(possible, MAYBE_COUNT));
#undef OF

#define OF struct view_type
SHAPE(type, KEY(type, KEY_TEXT), KEY(objects, KEY_WORDS), KEY(fields, KEY_WORDS),
    KEY(cache_lines, KEY_COUNT), KEY(per_second, KEY_REAL), KEY(possible, MAYBE_COUNT));
#undef OF

#define OF struct detect_view
static const struct key root_keys[] = {KEY(version, KEY_TEXT | KEY_LATER),
    KEY(host, MAYBE_TEXT | KEY_LATER), KEY(cpu_model, MAYBE_TEXT | KEY_LATER),
    KEY(kernel, MAYBE_TEXT | KEY_LATER), KEY(plain, MAYBE_TEXT | KEY_LATER),
    KEY(command, KEY_WORDS), KEY(status, KEY_PLACE | KEY_MAYBE | KEY_LATER),
    KEY(signal, MAYBE_COUNT | KEY_LATER), NAME(mode, 0, modes), KEY(line_bytes, KEY_COUNT),
    PART(processes, KEY_MANY, process), PART(findings, KEY_MANY, finding),
    PART(suppressed, KEY_MANY, suppression), KEY(below, KEY_COUNT),
    KEY_AS("speedup_of_all", all.speedup, INTERVAL, &interval, NULL),
    KEY(interrupted, MAYBE_COUNT | KEY_LATER), KEY(unwatched, KEY_COUNT | KEY_LATER),
    KEY(uninstrumented, KEY_WORDS | KEY_LATER), KEY(unseen, MAYBE_TEXT | KEY_LATER),
    PART(by_function, KEY_MANY | KEY_LATER, pair), PART(by_type, KEY_MANY | KEY_LATER, type), {0}};
const struct key_shape detect_schema = {sizeof(OF), root_keys};
#undef OF
