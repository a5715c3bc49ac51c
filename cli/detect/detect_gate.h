/* SPDX-License-Identifier: MIT
 * `detect --fail-on`: what a build fails for. */
#ifndef CLI_DETECT_DETECT_GATE_H
#define CLI_DETECT_DETECT_GATE_H

#include "cli/options.h"

struct detect_session;

struct detect_gate {
    enum { GATE_NONE, GATE_FALSE_SHARING, GATE_GAIN } on;
    double gain;        /* that a fix has at least, with confidence */
    const char *object; /* a pattern of its name or type; NULL: any */
};

/* "false-sharing", "gain:5%", each with ":OBJECT" behind it. */
option_parse detect_gate_parse;
/* The exit code; explains on stderr why one that is not 0 was chosen without a finding. */
int detect_gate_status(const struct detect_session *session);

#endif
