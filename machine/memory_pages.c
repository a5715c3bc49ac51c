/* SPDX-License-Identifier: MIT
 * The sizes of the pages that a mapping got, from /proc/self/smaps: proc_pid_smaps(5). */
#include "machine/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In KiB, as smaps has them. */
struct page_sizes {
    unsigned long page, resident, transparent, reserved;
};

static void read_field(const char *line, struct page_sizes *sizes)
{
    const struct {
        const char *key;
        unsigned long *sum;
    } fields[] = {
        {"Rss:", &sizes->resident},
        {"AnonHugePages:", &sizes->transparent},
        {"Private_Hugetlb:", &sizes->reserved},
    };
    unsigned long value;
    if (sscanf(line, "KernelPageSize: %lu", &value) == 1)
        sizes->page = value;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strncmp(line, fields[i].key, strlen(fields[i].key)) == 0)
            *fields[i].sum += strtoul(line + strlen(fields[i].key), NULL, 10);
}

/* The kernel merges neighbours of one policy into one mapping: then this is about all of it. */
static void read_mappings(FILE *smaps, uintptr_t from, uintptr_t to, struct page_sizes *sizes)
{
    char *line = NULL;
    size_t size = 0;
    bool inside = false;
    while (getline(&line, &size, smaps) > 0) {
        uintmax_t first, end;
        if (sscanf(line, "%jx-%jx ", &first, &end) == 2)
            inside = first < to && end > from;
        else if (inside)
            read_field(line, sizes);
    }
    free(line);
}

void memory_pages_got(const void *address, size_t bytes, char out[MEMORY_PAGES_TEXT])
{
    const uintptr_t from = (uintptr_t)address;
    struct page_sizes sizes = {0};
    FILE *const smaps = fopen("/proc/self/smaps", "re");
    if (smaps) {
        read_mappings(smaps, from, from + bytes, &sizes);
        fclose(smaps);
    }
    const bool large = sizes.page >= 1024;
    out[0] = '\0';
    if (sizes.page == 0 || sizes.resident + sizes.reserved == 0)
        return;
    if (sizes.transparent && sizes.transparent >= sizes.resident)
        snprintf(out, MEMORY_PAGES_TEXT, "thp");
    else
        snprintf(out, MEMORY_PAGES_TEXT, "%lu%s%s", large ? sizes.page / 1024 : sizes.page,
            large ? "m" : "k", sizes.transparent ? "+thp" : "");
}
