/* SPDX-License-Identifier: MIT
 * What a card measures unless the command line chooses, and about how long that takes. */
#include "cli/costs/card.h"

#include "cli/cmd.h"
#include "probes/trial/trial.h"

const double card_costs_share = 0.8;

void card_request(struct costs_request *r)
{
    static const double gap_ns[] = {0, 20, 80, 320};
    if (!r->hold_ops)
        r->hold_ops = (1u << HOLD_OPS) - 1;
    if (!r->contenders)
        r->contenders = 1u << CONTEND_DISTANCES | 1u << CONTEND_DOMAINS;
    for (size_t i = 0; !r->gaps && !r->no_gap && i < sizeof gap_ns / sizeof *gap_ns; i++)
        r->gap_ns[i] = gap_ns[i];
    if (!r->gaps && !r->no_gap)
        r->gaps = sizeof gap_ns / sizeof *gap_ns;
}

/* A trial of a curve is its window and what is around it; one of a price was measured to take some
 * 0.25 ms on two cpus, and takes longer where lines come from afar. */
#define HOLD_NS (1.5 * TRIAL_WINDOW_NS)
#define PRICE_NS 0.5e6

static size_t count_prices(const struct costs_plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->prices; i++)
        count += !*costs_why_not(plan, &plan->price[i]);
    return count;
}

void card_print_estimate(const struct costs_plan *plan, const struct card_classes *classes,
    const struct instrument_args *args, FILE *out)
{
    const size_t prices = count_prices(plan), pairs = classes->plan.rounds;
    const double block_ns = (double)prices * PRICE_NS + (double)plan->holds * HOLD_NS;
    const double costs_s = args->max_time_ns * card_costs_share / 1e9;
    const double least_s = STATS_BLOCKS_MIN * block_ns / 1e9;
    fprintf(out, "\ncard: %zu prices and %zu points of curves, %.0f s; %zu pairs, %.0f s\n", prices,
        plan->holds / 2, costs_s, pairs, args->max_time_ns / 1e9 - costs_s);
    cmd_warn(out, "The %d blocks that an interval takes need about %.1f s%s.", STATS_BLOCKS_MIN,
        least_s, least_s > costs_s ? "; give it a longer --max-time" : "");
    if (classes->err.code)
        cmd_warn(out, "No classes: %s.", classes->err.text);
}
