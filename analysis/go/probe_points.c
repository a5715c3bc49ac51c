/* SPDX-License-Identifier: MIT
 * A function begins by comparing its stack pointer, or in r12 what it will be, with the limit that
 * is at 16 bytes of the goroutine (r14), and jumps to where the stack grows (Go's source,
 * src/cmd/internal/obj/x86/obj6.go, stacksplit). A RET is where the frame's size becomes 0. */
#include "analysis/go/probe_points.h"

#include <string.h>

enum { CHECK_BYTES = 4, CHECKED_WITHIN = 40, JUMP_NEAR = 6, JUMP_SHORT = 2, RET = 0xc3 };

struct code {
    const uint8_t *at;
    size_t size;
};

static bool is_check(const uint8_t *at)
{
    static const uint8_t compare[][CHECK_BYTES] = {
        {0x49, 0x3b, 0x66, 0x10}, /* cmp 0x10(%r14),%rsp */
        {0x4d, 0x3b, 0x66, 0x10}, /* cmp 0x10(%r14),%r12 */
    };
    return memcmp(at, compare[0], CHECK_BYTES) == 0 || memcmp(at, compare[1], CHECK_BYTES) == 0;
}

/* A jbe to a place further down in the function. */
static bool is_jump(const struct code *c, size_t at)
{
    int32_t distance = 0;
    size_t bytes = JUMP_SHORT;
    if (at + JUMP_NEAR > c->size)
        return false;
    if (c->at[at] == 0x0f && c->at[at + 1] == 0x86) {
        bytes = JUMP_NEAR;
        memcpy(&distance, c->at + at + 2, sizeof distance);
    } else if (c->at[at] == 0x76) {
        distance = c->at[at + 1];
    }
    return distance > 0 && (bytes == JUMP_NEAR || distance < 0x80) &&
           (uint64_t)distance < c->size - at - bytes;
}

/* The offset of the jump; 0: the function has no check. */
static size_t find_jump(const struct code *c)
{
    for (size_t at = 0; at < CHECKED_WITHIN && at + CHECK_BYTES + JUMP_NEAR <= c->size; at++)
        if (is_check(c->at + at))
            return is_jump(c, at + CHECK_BYTES) ? at + CHECK_BYTES : 0;
    return 0;
}

/* How many bytes the NOP has; 0: it is another instruction. Branches are aligned with them (Intel's
 * manual, volume 2, NOP). */
static size_t nop_bytes(const struct code *c, size_t from)
{
    static const struct {
        uint8_t second;
        size_t bytes;
    } forms[] = {{0x00, 3}, {0x40, 4}, {0x44, 5}, {0x80, 7}, {0x84, 8}};
    size_t at = from;
    while (at < c->size && c->at[at] == 0x66)
        at++;
    if (at < c->size && c->at[at] == 0x90)
        return at + 1 - from;
    if (at + 2 >= c->size || c->at[at] != 0x0f || c->at[at + 1] != 0x1f)
        return 0;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (c->at[at + 2] == forms[i].second)
            return at + forms[i].bytes - from;
    return 0;
}

static void add_return(const struct code *c, uint64_t entry, size_t at, struct go_probe_points *out)
{
    for (size_t bytes; at < c->size && (bytes = nop_bytes(c, at));)
        at += bytes;
    if (at >= c->size || c->at[at] != RET)
        return;
    if (out->returns < GO_RETURNS)
        out->back[out->returns++] = entry + at;
    else
        out->more = true;
}

bool go_probe_points_find(
    const struct go_binary *binary, const struct go_function *f, struct go_probe_points *out)
{
    enum { SIZES = 512 };
    struct go_frame_size size[SIZES];
    const struct code c = {go_binary_code(binary, f->entry, f->end - f->entry), f->end - f->entry};
    *out = (struct go_probe_points){.call = f->entry};
    if (!c.at || c.size == 0)
        return false;
    const size_t jump = find_jump(&c),
                 sizes = go_pclntab_frame_sizes(go_binary_functions(binary), f, size, SIZES);
    out->call += jump;
    out->is_jump = jump > 0;
    out->more = sizes == SIZES;
    for (size_t i = 1; i < sizes; i++)
        if (size[i].bytes == 0 && size[i - 1].bytes != 0)
            add_return(&c, f->entry, size[i].pc - f->entry, out);
    return true;
}
