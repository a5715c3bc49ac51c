/* SPDX-License-Identifier: MIT
 * The recording's list of files that are mapped as code. */
#ifndef RUNTIME_MODULES_H
#define RUNTIME_MODULES_H

#include "runtime/base/compiler.h"

#include <stddef.h>

/* Brings the list up to date: at the start, and when a library may have come or gone. `gone` is
 * called for each that has gone since the last time, with the memory that it had; NULL: not. */
HIDDEN void modules_update(void (*gone)(uintptr_t start, size_t size));

#endif
