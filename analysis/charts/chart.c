/* SPDX-License-Identifier: MIT
 * Panels as they are written, and which chart draws which. */
#include "analysis/charts/chart.h"

#include "base/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool chart_draws(const struct chart_file *chart, const char *panels)
{
    static const char mark[] = "# panels: ";
    const size_t length = strlen(panels);
    const char *const at = strstr(chart->text, mark);
    return at && strncmp(at + sizeof mark - 1, panels, length) == 0 &&
           at[sizeof mark - 1 + length] == '\n';
}

static void panel_fini(struct panel *panel)
{
    free(panel->title);
    free(panel->about);
    free(panel->brief);
    free(panel->note);
    free(panel->script);
    table_free(panel->table);
}

static int close_streams(struct panel_draft *draft)
{
    FILE *const stream[] = {draft->title, draft->about, draft->brief, draft->note, draft->script};
    int failed = 0;
    for (size_t i = 0; i < sizeof stream / sizeof *stream; i++)
        failed |= !stream[i] || fclose(stream[i]) != 0;
    return failed ? -ENOMEM : 0;
}

int panel_begin(struct panel_draft *draft, struct table *table)
{
    *draft = (struct panel_draft){
        .panel = {.width_px = CHART_WIDTH_PX, .height_px = CHART_HEIGHT_PX, .table = table}};
    draft->title = open_memstream(&draft->panel.title, &draft->size[0]);
    draft->about = open_memstream(&draft->panel.about, &draft->size[1]);
    draft->brief = open_memstream(&draft->panel.brief, &draft->size[2]);
    draft->note = open_memstream(&draft->panel.note, &draft->size[3]);
    draft->script = open_memstream(&draft->panel.script, &draft->size[4]);
    if (table && draft->title && draft->about && draft->brief && draft->note && draft->script)
        return 0;
    close_streams(draft);
    panel_fini(&draft->panel);
    return -ENOMEM;
}

int panel_end(struct panel_draft *draft, struct panels *panels)
{
    int failed = close_streams(draft);
    if (!failed)
        failed = GROW(panels->panel, panels->count);
    if (failed)
        panel_fini(&draft->panel);
    else
        panels->panel[panels->count++] = draft->panel;
    return failed;
}

void panels_fini(struct panels *panels)
{
    for (size_t i = 0; i < panels->count; i++)
        panel_fini(&panels->panel[i]);
    free(panels->panel);
    *panels = (struct panels){0};
}
