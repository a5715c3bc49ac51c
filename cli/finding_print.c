/* SPDX-License-Identifier: MIT
 * Objects, picture and places of a finding. */
#include "cli/finding_print.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/plain_text.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SITES_SHOWN = 8 };

static void print_calls(const struct sharing_object *object, FILE *out)
{
    char text[FINDING_TEXT];
    const size_t calls = object_calls(object);
    for (size_t i = 1; i < calls; i++)
        text_print(out, "     called by %s\n", frame_text(&object->allocated.at[i], text));
}

void finding_print_objects(const struct finding_view *f, FILE *out)
{
    char text[FINDING_TEXT];
    const struct sharing_object *object;
    for (uint64_t i = 0; (object = finding_view_object(f, i)); i++) {
        if (i > 0)
            cmd_warn(out, "   next to it: %s", made_text(object, text));
        print_calls(object, out);
    }
}

void finding_print_picture(const struct finding_view *f, FILE *out)
{
    const struct sharing_object *const o = f->object;
    const uint64_t address = f->picture.address;
    fprintf(out, "\n   line %#" PRIx64, address);
    if (o && o->name[0] && address >= o->start && f->others.count == 0)
        text_print(out, ", %s + %" PRIu64, o->name, address - o->start);
    fprintf(out, "  (R read, W written, B both)\n");
    line_map_print(&f->picture, plain_text_is_utf8(), out);
}

void finding_print_sites(const struct finding_view *f, FILE *out)
{
    struct site_row *const row = calloc(f->sites.count + 1, sizeof *row);
    const size_t rows = row ? site_rows(f, row) : 0;
    struct table *const t = table_new();
    char text[FINDING_TEXT], share[CELL_TEXT];
    table_column(t, "  ", TABLE_LEFT);
    table_column(t, "", TABLE_LEFT);
    table_column(t, "share", TABLE_RIGHT);
    table_column(t, "where", TABLE_LEFT);
    for (size_t i = 0; i < rows && i < SITES_SHOWN; i++) {
        const struct sharing_site *const site = row[i].site;
        table_row(t);
        table_cell(t, PAINT_NONE, "   %c", line_map_letter(site->thread));
        table_cell(t, PAINT_NONE, "%s", access_text(site));
        table_cell(
            t, PAINT_NONE, "%s", share_text(site_share(f, site->thread, row[i].count), share));
        table_cell(t, PAINT_NONE, "%s", frame_text(&site->frame, text));
    }
    putc('\n', out);
    table_text(t, out, cmd_look(out));
    table_free(t);
    if (rows > SITES_SHOWN)
        fprintf(out, "   and %zu more places (--json has all)\n", rows - SITES_SHOWN);
    free(row);
}
