/* SPDX-License-Identifier: MIT
 * Canaries, regime and steal of a block. */
#include "probes/trial/block.h"

#include "machine/system/sysfile.h"
#include "machine/system/system.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

const char block_interrupted[] = "interrupted";

void block_close(
    struct canary *canary, struct samples *samples, size_t first, const struct block_end *end)
{
    const char *reason = end->interrupted                                 ? block_interrupted
                         : !canary_agree(canary, end->before, end->after) ? "canary moved"
                         : end->steal_ns > 0                              ? "stolen time"
                                                                          : "";
    const int regime = *reason ? -1 : canary_regime(canary, end->before);
    if (!*reason && regime < 0)
        reason = "too many regimes";
    for (size_t i = first; i < samples->count; i++) {
        struct sample *s = &samples->row[i];
        s->canary_ns = canary_ns(canary, end->before);
        s->canary_after_ns = canary_ns(canary, end->after);
        s->regime = regime < 0 ? SAMPLE_NONE : regime;
        s->steal_ns = end->steal_ns;
        if (*reason && s->accepted) {
            s->accepted = 0;
            s->reject_reason = reason;
        }
    }
}

double block_stolen_ns(const unsigned *cpu, size_t cpus)
{
    uint64_t ns = 0;
    return system_steal_ns(cpu, cpus, &ns) ? NAN : (double)ns;
}

int block_check_online(unsigned cpu, struct err *err)
{
    char path[80];
    int64_t online;
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/online", cpu);
    if (!sysfile_i64("", path, &online) || online != 0)
        return 0;
    return err_set(err, -ENODEV,
        "cpu %u went offline in the middle of the run; what was measured before it counts", cpu);
}
