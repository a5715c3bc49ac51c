/* SPDX-License-Identifier: MIT
 * The files of many hosts, read by several threads. */
#ifndef CLI_REPORT_REPORT_FLEET_H
#define CLI_REPORT_REPORT_FLEET_H

#include "cli/report/report_session.h"

/* Reads all files again, into session->fleet, and compares their hosts. A file that cannot be read
 * is a note. `warned`: the files whose warnings are printed already. 0 or -ENOMEM with err. */
int report_fleet_read(struct report_session *session, size_t warned, struct err *err);

#endif
