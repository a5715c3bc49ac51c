/* SPDX-License-Identifier: MIT
 * A clock that all threads of a crew read. */
#ifndef MACHINE_CREW_CLOCK_H
#define MACHINE_CREW_CLOCK_H

#include "machine/clock.h"
#include "machine/crew.h"

/* Calibrates the clock on the first thread. A counter that differs between the threads' cpus is
 * given up for the kernel's clock: ticks of two cpus are compared. */
void crew_calibrate(struct crew *crew, struct clock *clock);
/* clock_check on the first thread. */
int crew_check_clock(struct crew *crew, struct clock *clock, struct err *err);

#endif
