/* SPDX-License-Identifier: MIT
 * The page as a whole: which sections it has, and what is around them. */
#include "analysis/card/card_page.h"
#include "analysis/format/html.h"
#include "analysis/overview/overview.h"
#include "analysis/report/report_detect.h"
#include "analysis/report/report_internal.h"
#include "base/version.h"

static bool has_answer(const struct report *r)
{
    (void)r;
    return true;
}

static bool has_runs(const struct report *r)
{
    return r->dataset->runs > 0;
}

static bool has_programs(const struct report *r)
{
    return r->detected->files > 0;
}

static bool has_watched(const struct report *r)
{
    return r->watched->count > 0;
}

static bool has_stats(const struct report *r)
{
    return r->dataset->stats > 0;
}

static bool has_compared(const struct report *r)
{
    return r->compared_count > 0;
}

static bool has_maps(const struct report *r)
{
    return r->panels[PANELS_MAPS].count > 0;
}

static bool has_fleet(const struct report *r)
{
    return r->hosts != NULL;
}

static int print_fleet_hosts(const struct report *r, FILE *out)
{
    return overview_print_hosts(r->hosts, out);
}

static int print_fleet_values(const struct report *r, FILE *out)
{
    return overview_print_values(r->hosts, out);
}

static bool has_cards(const struct report *r)
{
    return r->cards->count > 0;
}

static int print_cards(const struct report *r, FILE *out)
{
    return card_page_print(r->cards, out);
}

static bool has_commands(const struct report *r)
{
    return has_runs(r) || has_programs(r) || has_stats(r) || has_compared(r);
}

const struct report_section report_sections[REPORT_SECTIONS] = {
    {.id = "answer",
        .heading = "The answer",
        .nav = "Answer",
        .has = has_answer,
        .print = report_print_verdicts},
    {.id = "hosts", .heading = "Hosts", .has = has_fleet, .print = print_fleet_hosts},
    {.id = "values",
        .heading = "Values by kind",
        .nav = "Values",
        .has = has_fleet,
        .print = print_fleet_values},
    {.id = "warnings",
        .heading = "Before you quote a number",
        .nav = "Warnings",
        .has = has_runs,
        .print = report_print_warnings},
    {.id = "beside",
        .heading = "Side by side",
        .has = report_has_shared,
        .print = report_print_runs},
    {.id = "latency",
        .heading = "Time by alignment",
        .missing = "layouts (numaprobe run --csv FILE)",
        .panels = PANELS_LATENCY,
        .open = true,
        .lead =
            "The median over blocks of one op's time, with its 95% interval. ‘isolated’ is the "
            "same layout with each role's words on lines of their own; each ratio is to it, within "
            "the same blocks. In throughput mode ops may overlap; in latency mode each waits for "
            "the one before, and of a store that means store and drain. The axis is logarithmic: "
            "equal distances are equal ratios."},
    {.id = "distribution",
        .heading = "Distribution over blocks",
        .nav = "Distribution",
        .panels = PANELS_DISTRIBUTION,
        .lead = "What share of the blocks took at most so long. A steep line is a steady machine; "
                "a line with steps means that the machine had several states."},
    {.id = "events",
        .heading = "Events next to the time",
        .nav = "Events",
        .panels = PANELS_EVENTS,
        .lead = "L3 misses and the events that a contested line causes, per op. A line that is "
                "contested within one L3 causes no L3 miss, and events that see loads only stay at "
                "zero while stores contend for a line."},
    {.id = "gap",
        .heading = "Price against gap",
        .missing = "the price against the gap (several runs with other values of --gap)",
        .panels = PANELS_GAP,
        .lead = "What sharing adds to an op (the time of ‘isolated’ by the ratio of the same "
                "blocks, less one) against the private work between ops: at zero the core hides it "
                "behind the work. Of the holding curve of costs the difference to the same on "
                "lines of one’s own, and how long a cpu holds the line: from one change of its "
                "owner to the next, and adds in between."},
    {.id = "matrix",
        .heading = "Core to core",
        .missing = "core to core (numaprobe matrix --csv FILE)",
        .panels = PANELS_MATRIX,
        .lead = "The median time between any two cpus, by the protocol named. Protocols differ by "
                "design: compare each only with itself."},
    {.id = "costs",
        .heading = "Price list",
        .missing = "prices (numaprobe costs --csv FILE)",
        .panels = PANELS_COSTS,
        .open = true,
        .lead = "The price of one op on a line, by the state the line is in, whose it is and where "
                "its memory lies. The axis is logarithmic."},
    {.id = "cards",
        .heading = "Machine cards",
        .nav = "Cards",
        .has = has_cards,
        .print = print_cards,
        .missing = "machines side by side (numaprobe costs --card FILE)"},
    {.id = "nodes",
        .heading = "Latency of memory",
        .missing = "the latency of memory (numaprobe matrix --memory --csv FILE)",
        .panels = PANELS_NODES,
        .open = true,
        .lead = "What a load takes whose line is in a node’s memory, from a cpu of each kind and "
                "node. The axis is logarithmic."},
    {.id = "maps",
        .heading = "Ways to share a map",
        .nav = "Maps",
        .has = has_maps,
        .print = report_print_maps,
        .missing = "ways to share a map between threads (numaprobe maps --csv FILE)"},
    {.id = "found",
        .heading = "False sharing in programs",
        .nav = "False sharing",
        .has = has_programs,
        .print = report_print_detect,
        .missing = "false sharing in a program (numaprobe detect --json FILE -- COMMAND)"},
    {.id = "watched",
        .heading = "Maps and locks of running programs",
        .nav = "Maps and locks",
        .has = has_watched,
        .print = report_print_watched,
        .missing =
            "maps and locks of a running program (numaprobe watch --maps --json FILE -p PID)"},
    {.id = "compared",
        .heading = "Programs compared",
        .nav = "Compared",
        .has = has_compared,
        .print = report_print_compared,
        .missing = "programs compared (numaprobe ab --csv FILE -- OLD -- NEW)"},
    {.id = "stat",
        .heading = "Programs counted",
        .nav = "Programs",
        .has = has_stats,
        .print = report_print_stat,
        .missing = "events around a program (numaprobe stat --csv FILE -- COMMAND)"},
    {.id = "machines",
        .heading = "Machines and placement",
        .nav = "Machines",
        .has = has_runs,
        .print = report_print_machines},
    {.id = "again", .heading = "Run it again", .has = has_commands, .print = report_print_commands},
};

