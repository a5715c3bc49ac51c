/* SPDX-License-Identifier: MIT
 * Names of files as URIs. */
#include "analysis/format/uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Removes ".", ".." and empty parts of an absolute path, in place. */
static void normalise_path(char *path)
{
    char *to = path;
    for (const char *from = path; *from;) {
        from += strspn(from, "/");
        const size_t length = strcspn(from, "/");
        const bool is_up = length == 2 && strncmp(from, "..", 2) == 0;
        while (is_up && to > path && *--to != '/')
            ;
        if (length && !is_up && !(length == 1 && *from == '.')) {
            *to++ = '/';
            memmove(to, from, length);
            to += length;
        }
        from += length;
    }
    if (to == path)
        *to++ = '/';
    *to = '\0';
}

char *uri_path(const char *root, const char *folder, const char *file)
{
    char *path = NULL;
    const char *const base = folder && *file != '/' ? folder : "";
    const bool needs_root = *file != '/' && *base != '/';
    if (asprintf(&path, "%s/%s/%s", needs_root ? root : "", base, file) < 0)
        return NULL;
    normalise_path(path);
    return path;
}

static bool is_plain(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z') ||
           (byte && strchr("-._~/", byte));
}

/* What `path` is below `root`; NULL: it is not. */
static const char *below(const char *root, const char *path)
{
    const size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);
    const bool is_below = strncmp(root, path, length) == 0 && path[length] == '/';
    return is_below && path[length + 1] ? path + length + 1 : NULL;
}

char *uri_of_path(const char *root, const char *path, bool *is_below)
{
    const char *const relative = below(root, path);
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    *is_below = relative != NULL;
    if (!out)
        return NULL;
    fputs(relative ? "" : "file://", out);
    for (const char *at = relative ? relative : path; *at; at++)
        fprintf(out, is_plain((unsigned char)*at) ? "%c" : "%%%02X", (unsigned char)*at);
    return fclose(out) == 0 ? text : (free(text), NULL);
}
