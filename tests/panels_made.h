/* SPDX-License-Identifier: MIT
 * Panels of datasets that were made up, for tests. */
#ifndef TESTS_PANELS_MADE_H
#define TESTS_PANELS_MADE_H

#include "analysis/charts/panels.h"
#include "base/table_data.h"
#include "tests/made.h"

/* The panels of one question, of which there must be `want`. */
static inline struct panels panels_of(panels_fn *fill, const struct dataset *dataset, size_t want)
{
    struct panels panels = {0};
    assert_int_equal(fill(dataset, &panels), 0);
    assert_int_equal(panels.count, want);
    return panels;
}

static inline void end(struct panels *panels, struct dataset *dataset)
{
    panels_fini(panels);
    dataset_fini(dataset);
}

/* The cell of a row, by the column's name. */
static inline const char *cell(const struct table *t, size_t row, const char *column)
{
    for (size_t i = 0; i < t->columns; i++)
        if (strcmp(t->column[i].text, column) == 0)
            return table_at(t, row, i);
    fail_msg("no column '%s'", column);
    return NULL;
}

#endif
