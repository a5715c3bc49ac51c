/* SPDX-License-Identifier: MIT
 * Open addressing. All places of an address are looked at before one is taken, since those in front
 * of its entry may have become unused. */
#include "runtime/base/by_address.h"

enum { PROBES = 16 };

static uintptr_t *place_of(const struct by_address *t, uintptr_t address, uint32_t probe)
{
    const uint32_t index = ((uint32_t)(address >> 4 ^ address >> 13) + probe) % t->count;
    return (uintptr_t *)((char *)t->entries + index * t->bytes);
}

/* Another thread may take it for the same address at this moment. */
static bool take_place(uintptr_t *place, uintptr_t address)
{
    uintptr_t unused = 0;
    return __atomic_compare_exchange_n(
               place, &unused, address, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) ||
           unused == address;
}

void *by_address_find(const struct by_address *table, uintptr_t address, bool make)
{
    for (uint32_t i = 0; i < PROBES; i++)
        if (__atomic_load_n(place_of(table, address, i), __ATOMIC_ACQUIRE) == address)
            return place_of(table, address, i);
    for (uint32_t i = 0; make && i < PROBES; i++)
        if (take_place(place_of(table, address, i), address))
            return place_of(table, address, i);
    return NULL;
}

void *by_address_first(const struct by_address *table, uintptr_t address)
{
    return place_of(table, address, 0);
}

void by_address_remove(void *entry)
{
    __atomic_store_n((uintptr_t *)entry, 0, __ATOMIC_RELEASE);
}
