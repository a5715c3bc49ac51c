/* SPDX-License-Identifier: MIT
 * What the files of threads share. */
#ifndef RUNTIME_THREAD_INTERNAL_H
#define RUNTIME_THREAD_INTERNAL_H

#include "runtime/thread.h"

enum life { LIFE_NONE, LIFE_PREPARED, LIFE_LIVE, LIFE_ENDED, LIFE_JOINED };
struct thread {
    uintptr_t id; /* pthread_t */
    struct me *me;
    uint32_t life;
    uint32_t joiner; /* lock_owner of the thread that joins it; 0 */
    bool detached, counted;
    uint64_t known, known_allocations; /* of me->accesses and allocations: in the recording */
};
extern HIDDEN struct thread *threads; /* by slot */

/* Adds what the thread has had since the last call to the recording. The caller has LOCK_THREADS.
 */
HIDDEN void thread_record_accesses(uint32_t slot);

#endif
