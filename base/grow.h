/* SPDX-License-Identifier: MIT
 * Arrays that grow by one element at a time. Not for arrays whose final size is
 * known. */
#ifndef BASE_GROW_H
#define BASE_GROW_H

#include <stddef.h>

/* Makes room for one element behind the `count` elements of an array, which is
 * moved when it must be. `array` is the address of the pointer to the first
 * element; that pointer is NULL while count is 0. The room is always the next
 * power of two, so nobody has to store it: the array may only have grown by
 * this function. Returns 0 or -ENOMEM, and then the array is as before. */
int grow_array(void *array, size_t count, size_t element_bytes);

#define GROW(array, count) grow_array(&(array), (count), sizeof *(array))

#endif
