/* SPDX-License-Identifier: MIT
 * One row a batch. Its regime is known only now, when all of the pair's batches are. */
#include "cli/matrix/matrix_rows.h"

#include "analysis/dataset/pair_estimate.h"
#include "base/sample.h"

#include <errno.h>
#include <stdlib.h>

static void describe_pair(const struct matrix_plan *plan, const struct matrix_slot *slot,
    const struct matrix_series *series, char node[16], struct sample *row)
{
    const int home = matrix_plan_node(plan, slot, series);
    snprintf(node, 16, "%d", home);
    provenance_describe_cpu(plan->cpu[slot->first], row);
    row->peer = plan->cpu[slot->second]->cpu;
    row->op = series->protocol->name;
    row->home = matrix_home_name[series->home];
    row->mem_node = home < 0 ? "" : node;
    row->distance = distance_name(slot->distance);
}

/* Seven digits are what a float has; more would be digits of its conversion. */
static double shorten_name(float ns)
{
    char text[24];
    snprintf(text, sizeof text, "%.7g", (double)ns);
    return strtod(text, NULL);
}

static void describe_batch(
    const struct pair_batch *batch, const struct protocol *protocol, struct sample *row)
{
    row->ops = (int64_t)pair_rounds(batch->step) * protocol->units;
    row->ns_per_op = shorten_name(batch->ns);
    row->seconds = row->ns_per_op * (double)row->ops / 1e9;
    row->accepted = batch->reason == PAIR_COUNTS;
    row->reject_reason = pair_reason_text[batch->reason];
}

/* Labels by batch; those that do not count have none. */
static int label_track(const struct matrix_track *track, unsigned char *label)
{
    double *ns = malloc((track->count + 1) * sizeof *ns);
    if (!ns)
        return -ENOMEM;
    size_t n = 0;
    for (uint32_t i = 0; i < track->count; i++)
        if (track->batch[i].reason == PAIR_COUNTS)
            ns[n++] = (double)track->batch[i].ns;
    const int code = pair_regimes(ns, n, label);
    free(ns);
    return code;
}

static int write_track(const struct matrix_track *track, const struct protocol *protocol,
    struct sample *row, int64_t *trial, FILE *out)
{
    unsigned char *label = malloc(track->count + 1);
    const int code = label ? label_track(track, label) : -ENOMEM;
    size_t counted = 0;
    for (uint32_t i = 0; !code && i < track->count; i++) {
        describe_batch(&track->batch[i], protocol, row);
        row->block = i;
        row->trial = (*trial)++;
        row->regime = row->accepted ? label[counted++] : SAMPLE_NONE;
        sample_write(row, out);
    }
    free(label);
    return code;
}

static void describe_matrix(const struct matrix *matrix, struct sample *row)
{
    sample_clear(row);
    provenance_describe(matrix_origin(matrix), "matrix", matrix_clock(matrix), row);
    row->layout = "pair";
    row->mode = "latency";
    row->role = "pair";
    row->gap_ns = 0;
    row->threads = 2;
    row->thread = 0;
    row->pages = memory_pages_name[PAGES_4K];
    row->mem_verified = matrix_verified(matrix);
    row->pages_got = matrix_pages_got(matrix);
}

int matrix_rows_write(const struct matrix *matrix, const struct matrix_plan *plan, FILE *out)
{
    struct sample row;
    char node[16];
    int64_t trial = 0;
    describe_matrix(matrix, &row);
    samples_write_header(out);
    for (size_t r = 0; r < plan->rounds; r++) {
        const struct matrix_round *round = &plan->round[r];
        row.beside = round->slots;
        for (size_t s = round->slot; s < round->slot + round->slots; s++)
            for (size_t k = 0; k < plan->serieses; k++) {
                const struct matrix_series *series = &plan->series[k];
                describe_pair(plan, &plan->slot[s], series, node, &row);
                if (write_track(matrix_track(matrix, s, k), series->protocol, &row, &trial, out))
                    return -ENOMEM;
            }
    }
    return 0;
}
