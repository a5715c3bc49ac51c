/* SPDX-License-Identifier: MIT
 * The names of states, homes and contenders, on the command line and in rows. */
#include "probes/costs/costs_plan.h"

const char *const line_state_name[LINE_STATES] = {
    [LINE_MODIFIED] = "modified",
    [LINE_EXCLUSIVE] = "exclusive",
    [LINE_SHARED] = "shared",
    [LINE_INVALID] = "invalid",
};
const char *const costs_home_name[COSTS_HOMES] = {[HOME_LOCAL] = "local", [HOME_REMOTE] = "remote"};
const char *const hold_op_name[HOLD_OPS] = {"add", "rmw", "store"};
const char *const hold_contenders_name[HOLD_CONTENDERS] = {
    [CONTEND_COUNTS] = "counts", [CONTEND_DISTANCES] = "distances", [CONTEND_DOMAINS] = "domains"};
