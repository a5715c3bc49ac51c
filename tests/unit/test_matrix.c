/* SPDX-License-Identifier: MIT
 * The instrument on this machine's first two cpus. */
#include "tests/test.h"

#include "probes/matrix/matrix.h"
#include "tests/probes.h"

enum { BLOCKS = 5 };

struct fixture {
    struct here here;
    struct matrix_plan plan;
    struct matrix *matrix;
    volatile int stop;
};

static bool open_two(struct fixture *f)
{
    unsigned cpu[2];
    struct err err = {0};
    *f = (struct fixture){.here = here_open(NULL)};
    if (here_cpus(&f->here, cpu, 2) < 2) {
        here_close(&f->here);
        return false;
    }
    const struct matrix_request request = {
        .cpus = {cpu, 2}, .protocol = "pingpong,handover", .seed = 1};
    const struct matrix_options options = {.seed = 1, .version = "test", .stop = &f->stop};
    if (matrix_plan_build(&request, &f->here.topology, &f->plan, &err) ||
        matrix_new(f->here.machine, &f->plan, options, &f->matrix, &err))
        fail_msg("%s", err.text);
    return true;
}

static void close_two(struct fixture *f)
{
    matrix_free(f->matrix);
    matrix_plan_fini(&f->plan);
    here_close(&f->here);
}

static void every_batch_is_kept_in_its_series(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    if (!open_two(&f))
        SKIP_BECAUSE("one cpu");
    for (unsigned block = 0; block < BLOCKS; block++)
        assert_int_equal(matrix_play(f.matrix, 0, 1, block, &err), 0);
    assert_int_equal(matrix_track(f.matrix, 0, 0)->count, 0);
    const struct matrix_track *track = matrix_track(f.matrix, 0, 1);
    assert_in_range(track->count, BLOCKS, BLOCKS * (1 + MATRIX_RETRIES));
    unsigned block = 0, counted = 0;
    for (uint32_t i = 0; i < track->count; i++) {
        assert_true(track->batch[i].block >= block && track->batch[i].block < BLOCKS);
        counted = track->batch[i].block > block ? 0 : counted;
        block = track->batch[i].block;
        counted += track->batch[i].reason == PAIR_COUNTS;
        assert_in_range(counted, 0, 1); /* a block is played again only as long as none counts */
    }
    assert_int_equal(matrix_end_block(f.matrix, &err), 0);
    close_two(&f);
}

static void a_slot_that_was_not_played_is_empty(void **state)
{
    (void)state;
    struct fixture f;
    if (!open_two(&f))
        SKIP_BECAUSE("one cpu");
    assert_int_equal(matrix_track(f.matrix, 0, 0)->count, 0);
    /* As after a distance fell back, and before anything else was played. */
    assert_int_equal(matrix_track(f.matrix, f.plan.slots, 1)->count, 0);
    assert_int_equal(matrix_track(f.matrix, f.plan.slots + 1000, 0)->count, 0);
    close_two(&f);
}

static void a_signal_ends_it(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    if (!open_two(&f))
        SKIP_BECAUSE("one cpu");
    f.stop = 15;
    assert_int_equal(matrix_play(f.matrix, 0, 0, 0, &err), -EINTR);
    assert_int_equal(matrix_track(f.matrix, 0, 0)->count, 0);
    close_two(&f);
}
