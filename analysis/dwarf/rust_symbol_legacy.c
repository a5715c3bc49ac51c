/* SPDX-License-Identifier: MIT
 * A legacy symbol: names with their lengths, the last of which is a hash; what C++ has no letters
 * for is written between "$". */
#include "analysis/dwarf/rust_symbol_legacy.h"

#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { HASH = 17 }; /* "h" and 16 hexadecimal digits */

/* Puts what stands for a text of `length` bytes at `from`, which begins with "$"; returns how many
 * of these it read. */
static size_t put_special(const char *from, size_t length, char *out, size_t size)
{
    static const struct {
        const char *code, *text;
    } codes[] = {{"$LT$", "<"}, {"$GT$", ">"}, {"$RF$", "&"}, {"$BP$", "*"}, {"$LP$", "("},
        {"$RP$", ")"}, {"$C$", ","}, {"$SP$", "@"}, {"$u20$", " "}, {"$u27$", "'"}, {"$u5b$", "["},
        {"$u5d$", "]"}, {"$u7b$", "{"}, {"$u7d$", "}"}, {"$u3b$", ";"}, {"$u2b$", "+"},
        {"$u22$", "\""}, {"$u7e$", "~"}, {"$u3d$", "="}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        const size_t read = strlen(codes[i].code);
        if (read <= length && strncmp(from, codes[i].code, read) == 0) {
            text_append(out, size, "%s", codes[i].text);
            return read;
        }
    }
    text_append(out, size, "$");
    return 1;
}

static void put_name(const char *from, size_t length, char *out, size_t size)
{
    /* A name cannot begin with "$". */
    size_t i = length > 1 && from[0] == '_' && from[1] == '$';
    while (i < length)
        if (from[i] == '$')
            i += put_special(from + i, length - i, out, size);
        else if (i + 1 < length && from[i] == '.' && from[i + 1] == '.') {
            text_append(out, size, "::");
            i += 2;
        } else
            text_append(out, size, "%c", from[i++]);
}

static bool is_hash(const char *at, size_t length)
{
    bool all = length == HASH && at[0] == 'h';
    for (size_t i = 1; all && i < length; i++)
        all = isxdigit((unsigned char)at[i]);
    return all;
}

bool rust_symbol_legacy(const char *symbol, char *out, size_t size)
{
    out[0] = '\0';
    if (strncmp(symbol, "_ZN", 3) != 0)
        return false;
    for (const char *at = symbol + 3; isdigit((unsigned char)*at);) {
        char *name;
        const unsigned long length = strtoul(at, &name, 10);
        if (length == 0 || length > strlen(name))
            return false;
        at = name + length;
        if (*at == 'E')
            return is_hash(name, length) && out[0];
        text_append(out, size, "%s", out[0] ? "::" : "");
        put_name(name, length, out, size);
    }
    return false;
}
