/* SPDX-License-Identifier: MIT
 * A program of the scheduler, such as sinfo, whose output is read. */
#ifndef CLI_FLEET_FLEET_TOOL_H
#define CLI_FLEET_FLEET_TOOL_H

#include "base/err.h"

#include <stdio.h>

/* Runs a program to its end. Returns what it printed, which the caller closes; NULL with err: it
 * is not there, or ended with another exit code than 0, with the last line that it printed. */
FILE *fleet_tool_read(const char *const argv[], struct err *err);

#endif
