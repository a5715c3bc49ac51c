/* SPDX-License-Identifier: MIT
 * What the terminal shows of a fleet: the hosts that are named, and what was left out. */
#ifndef CLI_REPORT_REPORT_HOSTS_H
#define CLI_REPORT_REPORT_HOSTS_H

#include "analysis/hosts/hosts.h"

#include <stdio.h>

/* A table of the hosts that are named. */
void report_hosts_print(const struct hosts *hosts, FILE *out);
/* A line on standard error for each file or run that was left out. */
void report_hosts_warn(const struct hosts *hosts);

#endif
