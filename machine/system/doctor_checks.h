/* SPDX-License-Identifier: MIT
 * The checks of doctor.c, by subject. To add one: a function and a line in its file's table. */
#ifndef MACHINE_SYSTEM_DOCTOR_CHECKS_H
#define MACHINE_SYSTEM_DOCTOR_CHECKS_H

#include "machine/system/doctor.h"

struct doctor_check {
    const char *name;
    /* Fills level, found, meaning and command; a result begins as "ok" with empty texts. */
    void (*judge)(const struct doctor_facts *facts, struct check_result *result);
};

/* Each ends in an entry without a name. */
extern const struct doctor_check doctor_checks_kernel[];  /* what this process may do */
extern const struct doctor_check doctor_checks_memory[];  /* where pages are and stay */
extern const struct doctor_check doctor_checks_machine[]; /* what the hardware does on its own */
extern const struct doctor_check doctor_checks_load[];    /* who else wants the cpus */

#endif
