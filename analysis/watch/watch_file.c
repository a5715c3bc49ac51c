/* SPDX-License-Identifier: MIT
 * Lists of objects, each by the types of its keys. */
#include "analysis/watch/watch_file.h"

#include "base/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char maps_command[] = "watch --maps", locks_command[] = "watch --locks";

static bool has_command(const json_t *root, const char *command)
{
    const char *const found = json_string_value(json_object_get(root, "command"));
    return found && strcmp(found, command) == 0;
}

bool watch_file_is_locks(const json_t *root)
{
    return has_command(root, locks_command);
}

bool watch_file_is(FILE *in)
{
    json_t *const root = json_loadf(in, 0, NULL);
    const bool is = has_command(root, maps_command) || has_command(root, locks_command);
    json_decref(root);
    rewind(in);
    return is;
}

enum is { TEXT, MAYBE_TEXT, NUMBER, MAYBE_NUMBER, LIST };

struct shape {
    const char *key;
    enum is is;
    const struct shape *element; /* of a list */
};

static const struct shape site_shape[] = {{"operation", TEXT, NULL}, {"function", MAYBE_TEXT, NULL},
    {"file", MAYBE_TEXT, NULL}, {"line", MAYBE_NUMBER, NULL}, {"share", NUMBER, NULL},
    {NULL, TEXT, NULL}};
static const struct shape map_shape[] = {{"pid", NUMBER, NULL}, {"kind", TEXT, NULL},
    {"address", MAYBE_TEXT, NULL}, {"name", MAYBE_TEXT, NULL}, {"type", MAYBE_TEXT, NULL},
    {"keys", MAYBE_NUMBER, NULL}, {"buckets", MAYBE_NUMBER, NULL}, {"share", NUMBER, NULL},
    {"share_low", NUMBER, NULL}, {"share_high", NUMBER, NULL}, {"sites", LIST, site_shape},
    {NULL, TEXT, NULL}};
static const struct shape maps_process_shape[] = {{"pid", NUMBER, NULL}, {"program", TEXT, NULL},
    {"go", TEXT, NULL}, {"all_samples", NUMBER, NULL}, {"share", MAYBE_NUMBER, NULL},
    {NULL, TEXT, NULL}};
static const struct shape maps_shape[] = {{"schema", NUMBER, NULL}, {"seconds", NUMBER, NULL},
    {"processes", LIST, maps_process_shape}, {"maps", LIST, map_shape}, {NULL, TEXT, NULL}};

static const struct shape frame_shape[] = {{"function", MAYBE_TEXT, NULL},
    {"file", MAYBE_TEXT, NULL}, {"line", MAYBE_NUMBER, NULL}, {NULL, TEXT, NULL}};
static const struct shape wait_shape[] = {{"pid", NUMBER, NULL}, {"role", TEXT, NULL},
    {"lock", TEXT, NULL}, {"name", MAYBE_TEXT, NULL}, {"address", MAYBE_TEXT, NULL},
    {"waits", MAYBE_NUMBER, NULL}, {"seconds", NUMBER, NULL}, {"stack", LIST, frame_shape},
    {NULL, TEXT, NULL}};
static const struct shape locks_process_shape[] = {{"pid", NUMBER, NULL}, {"program", TEXT, NULL},
    {"go", MAYBE_TEXT, NULL}, {"waits", MAYBE_NUMBER, NULL}, {"seconds", NUMBER, NULL},
    {NULL, TEXT, NULL}};
static const struct shape locks_shape[] = {{"schema", NUMBER, NULL}, {"seconds", NUMBER, NULL},
    {"processes", LIST, locks_process_shape}, {"waits", LIST, wait_shape}, {NULL, TEXT, NULL}};

/* NULL: all is there; else the key that is not. */
static const char *wrong_key(const json_t *object, const struct shape *shape);

static const char *wrong_in_list(const json_t *list, const struct shape *of)
{
    const char *wrong = json_is_array(list) ? NULL : of->key;
    for (size_t i = 0; i < json_array_size(list) && !wrong; i++)
        wrong = wrong_key(json_array_get(list, i), of->element);
    return wrong;
}

static const char *wrong_key(const json_t *object, const struct shape *shape)
{
    for (const struct shape *s = shape; s->key; s++) {
        const json_t *const value = json_object_get(object, s->key);
        const bool null = json_is_null(value) && (s->is == MAYBE_TEXT || s->is == MAYBE_NUMBER),
                   text = s->is <= MAYBE_TEXT && json_is_string(value),
                   number = (s->is == NUMBER || s->is == MAYBE_NUMBER) && json_is_number(value);
        const char *const wrong = s->is == LIST            ? wrong_in_list(value, s)
                                  : null || text || number ? NULL
                                                           : s->key;
        if (wrong)
            return wrong;
    }
    return NULL;
}

int watch_file_read(FILE *in, const char *name, struct watch_files *out, struct err *err)
{
    json_t *const root = json_loadf(in, 0, NULL);
    const char *const wrong = wrong_key(root, watch_file_is_locks(root) ? locks_shape : maps_shape);
    int code = 0;
    if (wrong)
        code = err_set(err, -EINVAL,
            "%s: '%s' is missing or of another type: not what numaprobe "
            "watch --json writes",
            name, wrong);
    else if (GROW(out->root, out->count))
        code = err_set(err, -ENOMEM, "out of memory for '%s'", name);
    if (code) {
        json_decref(root);
        return code;
    }
    out->root[out->count++] = root;
    return 0;
}

void watch_files_fini(struct watch_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        json_decref(files->root[i]);
    free(files->root);
    *files = (struct watch_files){0};
}
