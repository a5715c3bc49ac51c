/* SPDX-License-Identifier: MIT
 * A symbol's grammar is that of RFC 2603; a letter is the kind of what follows. Lifetimes and the
 * numbers that distinguish crates and impls are left out. */
#include "analysis/dwarf/rust_symbol.h"

#include "analysis/dwarf/rust_symbol_legacy.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 48, STEPS = 4000 };

struct reader {
    const char *begin, *at; /* begin: behind the "_R" */
    char *out;
    size_t size;
    unsigned depth, steps, mute; /* mute: read, not written */
    bool wrong;
};

#define PUT(r, ...) ((r)->mute ? 0 : text_append((r)->out, (r)->size, __VA_ARGS__))

static bool skip_char(struct reader *r, char c)
{
    const bool found = *r->at == c;
    r->at += found;
    return found;
}

/* Digits of base 62 up to "_"; "_" alone is 0, and all others are one more. */
static size_t read_base62(struct reader *r)
{
    size_t value = 0;
    if (skip_char(r, '_'))
        return 0;
    for (; isalnum((unsigned char)*r->at); r->at++) {
        const char c = *r->at;
        value = value * 62 + (size_t)(isdigit((unsigned char)c)   ? c - '0'
                                      : islower((unsigned char)c) ? c - 'a' + 10
                                                                  : c - 'A' + 36);
    }
    r->wrong |= !skip_char(r, '_');
    return value + 1;
}

static size_t read_disambiguator(struct reader *r)
{
    return skip_char(r, 's') ? read_base62(r) + 1 : 0;
}

static size_t read_length(struct reader *r)
{
    size_t length = 0;
    r->wrong |= !isdigit((unsigned char)*r->at);
    if (skip_char(r, '0'))
        return 0;
    for (; isdigit((unsigned char)*r->at) && length < 10000; r->at++)
        length = length * 10 + (size_t)(*r->at - '0');
    r->wrong |= length > strlen(r->at);
    return r->wrong ? 0 : length;
}

struct name {
    const char *text;
    size_t length, index;
};

/* Names outside ASCII stay encoded. */
static struct name read_name(struct reader *r)
{
    const size_t index = read_disambiguator(r);
    skip_char(r, 'u');
    const size_t length = read_length(r);
    if (length > 0)
        skip_char(r, '_'); /* before a name that begins with a digit or "_" */
    const struct name name = {r->at, length, index};
    r->wrong |= length > strlen(r->at);
    r->at += r->wrong ? 0 : length;
    return name;
}

static void read_path(struct reader *r);
static void read_type(struct reader *r);

/* Reads again what is at an earlier place. */
static void read_back(struct reader *r, void (*read)(struct reader *))
{
    const size_t place = read_base62(r);
    const char *const after = r->at;
    if (r->wrong || place >= (size_t)(after - r->begin)) {
        r->wrong = true;
        return;
    }
    r->at = r->begin + place;
    read(r);
    r->at = after;
}

static bool enter(struct reader *r)
{
    r->wrong |= ++r->depth > DEPTH || ++r->steps > STEPS || !*r->at;
    return !r->wrong;
}

static void read_nested(struct reader *r)
{
    const char space = *r->at;
    r->at += space != '\0';
    read_path(r);
    const struct name name = read_name(r);
    if (space == 'C')
        PUT(r, "::{closure#%zu}", name.index);
    else if (space == 'S')
        PUT(r, "::{shim#%zu}", name.index);
    else if (name.length)
        PUT(r, "::%.*s", (int)name.length, name.text);
}

static void read_impl_path(struct reader *r)
{
    r->mute++;
    read_disambiguator(r);
    read_path(r);
    r->mute--;
}

static void read_hex(struct reader *r)
{
    const bool minus = skip_char(r, 'n');
    const char *const first = r->at;
    while (isxdigit((unsigned char)*r->at))
        r->at++;
    if (r->at - first > 4)
        PUT(r, "%s0x%.*s", minus ? "-" : "", (int)(r->at - first), first);
    else
        PUT(r, "%s%ld", minus ? "-" : "", strtol(first, NULL, 16));
    r->wrong |= !skip_char(r, '_');
}

static void read_const(struct reader *r)
{
    if (skip_char(r, 'p')) {
        PUT(r, "_");
    } else if (skip_char(r, 'B')) {
        read_back(r, read_const);
    } else {
        r->mute++;
        read_type(r);
        r->mute--;
        read_hex(r);
    }
}

static void read_arguments(struct reader *r)
{
    bool any = false;
    PUT(r, "<");
    while (!r->wrong && *r->at && !skip_char(r, 'E')) {
        if (skip_char(r, 'L')) {
            read_base62(r);
            continue;
        }
        if (any)
            PUT(r, ", ");
        any = true;
        if (skip_char(r, 'K'))
            read_const(r);
        else
            read_type(r);
    }
    PUT(r, ">");
}

