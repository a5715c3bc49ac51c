/* SPDX-License-Identifier: MIT
 * The third part of a card: matrix --classes, with what the card has left of its time. */
#include "cli/costs/card.h"

#include "base/version.h"
#include "cli/cmd.h"
#include "cli/matrix/matrix_report.h"

#include <errno.h>
#include <string.h>

/* Of matrix_args.c's --tolerance, which pairs that are measured alone do not use. */
static const double TOLERANCE = 0.1;

/* Memory is where matrix has it, else on the node that the prices are of. */
void card_classes_plan(struct card_classes *c, const struct costs_plan *plan,
    const struct topology *topology, const struct instrument_args *args)
{
    const struct costs_node *const local = &plan->node[HOME_LOCAL];
    const struct costs_node *const node = *local->why ? &plan->node[HOME_REMOTE] : local;
    c->args = (struct matrix_args){.common = *args, .tolerance = TOLERANCE};
    c->args.request = (struct matrix_request){
        .cpus = plan->cpus, .home = HOME_FIRST, .classes = true, .seed = args->seed};
    c->args.common.max_time_ns *= 1 - card_costs_share;
    snprintf(c->home, sizeof c->home, "%s", matrix_home_name[HOME_FIRST]);
    c->err.code = matrix_plan_build(&c->args.request, topology, &c->plan, &c->err);
    if (c->err.code != -ENODEV || plan->cpus.count < 2 || *node->why)
        return;
    c->err = (struct err){0};
    c->args.request.home = HOME_NODE;
    c->args.request.node = node->policy.node;
    snprintf(c->home, sizeof c->home, "node %d", node->policy.node);
    c->err.code = matrix_plan_build(&c->args.request, topology, &c->plan, &c->err);
}

static int measure_classes(
    struct card_classes *c, const struct instrument *in, const struct instrument_args *args)
{
    const struct matrix_options options = {
        .seed = args->seed, .strict = args->strict, .version = numaprobe_version, .stop = in->stop};
    c->run = (struct matrix_run){.args = &c->args, .plan = &c->plan, .began_ns = clock_raw_ns()};
    int code = matrix_new(in->machine, &c->plan, options, &c->run.matrix, &c->err);
    if (!code)
        code = matrix_measure(&c->run, &c->err);
    if (!code && matrix_results_build(c->run.matrix, &c->plan, &c->run.results))
        code = err_set(&c->err, -ENOMEM, "out of memory for the estimates");
    return code;
}

void card_classes_measure(
    struct card_classes *c, const struct instrument *in, const struct instrument_args *args)
{
    if (!c->err.code)
        c->err.code = measure_classes(c, in, args);
}

void card_classes_fini(struct card_classes *c)
{
    matrix_results_fini(&c->run.results);
    matrix_free(c->run.matrix);
    matrix_plan_fini(&c->plan);
    *c = (struct card_classes){0};
}

void card_classes_print(const struct card_classes *c, FILE *out)
{
    const struct matrix_report report = {.run = &c->run};
    if (c->err.code) {
        cmd_warn(out, "\nNo hand-over was measured: %s.", c->err.text);
        return;
    }
    fputs("\nns a hand-over between two cpus, a few pairs of each distance\n", out);
    matrix_print_classes(&report, 0, out);
}
