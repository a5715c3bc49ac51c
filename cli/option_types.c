/* SPDX-License-Identifier: MIT
 * The types of options that several commands share. */
#include "base/args.h"
#include "base/cpuset.h"
#include "cli/options.h"

#include <errno.h>

int option_flag(const struct option_row *row, const char *text, void *value, struct err *err)
{
    (void)row, (void)text, (void)err;
    *(bool *)value = true;
    return 0;
}

int option_set(const struct option_row *row, const char *text, void *value, struct err *err)
{
    (void)text, (void)err;
    *(unsigned *)value = (unsigned)row->least;
    return 0;
}

int option_text(const struct option_row *row, const char *text, void *value, struct err *err)
{
    (void)row, (void)err;
    *(const char **)value = text;
    return 0;
}

int option_file(const struct option_row *row, const char *text, void *value, struct err *err)
{
    (void)row, (void)err;
    *(const char **)value = text ? text : "-";
    return 0;
}

int option_count(const struct option_row *row, const char *text, void *value, struct err *err)
{
    return args_u64(row->name, text, row->least, row->most, value, err);
}

int option_duration(const struct option_row *row, const char *text, void *value, struct err *err)
{
    double *const ns = value;
    const int code = args_duration_ns(row->name, text, row->unit_ns, ns, err);
    if (!code && row->most_ns > 0 && *ns > row->most_ns)
        return err_set(err, -EINVAL, "%s: '%s' is too long; at most %gus", row->name, text,
            row->most_ns / 1e3);
    return code;
}

int option_share(const struct option_row *row, const char *text, void *value, struct err *err)
{
    return args_share(row->name, text, value, err);
}

int option_choice(const struct option_row *row, const char *text, void *value, struct err *err)
{
    const int index = args_choice(row->name, row->noun, text, row->choice, row->choices, err);
    if (index < 0)
        return index;
    *(unsigned *)value = (unsigned)row->least + (unsigned)index;
    return 0;
}

int option_choices(const struct option_row *row, const char *text, void *value, struct err *err)
{
    struct words words;
    unsigned chosen = 0, index = 0;
    int code = args_words(row->name, text, &words, err);
    for (size_t i = 0; !code && i < words.count; i++) {
        code = option_choice(row, words.word[i], &index, err);
        chosen |= 1u << index;
    }
    words_fini(&words);
    if (!code)
        *(unsigned *)value = chosen;
    return code;
}

int option_cpus(const struct option_row *row, const char *text, void *value, struct err *err)
{
    struct cpuset *const cpus = value;
    struct err why;
    cpuset_fini(cpus); /* of the same option before */
    const int code = cpuset_parse(text, cpus, &why);
    return code ? err_set(err, code, "%s: %s", row->name, why.text) : 0;
}
