/* SPDX-License-Identifier: MIT
 * What detect found, in the words of the page. */
#include "analysis/report/report_detect.h"

#include "analysis/finding/finding_text.h"
#include "analysis/format/format.h"
#include "analysis/format/html.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void report_detect_print_object(const struct sharing_object *object, FILE *out)
{
    char text[FINDING_TEXT];
    html_text(out, object_text(object, text));
}

void report_detect_print_program(const struct detect_view *view, FILE *out)
{
    const struct view_words *const command = detect_view_command(view);
    const char *const path = command->count ? command->at[0] : "a program";
    const char *const slash = strrchr(path, '/');
    html_text(out, slash ? slash + 1 : path);
}

void report_detect_print_kind(const struct finding_view *f, FILE *out)
{
    static const char *const takes[] = {"", " if its threads ran at the same time",
        " if it began at another address", " where lines have 128 bytes",
        " between processes, where these run at the same time"};
    html_print_text(out, f->latent ? "Would share" : "Shares");
    if (f->cache_lines == 1)
        html_print_text(out, " a line");
    else
        html_print_text(out, " %" PRIu64 " lines", f->cache_lines);
    html_print_text(out, f->kind == SHARING_MIXED ? " falsely and truly" : " falsely");
    html_text(out, takes[f->latent]);
}

bool report_detect_gain_of_all(const struct detect_view *view, char *out)
{
    char times[CELL_TEXT];
    if (!isfinite(view->all.speedup.mid))
        return false;
    snprintf(out, FINDING_TEXT, "With every finding that happens fixed, the program would be %s",
        times_text(view->all.speedup, "fast", times));
    return true;
}

void report_detect_print_more(size_t more, const char *what, FILE *out)
{
    if (more)
        html_print(out, "p", "note", "%zu more%s are in the JSON and not shown here.", more, what);
}
