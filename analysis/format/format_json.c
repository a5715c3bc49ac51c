/* SPDX-License-Identifier: MIT
 * Intervals and verdicts as JSON. */
#include "analysis/format/format_json.h"

const char *const verdict_words[] = {[VERDICT_NONE] = "none",
    [VERDICT_SAME] = "same",
    [VERDICT_SLOWER] = "slower",
    [VERDICT_FASTER] = "faster",
    [VERDICT_OPEN] = "open"};

json_t *json_interval(struct interval i)
{
    return json_pack("{s:o, s:o, s:o, s:I}", "low", json_number(i.low), "median",
        json_number(i.mid), "high", json_number(i.high), "n", (json_int_t)i.n);
}
