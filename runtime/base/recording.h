/* SPDX-License-Identifier: MIT
 * The recording of this process: the file that the runtime writes and detect reads (base/record.h).
 * It is mapped, so that it is there up to the last access however the program ends. */
#ifndef RUNTIME_BASE_RECORDING_H
#define RUNTIME_BASE_RECORDING_H

#include "base/record.h"
#include "runtime/base/compiler.h"

#include <stdbool.h>

/* The header and the tables behind it. They stay at the same address from recording_init on. */
extern HIDDEN struct record_header *record;
extern HIDDEN struct record_thread *record_threads;
extern HIDDEN struct record_module *record_modules;
extern HIDDEN struct line_stat *record_lines;
extern HIDDEN struct footprint *record_touches;
extern HIDDEN struct record_object *record_objects;

/* The entry of a thread's slot: entry 0 of the table is slot 1. */
static inline struct record_thread *recording_thread(uint32_t slot)
{
    return &record_threads[slot - 1];
}

/* Is there anything to watch: threads, or memory that other processes may use? */
static inline bool recording_is_watched(void)
{
    return record->threads_created || record->shares;
}

/* Does the address lie in memory that another process may have? */
static inline bool recording_shares(uint64_t address)
{
    for (uint32_t i = 0; i < record->shares; i++)
        if (address - record->share[i].start < record->share[i].size && record->share[i].used &&
            record->share[i].alive)
            return true;
    return false;
}

/* Creates the file in the folder $NUMAPROBE_RECORD; false if that fails. */
HIDDEN bool recording_init(void);

/* Reserves the space of all tables, before there is a second thread. On failure, the header's note
 * states why and nothing more can be recorded. */
HIDDEN bool recording_reserve(void);

/* In a forked child, whose only thread has this slot (0: none): a new file in place of the
 * parent's.
 */
HIDDEN void recording_fork(uint32_t slot);

#endif
