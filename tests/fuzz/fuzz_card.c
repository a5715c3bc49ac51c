/* SPDX-License-Identifier: MIT
 * libFuzzer: any bytes are read as a machine card or refused with a message; what was read can be
 * shown next to itself. */
#include "analysis/card/card_page.h"
#include "analysis/card/card_table.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void show_cards(const struct cards *cards)
{
    char *page = NULL;
    size_t size;
    FILE *const out = open_memstream(&page, &size);
    if (!out || card_page_print(cards, out))
        abort();
    fclose(out);
    free(page);
    table_free(card_table_facts(cards));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cards cards = {0};
    struct err err = {0};
    int code = 0;
    for (int i = 0; i < 2 && !code && size > 0; i++) {
        FILE *const in = fmemopen((void *)(uintptr_t)data, size, "r");
        if (!in)
            return 0;
        code = card_file_read(in, "fuzz.card", &cards, &err);
        fclose(in);
    }
    if (code != err.code || (code != 0) != (err.text[0] != '\0') || (code && cards.count))
        abort();
    if (cards.count)
        show_cards(&cards);
    cards_fini(&cards);
    return 0;
}
