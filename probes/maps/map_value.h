/* SPDX-License-Identifier: MIT
 * Values that the checks of a strategy put into it: each word is made of the key and a number, so
 * that a mixture of two shows. */
#ifndef PROBES_MAPS_MAP_VALUE_H
#define PROBES_MAPS_MAP_VALUE_H

#include <stdint.h>

/* `number`: 1 to UINT32_MAX. */
static inline void map_value_make(uint64_t key, uint64_t number, unsigned words, uint64_t *value)
{
    for (unsigned i = 0; i < words; i++)
        value[i] = (key << 32 | number) * (2 * i + 1);
}

/* The number that it was made with; 0: it is a mixture, or of another key. */
static inline uint64_t map_value_number(uint64_t key, unsigned words, const uint64_t *value)
{
    const uint64_t number = value[0] & UINT32_MAX;
    for (unsigned i = 0; i < words; i++)
        if (value[i] != (key << 32 | number) * (2 * i + 1))
            return 0;
    return number;
}

#endif
