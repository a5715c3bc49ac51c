/* SPDX-License-Identifier: MIT
 * Arrays that grow by one element at a time. Not for arrays whose final size is known. */
#ifndef BASE_GROW_H
#define BASE_GROW_H

#include <stddef.h>

/* Makes room for one more element after the `count` elements of an array, which may move. `array`
 * is the address of the pointer to the first element; that pointer is NULL while count is 0. The
 * capacity is always the next power of two and is therefore not stored: the array must only grow by
 * this function. Returns 0, or -ENOMEM and leaves the array as it was. */
int grow_array(void *array, size_t count, size_t element_bytes);

#define GROW(array, count) grow_array(&(array), (count), sizeof *(array))

#endif
