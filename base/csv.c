/* SPDX-License-Identifier: MIT
 * The only file that includes libcsv. Its strict mode finds broken quoting; this file adds line
 * numbers, whole records, and limits. It reads what base/csv_split.c refuses. */
#include "base/csv.h"

#include "base/csv_split.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void csv_print(FILE *out, const char *field, bool first)
{
    if (!first)
        putc(',', out);
    if (field[strcspn(field, ",\"\r\n")])
        csv_fwrite(out, field, strlen(field));
    else
        fputs(field, out);
}

void csv_end(FILE *out)
{
    fputs("\r\n", out);
}

struct reader {
    const char *name;
    csv_record_fn *fn;
    void *context;
    struct err *err;
    int code;           /* the first failure; no record is passed on after it */
    size_t line, start; /* of what is being fed; of the record it belongs to */
    bool open;          /* a record has begun and not ended */
    char *bytes;        /* the record's fields, each with its NUL */
    size_t used, room;
    char *text[CSV_FIELDS_MAX];
    size_t size[CSV_FIELDS_MAX], count;
    size_t changed[CSV_FIELDS_MAX]; /* of libcsv's records: all */
    bool lone_cr; /* one was seen: libcsv ends a record there, even inside another */
    struct csv_split *split;
    struct csv_parser parser;
};

static void reader_fail(struct reader *r, int code, size_t line, const char *what)
{
    r->open = false;
    if (r->code == 0)
        r->code = err_set(r->err, code, "%s:%zu: %s", r->name, line, what);
}

static bool reserve_bytes(struct reader *r, size_t more)
{
    if (r->used + more <= r->room)
        return true;
    const size_t room = 2 * (r->used + more);
    char *bytes = realloc(r->bytes, room);
    if (!bytes)
        return false;
    r->bytes = bytes;
    r->room = room;
    return true;
}

static void on_field(void *text, size_t size, void *context)
{
    struct reader *r = context;
    if (r->code)
        return;
    if (size > CSV_FIELD_MAX)
        reader_fail(r, -EINVAL, r->start, "a field is larger than 1 MiB");
    else if (r->count == CSV_FIELDS_MAX)
        reader_fail(r, -EINVAL, r->start, "more than 4096 fields");
    else if (!reserve_bytes(r, size + 1))
        reader_fail(r, -ENOMEM, r->start, "out of memory");
    if (r->code)
        return;
    memcpy(r->bytes + r->used, text, size);
    r->bytes[r->used + size] = '\0';
    r->used += size + 1;
    r->size[r->count++] = size;
}

static void on_record(int terminator, void *context)
{
    (void)terminator;
    struct reader *r = context;
    if (r->code)
        return;
    /* Only now, since the buffer may have moved as it grew. */
    char *at = r->bytes;
    for (size_t i = 0; i < r->count; i++) {
        r->text[i] = at;
        at += r->size[i] + 1;
    }
    const struct csv_record record = {.line = r->start,
        .count = r->count,
        .text = r->text,
        .size = r->size,
        .changed = r->changed,
        .changes = r->count};
    r->code = r->fn(r->context, &record, r->err);
    r->open = false;
    r->count = r->used = 0;
}

static bool is_blank(const char *text, size_t size)
{
    return strspn(text, "\r\n") >= size;
}

/* Passes a line or a part of one to libcsv, never more, so that the line of every byte is known. */
static void feed_libcsv(struct reader *r, const char *text, size_t size)
{
    struct csv_parser *parser = &r->parser;
    if (memchr(text, '\0', size)) {
        reader_fail(r, -EINVAL, r->line, "a NUL byte: this is not a CSV text");
        return;
    }
    const char *const cr = memchr(text, '\r', size);
    r->lone_cr = r->lone_cr || (cr && cr[1] != '\n');
    if (!r->open)
        r->start = r->line;
    r->open = r->open || !is_blank(text, size);
    if (csv_parse(parser, text, size, on_field, on_record, r) != size)
        reader_fail(r, csv_error(parser) == CSV_EPARSE ? -EINVAL : -ENOMEM, r->line,
            csv_error(parser) == CSV_EPARSE ? "a quote in the wrong place" : "out of memory");
    /* A field without an end must not fill the memory. */
    if (csv_get_buffer_size(parser) > 2 * CSV_FIELD_MAX)
        reader_fail(r, -EINVAL, r->start, "a field is larger than 1 MiB");
    r->line += text[size - 1] == '\n';
}

static bool read_ordinary(struct reader *r, const char *text, const char *end, size_t *taken)
{
    struct csv_record record;
    if (r->open || r->lone_cr || !(*taken = csv_split_line(r->split, text, end, &record)))
        return false;
    record.line = r->line++;
    r->code = r->fn(r->context, &record, r->err);
    return true;
}

/* Returns how many bytes of `text` were read; the rest is the beginning of a line. With `all`, also
 * reads that rest: nothing follows it, or the buffer is full. */
static size_t read_lines(struct reader *r, const char *text, size_t size, bool all)
{
    size_t done = 0, taken;
    while (done < size && r->code == 0) {
        if (read_ordinary(r, text + done, text + size, &taken)) {
            done += taken;
            continue;
        }
        const char *const end = memchr(text + done, '\n', size - done);
        if (!end && !all)
            break;
        taken = end ? (size_t)(end - text) + 1 - done : size - done;
        feed_libcsv(r, text + done, taken);
        done += taken;
    }
    csv_split_forget(r->split);
    return done;
}

enum { BLOCK = 256 << 10 /* small enough to stay in a core's private cache */ };

static void read_blocks(struct reader *r, FILE *in, char *block)
{
    size_t have = 0, more;
    bool first = true;
    do {
        more = fread(block + have, 1, BLOCK - have, in);
        have += more;
        block[have] = '\0';
        const size_t mark = first && strncmp(block, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        first = false;
        size_t done = mark + read_lines(r, block + mark, have - mark, more == 0);
        if (done == 0 && have == BLOCK)
            done = read_lines(r, block, have, true);
        have -= done;
        memmove(block, block + done, have);
    } while (more > 0 && r->code == 0);
    if (ferror(in)) /* of a folder, from the first byte on */
        reader_fail(r, -EIO, r->line, errno == EISDIR ? "it is a folder" : "reading failed");
    if (r->code == 0 && csv_fini(&r->parser, on_field, on_record, r) != 0)
        reader_fail(r, -EINVAL, r->start, "a quoted field that never ends");
}

/* RFC 4180: "Spaces are considered part of a field". libcsv by default strips them. */
static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static int open_parser(struct reader *r)
{
    if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return -ENOMEM;
    csv_set_space_func(&r->parser, no_space);
    csv_set_blk_size(&r->parser, 4096);
    for (size_t i = 0; i < CSV_FIELDS_MAX; i++)
        r->changed[i] = i;
    return 0;
}

int csv_read(FILE *in, const char *name, csv_record_fn *fn, void *context, struct err *err)
{
    struct reader *r = calloc(1, sizeof(*r));
    char *block = malloc(BLOCK + 1);
    struct csv_split *split = csv_split_new();
    int code = r && block && split ? open_parser(r) : -ENOMEM;
    if (code) {
        err_set(err, code, "%s: out of memory", name);
    } else {
        r->name = name;
        r->fn = fn;
        r->context = context;
        r->err = err;
        r->line = 1;
        r->split = split;
        read_blocks(r, in, block);
        code = r->code;
        csv_free(&r->parser);
        free(r->bytes);
    }
    csv_split_free(split);
    free(block);
    free(r);
    return code;
}
