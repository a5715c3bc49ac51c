/* SPDX-License-Identifier: MIT
 * The report as GitHub-flavoured Markdown, short enough for a comment on a pull request. */
#include "cli/detect/detect.h"

#include "analysis/finding/finding_text.h"
#include "analysis/finding/line_map.h"
#include "analysis/format/markdown.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 54 /* before the last lines */, THREADS_SHOWN = 8 };

/* A letter can be typed; names are other programs' texts. */
static void print_threads(const struct finding_view *f, FILE *out)
{
    for (size_t i = 0; i < f->threads.count && i < THREADS_SHOWN; i++) {
        const struct sharing_thread *const thread = &f->threads.at[i];
        char place[FINDING_TEXT] = "";
        if (thread->started)
            frame_text(thread->started, place);
        fprintf(out, "%s%c: ", i ? "; " : "\nThreads ", line_map_letter(i));
        markdown_print_text(out, "%s%s%s", thread->name && *thread->name ? thread->name : "thread",
            *place ? ", started in " : "", place);
    }
    if (f->threads.count > THREADS_SHOWN)
        fprintf(out, "; and %zu more", f->threads.count - THREADS_SHOWN);
    if (f->threads.count)
        fputs(". R read, W written, B both.\n", out);
}

static void print_price(const struct price *price, FILE *out)
{
    char text[FINDING_TEXT], gain[FINDING_TEXT];
    access_time_text(price, text);
    price_text(price, gain, sizeof gain);
    fputs("\nPrice: ", out);
    markdown_print_text(out, "%s%s%s.", text, *text ? ". Gain: " : "", gain);
    putc('\n', out);
}

static void print_finding(
    const struct detect_view *view, const struct finding_view *f, size_t number, FILE *out)
{
    char text[FINDING_TEXT];
    fprintf(out, "\n### %zu. ", number);
    markdown_text(out, title_text(f, text));
    fputs("\n\n", out);
    markdown_print_text(out, "%s.", amount_text(f, text));
    putc('\n', out);
    /* Its margin makes it a block of code, which nothing in it can end. */
    if (f->picture.bytes) {
        putc('\n', out);
        line_map_print(&f->picture, true, out);
    }
    print_threads(f, out);
    fputs("\n**Suggestion:** ", out);
    markdown_print_text(out, "%s.", f->suggestion.text);
    putc('\n', out);
    if (view->priced)
        print_price(&f->price, out);
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; (text = strchr(text, '\n')); text++)
        lines++;
    return lines;
}

/* NULL: out of memory. */
static char *finding_markdown(
    const struct detect_view *view, const struct finding_view *f, size_t number)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    print_finding(view, f, number, out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

/* What does not fit is left out, but for the first. */
static int print_findings(const struct detect_view *view, size_t lines, size_t *shown, FILE *out)
{
    bool fits = true;
    for (size_t i = 0; i < view->findings.count && fits; i++) {
        const struct finding_view *const f = &view->findings.at[i];
        if (!finding_view_is_false(f))
            continue;
        char *const text = finding_markdown(view, f, *shown + 1);
        if (!text)
            return -ENOMEM;
        lines += count_lines(text);
        fits = lines <= LINES_MAX;
        if (fits || *shown == 0) {
            fputs(text, out);
            ++*shown;
        }
        free(text);
    }
    return 0;
}

static void print_command(const struct detect_view *view, FILE *out)
{
    const struct view_words *const command = detect_view_command(view);
    for (size_t i = 0; i < command->count; i++)
        markdown_print_text(out, "%s%s", i ? " " : "", command->at[i]);
    if (command->count == 0)
        fputs("a program", out);
}

static size_t count_latent(const struct detect_view *view)
{
    size_t count = 0;
    for (size_t i = 0; i < view->findings.count; i++)
        count += view->findings.at[i].latent && finding_view_is_false(&view->findings.at[i]);
    return count;
}

static void print_verdict(const struct detect_view *view, size_t count, FILE *out)
{
    const size_t latent = count_latent(view);
    char text[FINDING_TEXT];
    fputs("**numaprobe detect** ", out);
    print_command(view, out);
    fputs(": ", out);
    if (count == 0)
        markdown_print_text(out, "%s", nothing_text(view, text));
    else
        fprintf(out, "%zu finding%s of false sharing", count, count == 1 ? "" : "s");
    if (latent)
        fprintf(out, " (%zu latent)", latent);
    if (count && view->unseen)
        markdown_print_text(out, "; not all was seen: %s", view->unseen);
    fputs(".\n", out);
    if (view->interrupted)
        fputs("Interrupted while gains were measured.\n", out);
}

static bool is_gain_of_all(const struct detect_view *view, size_t count)
{
    return count > 1 && view->priced && view->all.known;
}

int detect_print_markdown(const struct detect_view *view, FILE *out)
{
    const size_t count = detect_view_count(view);
    size_t shown = 0;
    char text[FINDING_TEXT];
    print_verdict(view, count, out);
    const int code = print_findings(view, 2, &shown, out);
    if (is_gain_of_all(view, count)) {
        price_text(&view->all, text, sizeof text);
        fputs("\nAll of them together: ", out);
        markdown_print_text(out, "%s.", text);
        putc('\n', out);
    }
    if (count > shown)
        fprintf(out, "\n%zu more finding%s left out.\n", count - shown,
            count - shown == 1 ? " was" : "s were");
    return code;
}
