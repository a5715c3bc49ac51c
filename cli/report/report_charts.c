/* SPDX-License-Identifier: MIT
 * Charts as PNG files and in the terminal. */
#include "cli/report/report_charts.h"

#include "base/outfile.h"
#include "base/text.h"
#include "cli/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TERM_WIDTH = 79, TERM_HEIGHT = 24 };

static int make_folder(const char *folder, struct err *err)
{
    if (mkdir(folder, 0777) == 0 || errno == EEXIST)
        return 0;
    return err_set(err, -EIO, "--png: cannot make '%s': %s", folder, strerror(errno));
}

static int open_files(struct report *r, const char *folder, struct outfile *file, struct err *err)
{
    for (size_t i = 0; i < r->drawings; i++) {
        char *path;
        if (asprintf(&path, "%s/%s-%zu.png", folder, r->drawing[i].chart->name, i + 1) < 0)
            return err_set(err, -ENOMEM, "out of memory for the charts");
        const int code = outfile_open("--png", path, &file[i], err);
        free(path);
        if (code)
            return code == -ENOENT ? -EIO : code;
        r->drawing[i].out = file[i].stream;
    }
    return 0;
}

static int commit_files(struct report *r, struct outfile *file, FILE *out, struct err *err)
{
    for (size_t i = 0; i < r->drawings; i++) {
        const struct drawing *const d = &r->drawing[i];
        if (*d->why.text) {
            *err = d->why;
            return err->code;
        }
        if (out)
            text_print(out, "%s: %s\n", file[i].path, d->panel->title);
        const int code = outfile_commit(&file[i], err);
        if (code)
            return code;
    }
    return 0;
}

static int draw_files(
    struct report *r, const char *folder, struct outfile *file, FILE *out, struct err *err)
{
    static const struct chart_form png = {.terminal = "pngcairo",
        .options = "font 'sans,12'",
        .width = 2 * CHART_WIDTH_PX,
        .height = 2 * CHART_HEIGHT_PX};
    int code = open_files(r, folder, file, err);
    if (!code)
        code = charts_draw(r->drawing, r->drawings, &png, err);
    return code ? code : commit_files(r, file, out, err);
}

int report_charts_png(struct report *report, const char *folder, FILE *out, struct err *err)
{
    struct outfile *const file = calloc(REPORT_CHARTS_MAX, sizeof *file);
    if (!file)
        return err_set(err, -ENOMEM, "out of memory for the charts");
    report_release(report);
    int code = make_folder(folder, err);
    if (!code)
        code = draw_files(report, folder, file, out, err);
    for (size_t i = 0; i < report->drawings; i++) {
        report->drawing[i].out = NULL; /* the outfile's */
        outfile_discard(&file[i]);
    }
    free(file);
    return code;
}

static void print_drawing(const struct drawing *d, FILE *out)
{
    char line[1024];
    if (*d->why.text) {
        text_print(out, "%s: %s\n", d->panel->title, d->why.text);
        return;
    }
    cmd_warn(out, "%s", d->panel->title);
    rewind(d->out);
    while (fgets(line, sizeof line, d->out))
        fputs(line, out);
    fputc('\n', out);
}

int report_charts_term(struct report *report, FILE *out, struct err *err)
{
    const struct table_look look = cmd_look(out);
    const unsigned width = look.width > 20 ? look.width - 1 : TERM_WIDTH;
    const struct chart_form text = {.terminal = "dumb",
        .options = look.colour ? "ansi" : "mono",
        .width = width,
        .height = TERM_HEIGHT,
        .widest = width};
    const int code = report_draw(report, &text, err);
    if (code)
        return code;
    for (size_t i = 0; i < report->drawings; i++)
        print_drawing(&report->drawing[i], out);
    return 0;
}
