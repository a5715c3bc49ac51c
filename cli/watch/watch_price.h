/* SPDX-License-Identifier: MIT
 * --price: for some milliseconds the other threads are held off a line that is falsely shared,
 * by watchpoints that stop them at each access to it, and what one of its threads does meanwhile
 * is compared with what it does otherwise. */
#ifndef CLI_WATCH_WATCH_PRICE_H
#define CLI_WATCH_WATCH_PRICE_H

#include "analysis/watch/relief.h"
#include "base/err.h"

#include <stddef.h>

enum { WATCH_PRICED = 8 /* lines, the first that are proved */ };

struct watch_price {
    struct relief *relief; /* owned */
    size_t reliefs, next;
    double next_s;
    /* Samples of this thread are counted, while a window is open; 0: none is. */
    int tid;
    uint64_t key, samples, at_line;
};

struct watch_session;
/* A pair of windows, where it is time for one. 0, or -errno with err. */
int watch_price_step(struct watch_session *session, struct err *err);
/* NULL: the line was not priced. */
const struct relief *watch_price_of(const struct watch_session *session, uint64_t key);

#endif
