/* SPDX-License-Identifier: MIT
 * Writing and reading the text of a recording. It may come from a stranger: a path that leads out
 * of the folder it is unpacked to is refused. */
#include "machine/recording_text.h"

#include "machine/system/sysfile.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIRST "#numaprobe recording "
#define LAST "#end "

/* `all`: a name, in which a TAB and a leading # are special too. */
static void put_escaped(const char *text, size_t length, bool all, FILE *out)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c == '\\')
            fputs("\\\\", out);
        else if ((c >= ' ' && c < 0x7f && !(all && i == 0 && c == '#')) || (c == '\t' && !all))
            fputc(c, out);
        else
            fprintf(out, "\\%03o", c);
    }
}

static void write_text(const struct piece *piece, FILE *out)
{
    const char *at = piece->text, *const end = at + piece->length;
    do {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        fputc('\t', out);
        put_escaped(at, (size_t)((line_end ? line_end : end) - at), false, out);
        fputs(line_end ? "\n" : "\\c\n", out);
        at = line_end ? line_end + 1 : end;
    } while (at < end);
}

void recording_text_write(const struct pieces *pieces, FILE *out)
{
    const char *folder = "";
    size_t folder_length = 0, count = 0;
    fprintf(out, FIRST "%d\n", RECORDING_SCHEMA);
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *const piece = &pieces->piece[i];
        const char *const name = strrchr(piece->path, '/') + 1;
        const size_t length = (size_t)(name - 1 - piece->path);
        if (!piece->text)
            continue;
        if (length != folder_length || strncmp(folder, piece->path, length) != 0) {
            put_escaped(piece->path, length, true, out);
            fputc('\n', out);
            folder = piece->path;
            folder_length = length;
        }
        put_escaped(name, strlen(name), true, out);
        write_text(piece, out);
        count++;
    }
    fprintf(out, LAST "%zu\n", count);
}

