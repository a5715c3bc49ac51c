/* SPDX-License-Identifier: MIT
 * Types of Rust's library, by their names alone: which are one thing to a programmer, and which
 * only wrap another. To look for the namespace of each would walk the unit. */
#ifdef HAVE_DW
#include "analysis/dwarf/dwarf_internal.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

bool dwarf_is_rust(Dwarf_Die *die)
{
    Dwarf_Die unit;
    return dwarf_diecu(die, &unit, NULL, NULL) && dwarf_srclang(&unit) == DW_LANG_Rust;
}

static bool is_one_of(const char *const *list, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i]) == length && strncmp(list[i], name, length) == 0)
            return true;
    return false;
}
#define IS_ONE_OF(list, name, length) is_one_of(list, sizeof(list) / sizeof *(list), name, length)

/* An enum is a record with its variants, of which one is there at a time. */
static bool has_variants(Dwarf_Die *type)
{
    Dwarf_Die part;
    for (int more = dwarf_child(type, &part); more == 0; more = dwarf_siblingof(&part, &part))
        if (dwarf_tag(&part) == DW_TAG_variant_part)
            return true;
    return false;
}

enum dwarf_rust_kind dwarf_rust_kind(Dwarf_Die *type, bool outermost)
{
    static const char *const wrappers[] = {"ArcInner", "RcInner", "RcBox", "CachePadded",
        "UnsafeCell", "SyncUnsafeCell", "Cell", "ManuallyDrop", "MaybeUninit", "MaybeDangling",
        "Wrapping"};
    static const char *const things[] = {"Mutex", "ReentrantMutex", "RwLock", "RefCell", "OnceLock",
        "OnceCell", "LazyLock", "LazyCell", "Once", "Condvar", "Barrier", "NonNull", "Unique",
        "NonZero"};
    static const char *const containers[] = {"Vec", "VecDeque", "String", "HashMap", "HashSet",
        "BTreeMap", "BTreeSet", "BinaryHeap", "LinkedList", "Arc", "Rc", "Weak", "Instant",
        "SystemTime", "Duration", "PathBuf", "OsString", "CString", "JoinHandle", "Sender",
        "Receiver", "SyncSender"};
    const char *const name = dwarf_diename(type);
    const size_t length = name ? strcspn(name, "<") : 0;
    if (IS_ONE_OF(wrappers, name, length))
        return RUST_WRAPPER;
    if (length &&
        (IS_ONE_OF(things, name, length) || strncmp(name, "Atomic", 6) == 0 || has_variants(type)))
        return RUST_WHOLE;
    return !outermost && IS_ONE_OF(containers, name, length) ? RUST_WHOLE : RUST_PLAIN;
}

/* The fields of a tuple are __0, __1, ..., and .0, .1 in the source. */
const char *dwarf_rust_member(const char *name)
{
    return name && name[0] == '_' && name[1] == '_' && isdigit((unsigned char)name[2]) ? name + 2
                                                                                       : name;
}

static bool is_path_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == ':' || c == '#' || c == '{' || c == '}';
}

static bool begins_library_path(const char *path, size_t length)
{
    static const char *const crates[] = {"core::", "alloc::", "std::", "crossbeam_utils::",
        "lock_api::", "parking_lot::", "hashbrown::"};
    for (size_t i = 0; i < sizeof crates / sizeof *crates; i++)
        if (strlen(crates[i]) < length && strncmp(path, crates[i], strlen(crates[i])) == 0)
            return true;
    return false;
}

/* The last name of a path of the library; what wraps the T of an Arc<T> as that. */
static void put_path(const char *path, size_t length, char *out, size_t size)
{
    static const char *const written[][2] = {
        {"ArcInner", "Arc"}, {"RcInner", "Rc"}, {"RcBox", "Rc"}};
    size_t last = length;
    if (!begins_library_path(path, length)) {
        text_append(out, size, "%.*s", (int)length, path);
        return;
    }
    while (last > 0 && path[last - 1] != ':')
        last--;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        if (strlen(written[i][0]) == length - last &&
            strncmp(written[i][0], path + last, length - last) == 0) {
            text_append(out, size, "%s", written[i][1]);
            return;
        }
    text_append(out, size, "%.*s", (int)(length - last), path + last);
}

const char *dwarf_rust_type_text(struct dwarf *dwarf, const char *name)
{
    static const char allocator[] = ", alloc::alloc::Global";
    char out[512] = "";
    for (const char *at = name; *at;) {
        size_t length = 0;
        while (is_path_char(at[length]))
            length++;
        if (length) {
            put_path(at, length, out, sizeof out);
            at += length;
        } else if (strncmp(at, allocator, sizeof allocator - 1) == 0)
            at += sizeof allocator - 1;
        else
            text_append(out, sizeof out, "%c", *at++);
    }
    return dwarf_print(dwarf, "%s", out);
}
#endif
