/* SPDX-License-Identifier: MIT
 * The points of a plan: layouts by alignments by ops, and what suits what. */
#include "probes/plan/plan_points.h"

#include "base/args.h"
#include "base/grow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNS = 8 | 64, NAMES = 64 };

/* Names of a registry whose entries repeat (alignments, flavours), each once. */
#define UNIQUE_NAMES(function, table, count)                                                       \
    static size_t function(const char **names)                                                     \
    {                                                                                              \
        size_t n = 0;                                                                              \
        for (size_t i = 0; i < count; i++)                                                         \
            if (n == 0 || strcmp(names[n - 1], table[i]->name) != 0)                               \
                names[n++] = table[i]->name;                                                       \
        return n;                                                                                  \
    }
UNIQUE_NAMES(layout_names, layout_table, layout_count)
UNIQUE_NAMES(op_names, op_table, op_count)
#undef UNIQUE_NAMES

/* `option` is what names the op. */
static int find_op(const char *option, const char *name, const struct op **op, struct err *err)
{
    const char *names[NAMES] = {0};
    const int code = args_choice(option, "op", name, names, op_names(names), err);
    if (code >= 0)
        *op = op_find(name);
    return code < 0 ? code : 0;
}

static const struct layout *find_layout(const char *name, unsigned align)
{
    for (size_t i = 0; i < layout_count; i++)
        if (strcmp(layout_table[i]->name, name) == 0 && layout_table[i]->align_bytes == align)
            return layout_table[i];
    return NULL;
}

static bool is_file(const char *layout)
{
    return strchr(layout, '/') ||
           (strlen(layout) > 2 && strcmp(layout + strlen(layout) - 2, ".c") == 0);
}

static int make_shape(
    const char *layout, unsigned align, unsigned shards, struct shape **shape, struct err *err)
{
    if (is_file(layout)) {
        const int loaded = shape_load(layout, align, shards, shape, err);
        if (!loaded)
            (*shape)->file = layout;
        return loaded;
    }
    const char *names[NAMES] = {0};
    const int code = args_choice("--layout", "layout", layout, names, layout_names(names), err);
    return code < 0 ? code : shape_of(find_layout(layout, align), shards, shape, err);
}

static int add_shape(struct plan *plan, struct shape *shape, struct err *err)
{
    if (GROW(plan->shape, plan->shapes)) {
        free(shape);
        return err_set(err, -ENOMEM, "out of memory for the plan");
    }
    plan->shape[plan->shapes++] = shape;
    return 0;
}

static int add_point(struct plan *plan, const struct shape *shape, const struct op *op,
    const char *twin, struct err *err)
{
    if (GROW(plan->point, plan->points))
        return err_set(err, -ENOMEM, "out of memory for the plan");
    plan->point[plan->points++] = (struct point){.shape = shape, .op = op, .twin = twin};
    return 0;
}

/* Does the op find the words it needs, and do the threads suffice? */
static int check_fit(
    const struct plan *plan, const struct shape *shape, const struct op *op, struct err *err)
{
    static const char *const word_names[WORD_COUNT] = {
        "written word", "second role", "lock", "slots"};
    for (unsigned w = 0; w < WORD_COUNT; w++)
        if ((op->needs >> w & 1) && shape->offset[0][w] == SHAPE_NONE)
            return err_set(err, -EINVAL,
                "--op: %s does not suit layout %s, which has no %s; leave --op out to "
                "measure what suits it (%s)",
                op->name, shape->name, word_names[w], shape->ops);
    if (op->splits && shape->cast != CAST_WRITERS)
        return err_set(err, -EINVAL,
            "--op: %s does not suit layout %s, whose threads differ already; leave --op "
            "out to measure what suits it (%s)",
            op->name, shape->name, shape->ops);
    if (shape->cast == CAST_PAIRS && plan->cpus.count % 2)
        return err_set(err, -EINVAL,
            "--layout: %s works in pairs of threads; %zu thread%s cannot be paired", shape->name,
            plan->cpus.count, plan->cpus.count == 1 ? "" : "s");
    return 0;
}

/* A word given twice is measured once. */
static bool repeats_word(const struct words *words, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(words->word[i], words->word[index]) == 0)
            return true;
    return false;
}

