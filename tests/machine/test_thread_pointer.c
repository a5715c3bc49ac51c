/* SPDX-License-Identifier: MIT
 * probes/watch/thread_pointer: that of a thread and of the first one, as pthread_self() has them.
 */
#include "tests/test.h"

#include "base/arch/sampled_registers.h"
#include "probes/watch/thread_pointer.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint64_t found(void)
{
    struct address_space space;
    struct err err;
    assert_int_equal(address_space_read(getpid(), &space, &err), 0);
    const uint64_t pointer = thread_pointer_find(
        &space, (int)syscall(SYS_gettid), (uint64_t)(uintptr_t)__builtin_frame_address(0));
    address_space_fini(&space);
    return pointer;
}

static void *find_own(void *pointer)
{
    *(uint64_t *)pointer = found();
    return NULL;
}

static void a_thread_pointer_is_that_of_pthread_self(void **state)
{
    uint64_t pointer = 0;
    pthread_t thread;
    (void)state;
    if (ARCH_GLIBC_TID == 0)
        SKIP_BECAUSE("what glibc has there is not known of this architecture");
    assert_int_equal(found(), (uint64_t)pthread_self());
    assert_int_equal(pthread_create(&thread, NULL, find_own, &pointer), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(pointer, (uint64_t)thread);
}

static void what_has_no_such_thread_has_none(void **state)
{
    struct address_space space;
    struct err err;
    (void)state;
    assert_int_equal(address_space_read(getpid(), &space, &err), 0);
    assert_int_equal(thread_pointer_find(&space, 1, 0), 0);
    address_space_fini(&space);
}
