/* SPDX-License-Identifier: MIT
 * Which known name a mistyped word may have meant. */
#include "base/args.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WORD_MAX = 63, NAMED_MAX = 3, FAR = INT_MAX };

static int min3(int a, int b, int c)
{
    const int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

static int same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* One row of the edit distance (optimal string alignment): the two letters swapped that fast
 * fingers produce count as one mistake, as `before`, the row but one, allows. */
static void next_row(
    const char *a, size_t i, const char *b, const int *before, const int *above, int *row)
{
    row[0] = (int)i;
    for (size_t j = 1; b[j - 1]; j++) {
        row[j] =
            min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + !same_letter(a[i - 1], b[j - 1]));
        const int swapped =
            i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]);
        if (swapped && before[j - 2] + 1 < row[j])
            row[j] = before[j - 2] + 1;
    }
}

static int edit_distance(const char *a, const char *b)
{
    const size_t rows = strlen(a), columns = strlen(b);
    int row[3][WORD_MAX + 1] = {0};
    if (rows > WORD_MAX || columns > WORD_MAX)
        return FAR;
    for (size_t j = 0; j <= columns; j++)
        row[0][j] = (int)j;
    for (size_t i = 1; i <= rows; i++)
        next_row(a, i, b, row[(i + 1) % 3], row[(i + 2) % 3], row[i % 3]);
    return row[rows % 3][columns];
}

/* 0 is nearest; FAR when the name is not worth a mention. */
static int nearness_of(const char *word, const char *name)
{
    const size_t size = strlen(word), name_size = strlen(name);
    const size_t common = size < name_size ? size : name_size;
    if (common >= 2 && strncasecmp(word, name, common) == 0)
        return 1;
    const int distance = edit_distance(word, name);
    return distance <= (int)(size < INT_MAX ? size / 3 : 0) ? distance : FAR;
}

static int nearest_of(const char *word, const char *const *known, size_t count)
{
    int best = FAR;
    for (size_t i = 0; i < count; i++) {
        const int distance = nearness_of(word, known[i]);
        best = distance < best ? distance : best;
    }
    return best;
}

void args_near(const char *word, const char *const *known, size_t count, char *out, size_t size)
{
    const char *named[NAMED_MAX];
    size_t names = 0, used = 0;
    const int best = nearest_of(word, known, count);
    for (size_t i = 0; i < count && names < NAMED_MAX && best != FAR; i++)
        if (nearness_of(word, known[i]) == best)
            named[names++] = known[i];
    if (size > 0)
        *out = '\0';
    for (size_t i = 0; i < names && used < size; i++) {
        const char *between = i == 0 ? "" : i + 1 == names ? " or " : ", ";
        used += (size_t)snprintf(out + used, size - used, "%s'%s'", between, named[i]);
    }
}

static void join_names(const char *const *known, size_t count, char *out, size_t size)
{
    size_t used = 0;
    *out = '\0';
    for (size_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", known[i]);
}

int args_choice(const char *option, const char *noun, const char *word, const char *const *known,
    size_t count, struct err *err)
{
    for (size_t i = 0; i < count && i <= INT_MAX; i++)
        if (strcmp(word, known[i]) == 0)
            return (int)i;
    char near[128], all[sizeof(err->text)];
    args_near(word, known, count, near, sizeof(near));
    join_names(known, count, all, sizeof(all));
    return err_set(err, -ENOENT, "%s: unknown %s '%s'; %s%s%sknown: %s", option, noun, word,
        *near ? "did you mean " : "", near, *near ? "; " : "", all);
}
