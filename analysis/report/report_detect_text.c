/* SPDX-License-Identifier: MIT
 * What detect found, in words. */
#include "analysis/report/report_detect.h"

#include "analysis/format/format.h"
#include "analysis/format/html.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static bool is(const char *text, const char *word)
{
    return text && strcmp(text, word) == 0;
}

bool report_detect_is_false(const json_t *finding)
{
    return !is(detect_file_text(finding, "kind"), "true");
}

size_t report_detect_count(const json_t *root)
{
    const json_t *const findings = json_object_get(root, "findings");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(findings); i++)
        count += report_detect_is_false(json_array_get(findings, i));
    return count;
}

static const char *kind_of(const json_t *object)
{
    static const char *const words[][2] = {{"global", "global"}, {"heap", "heap block"},
        {"mmap", "mapping"}, {"tls", "thread-local"}, {"stack", "stack"}};
    const char *const kind = detect_file_text(object, "kind");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is(kind, words[i][0]))
            return words[i][1];
    return "unknown memory";
}

void report_detect_print_object(const json_t *object, FILE *out)
{
    const char *const name = detect_file_text(object, "name");
    const char *const type = detect_file_text(object, "type");
    const json_t *const declared = json_object_get(object, "declared");
    const char *const file = detect_file_text(declared, "file");
    const int64_t line = detect_file_count(declared, "line");
    html_print_text(out, "%s%s%s", kind_of(object), name ? " " : "", name ? name : "");
    if (type)
        html_print_text(out, " (%s)", type);
    if (!name && detect_file_count(object, "size"))
        html_print_text(out, " of %" PRId64 " bytes", detect_file_count(object, "size"));
    if (file && line)
        html_print_text(out, ", %s:%" PRId64, file, line);
}

void report_detect_print_command(const json_t *words, FILE *out)
{
    if (json_array_size(words) == 0)
        html_text(out, "a program of an unknown name");
    for (size_t i = 0; i < json_array_size(words); i++) {
        fputs(i ? " " : "", out);
        html_text(out, json_string_value(json_array_get(words, i)));
    }
}

const json_t *report_detect_command(const json_t *root)
{
    const json_t *const command = json_object_get(root, "command");
    return json_array_size(command)
               ? command
               : json_object_get(json_array_get(json_object_get(root, "processes"), 0), "command");
}

void report_detect_print_program(const json_t *root, FILE *out)
{
    const char *const path = json_string_value(json_array_get(report_detect_command(root), 0));
    const char *const slash = path ? strrchr(path, '/') : NULL;
    html_text(out, slash ? slash + 1 : path ? path : "a program");
}

void report_detect_print_coverage(const json_t *process, FILE *out)
{
    const json_t *const accesses = json_object_get(process, "accesses");
    const int64_t threads = detect_file_count(process, "threads");
    const double share = detect_file_real(accesses, "share");
    char count[CELL_TEXT];
    if (!process) {
        html_print_text(out, "No process was watched");
        return;
    }
    html_print_text(out, "%.2f s, %" PRId64 " thread%s, %s accesses seen",
        detect_file_real(process, "seconds"), threads, threads == 1 ? "" : "s",
        count_text((double)detect_file_count(accesses, "seen"), count));
    if (isfinite(share))
        html_print_text(out, ", %.0f%% of the time", 100 * share);
}

void report_detect_print_kind(const json_t *finding, FILE *out)
{
    static const char *const takes[][2] = {{"turns", "if its threads ran at the same time"},
        {"other start", "if it began at another address"},
        {"128-byte lines", "where lines have 128 bytes"}};
    const char *const latent = detect_file_text(finding, "latent");
    const int64_t lines = detect_file_count(finding, "cache_lines");
    html_print_text(out, latent ? "Would share" : "Shares");
    if (lines == 1)
        html_print_text(out, " a line");
    else
        html_print_text(out, " %" PRId64 " lines", lines);
    html_print_text(
        out, is(detect_file_text(finding, "kind"), "mixed") ? " falsely and truly" : " falsely");
    for (size_t i = 0; latent && i < sizeof takes / sizeof *takes; i++)
        if (is(latent, takes[i][0]))
            html_print_text(out, " %s", takes[i][1]);
}

static struct interval interval_at(const json_t *of, const char *key)
{
    const json_t *const i = json_object_get(of, key);
    return (struct interval){.low = detect_file_real(i, "low"),
        .mid = detect_file_real(i, "mid"),
        .high = detect_file_real(i, "high"),
        .n = (size_t)detect_file_count(i, "n")};
}

static enum price_verdict verdict_of(const char *name)
{
    for (int v = PRICE_GAIN; name && v <= PRICE_UNDECIDED; v++)
        if (is(price_verdict_name((enum price_verdict)v), name))
            return (enum price_verdict)v;
    return PRICE_UNKNOWN;
}

void report_detect_price(const json_t *finding, struct price *out)
{
    const json_t *const price = json_object_get(finding, "price");
    const char *const latent = detect_file_text(finding, "latent");
    const char *const reason = detect_file_text(price, "reason");
    *out = (struct price){.happens = !latent || is(latent, "turns"),
        .shared_ns = interval_at(price, "ns_per_access"),
        .padded_ns = interval_at(price, "padded_ns_per_access"),
        .speedup = interval_at(price, "speedup"),
        .verdict = verdict_of(detect_file_text(price, "verdict"))};
    out->known = isfinite(out->speedup.mid) && out->verdict != PRICE_UNKNOWN;
    if (!out->known)
        err_set(&out->why, -ENOTSUP, "%s", reason ? reason : "nobody asked");
}
