/* SPDX-License-Identifier: MIT
 * Frames for a reader. */
#include "analysis/sharing/sharing_frame.h"

#include "analysis/sharing/sharing_go.h"

#include <stdio.h>
#include <string.h>

enum { INLINED = 16 };

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

static bool is_system(const char *file)
{
    static const char *const folders[] = {
        "/usr/include/", "/usr/lib/", "/usr/lib64/", "/lib/", "/lib64/"};
    char path[4096];
    snprintf(path, sizeof path, "%s", file ? file : "");
    if (*path == '/')
        fold_path(path);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (strncmp(path, folders[i], strlen(folders[i])) == 0)
            return true;
    return strstr(path, "/include/c++/") != NULL; /* of a compiler in another folder */
}

bool sharing_frame_is_library(const struct dwarf_frame *frame)
{
    return is_system(frame->file) || is_system(frame->module) || sharing_go_is_library(frame);
}

struct dwarf_frame sharing_frame(struct dwarf *dwarf, uint64_t pc)
{
    struct dwarf_frame frame[INLINED];
    const size_t count = dwarf_frames(dwarf, pc, frame, INLINED);
    for (size_t i = 0; i < count; i++)
        if (!is_system(frame[i].file) && !sharing_go_is_library(&frame[i]))
            return frame[i];
    return frame[0];
}
