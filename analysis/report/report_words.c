/* SPDX-License-Identifier: MIT
 * Options of commands. */
#include "analysis/report/report_words.h"

#include "analysis/dataset/cell_compare.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void words_add(struct words_seen *seen, const char *word)
{
    if (!word || !*word)
        return;
    for (size_t i = 0; i < seen->count; i++)
        if (strcmp(seen->word[i], word) == 0)
            return;
    if (seen->count < WORDS_MAX)
        seen->word[seen->count++] = word;
}

void report_print_option(FILE *out, const char *option, const char *value)
{
    if (!*value)
        return;
    fprintf(out, " %s ", option);
    text_put_word(value, out);
}

void words_print_option(FILE *out, const char *option, const struct words_seen *seen)
{
    char text[1024] = "";
    for (size_t i = 0; i < seen->count; i++)
        if (text_append_item(text, sizeof text, ",", "%s", seen->word[i]))
            return; /* longer than any list of layouts and ops */
    report_print_option(out, option, text);
}

void report_print_aligns(FILE *out, const struct summary *s, const struct dataset_run *run)
{
    int64_t align[WORDS_MAX] = {0};
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        const int64_t here = s->estimate[i].align_bytes;
        bool seen = here == SAMPLE_NONE || !SAME_RUN(&s->estimate[i], run) || count == WORDS_MAX;
        for (size_t k = 0; k < count && !seen; k++)
            seen = align[k] == here;
        if (!seen)
            align[count++] = here;
    }
    qsort(align, count, sizeof *align, order_ints);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%" PRId64, i ? "," : " --align ", align[i]);
}
