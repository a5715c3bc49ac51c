/* SPDX-License-Identifier: MIT
 * libFuzzer: any text is parsed or refused; what was parsed survives format and parse unchanged. */
#include "base/cpuset.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct cpuset *set)
{
    struct cpuset again;
    char *text = cpuset_format(set->cpu, set->count);
    if (!text || cpuset_parse(text, &again, NULL) != 0 || again.count != set->count ||
        memcmp(again.cpu, set->cpu, set->count * sizeof(*set->cpu)) != 0)
        abort();
    cpuset_fini(&again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    struct cpuset set;
    struct err err = {0};
    if (!text)
        return 0;
    const int code = cpuset_parse(text, &set, &err);
    if (code != err.code || (code == 0) != (set.count > 0))
        abort();
    if (code == 0)
        check_round_trip(&set);
    cpuset_fini(&set);
    free(text);
    return 0;
}
