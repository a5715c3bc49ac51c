/* SPDX-License-Identifier: MIT
 * Those of the doctor's facts that are in no file, as JSON: for a recording. */
#ifndef MACHINE_SYSTEM_DOCTOR_CALLS_H
#define MACHINE_SYSTEM_DOCTOR_CALLS_H

#include "base/err.h"
#include "base/json.h"
#include "machine/system/doctor.h"

/* A new reference; NULL when out of memory. */
json_t *doctor_calls_json(const struct doctor_facts *facts);
/* The facts of a recorded machine: `calls` as above, the files below `root`. 0, or -ENOEXEC with
 * err when one of the calls is missing. */
int doctor_recall(const char *root, const struct topology *topology, const json_t *calls,
    struct doctor_facts *facts, struct err *err);

#endif
