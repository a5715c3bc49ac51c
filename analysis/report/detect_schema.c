/* SPDX-License-Identifier: MIT
 * The keys of detect's JSON that the page needs, and whether a file has them. */
#include "analysis/report/detect_file.h"

#include <errno.h>
#include <string.h>

enum {
    TEXT,
    COUNT,
    PLACE, /* a whole number that may be negative */
    REAL,
    FLAG,
    ONE,  /* an object with keys */
    MANY, /* a list of such objects; of texts where there are no keys */
    KIND = 15,
    MAYBE = 16, /* may be null */
    LATER = 32, /* was added: older files lack it */
};

struct key {
    const char *name;
    unsigned is;
    const struct key *keys;
};

#define FRAME_KEYS                                                                                 \
    {"function", TEXT | MAYBE, NULL}, {"file", TEXT | MAYBE, NULL}, {"line", COUNT | MAYBE, NULL}, \
        {"module", TEXT | MAYBE, NULL},                                                            \
    {                                                                                              \
        "offset", COUNT, NULL                                                                      \
    }

static const struct key frame_keys[] = {FRAME_KEYS, {0}};
static const struct key declared_keys[] = {
    {"file", TEXT | MAYBE, NULL}, {"line", COUNT | MAYBE, NULL}, {0}};
static const struct key object_keys[] = {{"kind", TEXT, NULL}, {"name", TEXT | MAYBE, NULL},
    {"type", TEXT | MAYBE, NULL}, {"size", COUNT | MAYBE, NULL},
    {"declared", ONE | MAYBE, declared_keys}, {"allocated", MANY, frame_keys},
    {"count", COUNT, NULL}, {0}};
static const struct key field_keys[] = {{"name", TEXT | MAYBE, NULL}, {"object", COUNT, NULL},
    {"first", COUNT, NULL}, {"size", COUNT, NULL}, {"readers", TEXT, NULL}, {"writers", TEXT, NULL},
    {0}};
static const struct key site_keys[] = {FRAME_KEYS, {"read", FLAG, NULL}, {"write", FLAG, NULL},
    {"count", COUNT, NULL}, {"thread", TEXT, NULL}, {0}};
#undef FRAME_KEYS
static const struct key thread_keys[] = {{"letter", TEXT, NULL}, {"tid", COUNT, NULL},
    {"name", TEXT | MAYBE, NULL}, {"started", ONE | MAYBE, frame_keys}, {"reads", COUNT, NULL},
    {"writes", COUNT, NULL}, {0}};
static const struct key handover_keys[] = {{"false", COUNT, NULL}, {"true", COUNT, NULL},
    {"per_second", REAL, NULL}, {"possible", COUNT | MAYBE, NULL}, {0}};
static const struct key interval_keys[] = {{"mid", REAL, NULL}, {"low", REAL | MAYBE, NULL},
    {"high", REAL | MAYBE, NULL}, {"n", COUNT, NULL}, {0}};
static const struct key price_keys[] = {{"ns_per_access", ONE | MAYBE, interval_keys},
    {"padded_ns_per_access", ONE | MAYBE, interval_keys}, {"speedup", ONE | MAYBE, interval_keys},
    {"verdict", TEXT | MAYBE, NULL}, {"reason", TEXT | MAYBE, NULL}, {0}};
static const struct key suggestion_keys[] = {{"text", TEXT | MAYBE, NULL}, {0}};
static const struct key row_keys[] = {{"letter", TEXT, NULL}, {"bytes", TEXT, NULL}, {0}};
static const struct key part_keys[] = {
    {"name", TEXT | MAYBE, NULL}, {"first", PLACE, NULL}, {"size", COUNT, NULL}, {0}};
static const struct key picture_keys[] = {{"address", TEXT, NULL}, {"bytes", COUNT, NULL},
    {"threads", MANY, row_keys}, {"fields", MANY, part_keys}, {0}};
static const struct key finding_keys[] = {{"kind", TEXT, NULL}, {"latent", TEXT | MAYBE, NULL},
    {"pid", COUNT, NULL}, {"object", ONE | MAYBE, object_keys}, {"beside", MANY, object_keys},
    {"cache_lines", COUNT, NULL}, {"fields", MANY, field_keys}, {"lines", MANY, site_keys},
    {"threads", MANY, thread_keys}, {"share", REAL, NULL}, {"handovers", ONE, handover_keys},
    {"price", ONE, price_keys}, {"suggestion", ONE, suggestion_keys},
    {"picture", ONE | LATER, picture_keys}, {0}};
