/* SPDX-License-Identifier: MIT
 * A page that shows the contents of CSV files and the findings of detect: answer, warnings, charts,
 * tables, machines, and how to run it again. Reads no file and runs no instrument. */
#ifndef ANALYSIS_REPORT_REPORT_H
#define ANALYSIS_REPORT_REPORT_H

#include "analysis/ab/ab_result.h"
#include "analysis/card/card_file.h"
#include "analysis/charts/panels.h"
#include "analysis/hosts/hosts.h"
#include "analysis/maps/map_table.h"
#include "analysis/report/detect_file.h"
#include "analysis/verdict/verdict.h"
#include "analysis/watch/watch_file.h"

struct report;
/* A section of the page. */
struct report_section {
    const char *id, *heading;
    const char *nav; /* its name in the contents; NULL: the heading */
    /* Whether there is something to show, else the page does not have it; NULL: it shows panels. */
    bool (*has)(const struct report *report);
    int (*print)(const struct report *report, FILE *out); /* 0 or -ENOMEM; NULL: shows panels */
    const char *missing; /* how to measure it, for the end of a page without it; NULL: unsaid */
    /* Only of sections that show panels: */
    enum panels_kind panels;
    bool open;        /* its tables are visible next to the charts, not folded away */
    bool whole;       /* its panels are as wide as the page */
    const char *lead; /* the text above the panels */
};
enum { REPORT_SECTIONS = 20, REPORT_CHARTS_MAX = 96 };
extern const struct report_section report_sections[REPORT_SECTIONS]; /* in the page's order */

struct report {
    const struct dataset *dataset;      /* folded; outlives the report */
    const struct detect_file *detected; /* as well */
    const struct watch_files *watched;
    const struct hosts *hosts; /* finished; NULL: the page is not a fleet's */
    const struct cards *cards;
    struct ab_result *compared; /* one for each set of programs that `ab` compared */
    size_t compared_count;
    /* Whether `numaprobe run` has a layout of that name; the caller's to set. NULL: any name. */
    bool (*has_layout)(const char *name);
    struct verdict *verdict; /* those worth reporting, worst first */
    size_t verdicts;
    struct map_table maps;          /* strategies that `maps` measured */
    const struct estimate **shared; /* measured in several runs, in the order of rows */
    size_t shared_count;
    struct panels panels[PANELS_KINDS];
    /* The first REPORT_CHARTS_MAX drawings, in the page's order; `out` is owned by the caller that
     * draws them. */
    struct drawing *drawing;
    size_t drawings, not_drawn;
    struct err no_charts; /* "": charts were drawn; otherwise the reason why there are none */
};

/* What a report is of; all outlives it. */
struct report_input {
    const struct dataset *dataset;
    const struct detect_file *detected;
    const struct watch_files *watched;
    const struct ab_sessions *compared; /* those of the same programs are neighbours */
    const struct hosts *hosts;          /* of a fleet: `dataset` has no runs then; NULL */
    const struct cards *cards;          /* NULL: none */
};
/* 0 or -ENOMEM. */
int report_init(struct report *report, const struct report_input *input);
void report_fini(struct report *report); /* zeros are safe */

/* Gives each drawing a file in memory and draws it. 0, or -errno with err; -ENOENT: missing
 * gnuplot. */
int report_draw(struct report *report, const struct chart_form *form, struct err *err);
/* Closes what the drawings were drawn into. */
void report_release(struct report *report);
/* The page, with the charts as they were drawn in form `report_svg`. 0 or -ENOMEM; write errors
 * show in ferror(out). */
int report_html(const struct report *report, FILE *out);

extern const struct chart_form report_svg;

/* From analysis/report/report.css and analysis/report/report.js; the hash is that of the page's
 * policy. */
extern const char report_style[], report_script[], report_script_hash[];

#endif
