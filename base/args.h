/* SPDX-License-Identifier: MIT
 * Words of a command line turned into values: numbers with units, comma lists, near matches.
 * Each error names the option it came from. Not an option parser: that is cli/options. */
#ifndef BASE_ARGS_H
#define BASE_ARGS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Each returns 0, or -EINVAL with err: the option, the text found and what is accepted. */
int args_u64(const char *option, const char *text, uint64_t min, uint64_t max, uint64_t *out,
    struct err *err);
/* "250", "250ns", "1.5us", "2ms", "30s", "2min": to nanoseconds; a bare number is in `unit_ns`. */
int args_duration_ns(
    const char *option, const char *text, double unit_ns, double *out, struct err *err);
/* "1%" or "0.01": to a share, 0 < share <= 1. A bare number from 0.1 on is refused, since "0.5" may
 * be meant as 0.5% as well. */
int args_share(const char *option, const char *text, double *out, struct err *err);

/* A comma list split into its words. Empty words are an error. */
struct words {
    char **word;
    size_t count;
};
int args_words(const char *option, const char *text, struct words *out, struct err *err);
void words_fini(struct words *words);

/* The known names nearest to `word` (edit distance up to a third of its length, or a common
 * prefix), as "'a' or 'b'"; the empty string when none is near. */
void args_near(const char *word, const char *const *known, size_t count, char *out, size_t size);

/* Index of `word` in `known`; else -ENOENT and err: "--option: unknown NOUN 'word'; did you mean …;
 * known: …". */
int args_choice(const char *option, const char *noun, const char *word, const char *const *known,
    size_t count, struct err *err);

#endif