static const struct key accesses_keys[] = {
    {"seen", COUNT, NULL}, {"share", REAL | MAYBE, NULL}, {0}};
static const struct key process_keys[] = {{"pid", COUNT, NULL}, {"command", MANY, NULL},
    {"seconds", REAL, NULL}, {"threads", COUNT, NULL}, {"accesses", ONE, accesses_keys},
    {"ended", TEXT, NULL}, {"notes", MANY, NULL}, {0}};
static const struct key suppressed_keys[] = {{"pattern", TEXT, NULL}, {"count", COUNT, NULL}, {0}};
static const struct key root_keys[] = {{"command", MANY, NULL}, {"mode", TEXT, NULL},
    {"line_bytes", COUNT, NULL}, {"processes", MANY, process_keys},
    {"findings", MANY, finding_keys}, {"suppressed", MANY, suppressed_keys},
    {"speedup_of_all", ONE | MAYBE, interval_keys}, {"below", COUNT, NULL},
    {"unwatched", COUNT | LATER, NULL}, {0}};

/* Longer than any name, path or command line that detect records. */
enum { TEXT_MAX = 65536 };

static bool is_text(const json_t *value)
{
    return json_is_string(value) && json_string_length(value) <= TEXT_MAX;
}

static bool is_place(const json_t *value)
{
    return json_is_integer(value);
}

static bool is_count(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool is_real(const json_t *value)
{
    return json_is_number(value);
}

static bool is_flag(const json_t *value)
{
    return json_is_boolean(value);
}

static bool is_one(const json_t *value)
{
    return json_is_object(value);
}

static bool is_many(const json_t *value)
{
    return json_is_array(value);
}

static const struct {
    const char *what;
    bool (*is)(const json_t *value);
} kinds[] = {[TEXT] = {"is no text of at most 64 KiB", is_text},
    [COUNT] = {"is no count", is_count},
    [PLACE] = {"is no whole number", is_place},
    [REAL] = {"is no number", is_real},
    [FLAG] = {"is neither true nor false", is_flag},
    [ONE] = {"is no object", is_one},
    [MANY] = {"is no list", is_many}};

struct walk {
    const char *file;
    struct err *err;
    char path[160]; /* as "findings[0].object.name" */
};

static int refuse(const struct walk *w, const char *what)
{
    return err_set(w->err, -EINVAL, "%s: %s %s: not what numaprobe detect --json writes", w->file,
        *w->path ? w->path : "it", what);
}

static int check_value(struct walk *w, const struct key *key, const json_t *value);

static int check_keys(struct walk *w, const struct key *keys, const json_t *object)
{
    const size_t end = strlen(w->path);
    for (; keys->name; keys++) {
        const json_t *const value = json_object_get(object, keys->name);
        snprintf(w->path + end, sizeof w->path - end, "%s%s", end ? "." : "", keys->name);
        const int code = value              ? check_value(w, keys, value)
                         : keys->is & LATER ? 0
                                            : refuse(w, "is missing");
        if (code)
            return code;
        w->path[end] = '\0';
    }
    return 0;
}

static int check_list(struct walk *w, const struct key *keys, const json_t *list)
{
    const struct key element = {"", keys ? ONE : TEXT, keys};
    const size_t end = strlen(w->path);
    for (size_t i = 0; i < json_array_size(list); i++) {
        snprintf(w->path + end, sizeof w->path - end, "[%zu]", i);
        const int code = check_value(w, &element, json_array_get(list, i));
        if (code)
            return code;
    }
    w->path[end] = '\0';
    return 0;
}

/* As deep as the tables above. */
static int check_value(struct walk *w, const struct key *key, const json_t *value)
{
    const unsigned kind = key->is & KIND;
    if (key->is & MAYBE && json_is_null(value))
        return 0;
    if (!kinds[kind].is(value))
        return refuse(w, kinds[kind].what);
    return kind == ONE    ? check_keys(w, key->keys, value)
           : kind == MANY ? check_list(w, key->keys, value)
                          : 0;
}

int detect_schema_check(const json_t *root, const char *name, struct err *err)
{
    static const struct key whole = {"", ONE, root_keys};
    struct walk w = {.file = name, .err = err};
    return check_value(&w, &whole, root);
}
