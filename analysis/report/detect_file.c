/* SPDX-License-Identifier: MIT
 * Reading and writing detect's JSON by detect_schema.c's tables. */
#include "analysis/report/detect_file.h"

#include "analysis/report/detect_schema.h"
#include "base/grow.h"
#include "base/json.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool detect_file_is_json(FILE *in)
{
    int first;
    do
        first = getc(in);
    while (first == ' ' || first == '\t' || first == '\r' || first == '\n');
    if (fseek(in, 0, SEEK_SET) != 0)
        ungetc(first, in);
    return first == '{';
}

/* Any list of finding_view.h. */
struct list {
    char *at;
    size_t count;
};

struct reader {
    const char *file;
    struct view_pool *pool;
    struct err *err;
    char path[160]; /* as "findings[0].object.name" */
};

static int refuse(const struct reader *r, const char *what)
{
    return err_set(r->err, -EINVAL, "%s: %s %s: not what numaprobe detect --json writes", r->file,
        *r->path ? r->path : "it", what);
}

static void set_null(const struct key *key, void *member)
{
    const struct interval none = {NAN, NAN, NAN, 0};
    if ((key->is & KEY_KIND) == KEY_REAL)
        *(double *)member = NAN;
    else if ((key->is & KEY_KIND) == KEY_PLACE)
        *(int64_t *)member = -1;
    else if (key->is & KEY_INTERVAL)
        *(struct interval *)member = none;
}

static int read_struct(
    struct reader *r, const struct key_shape *shape, const json_t *object, char *out);

static int read_list(
    struct reader *r, const struct key_shape *shape, const json_t *value, struct list *out)
{
    const size_t end = strlen(r->path), count = json_array_size(value);
    int code = json_is_array(value) ? 0 : refuse(r, "is not a list");
    out->at = code ? NULL : view_pool_new(r->pool, count, shape->bytes);
    for (; out->at && out->count < count && !code; out->count++) {
        snprintf(r->path + end, sizeof r->path - end, "[%zu]", out->count);
        code = read_struct(
            r, shape, json_array_get(value, out->count), out->at + out->count * shape->bytes);
    }
    r->path[code ? strlen(r->path) : end] = '\0';
    return code;
}

static int read_value(struct reader *r, const struct key *key, const json_t *value, char *member)
{
    const unsigned kind = key->is & KEY_KIND;
    if (key->is & KEY_MAYBE && json_is_null(value)) {
        set_null(key, member);
        return 0;
    }
    if (kind == KEY_MANY)
        return read_list(r, key->shape, value, (struct list *)(void *)member);
    if (kind != KEY_ONE) {
        const char *const wrong = detect_value_read(key, value, member, r->pool);
        return wrong ? refuse(r, wrong) : 0;
    }
    if (key->is & KEY_MAYBE && !(key->is & KEY_INTERVAL)) {
        void *const new = view_pool_new(r->pool, 1, key->shape->bytes);
        if (!new)
            return 0; /* read_view reports it */
        *(void **)(void *)member = new;
        member = new;
    }
    return read_struct(r, key->shape, value, member);
}

/* As deep as the tables. */
static int read_struct(
    struct reader *r, const struct key_shape *shape, const json_t *object, char *out)
{
    const size_t end = strlen(r->path);
    if (!json_is_object(object))
        return refuse(r, "is not an object");
    for (const struct key *key = shape->keys; key->name; key++) {
        const json_t *const value = json_object_get(object, key->name);
        snprintf(r->path + end, sizeof r->path - end, "%s%s", end ? "." : "", key->name);
        int code = 0;
        if (value)
            code = read_value(r, key, value, out + key->at);
        else if (key->is & KEY_LATER)
            set_null(key, out + key->at);
        else
            code = refuse(r, "is missing");
        if (code)
            return code;
        r->path[end] = '\0';
    }
    return 0;
}

/* What follows from the keys. */
static void finish_price(struct finding_view *f)
{
    struct price *const p = &f->price;
    p->happens |= latent_happens_here(f->latent);
    p->known = isfinite(p->speedup.mid) && p->verdict != PRICE_UNKNOWN;
    if (!p->known && !*p->why.text)
        err_set(&p->why, -ENOTSUP, "not measured");
}

static int read_view(const json_t *root, const char *name, struct detect_view *out, struct err *err)
{
    struct reader r = {.file = name, .pool = &out->pool, .err = err};
    int code = read_struct(&r, &detect_schema, root, (char *)out);
    if (!code && out->pool.failed)
        code = err_set(err, -ENOMEM, "%s: out of memory", name);
    out->file = view_pool_text(&out->pool, name);
    for (size_t i = 0; i < out->findings.count && !code; i++)
        finish_price(&out->findings.at[i]);
    if (!code && !out->unseen)
        detect_view_judge(out); /* a file from before that key */
    return code;
}

int detect_file_read(FILE *in, const char *name, struct detect_file *out, struct err *err)
{
    json_error_t why;
    struct detect_view view = {0};
    json_t *const root = json_loadf(in, 0, &why);
    if (ferror(in))
        return err_set(err, -EIO, "%s: cannot be read", name);
    if (!root)
        return json_refuse(name, &why, err);
    int code = read_view(root, name, &view, err);
    json_decref(root);
    if (!code && GROW(out->file, out->files) != 0)
        code = err_set(err, -ENOMEM, "%s: out of memory", name);
    if (code)
        detect_view_fini(&view);
    else
        out->file[out->files++] = view;
    return code;
}

void detect_file_fini(struct detect_file *detected)
{
    for (size_t i = 0; i < detected->files; i++)
        detect_view_fini(&detected->file[i]);
    free(detected->file);
    *detected = (struct detect_file){0};
}

static json_t *write_struct(const struct key_shape *shape, const char *from);

static json_t *write_list(const struct key_shape *shape, const struct list *from)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < from->count; i++)
        if (json_array_append_new(list, write_struct(shape, from->at + i * shape->bytes)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *write_value(const struct key *key, const char *member)
{
    const unsigned kind = key->is & KEY_KIND;
    if (kind == KEY_MANY)
        return write_list(key->shape, (const struct list *)(const void *)member);
    if (kind != KEY_ONE)
        return detect_value_write(key, member);
    if (key->is & KEY_INTERVAL && !isfinite(((const struct interval *)(const void *)member)->mid))
        return json_null();
    if (key->is & KEY_MAYBE && !(key->is & KEY_INTERVAL))
        member = *(const char *const *)(const void *)member;
    return member ? write_struct(key->shape, member) : json_null();
}

static json_t *write_struct(const struct key_shape *shape, const char *from)
{
    json_t *const object = json_object();
    for (const struct key *key = shape->keys; key->name; key++)
        if (json_object_set_new(object, key->name, write_value(key, from + key->at)) != 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

int detect_file_write(const struct detect_view *view, FILE *out)
{
    json_t *const root = write_struct(&detect_schema, (const char *)view);
    if (!root)
        return -ENOMEM;
    const int failed = json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    json_decref(root);
    putc('\n', out);
    return failed || ferror(out) ? -EIO : 0;
}
