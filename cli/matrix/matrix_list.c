/* SPDX-License-Identifier: MIT
 * A matrix's plan, for --dry-run. */
#include "base/cpuset.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/matrix/matrix_report.h"

#include <stdlib.h>

enum { ROUNDS_SHOWN = 64, PAIRS_SHOWN = 6 /* of a round */ };

static void add_round(struct table *t, const struct matrix_plan *plan, size_t index)
{
    const struct matrix_round *round = &plan->round[index];
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return;
    for (size_t i = 0; i < round->slots && i < PAIRS_SHOWN; i++) {
        const struct matrix_slot *slot = &plan->slot[round->slot + i];
        fprintf(out, "%s%u-%u", i ? " " : "", plan->cpu[slot->first]->cpu,
            plan->cpu[slot->second]->cpu);
    }
    if (round->slots > PAIRS_SHOWN)
        fprintf(out, " ... (%u)", round->slots);
    fclose(out);
    table_row(t);
    table_cell(t, PAINT_NONE, "%zu", index);
    table_cell(t, PAINT_NONE, "%s", text);
    free(text);
}

static void print_rounds(const struct matrix_plan *plan, size_t rounds)
{
    struct table *t = table_with("round>|pairs");
    for (size_t i = 0; i < rounds && i < ROUNDS_SHOWN; i++)
        add_round(t, plan, i);
    cmd_print_table(t, stdout);
    if (rounds > ROUNDS_SHOWN)
        printf("  ...  %zu more\n", rounds - ROUNDS_SHOWN);
}

static void print_series(const struct matrix_plan *plan)
{
    for (size_t i = 0; i < plan->serieses; i++) {
        const struct matrix_series *s = &plan->series[i];
        printf("%-9s%s, memory ", i ? "" : "protocol", s->protocol->name);
        if (s->home != HOME_NODE)
            printf("on the %s cpu's node\n", matrix_home_name[s->home]);
        else if (s->node >= 0)
            printf("on node %d\n", s->node);
        else
            printf("anywhere\n");
    }
}

int matrix_list_plan(const struct matrix_plan *plan)
{
    char *cpus = cpuset_format(plan->cpus.cpu, plan->cpus.count);
    text_print(stdout, "on       %s\n", plan->topology->source);
    printf("cpus     %s (%zu)\n", cpus ? cpus : "?", plan->cpus.count);
    free(cpus);
    print_series(plan);
    for (enum distance d = 0; d < DISTANCE_COUNT; d++)
        if (plan->pairs[d])
            printf("pairs    %zu %s\n", plan->pairs[d], distance_name(d));
    const size_t rounds = plan->rounds - plan->checks; /* checks come last, one round each */
    printf("rounds   %zu a block, ", rounds);
    if (matrix_plan_widest(plan) > 1)
        printf("up to %u pairs side by side\n", matrix_plan_widest(plan));
    else
        printf("one pair at a time\n");
    if (plan->checks)
        printf("checks   %zu pairs, side by side and alone\n", plan->checks);
    putchar('\n');
    print_rounds(plan, rounds);
    return cmd_done(EXIT_DONE);
}
