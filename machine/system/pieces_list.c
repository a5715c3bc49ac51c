/* SPDX-License-Identifier: MIT
 * Pieces as a list: reading one, order, end. */
#include "base/grow.h"
#include "machine/system/pieces_internal.h"
#include "machine/system/sysfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void piece_fini(struct piece *piece)
{
    free(piece->path);
    free(piece->text);
}

int pieces_add(struct pieces *pieces, const char *path, char *text, size_t length, int error)
{
    struct piece new = {strdup(path), text, length, error};
    if (!new.path || GROW(pieces->piece, pieces->count)) {
        piece_fini(&new);
        return -ENOMEM;
    }
    pieces->piece[pieces->count++] = new;
    return 0;
}

/* All of a file, whose size the kernel does not state. Returns -errno. */
static int read_whole(const char *path, size_t most, char **text, size_t *length)
{
    char buffer[4096];
    FILE *const in = fopen(path, "re"), *const out = in ? open_memstream(text, length) : NULL;
    int code = in && out ? 0 : -errno;
    for (size_t left = most ? most : SIZE_MAX, got; out && left > 0; left -= got) {
        got = fread(buffer, 1, left < sizeof buffer ? left : sizeof buffer, in);
        if (got == 0)
            break;
        fwrite(buffer, 1, got, out);
    }
    if (in && ferror(in))
        code = -errno;
    if (in)
        fclose(in);
    if (out && fclose(out) != 0)
        code = -ENOMEM;
    if (code && out) {
        free(*text);
        *text = NULL;
    }
    return code;
}

/* What is there and cannot be read is a piece too, with its reason; what does not exist is none. */
int piece_take(
    struct pieces *pieces, const char *root, const char *path, const struct piece_rule *rule)
{
    char full[SYSFILE_PATH];
    char *text = NULL;
    size_t length = 0;
    if ((size_t)snprintf(full, sizeof full, "%s%s", root, path) >= sizeof full)
        return 0;
    if (rule->names_only)
        return pieces_add(pieces, path, strdup(""), 0, 0);
    const int error = read_whole(full, rule->most, &text, &length);
    if (error == -ENOENT || error == -EISDIR || error == -ENOTDIR)
        return 0;
    if (!error && rule->keep)
        length = piece_filter(text, length, rule->keep);
    return error == -ENOMEM ? error : pieces_add(pieces, path, text, error ? 0 : length, error);
}

static size_t folder_length(const char *path)
{
    return (size_t)(strrchr(path, '/') - path);
}

/* By folder, then by name, numbers in their order. */
static int compare_pieces(const void *a, const void *b)
{
    char folder[2][SYSFILE_PATH];
    const char *const path[] = {((const struct piece *)a)->path, ((const struct piece *)b)->path};
    for (int i = 0; i < 2; i++)
        snprintf(folder[i], sizeof folder[i], "%.*s", (int)folder_length(path[i]), path[i]);
    const int order = strverscmp(folder[0], folder[1]);
    return order ? order : strverscmp(path[0], path[1]);
}

void pieces_sort(struct pieces *pieces)
{
    size_t kept = 0;
    if (pieces->count > 0)
        qsort(pieces->piece, pieces->count, sizeof *pieces->piece, compare_pieces);
    for (size_t i = 0; i < pieces->count; i++)
        if (kept > 0 && strcmp(pieces->piece[kept - 1].path, pieces->piece[i].path) == 0)
            piece_fini(&pieces->piece[i]);
        else
            pieces->piece[kept++] = pieces->piece[i];
    pieces->count = kept;
}

void pieces_fini(struct pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++)
        piece_fini(&pieces->piece[i]);
    free(pieces->piece);
    *pieces = (struct pieces){0};
}

size_t pieces_bytes(const struct pieces *pieces)
{
    size_t bytes = 0;
    for (size_t i = 0; i < pieces->count; i++)
        bytes += pieces->piece[i].length;
    return bytes;
}
