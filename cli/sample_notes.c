/* SPDX-License-Identifier: MIT
 * Notes on rejected trials and unverified memory. */
#include "cli/sample_notes.h"

#include "cli/cmd.h"

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

void sample_notes_print(const struct samples *samples, FILE *out)
{
    print_rejected(samples, out);
    print_unverified(samples, out);
}
