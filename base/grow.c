/* SPDX-License-Identifier: MIT
 * Arrays that grow by one element at a time. */
#include "base/grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int grow_array(void *array, size_t count, size_t element_bytes)
{
    if (count & (count - 1)) /* not a power of two: there is room */
        return 0;
    void *old;
    memcpy(&old, array, sizeof old); /* the caller's pointer has another type */
    void *const grown = reallocarray(count ? old : NULL, count ? 2 * count : 1, element_bytes);
    if (!grown)
        return -ENOMEM;
    memcpy(array, &grown, sizeof grown);
    /* cppcheck-suppress memleak ; the caller's pointer has it */
    return 0;
}
