/* SPDX-License-Identifier: MIT
 * The names of states and homes, on the command line and in rows. */
#include "probes/costs/costs_plan.h"

const char *const line_state_name[LINE_STATES] = {
    [LINE_MODIFIED] = "modified",
    [LINE_EXCLUSIVE] = "exclusive",
    [LINE_SHARED] = "shared",
    [LINE_INVALID] = "invalid",
};
const char *const costs_home_name[COSTS_HOMES] = {[HOME_LOCAL] = "local", [HOME_REMOTE] = "remote"};
