/* SPDX-License-Identifier: MIT
 * The result of one check of this machine: what was found, what it means for a measurement, and
 * which command changes it. */
#ifndef MACHINE_SYSTEM_CHECK_RESULT_H
#define MACHINE_SYSTEM_CHECK_RESULT_H

/* From harmless to fatal. */
enum check_level {
    CHECK_OK,
    CHECK_NOTE,  /* worth knowing; measurements do not suffer */
    CHECK_LIMIT, /* some estimates are missing, wider or less certain */
    CHECK_STOP   /* nothing can be measured */
};

struct check_result {
    const char *name;
    enum check_level level;
    char found[160];
    char meaning[320];
    char command[160]; /* for a shell; "" when no command can change it */
};

const char *check_level_name(enum check_level level); /* "ok", "note", "limit", "stop" */
/* Fill one part; what does not fit is cut. */
void check_set(struct check_result *result, enum check_level level, const char *meaning);
void check_is_found(struct check_result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void check_command(struct check_result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
