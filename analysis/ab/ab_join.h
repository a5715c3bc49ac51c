/* SPDX-License-Identifier: MIT
 * Several sessions of the same programs joined. Blocks of a session have in common what one session
 * cannot show: where pages and code were placed, the host, the day. So a session is one value. */
#ifndef ANALYSIS_AB_AB_JOIN_H
#define ANALYSIS_AB_AB_JOIN_H

#include "analysis/ab/ab_summary.h"
#include "base/err.h"

enum { AB_SESSIONS_MIN = 3 }; /* with fewer there is no interval: two may agree by chance */

/* The mean of the logarithms of the sessions' medians, with the interval of Student's t at the
 * level of analysis/stats/series.h. The n of an interval counts sessions. */
void ab_join(const struct ab_summary *of, size_t sessions, struct ab_summary *out);

/* The same programs, in the same order? -EINVAL with err, which may be NULL, naming the first that
 * differs. */
int ab_check_pair(const struct ab_session *a, const struct ab_session *b, struct err *err);
int ab_check_sessions(const struct ab_session *session, size_t sessions, struct err *err);

#endif
