/* SPDX-License-Identifier: MIT
 * What is kept of each run of a file: facts about its machine, and the numbers that hosts can be
 * compared by. Knows no other file, so that several can be read at the same time. */
#include "analysis/hosts/hosts_internal.h"
#include "base/grow.h"

#include <errno.h>
#include <stdlib.h>

static int describe_run(struct strings *strings, const struct dataset_run *of, struct part_run *run)
{
    *run = (struct part_run){.run_id = of->run_id,
        .node = of->node,
        .source = of->source,
        .rows = of->rows,
        .rejected = of->rejected,
        .worst = ""};
    return facts_list(strings, of, run->fact);
}

/* Which questions cost: "undecided" comes and goes between hosts that are alike. */
static int add_verdict(struct strings *strings, struct part_run *run, const struct verdict *v)
{
    const struct estimate *const e = v->first;
    char text[1024];
    run->verdicts++;
    if (v->worst != VERDICT_SLOWER)
        return 0;
    snprintf(text, sizeof text, "%s %s costs", e->layout, e->op);
    const char *const cost = strings_intern(strings, text);
    if (!cost || GROW(run->cost, run->costs))
        return -ENOMEM;
    run->cost[run->costs++] = cost;
    if (!(e->ratio.mid > run->worst_ratio))
        return 0;
    snprintf(text, sizeof text, "%s %s: %s", e->layout, e->op, v->text);
    run->worst_ratio = e->ratio.mid;
    run->worst = strings_intern(strings, text);
    return run->worst ? 0 : -ENOMEM;
}

static int add_verdicts(struct strings *strings, const struct summary *of, struct part_run *run)
{
    struct verdict *verdict;
    size_t count;
    int code = verdict_build(of, &verdict, &count);
    if (code)
        return code;
    for (size_t i = 0; i < count && !code; i++) {
        const struct estimate *const e = verdict[i].first;
        const bool main = of->regimes == 0 || e->regime == of->regime[0].regime;
        if (main && !estimate_is_hold(e))
            code = add_verdict(strings, run, &verdict[i]);
    }
    free(verdict);
    return code;
}

static int fill_run(struct quantities *quantities, const struct dataset *of, struct part_run *run)
{
    if (describe_run(of->strings, of->run, run) || add_verdicts(of->strings, &of->summary, run) ||
        values_list(of, quantities, &run->values))
        return -ENOMEM;
    values_join(&run->values);
    return 0;
}

static int take_run(void *context, const struct dataset *of, struct err *err)
{
    struct hosts_part *const part = context;
    if (GROW(part->run, part->runs) || fill_run(&part->quantities, of, &part->run[part->runs++]))
        return err_set(err, -ENOMEM, "out of memory for the hosts");
    return 0;
}

struct hosts_part *hosts_part_read(FILE *in, const char *name)
{
    struct hosts_part *const part = calloc(1, sizeof *part);
    if (part && dataset_read_runs(in, name, &part->rest, take_run, part, &part->broken) != -ENOMEM)
        part->name = strings_intern(part->rest.strings, name);
    if (part && part->name)
        return part;
    hosts_part_free(part);
    return NULL;
}

void hosts_part_free(struct hosts_part *part)
{
    for (size_t i = 0; part && i < part->runs; i++) {
        free(part->run[i].values.at);
        free(part->run[i].cost);
    }
    if (part) {
        free(part->run);
        quantities_fini(&part->quantities);
        dataset_fini(&part->rest);
    }
    free(part);
}
