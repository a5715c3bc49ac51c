/* SPDX-License-Identifier: MIT
 * Words of a command line turned into values. Near matches are in args_near.c. */
#include "base/args.h"

#include "base/number.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int args_u64(const char *option, const char *text, uint64_t min, uint64_t max, uint64_t *out,
    struct err *err)
{
    uint64_t value;
    const char *end = number_u64(text, &value);
    if ((!end && errno == EINVAL) || (end && *end))
        return err_set(err, -EINVAL,
            "%s: '%s' is not a whole number; accepted: %" PRIu64 " to %" PRIu64, option, text, min,
            max);
    if (!end || value < min || value > max)
        return err_set(err, -EINVAL, "%s: '%s' is out of range; accepted: %" PRIu64 " to %" PRIu64,
            option, text, min, max);
    *out = value;
    return 0;
}

static const struct unit {
    const char *name;
    double ns;
} units[] = {
    {"ns", 1},
    {"us", 1e3},
    {"µs", 1e3},
    {"μs", 1e3},
    {"ms", 1e6},
    {"s", 1e9},
    {"min", 60e9},
};

/* 0 for an unknown unit. */
static double unit_find(const char *name, double bare_ns)
{
    if (!*name)
        return bare_ns;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (strcmp(units[i].name, name) == 0)
            return units[i].ns;
    return 0;
}

int args_duration_ns(
    const char *option, const char *text, double unit_ns, double *out, struct err *err)
{
    double value = 0;
    const char *end = number_real(text, &value);
    const bool huge = !end && errno == ERANGE;
    const double unit = end ? unit_find(end, unit_ns) : 0;
    if (*text == '-' || (unit == 0 && !huge))
        return err_set(err, -EINVAL,
            "%s: '%s' is not a duration; accepted: a number with ns, us, ms, s or min, such as "
            "250ns "
            "or 1.5ms",
            option, text);
    const double most_ns = 1e18; /* 31 years; anything below still fits an int64_t */
    if (huge || value * unit > most_ns)
        return err_set(
            err, -EINVAL, "%s: '%s' is too long; accepted: up to 1000000000s", option, text);
    *out = value * unit;
    return 0;
}

int args_share(const char *option, const char *text, double *out, struct err *err)
{
    const double bare_most = 0.1; /* nobody asks for 0.05%, but both 0.5% and 50% make sense */
    double value = 0;
    const char *end = number_real(text, &value);
    const int percent = end && *end == '%';
    const double share = percent ? value / 100 : value;
    if (end && !*end && value >= bare_most && value <= 1)
        return err_set(err, -EINVAL, "%s: '%s' can be read in two ways; write %g%% or %g%%", option,
            text, value, 100 * value);
    if (end && !*end && value > 1 && value <= 100)
        return err_set(err, -EINVAL, "%s: '%s' has no unit; write %g%%", option, text, value);
    if (!end || end[percent] || !(share > 0 && share <= 1))
        return err_set(err, -EINVAL,
            "%s: '%s' is not a share; accepted: above 0 up to 100%%, such as 1%% or 0.01", option,
            text);
    *out = share;
    return 0;
}

static size_t count_words(const char *text)
{
    size_t count = 1;
    while ((text = strchr(text, ',')) != NULL) {
        text++;
        count++;
    }
    return count;
}

static int fail_memory(const char *option, struct err *err)
{
    return err_set(err, -ENOMEM, "%s: out of memory", option);
}

int args_words(const char *option, const char *text, struct words *out, struct err *err)
{
    *out = (struct words){.word = calloc(count_words(text), sizeof(char *))};
    if (!out->word)
        return fail_memory(option, err);
    int code = 0;
    for (const char *at = text; !code; at++) {
        const size_t size = strcspn(at, ",");
        if (size == 0)
            code = err_set(err, -EINVAL,
                "%s: '%s' has an empty word; accepted: words with single commas between", option,
                text);
        else if (!(out->word[out->count++] = strndup(at, size)))
            code = fail_memory(option, err);
        at += size;
        if (!*at)
            break;
    }
    if (code)
        words_fini(out);
    return code;
}

void words_fini(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->word[i]);
    free(words->word);
    *words = (struct words){0};
}
