/* SPDX-License-Identifier: MIT
 * An interval as JSON. */
#include "cli/interval_json.h"

json_t *interval_json(struct interval interval)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "low", json_number(interval.low), "median",
        json_number(interval.mid), "high", json_number(interval.high), "n", json_count(interval.n));
}
