/* SPDX-License-Identifier: MIT
 * analysis/locks: what a stack waits for, and the report as JSON. */
#include "tests/test.h"

#include "analysis/locks/lock_view.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FUNCTIONS = 6 };
static const struct {
    const char *function[FUNCTIONS]; /* the innermost first */
    enum lock_part part;
    const char *lock;
    size_t inner;
} stacks[] = {
    {{"sync.(*Mutex).Lock", "main.put"}, LOCK_TAKEN, "Mutex.Lock", 1},
    {{"internal/sync.(*Mutex).lockSlow", "sync.(*Mutex).Lock", "main.put"}, LOCK_TAKEN,
        "Mutex.Lock", 2},
    {{"sync.(*Mutex).Lock", "sync.(*RWMutex).Lock", "main.put"}, LOCK_TAKEN, "RWMutex.Lock", 2},
    {{"sync.(*RWMutex).RLock", "main.get"}, LOCK_TAKEN, "RWMutex.RLock", 1},
    {{"sync.(*Mutex).Lock", "sync.(*Map).Store", "main.put"}, LOCK_TAKEN, "Mutex.Lock", 1},
    {{"sync.(*RWMutex).RUnlock", "main.get"}, LOCK_RELEASED, "RWMutex.RUnlock", 1},
    {{"runtime.chanrecv1", "main.serve"}, LOCK_OTHER, "runtime", 1},
    {{"sync.(*WaitGroup).Wait", "main.main"}, LOCK_OTHER, "sync", 1},
    {{NULL, "pthread_mutex_lock", "update"}, LOCK_TAKEN, "pthread_mutex_lock", 2},
    {{"__lll_lock_wait", "___pthread_mutex_lock", "update"}, LOCK_TAKEN, "pthread_mutex_lock", 2},
    {{NULL, "pthread_rwlock_rdlock", "lookup"}, LOCK_TAKEN, "pthread_rwlock_rdlock", 2},
    {{"futex_wait", "pthread_cond_wait", "worker"}, LOCK_OTHER, "pthread_cond_wait", 2},
    {{"syscall", "std::sys::sync::mutex::futex::Mutex::lock_contended", "app::put"}, LOCK_TAKEN,
        "Mutex::lock", 2},
    {{"syscall", "app::wait"}, LOCK_NOTHING, NULL, 0},
};

static void test_stacks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stacks / sizeof *stacks; i++) {
        const char *lock = NULL;
        size_t inner, count = 0;
        while (count < FUNCTIONS && (stacks[i].function[count] || count == 0))
            count++;
        assert_int_equal(lock_part_in(stacks[i].function, count, &lock, &inner), stacks[i].part);
        assert_int_equal(inner, stacks[i].inner);
        if (stacks[i].lock)
            assert_string_equal(lock, stacks[i].lock);
    }
}

static struct lock_view_wait wait_of(enum lock_part part, double seconds)
{
    struct lock_view_wait wait = {.lock = "a", .part = part, .seconds = seconds, .waits = 3};
    wait.counted = part == LOCK_TAKEN;
    wait.frame = calloc(1, sizeof *wait.frame);
    assert_non_null(wait.frame);
    wait.frame[wait.frames++] = (struct lock_view_frame){"main.put", "main.go", 7};
    return wait;
}

static void test_the_report_as_json(void **state)
{
    struct lock_view view = {.seconds = 2, .version = "1"};
    char *out = NULL;
    size_t size;
    (void)state;
    view.process = calloc(1, sizeof *view.process);
    view.wait = calloc(3, sizeof *view.wait);
    assert_true(view.process && view.wait);
    view.process[view.processes++] =
        (struct lock_view_process){.pid = 9, .program = "app", .go = "", .waits = (double)NAN};
    view.wait[view.waits++] = wait_of(LOCK_OTHER, 9);
    view.wait[view.waits++] = wait_of(LOCK_TAKEN, 1);
    view.wait[view.waits++] = wait_of(LOCK_TAKEN, 2);
    lock_view_sort(&view);
    FILE *const file = open_memstream(&out, &size);
    assert_int_equal(lock_view_json(&view, file), 0);
    fclose(file);
    json_t *const root = json_loads(out, 0, NULL), *const waits = json_object_get(root, "waits");
    const json_t *const first = json_array_get(waits, 0), *const last = json_array_get(waits, 2);
    assert_true(json_real_value(json_object_get(first, "seconds")) == 2);
    assert_string_equal(json_string_value(json_object_get(first, "role")), "waiter");
    assert_string_equal(json_string_value(json_object_get(last, "role")), "other");
    assert_true(json_is_null(json_object_get(last, "waits")));
    assert_int_equal(json_array_size(json_object_get(first, "stack")), 1);
    json_decref(root);
    free(out);
    lock_view_fini(&view);
}