static void read_trait_impl(struct reader *r)
{
    PUT(r, "<");
    read_type(r);
    PUT(r, " as ");
    read_path(r);
    PUT(r, ">");
}

static void read_crate(struct reader *r)
{
    const struct name name = read_name(r);
    PUT(r, "%.*s", (int)name.length, name.text);
}

static void read_path_of(struct reader *r, char kind)
{
    if (kind == 'M' || kind == 'X')
        read_impl_path(r);
    if (kind == 'C')
        read_crate(r);
    else if (kind == 'N')
        read_nested(r);
    else if (kind == 'M')
        read_type(r);
    else if (kind == 'X' || kind == 'Y')
        read_trait_impl(r);
    else if (kind == 'B')
        read_back(r, read_path);
    else if (kind == 'I') {
        read_path(r);
        read_arguments(r);
    } else
        r->wrong = true;
}

static void read_path(struct reader *r)
{
    if (enter(r))
        read_path_of(r, *r->at++);
    r->depth--;
}

/* Types up to an E, with what is written around and between them. */
static void read_list(struct reader *r, const char *open, const char *close)
{
    bool any = false;
    PUT(r, "%s", open);
    while (!r->wrong && *r->at && !skip_char(r, 'E')) {
        if (any)
            PUT(r, ", ");
        any = true;
        read_type(r);
    }
    PUT(r, "%s", close);
}

static void skip_binder(struct reader *r)
{
    if (skip_char(r, 'G'))
        read_base62(r);
}

static void read_function(struct reader *r)
{
    skip_binder(r);
    skip_char(r, 'U');
    if (skip_char(r, 'K') && !skip_char(r, 'C'))
        read_name(r);
    read_list(r, "fn(", ")");
    if (!skip_char(r, 'u')) {
        PUT(r, " -> ");
        read_type(r);
    }
}

static void read_dyn(struct reader *r)
{
    bool any = false;
    PUT(r, "dyn ");
    skip_binder(r);
    while (!r->wrong && *r->at && !skip_char(r, 'E')) {
        if (any)
            PUT(r, " + ");
        any = true;
        read_path(r);
        while (skip_char(r, 'p')) {
            const struct name name = read_name(r);
            PUT(r, "<%.*s = ", (int)name.length, name.text);
            read_type(r);
            PUT(r, ">");
        }
    }
    if (skip_char(r, 'L'))
        read_base62(r);
}

static const char *basic_type(char letter)
{
    static const char *const names[26] = {"i8", "bool", "char", "f64", "str", "f32", NULL, "u8",
        "isize", "usize", NULL, "i32", "u32", "i128", "u128", "_", NULL, NULL, "i16", "u16", "()",
        "...", NULL, "i64", "u64", "!"};
    return islower((unsigned char)letter) ? names[letter - 'a'] : NULL;
}

static void read_reference(struct reader *r, const char *with)
{
    if (skip_char(r, 'L'))
        read_base62(r);
    PUT(r, "%s", with);
    read_type(r);
}

static void read_array(struct reader *r, bool counted)
{
    PUT(r, "[");
    read_type(r);
    if (counted) {
        PUT(r, "; ");
        read_const(r);
    }
    PUT(r, "]");
}

static void read_type_of(struct reader *r, char kind)
{
    static const char pointers[] = "RQPO";
    static const char *const words[] = {"&", "&mut ", "*const ", "*mut "};
    const char *const pointer = strchr(pointers, kind);
    if (pointer)
        read_reference(r, words[pointer - pointers]);
    else if (kind == 'A' || kind == 'S')
        read_array(r, kind == 'A');
    else if (kind == 'T')
        read_list(r, "(", ")");
    else if (kind == 'F')
        read_function(r);
    else if (kind == 'D')
        read_dyn(r);
    else if (kind == 'B')
        read_back(r, read_type);
    else {
        r->at--; /* a path */
        read_path(r);
    }
}

static void read_type(struct reader *r)
{
    if (enter(r)) {
        const char kind = *r->at++;
        const char *const name = basic_type(kind);
        if (name)
            PUT(r, "%s", name);
        else
            read_type_of(r, kind);
    }
    r->depth--;
}

bool rust_symbol_path(const char *symbol, char *out, size_t size)
{
    out[0] = '\0';
    if (strncmp(symbol, "_R", 2) != 0)
        return rust_symbol_legacy(symbol, out, size);
    struct reader r = {.begin = symbol + 2, .at = symbol + 2, .out = out, .size = size};
    read_path(&r);
    return !r.wrong && out[0];
}
