/* SPDX-License-Identifier: MIT
 * The files of a report, one by one. */
#ifndef CLI_REPORT_REPORT_FILES_H
#define CLI_REPORT_REPORT_FILES_H

#include "cli/report/report_session.h"

/* Opens a file. *out is NULL where nothing is left to read: what has no samples is read into the
 * session; a file that is given twice or is another command's table is a warning. 0 or -errno with
 * err. */
int report_file_open(struct report_session *session, size_t index, FILE **out, struct err *err);
void report_file_close(struct report_session *session, size_t index, FILE *in); /* NULL is safe */

#endif
