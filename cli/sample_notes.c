/* SPDX-License-Identifier: MIT
 * Notes on rejected trials and unverified memory, and pages that are not those asked for. */
#include "cli/sample_notes.h"

#include "analysis/format/format.h"
#include "cli/cmd.h"
#include "probes/trial/trial.h"

#include <math.h>
#include <string.h>

static void print_rejected(const struct samples *samples, FILE *out)
{
    size_t rejected = 0, trials = 0;
    const char *why = "";
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *const s = &samples->row[i];
        if (s->thread != 0)
            continue;
        trials++;
        rejected += !s->accepted;
        if (!s->accepted)
            why = s->reject_reason;
    }
    if (rejected)
        cmd_warn(out, "%zu of %zu trials were disturbed and not counted (last: %s).", rejected,
            trials, why);
}

static void print_unverified(const struct samples *samples, FILE *out)
{
    for (size_t i = 0; i < samples->count; i++)
        if (strcmp(samples->row[i].mem_verified, "unverified") == 0) {
            cmd_warn(out, "The memory's node could not be verified (see 'numaprobe doctor').");
            return;
        }
}

/* Of the memory that was asked to have huge pages: the first that has not. */
static void print_small_pages(const struct samples *samples, FILE *out)
{
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *const s = &samples->row[i];
        if (strcmp(s->pages, "4k") == 0 || strcmp(s->pages, s->pages_got) == 0)
            continue;
        cmd_warn(out, "--pages %s: the memory %s%s (see 'thp' in 'numaprobe doctor').", s->pages,
            *s->pages_got ? "has pages of " : "is not known to have such pages", s->pages_got);
        return;
    }
}

/* The clock's cost is subtracted, but what the others do meanwhile cannot be. */
static void print_slow_clock(const struct samples *samples, FILE *out)
{
    static const double SHARE_LEAST = 0.002;
    const double read_ns = samples->count ? samples->row[0].clock_overhead_ns : NAN;
    const double share = trial_clock_share(read_ns);
    char text[CELL_TEXT];
    if (!(share > SHARE_LEAST))
        return;
    cmd_warn(out,
        "The clock takes %.1f µs a read, %s of a batch: subtracted, but threads contend less "
        "meanwhile, so ratios are a few times that too low (see 'numaprobe doctor').",
        read_ns / 1e3, percent_text(share, text));
}

void sample_notes_print(const struct samples *samples, FILE *out)
{
    print_rejected(samples, out);
    print_unverified(samples, out);
    print_small_pages(samples, out);
    print_slow_clock(samples, out);
}
