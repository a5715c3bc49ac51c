/* SPDX-License-Identifier: MIT
 * One row a batch. */
#include "cli/matrix/matrix_rows.h"

#include "base/sample.h"

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
}

static void describe_block(
    const struct matrix *matrix, const struct pair_batch *batch, unsigned index, struct sample *row)
{
    const struct matrix_block *const block = matrix_block(matrix, batch->block);
    row->reject_reason = matrix_reason(matrix, batch);
    row->accepted = !*row->reject_reason;
    row->block = batch->block;
    row->place = matrix_place(matrix, index, batch->block);
    row->regime = row->accepted ? block->regime : SAMPLE_NONE;
    row->canary_ns = shorten_name(block->before_ns);
    row->canary_after_ns = shorten_name(block->after_ns);
}

static void write_track(const struct matrix *matrix, const struct matrix_track *track,
    const struct protocol *protocol, unsigned index, struct sample *row, FILE *out)
{
    for (uint32_t i = 0; i < track->count; i++) {
        describe_batch(&track->batch[i], protocol, row);
        describe_block(matrix, &track->batch[i], index, row);
        row->trial++;
        sample_write(row, out);
    }
}

static void describe_matrix(const struct matrix *matrix, struct sample *row)
{
    sample_clear(row);
    provenance_describe(matrix_origin(matrix), "matrix", matrix_clock(matrix), row);
    row->protocol = CANARY_PROTOCOL;
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

void matrix_rows_write(const struct matrix *matrix, const struct matrix_plan *plan, FILE *out)
{
    struct sample row;
    char node[16];
    describe_matrix(matrix, &row);
    row.trial = -1;
    samples_write_header(out);
    for (size_t r = 0; r < plan->rounds; r++) {
        const struct matrix_round *round = &plan->round[r];
        row.beside = round->slots;
        for (size_t s = round->slot; s < round->slot + round->slots; s++)
            for (size_t k = 0; k < plan->serieses; k++) {
                const struct matrix_series *series = &plan->series[k];
                describe_pair(plan, &plan->slot[s], series, node, &row);
                write_track(matrix, matrix_track(matrix, s, k), series->protocol,
                    (unsigned)(s - round->slot), &row, out);
            }
    }
}
