/* SPDX-License-Identifier: MIT
 * The recording's list of files that are mapped as code. */
#ifndef RUNTIME_MODULES_H
#define RUNTIME_MODULES_H

#include "runtime/compiler.h"

/* Brings the list up to date: at the start, and when a library may have come or gone. */
HIDDEN void modules_update(void);

#endif
