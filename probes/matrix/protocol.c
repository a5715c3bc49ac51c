/* SPDX-License-Identifier: MIT
 * Finding protocols in the registry, and the page they are played on. */
#include "probes/matrix/protocol.h"

#include "base/arch/arch.h"

#include <string.h>

const struct protocol *protocol_find(const char *name)
{
    const char *flavour = arch_flavour();
    for (size_t i = 0; i < protocol_count; i++)
        if (strcmp(protocol_table[i]->name, name) == 0 &&
            strcmp(protocol_table[i]->flavour, flavour) == 0)
            return protocol_table[i];
    return NULL;
}

static void clear_box(struct protocol_box *box)
{
    atomic_store_explicit(&box->number, 0, memory_order_relaxed);
    for (int i = 0; i < PROTOCOL_PAYLOAD_WORDS; i++)
        atomic_store_explicit(&box->payload[i], 0, memory_order_relaxed);
}

void protocol_clear(struct protocol_page *page)
{
    clear_box(&page->first);
    clear_box(&page->second);
}
