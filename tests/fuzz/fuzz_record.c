/* SPDX-License-Identifier: MIT
 * libFuzzer: any bytes are read as a record or refused with a message, and what was read is judged
 * and drawn. An input that begins with 'T' is the tables of a record whose header is in order: four
 * counts, then their entries. */
#include "analysis/finding/line_map.h"
#include "analysis/sharing/sharing.h"
#include "base/record_read.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct cursor {
    const uint8_t *at;
    size_t left;
};

static void plan_table(struct record_table *table, size_t bytes, size_t count, uint64_t *offset)
{
    *table = (struct record_table){.offset = *offset,
        .bytes = (uint32_t)bytes,
        .capacity = (uint32_t)count,
        .count = (uint32_t)count};
    *offset += bytes * count;
}

/* What the input does not fill is zero. */
static void put_entries(FILE *out, struct cursor c, uint64_t size)
{
    fwrite(c.at, 1, c.left < size ? c.left : size, out);
    for (uint64_t i = c.left; i < size; i++)
        putc(0, out);
}

static void put_record(FILE *out, struct cursor c)
{
    struct record_header h = {.magic = RECORD_MAGIC,
        .version = RECORD_VERSION,
        .bytes = sizeof h,
        .start_ns = 1,
        .end_ns = 1000000001,
        .end_tick = 1000,
        .seen_ticks = 500,
        .accesses = 1000};
    uint8_t counts[4] = {2, 2, 2, 2};
    uint64_t end = sizeof h;
    const size_t have = c.left < sizeof counts ? c.left : sizeof counts;
    memcpy(counts, c.at, have);
    c.at += have;
    c.left -= have;
    plan_table(&h.lines, sizeof(struct line_stat), counts[0] % 8, &end);
    plan_table(&h.touches, sizeof(struct footprint), counts[1] % 8, &end);
    plan_table(&h.objects, sizeof(struct record_object), counts[2] % 4, &end);
    plan_table(&h.threads, sizeof(struct record_thread), counts[3] % 4, &end);
    plan_table(&h.modules, sizeof(struct record_module), 0, &end);
    fwrite(&h, sizeof h, 1, out);
    put_entries(out, c, end - sizeof h);
}

static char *input_new(const uint8_t *data, size_t size, size_t *length)
{
    char *text = NULL;
    FILE *const out = open_memstream(&text, length);
    if (data[0] == 'T')
        put_record(out, (struct cursor){data + 1, size - 1});
    else
        fwrite(data, 1, size, out);
    fclose(out);
    return text;
}

static void judge(const struct recording *r)
{
    struct sharing_rule rule = sharing_rule;
    struct sharing_list list = {0};
    struct finding_view view;
    const struct price price = {0};
    struct dwarf *const dwarf = dwarf_new(NULL, 0);
    FILE *const none = fopen("/dev/null", "w");
    rule.line_bytes = 2 * RECORD_LINE;
    rule.per_second = rule.latent_per_second = 0;
    rule.least = rule.latent_least = 0;
    if (!dwarf || !none || sharing_find(r, dwarf, &rule, &list, NULL) != 0)
        abort();
    for (size_t i = 0; i < list.count; i++) {
        if (list.finding[i]->objects == 0 || list.finding[i]->objects > SHARING_OBJECTS)
            abort();
        finding_view_fill(list.finding[i], &price, &view);
        line_map_print(&view.picture, false, none);
    }
    sharing_fini(&list);
    dwarf_free(dwarf);
    fclose(none);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length;
    struct recording r;
    struct err err = {0};
    char *const text = size > 0 ? input_new(data, size, &length) : NULL;
    if (!text)
        return 0;
    FILE *const in = fmemopen(text, length, "r");
    const int code = in ? record_read(in, "fuzz.rec", &r, &err) : 0;
    if (code != err.code || (code != 0) != (err.text[0] != '\0'))
        abort();
    if (in && code == 0) {
        judge(&r);
        record_fini(&r);
    }
    if (in)
        fclose(in);
    free(text);
    return 0;
}
