/* SPDX-License-Identifier: MIT
 * Frames for a reader. */
#include "analysis/sharing/sharing_frame.h"

#include "analysis/sharing/sharing_go.h"

#include <stdio.h>
#include <string.h>

enum { INLINED = 32 };

/* Without "FOLDER/.." in it: clang finds gcc's headers as /usr/bin/../lib/gcc/.../../include/c++.
 */
static void fold_path(char *path)
{
    char *out = path;
    for (const char *at = path; *at;) {
        const size_t length = 1 + strcspn(at + 1, "/");
        if (length == 3 && strncmp(at, "/..", length) == 0) {
            while (out > path && *--out != '/')
                ;
        } else {
            memmove(out, at, length);
            out += length;
        }
        at += length;
    }
    *out = '\0';
}

static bool begins_with_any(const char *path, const char *const *folder, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(path, folder[i], strlen(folder[i])) == 0)
            return true;
    return false;
}

/* The sources of core, alloc and std, and of the crates that std is made of. rustc names them so
 * wherever they really are; Debian's packages have them below /usr/src. */
static bool is_rust_library(const char *path)
{
    static const char *const folders[] = {"/rustc/", "/rust/deps/", "/usr/src/rustc-"};
    return begins_with_any(path, folders, sizeof folders / sizeof *folders) ||
           strstr(path, "/lib/rustlib/src/rust/library/");
}

static bool is_system(const char *folder, const char *file)
{
    static const char *const folders[] = {
        "/usr/include/", "/usr/lib/", "/usr/lib64/", "/lib/", "/lib64/"};
    char path[4096];
    if (folder && file && *file != '/')
        snprintf(path, sizeof path, "%s/%s", folder, file);
    else
        snprintf(path, sizeof path, "%s", file ? file : "");
    if (*path == '/')
        fold_path(path);
    return begins_with_any(path, folders, sizeof folders / sizeof *folders) ||
           strstr(path, "/include/c++/") || /* of a compiler in another folder */
           is_rust_library(path);
}

/* What of std is not inlined is in the program, often without debug information. */
static bool is_rust_function(const struct dwarf_frame *frame)
{
    static const char *const crates[] = {"core::", "alloc::", "std::", "hashbrown::", "<core::",
        "<alloc::", "<std::", "<hashbrown::", "__rust_", "__rustc::"};
    return !frame->file && frame->function &&
           begins_with_any(frame->function, crates, sizeof crates / sizeof *crates);
}

bool sharing_frame_is_library(const struct dwarf_frame *frame)
{
    return is_rust_function(frame) || is_system(frame->folder, frame->file) ||
           is_system(NULL, frame->module) || sharing_go_is_library(frame);
}

struct dwarf_frame sharing_frame(struct dwarf *dwarf, uint64_t pc)
{
    struct dwarf_frame frame[INLINED];
    const size_t count = dwarf_frames(dwarf, pc, frame, INLINED);
    for (size_t i = 0; i < count; i++)
        if (!is_system(frame[i].folder, frame[i].file) && !sharing_go_is_library(&frame[i]))
            return frame[i];
    return frame[0];
}
