/* SPDX-License-Identifier: MIT
 * What stat counted, as Prometheus's metrics. What was not counted is left out. */
#include "analysis/format/metrics.h"
#include "base/sample.h"
#include "cli/events/event_reasons.h"
#include "cli/events/stat_table.h"

#include <math.h>

static double count_of(const struct stat_target *t, const struct counters_role *role)
{
    return t->count[role->role] == SAMPLE_NONE ? (double)NAN : (double)t->count[role->role];
}

static void add_roles(struct metrics *m, const struct stat_result *r, bool shares)
{
    char cpu[METRIC_NUMBER];
    for (size_t i = 0; i < r->targets; i++)
        for (size_t k = 0; k < r->counters->roles; k++) {
            const struct stat_target *const t = &r->target[i];
            const struct counters_role *const role = &r->counters->role[k];
            const struct metric_label label[] = {{"program", r->command[0]},
                {"cpu", metric_number(t->cpu, -1, cpu)}, {"event", event_name(role)}};
            if (shares)
                metrics_add(m, "numaprobe_stat_counted_ratio",
                    "Share of the time in which the event was on a counter.", label, 3,
                    t->share[role->role]);
            else
                metrics_add(m, "numaprobe_stat_events", "Events of the program that was run.",
                    label, 3, count_of(t, role));
        }
}

void stat_metrics_print(const struct stat_result *r, FILE *out)
{
    const struct metric_label program = {"program", r->command[0]};
    struct metrics m = {.out = out};
    add_roles(&m, r, false);
    add_roles(&m, r, true);
    metrics_add(&m, "numaprobe_stat_elapsed_seconds", "How long the program ran.", &program, 1,
        r->end->seconds);
    metrics_add(&m, "numaprobe_stat_user_seconds", "Its time on cpus in user space.", &program, 1,
        command_user_seconds(r->end));
    metrics_add(&m, "numaprobe_stat_system_seconds", "Its time on cpus in the kernel.", &program, 1,
        command_system_seconds(r->end));
    metrics_add(&m, "numaprobe_stat_exit_status", "Its exit code, as in a shell.", &program, 1,
        r->end->status);
}
