/* SPDX-License-Identifier: MIT
 * Which functions of a Go program get probes, and where in them. */
#include "cli/watch/watch_exact.h"

#include "base/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FUNCTIONS_MOST = 256 };

static bool is_wanted(const char *name, const char *const *patterns)
{
    for (size_t i = 0; patterns[i]; i++)
        if (go_name_matches(name, patterns[i]))
            return true;
    return false;
}

static int add_function(
    const struct go_binary *binary, const struct go_function *at, struct exact_choice *c)
{
    struct exact_function f = {.at = *at};
    if (!go_probe_points_find(binary, at, &f.points))
        return 0;
    f.of_map = go_map_function_is(at->name, &f.map);
    if (GROW(c->function, c->functions))
        return -ENOMEM;
    c->function[c->functions++] = f;
    return 0;
}

static int add_functions(
    const struct go_binary *binary, const char *const *patterns, struct exact_choice *c)
{
    struct go_function at;
    const struct go_pclntab *const table = go_binary_functions(binary);
    int code = 0;
    for (uint64_t i = 0; i < table->functions && !code; i++)
        if (go_pclntab_nth(table, i, &at) && is_wanted(at.name, patterns))
            code = add_function(binary, &at, c);
    return code;
}

static uint64_t cookie_of(const struct exact_choice *c, size_t index)
{
    static const enum call_key_kind kinds[] = {[GO_KEY_NONE] = CALL_KEY_NONE,
        [GO_KEY_32] = CALL_KEY_WORD32,
        [GO_KEY_64] = CALL_KEY_WORD64,
        [GO_KEY_TEXT] = CALL_KEY_TEXT,
        [GO_KEY_AT] = CALL_KEY_AT};
    const struct exact_function *const f = &c->function[index];
    uint64_t cookie = index | (f->points.is_jump ? 0 : CALL_STEPPED);
    if (f->of_map)
        cookie |= CALL_OF_MAP | (f->map.writes ? CALL_WRITES : 0) |
                  (uint64_t)kinds[f->map.key] << CALL_KEY_SHIFT;
    return cookie;
}

static int add_point(const struct go_binary *binary, struct exact_choice *c, uint64_t address,
    uint64_t cookie, bool at_return)
{
    uint64_t offset;
    if (!go_binary_offset(binary, address, &offset))
        return 0;
    if (GROW(c->point, c->points))
        return -ENOMEM;
    c->point[c->points++] = (struct call_point){offset, cookie, at_return};
    return 0;
}

static int add_points(const struct go_binary *binary, bool pairs, struct exact_choice *c)
{
    int code = 0;
    for (size_t i = 0; i < c->functions && !code; i++) {
        const struct go_probe_points *const p = &c->function[i].points;
        code = add_point(binary, c, p->call, cookie_of(c, i), false);
        for (size_t k = 0; k < p->returns && pairs && !code; k++)
            code = add_point(binary, c, p->back[k], cookie_of(c, i), true);
    }
    return code;
}

/* Only what is done to maps can overlap. */
static void keep_maps(struct exact_choice *c)
{
    size_t left = 0;
    for (size_t i = 0; i < c->functions; i++)
        if (c->function[i].of_map && !c->function[i].points.more)
            c->function[left++] = c->function[i];
    c->functions = left;
}

/* 0x and digits. */
static bool parse_address(const char *text, uint64_t *out)
{
    char *end;
    if (strncmp(text, "0x", 2) != 0)
        return false;
    errno = 0;
    *out = strtoull(text, &end, 16);
    return !errno && end > text + 2 && *end == '\0' && *out != 0;
}

int exact_choose(const struct exact_watch *exact, const char *what, bool pairs,
    struct exact_choice *c, struct err *err)
{
    const char *const named[] = {what, NULL};
    const bool is_address = parse_address(what, &c->map);
    int code = add_functions(exact->binary, is_address ? go_map_functions : named, c);
    if (!code && pairs && c->functions) {
        keep_maps(c);
        if (c->functions == 0)
            return err_set(err, -EINVAL,
                "watch: --overlaps: '%s' is not a function of maps; choose a map, or functions as "
                "'runtime.map*'",
                what);
    }
    if (!code && c->functions == 0)
        return err_set(err, -EINVAL,
            is_address ? "watch: --exact: this program calls no function of maps"
                       : "watch: --exact: this program has no function '%s'; what the compiler "
                         "inlined is not there, 'main.*' is all of a package",
            what);
    if (!code && c->functions > FUNCTIONS_MOST)
        return err_set(err, -EINVAL,
            "watch: --exact: '%s' is %zu functions; at most %d can have probes", what, c->functions,
            FUNCTIONS_MOST);
    if (!code)
        code = add_points(exact->binary, pairs, c);
    return code ? err_set(err, code, "out of memory") : 0;
}

void exact_choice_fini(struct exact_choice *choice)
{
    free(choice->function);
    free(choice->point);
    *choice = (struct exact_choice){0};
}
