/* SPDX-License-Identifier: MIT
 * A line of 64 bytes, a column for each; one of 128 as two rows of 64. */
#include "analysis/finding/line_map.h"

#include "base/text.h"

#include <string.h>

enum { COLUMNS = 64, THREADS_SHOWN = 8, LABEL_ROWS = 8 };
static const char margin[] = "    ";

char line_map_letter(size_t thread)
{
    return thread < 26 ? (char)('A' + thread) : thread < 52 ? (char)('a' + thread - 26) : '*';
}

void line_map_letters(uint64_t set, char *out, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < SHARING_SET_BITS && length + 1 < size; i++) {
        if (!(set >> i & 1))
            continue;
        if (length > 0 && out[length - 1] == '*')
            break;
        out[length++] = line_map_letter(i);
    }
    out[length] = '\0';
}

static void print_scale(FILE *out, unsigned first)
{
    fprintf(out, "%s      ", margin);
    for (unsigned b = 0; b < COLUMNS; b += 8)
        fprintf(out, "%-*u", b + 8 < COLUMNS ? 8 : 1, first + b);
    putc('\n', out);
}

static void print_row(const struct sharing_row *row, unsigned first, bool utf8, FILE *out)
{
    fprintf(out, "%s%c     ", margin, line_map_letter(row->thread));
    for (unsigned b = first; b < first + COLUMNS; b++) {
        const char text[] = {row->bytes[b], '\0'};
        fputs(utf8 && *text == '.' ? "·" : text, out);
    }
    putc('\n', out);
}

/* Names under the first byte of their field, on as many rows as they need. */
static void print_labels(const struct view_picture *p, unsigned first, bool utf8, FILE *out)
{
    bool done[SHARING_FIELDS] = {false};
    for (unsigned row = 0; row < LABEL_ROWS; row++) {
        unsigned at = 0;
        for (size_t i = 0; i < p->fields.count && i < SHARING_FIELDS; i++) {
            const struct sharing_field *const f = &p->fields.at[i];
            const uint64_t column = f->place > 0 ? (uint64_t)f->place : 0;
            if (done[i] || column < first || column >= first + COLUMNS ||
                (at > 0 && column - first < at + 1))
                continue;
            if (at == 0)
                fprintf(out, "%s      ", margin);
            const unsigned place = (unsigned)(column - first);
            const int room = (int)(80 - sizeof margin - 6 - place);
            fprintf(out, "%*s%s", (int)(place - at), "", utf8 ? "└" : "^");
            text_print(out, "%.*s", room, f->name);
            const int length = (int)strlen(f->name);
            at = place + 1 + (unsigned)(length < room ? length : room);
            done[i] = true;
        }
        if (at == 0)
            return;
        putc('\n', out);
    }
}

void line_map_print(const struct view_picture *p, bool utf8, FILE *out)
{
    for (unsigned first = 0; first < p->bytes; first += COLUMNS) {
        print_scale(out, first);
        for (size_t i = 0; i < p->threads.count && i < THREADS_SHOWN; i++)
            print_row(&p->threads.at[i], first, utf8, out);
        if (p->threads.count > THREADS_SHOWN && first == 0)
            fprintf(out, "%sand %zu more threads\n", margin, p->threads.count - THREADS_SHOWN);
        print_labels(p, first, utf8, out);
    }
}
