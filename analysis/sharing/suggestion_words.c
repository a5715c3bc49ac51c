/* SPDX-License-Identifier: MIT
 * The words of suggestions, one table entry for each language. */
#include "analysis/sharing/suggestion_words.h"

#include "base/text.h"

#include <string.h>

#define APPEND(out, ...) text_append((out)->text, sizeof(out)->text, __VA_ARGS__)

static const struct suggestion_words all_words[] = {
    [DWARF_C] =
        {
            .variables = "put alignas({line}) before {names}, or keep what one thread uses in a "
                         "separate struct",
            .apart = "allocate each {names} separately on whole lines: aligned_alloc({line}, "
                     "{bytes})",
            .apart_type = "; in C++, alignas({line}) on the type",
            .block = "block",
            .library = "part of it is the library's own (a reference count, a lock): "
                       "alignas({line}) on your type in it keeps it on separate lines",
            .too = ", which pads each element to whole lines, too",
            .too_heap = " (allocated so: aligned_alloc; C++17's new does so)",
            .fill = "put alignas({line}) before the array: {names} fills whole lines, but does not "
                    "begin with one",
            .fill_heap = "allocate the array with aligned_alloc({line}, ...): {names} fills whole "
                         "lines, but does not begin with one",
            .pad_record = ": alignas({line}) before its first member",
            .pad_value = ": an array of struct { alignas({line}) ... value; }",
            .pad_heap = ", allocated so (aligned_alloc; C++17's new does so)",
            .members = "put alignas({line}) before {names}",
            .member_of = " in ",
            .groups = "; each group behind an alignas({line})",
        },
    /* Nothing aligns a type; the compiler keeps the order of fields. CacheLinePad is of
     * golang.org/x/sys/cpu, which most programs have. */
    [DWARF_GO] =
        {
            .variables = "put {names} each into a struct with _ cpu.CacheLinePad before and behind "
                         "it (golang.org/x/sys/cpu; or _ [{line}]byte)",
            .apart = "add _ [{pad}]byte as the last field of {names}, so that each fills whole "
                     "lines: {bytes} bytes",
            .apart_type = "",
            .block = "the struct",
            .library = "part of it is Go's own: _ cpu.CacheLinePad (golang.org/x/sys/cpu; or _ "
                       "[{line}]byte) before and behind your field keeps it on separate lines",
            .too = "; then pad the whole element to a multiple of {line} bytes",
            .too_heap = "",
            .fill = "put _ cpu.CacheLinePad (golang.org/x/sys/cpu; or _ [{line}]byte) as the last "
                    "field: {names} fills whole lines, but does not begin with one",
            .fill_heap = "put _ cpu.CacheLinePad (golang.org/x/sys/cpu; or _ [{line}]byte) as the "
                         "last field: {names} fills whole lines, but does not begin with one",
            .pad_record = ": _ [{pad}]byte as its last field (or _ cpu.CacheLinePad of "
                          "golang.org/x/sys/cpu)",
            .pad_value = ": of a struct with the value and _ [{pad}]byte",
            .pad_heap = "",
            .members = "put _ cpu.CacheLinePad (golang.org/x/sys/cpu; or _ [{line}]byte) before "
                       "{names}",
            .member_of = " in ",
            .groups = "; with _ cpu.CacheLinePad (golang.org/x/sys/cpu; or _ [{line}]byte) between "
                      "the groups",
        },
    /* rustc orders members as it likes, so that each group becomes one. */
    [DWARF_RUST] =
        {
            .variables = "wrap {names} each in crossbeam_utils::CachePadded, or in a struct with "
                         "#[repr(align({line}))]",
            .apart = "put #[repr(align({line}))] on {names}, so that each block fills whole lines "
                     "(or wrap it in crossbeam_utils::CachePadded)",
            .apart_type = "",
            .block = "the type of the block",
            .library = "part of it is the library's own (a reference count, a lock): "
                       "#[repr(align({line}))] on your type in it (or crossbeam_utils::CachePadded "
                       "around it) keeps it on separate lines",
            .too = ", which pads each element to whole lines, too",
            .too_heap = "",
            .fill = "put #[repr(align({line}))] on the type: {names} fills whole lines, but does "
                    "not begin with one",
            .fill_heap = "put #[repr(align({line}))] on the type: {names} fills whole lines, but "
                         "does not begin with one",
            .pad_record = ": put #[repr(align({line}))] on it (or wrap it in "
                          "crossbeam_utils::CachePadded)",
            .pad_value = ": wrap each in crossbeam_utils::CachePadded (or in a struct with "
                         "#[repr(align({line}))])",
            .pad_heap = "",
            .members = "wrap {names} in crossbeam_utils::CachePadded (or in a struct with "
                       "#[repr(align({line}))])",
            .member_of = " of ",
            .whole_groups = true,
            .groups = "; each group in a struct with #[repr(align({line}))]",
        },
};

const struct suggestion_words *suggestion_words_of(const struct sharing *sharing)
{
    enum { LANGUAGES = sizeof all_words / sizeof *all_words };
    const unsigned language = (unsigned)sharing->language;
    const bool known = language < LANGUAGES && all_words[language].members;
    return &all_words[known ? language : DWARF_C];
}

static bool is_at(const char **at, const char *word)
{
    const size_t length = strlen(word);
    if (strncmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

void suggestion_put(struct suggestion *out, const char *text, const struct suggestion_values *v)
{
    for (const char *at = text; *at;) {
        if (is_at(&at, "{line}"))
            APPEND(out, "%u", v->line);
        else if (is_at(&at, "{bytes}"))
            APPEND(out, "%u", v->bytes);
        else if (is_at(&at, "{pad}"))
            APPEND(out, "%u", v->pad);
        else if (is_at(&at, "{names}"))
            APPEND(out, "%s", v->names);
        else {
            const size_t length = 1 + strcspn(at + 1, "{");
            APPEND(out, "%.*s", (int)length, at);
            at += length;
        }
    }
}
