/* SPDX-License-Identifier: MIT
 * One thing found out about this machine, what it means for a measurement, and what changes it. */
#ifndef MACHINE_SYSTEM_CHECK_RESULT_H
#define MACHINE_SYSTEM_CHECK_RESULT_H

#include <stddef.h>

/* From harmless to fatal. */
enum finding_level {
    FINDING_OK,
    FINDING_NOTE,  /* worth knowing; no figure is worse for it */
    FINDING_LIMIT, /* some figures are missing, wider or less certain */
    FINDING_STOP   /* nothing can be measured */
};

struct finding {
    const char *name;
    enum finding_level level;
    char found[160];
    char meaning[320];
    char command[160]; /* for a shell; "" when nothing can be done from here */
};

const char *finding_level_name(enum finding_level level); /* "ok", "note", "limit", "stop" */
/* Fill one part; what does not fit is cut. */
void finding_set(struct finding *finding, enum finding_level level, const char *meaning);
void finding_found(struct finding *finding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void finding_command(struct finding *finding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
