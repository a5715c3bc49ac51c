/* SPDX-License-Identifier: MIT
 * Findings as a table: for `topo` and `doctor`. */
#ifndef CLI_TOPO_CHECK_TABLE_H
#define CLI_TOPO_CHECK_TABLE_H

#include "base/table.h"
#include "machine/system/check_result.h"

/* For an eye: the gravest first, the meaning after what was found, the command on a separate line.
 */
struct table *check_table_text(const struct check_result *finding, size_t count);
/* For a program: one row a finding, one column a part, in the order of the checks. */
struct table *check_table_data(const struct check_result *finding, size_t count);

#endif