/* Undoes put_escaped in place; false for a sequence that is none. *ends: \c was there. */
static bool unescape(char *text, size_t *length, bool *ends)
{
    char *to = text;
    const char *const end = text + *length;
    *ends = false;
    for (const char *at = text; at < end;) {
        unsigned value;
        if (*at != '\\') {
            *to++ = *at++;
        } else if (end - at >= 2 && at[1] == '\\') {
            *to++ = '\\';
            at += 2;
        } else if (end - at == 2 && at[1] == 'c') {
            *ends = true;
            at += 2;
        } else if (end - at >= 4 && strspn(at + 1, "01234567") >= 3 &&
                   (value = (unsigned)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'))) <=
                       0xff) {
            *to++ = (char)value;
            at += 4;
        } else {
            return false;
        }
    }
    *length = (size_t)(to - text);
    *to = '\0';
    return true;
}

/* What has been read so far. */
struct reading {
    struct pieces *out;
    char folder[SYSFILE_PATH / 2];
    char path[SYSFILE_PATH]; /* of the open file; "" */
    char *text;
    size_t length;
    FILE *stream; /* that writes it */
    bool ends;    /* it had \c: no more lines */
    bool is_whole;
};

static int close_file(struct reading *r)
{
    if (!r->stream)
        return 0;
    const bool failed = fclose(r->stream) != 0;
    r->stream = NULL;
    char *const text = r->text;
    r->text = NULL;
    if (!failed)
        return pieces_add(r->out, r->path, text, r->length, 0);
    free(text);
    return -ENOMEM;
}

/* Only the one way to write a path is accepted, so that none leads elsewhere. */
static bool is_plain(const char *path, size_t length)
{
    return strlen(path) == length && path[0] == '/' && !strstr(path, "//") &&
           !strstr(path, "/../") && !strstr(path, "/./") && path[length - 1] != '/' &&
           strcmp(strrchr(path, '/'), "/..") != 0 && strcmp(strrchr(path, '/'), "/.") != 0;
}

static int read_folder(struct reading *r, char *line, size_t length)
{
    bool ends;
    const int code = close_file(r);
    if (code)
        return code;
    if (!unescape(line, &length, &ends) || ends || length >= sizeof r->folder ||
        !is_plain(line, length))
        return -ENOEXEC;
    memcpy(r->folder, line, length + 1);
    return 0;
}

static int add_line(struct reading *r, char *line, size_t length)
{
    if (!r->stream || r->ends || !unescape(line, &length, &r->ends))
        return -ENOEXEC;
    fwrite(line, 1, length, r->stream);
    if (!r->ends)
        fputc('\n', r->stream);
    return 0;
}

static int read_file(struct reading *r, char *line, size_t length)
{
    bool ends;
    char *const tab = memchr(line, '\t', length);
    const int code = close_file(r);
    if (code)
        return code;
    size_t name_length = tab ? (size_t)(tab - line) : 0;
    if (!tab || !r->folder[0])
        return -ENOEXEC;
    *tab = '\0';
    if (!unescape(line, &name_length, &ends) || ends || strlen(line) != name_length ||
        strchr(line, '/'))
        return -ENOEXEC;
    const int size = snprintf(r->path, sizeof r->path, "%s/%s", r->folder, line);
    if (size < 0 || (size_t)size >= sizeof r->path || !is_plain(r->path, (size_t)size))
        return -ENOEXEC;
    r->ends = false;
    r->stream = open_memstream(&r->text, &r->length);
    return r->stream ? add_line(r, tab + 1, length - (size_t)(tab + 1 - line)) : -ENOMEM;
}

static int read_end(struct reading *r, const char *line)
{
    char *end;
    const int code = close_file(r);
    const unsigned long count = strtoul(line + strlen(LAST), &end, 10);
    r->is_whole = !*end && count == r->out->count;
    return code ? code : r->is_whole ? 0 : -ENOEXEC;
}

static int read_line(struct reading *r, char *line, size_t length)
{
    if (r->is_whole)
        return -ENOEXEC;
    if (*line == '\t')
        return add_line(r, line + 1, length - 1);
    if (*line == '/')
        return read_folder(r, line, length);
    return strncmp(line, LAST, strlen(LAST)) == 0 ? read_end(r, line) : read_file(r, line, length);
}

static int check_first(const char *line, const char *name, struct err *err)
{
    char *end = NULL;
    const bool is_one = strncmp(line, FIRST, strlen(FIRST)) == 0;
    const long schema = is_one ? strtol(line + strlen(FIRST), &end, 10) : 0;
    if (!is_one)
        return err_set(err, -ENOEXEC, "'%.150s' is not a recording", name);
    if (schema == RECORDING_SCHEMA && strcmp(end, "\n") == 0)
        return 0;
    return err_set(err, -ENOEXEC,
        "'%.150s' has schema %ld, and this numaprobe knows %d; use the version that recorded it",
        name, schema, RECORDING_SCHEMA);
}

static int read_lines(struct reading *r, FILE *in, const char *name, struct err *err)
{
    char *line = NULL;
    size_t size = 0, number = 1;
    ssize_t got = getline(&line, &size, in);
    int code = check_first(got > 0 ? line : "", name, err);
    while (!code && (got = getline(&line, &size, in)) > 0) {
        number++;
        const bool has_end = line[got - 1] == '\n';
        line[got - has_end] = '\0';
        code = has_end ? read_line(r, line, (size_t)got - 1) : -ENOEXEC;
        if (code)
            err_set(err, code, "'%.150s', line %zu: %s", name, number,
                code == -ENOMEM ? "out of memory" : "broken, or cut off");
    }
    free(line);
    return code || r->is_whole
               ? code
               : err_set(err, -ENOEXEC, "'%.150s' is cut off after line %zu", name, number);
}

int recording_text_read(FILE *in, const char *name, struct pieces *out, struct err *err)
{
    struct reading r = {.out = out};
    *out = (struct pieces){0};
    const int code = read_lines(&r, in, name, err);
    if (r.stream)
        fclose(r.stream);
    free(r.text);
    return code;
}
