/* SPDX-License-Identifier: MIT
 * Charts and panels put together to a script, and drawn. */
#include "analysis/charts/chart.h"

#include "analysis/charts/gnuplot.h"

#include <errno.h>
#include <stdlib.h>

static void print_drawing(FILE *script, const struct drawing *d, const struct chart_form *form)
{
    const unsigned wanted = form->width * d->panel->width_px / CHART_WIDTH_PX,
                   width = form->widest && wanted > form->widest ? form->widest : wanted,
                   height = form->height * d->panel->height_px / CHART_HEIGHT_PX;
    fprintf(script, "reset session\nset terminal %s size %u,%u %s\nset output '/dev/fd/%d'\n",
        form->terminal, width, height, form->options, fileno(d->out));
    fputs("heading = '", script);
    gnuplot_text(script, d->panel->title);
    fprintf(script, "'\n%s%s%s\nunset output\n", chart_style, d->panel->script, d->chart->text);
}

static int draw_charts(
    struct drawing *drawing, size_t count, const struct chart_form *form, struct err *err)
{
    int *const fd = malloc(count * sizeof *fd);
    FILE *const script = fd ? gnuplot_file() : NULL;
    if (!script) {
        free(fd);
        return err_set(err, -ENOMEM, "out of memory for %zu charts", count);
    }
    for (size_t i = 0; i < count; i++) {
        print_drawing(script, &drawing[i], form);
        fd[i] = fileno(drawing[i].out);
    }
    const int code = gnuplot_run(script, fd, count, err);
    fclose(script);
    free(fd);
    return code;
}

/* gnuplot stops at the first thing it cannot do, so what cannot be drawn is looked for by halves.
 */
int charts_draw(
    struct drawing *drawing, size_t count, const struct chart_form *form, struct err *err)
{
    if (count == 0)
        return 0;
    const int code = draw_charts(drawing, count, form, err);
    if (code != -EIO)
        return code;
    if (count == 1) {
        drawing->why = *err;
        return 0;
    }
    const int first = charts_draw(drawing, count / 2, form, err);
    return first ? first : charts_draw(drawing + count / 2, count - count / 2, form, err);
}