static bool section_applies(const struct report *r, const struct report_section *section)
{
    return section->has ? section->has(r) : r->panels[section->panels].count > 0;
}

static void print_head(const struct report *r, FILE *out)
{
    fprintf(out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; form-action "
        "'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>numaprobe report",
        report_script_hash);
    if (r->dataset->runs) {
        fputs(": ", out);
        html_text(out, r->dataset->run[0].host);
        fputs(r->dataset->runs > 1 ? " …" : "", out);
    } else if (r->hosts) {
        html_print_text(out, ": %zu hosts", r->hosts->count);
    } else if (r->detected->files) {
        fputs(": ", out);
        report_detect_print_program(&r->detected->file[0], out);
        fputs(r->detected->files > 1 ? " …" : "", out);
    } else if (r->compared_count) {
        html_print_text(
            out, ": %s%s", r->compared[0].session->command[1], r->compared_count > 1 ? " …" : "");
    }
    fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", report_style);
}

static void print_nav(const struct report *r, FILE *out)
{
    fputs("<nav aria-label=\"Contents\"><ul>\n", out);
    for (size_t i = 0; i < REPORT_SECTIONS; i++)
        if (section_applies(r, &report_sections[i]))
            fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n", report_sections[i].id,
                report_sections[i].nav ? report_sections[i].nav : report_sections[i].heading);
    fputs("</ul></nav>\n", out);
}

static void print_header(const struct report *r, FILE *out)
{
    fputs("<a class=\"skip\" href=\"#answer\">Skip to the answer</a>\n<header>\n", out);
    html_print(out, "h1", NULL, "%s",
        has_fleet(r) ? "A fleet, and the hosts that are not like the others"
                     : "What the layout of shared data costs");
    if (has_fleet(r))
        html_print(out, "p", "lead", "%zu hosts, measured by %zu files.", r->hosts->count,
            r->hosts->files);
    if (has_runs(r) || has_stats(r) || has_programs(r))
        report_print_hosts(r, out);
    print_nav(r, out);
    fputs("</header>\n<main>\n", out);
}

/* Files that were not given are not sections without contents, but one line. */
static void print_missing(const struct report *r, FILE *out)
{
    if (has_fleet(r)) {
        fputs("<p class=\"note\" id=\"else\">Charts, intervals and placement of a host: numaprobe "
              "report with its files alone.</p>\n",
            out);
        return;
    }
    const char *before = "<p class=\"note\" id=\"else\">Not in these files: ";
    for (size_t i = 0; i < REPORT_SECTIONS; i++) {
        const struct report_section *const section = &report_sections[i];
        if (!section->missing || section_applies(r, section))
            continue;
        fputs(before, out);
        html_text(out, section->missing);
        before = "; ";
    }
    if (*before == ';')
        fputs(".</p>\n", out);
}

static int print_section(const struct report *r, const struct report_section *section, FILE *out)
{
    fprintf(out, "<section id=\"%s\">\n<h2>%s</h2>\n", section->id, section->heading);
    const int code = section->print ? section->print(r, out) : report_print_panels(r, section, out);
    fputs("</section>\n", out);
    return code;
}

int report_html(const struct report *report, FILE *out)
{
    int code = 0;
    print_head(report, out);
    print_header(report, out);
    for (size_t i = 0; i < REPORT_SECTIONS && !code; i++)
        if (section_applies(report, &report_sections[i]))
            code = print_section(report, &report_sections[i], out);
    print_missing(report, out);
    fprintf(out,
        "</main>\n<footer><p>numaprobe %s. Every figure is a median with a 95%% interval over "
        "blocks; roles, regimes and hosts are never pooled. How each comes about, and what it "
        "cannot see, is in docs/method.md of the source.</p></footer>\n"
        "<script>%s</script>\n</body>\n</html>\n",
        numaprobe_version, report_script);
    return code;
}
