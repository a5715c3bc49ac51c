/* SPDX-License-Identifier: MIT
 * Messages for finding errors in numaprobe, on stderr. They are off unless NUMAPROBE_DEBUG names
 * their domain. Not for measured loops, and not for what a user has to know. */
#ifndef BASE_DEBUG_H
#define BASE_DEBUG_H

#include "base/err.h"

#include <stdbool.h>

enum debug_domain {
    DEBUG_PLAN,  /* cpus, memory and points of a plan */
    DEBUG_PERF,  /* events that were tried, and why they were refused */
    DEBUG_DWARF, /* modules and files that debug information is read from */
    DEBUG_PRICE, /* what each block of a price measured */
    DEBUG_WATCH, /* each question to watchpoints, and its answer */
    DEBUG_DOMAINS
};

/* Turns on the domains of a comma list, as "plan,perf", or "all"; NULL and "": none. -EINVAL or
 * -ENOENT with err when the list has other words, and then no domain is on. Call it before threads
 * start. */
int debug_init(const char *list, struct err *err);
bool debug_is_on(enum debug_domain domain);
/* Prints "numaprobe: DOMAIN: ..." and a line end when the domain is on. */
void debug(enum debug_domain domain, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