/* The points of one op over shapes that begin with the reference. */
static int add_op(struct plan *plan, struct shape *const *shape, size_t shapes, const struct op *op,
    bool self_test, struct err *err)
{
    int code = check_fit(plan, shape[0], op, err);
    for (size_t i = self_test; !code && i < shapes; i++) {
        code = add_point(plan, shape[i], op, self_test ? "a" : "", err);
        if (!code && self_test)
            code = add_point(plan, shape[i], op, "b", err);
    }
    return code;
}

/* The layout's own ops, where --op names none: what is wrong with them is wrong in its file. */
static int check_own_ops(const struct shape *shape, struct err *err)
{
    char option[SHAPE_TEXT + 32];
    struct words words = {0};
    snprintf(option, sizeof option, "layout %s: .ops", shape->name);
    int code = args_words(option, shape->ops, &words, err);
    for (size_t i = 0; !code && i < words.count; i++) {
        const struct op *op = NULL;
        code = find_op(option, words.word[i], &op, err);
        for (unsigned w = 0; !code && w < WORD_COUNT; w++)
            if ((op->needs >> w & 1) && shape->offset[0][w] == SHAPE_NONE)
                code = err_set(err, -ENOEXEC, "%s: %s needs %s, for which word() returns NULL",
                    option, op->name, shape_word_names[w]);
    }
    words_fini(&words);
    if (code && err)
        err->code = -ENOEXEC;
    return code ? -ENOEXEC : 0;
}

static int add_ops(
    struct plan *plan, size_t first_shape, const char *text, bool self_test, struct err *err)
{
    struct words words = {0};
    struct shape *const *shape = plan->shape + first_shape;
    int code = text ? 0 : check_own_ops(shape[0], err);
    if (!code)
        code = args_words("--op", text ? text : shape[0]->ops, &words, err);
    for (size_t i = 0; !code && i < words.count; i++) {
        const struct op *op = NULL;
        if (repeats_word(&words, i))
            continue;
        code = find_op("--op", words.word[i], &op, err);
        if (!code)
            code = add_op(plan, shape, plan->shapes - first_shape, op, self_test, err);
    }
    words_fini(&words);
    return code;
}

/* Figures are distinguished by the layout's name. */
static int check_name(const struct plan *plan, size_t first, const char *layout, struct err *err)
{
    if (strcmp(plan->shape[first + 1]->name, "isolated") == 0)
        return err_set(err, -EINVAL,
            "--layout: %s is named 'isolated', as the reference is; give it another .name", layout);
    for (size_t i = 0; i < first; i++)
        if (strcmp(plan->shape[i]->name, plan->shape[first + 1]->name) == 0)
            return err_set(err, -EINVAL,
                "--layout: %s is another layout named '%s'; give it another .name", layout,
                plan->shape[i]->name);
    return 0;
}

static int add_layout(
    struct plan *plan, const char *layout, const struct plan_request *request, struct err *err)
{
    const unsigned aligns = request->aligns ? request->aligns : ALIGNS;
    const size_t first = plan->shapes;
    int code = add_shape(plan, NULL, err); /* the reference, made from the first of them */
    for (unsigned align = PLAN_ALIGN_MIN; !code && align <= PLAN_ALIGN_MAX; align *= 2) {
        struct shape *shape = NULL;
        if (!(aligns & align))
            continue;
        code = make_shape(layout, align, plan->shards, &shape, err);
        if (!code)
            code = add_shape(plan, shape, err);
    }
    if (!code)
        code = check_name(plan, first, layout, err);
    if (!code)
        code = shape_isolate(plan->shape[first + 1], &plan->shape[first], err);
    return code ? code : add_ops(plan, first, request->op, request->self_test, err);
}

int plan_add_points(struct plan *plan, const struct plan_request *request, struct err *err)
{
    const char *const text = request->layout ? request->layout : "counter";
    if (GROW(plan->layouts, plan->requests))
        return err_set(err, -ENOMEM, "out of memory for the plan");
    struct words *const words = &plan->layouts[plan->requests++];
    int code = args_words("--layout", text, words, err);
    for (size_t i = 0; !code && i < words->count; i++)
        if (!repeats_word(words, i))
            code = add_layout(plan, words->word[i], request, err);
    return code;
}
