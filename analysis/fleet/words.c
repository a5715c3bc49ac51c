/* SPDX-License-Identifier: MIT
 * The quotes of sh(1), as far as text_put_word writes them. */
#include "analysis/fleet/words.h"

#include "base/text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

char *fleet_words_join(char *const *word, size_t count)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    for (size_t i = 0; out && i < count; i++) {
        if (i)
            fputc(' ', out);
        text_put_word(word[i], out);
    }
    if (out && fclose(out)) {
        free(text);
        text = NULL;
    }
    return text;
}

/* Appends what is in the quotes that begin at `text`, and returns what follows them. */
static const char *copy_quoted(const char *text, char **to)
{
    const size_t size = strcspn(text + 1, "'");
    memcpy(*to, text + 1, size);
    *to += size;
    return text[1 + size] ? text + size + 2 : NULL;
}

/* The same for a word. NULL for what is not one of ours. */
static const char *copy_word(const char *text, char **to)
{
    while (text && *text && *text != ' ') {
        if (*text == '\'') {
            text = copy_quoted(text, to);
        } else if (*text == '\\' && text[1]) {
            *(*to)++ = text[1];
            text += 2;
        } else if (strchr("\"$`\\|&;<>()*?[]~{}!#\n\t", *text)) {
            return NULL;
        } else {
            *(*to)++ = *text++;
        }
    }
    *(*to)++ = '\0';
    return text;
}

int fleet_words_split(const char *text, struct fleet_words *words)
{
    const size_t length = strlen(text), most = length / 2 + 2;
    *words = (struct fleet_words){.word = calloc(1, most * sizeof *words->word + length + 2)};
    if (!words->word)
        return -ENOMEM;
    char *to = (char *)(words->word + most);
    for (text += strspn(text, " "); text && *text; text += strspn(text, " ")) {
        words->word[words->count++] = to;
        text = copy_word(text, &to);
        if (!text) {
            fleet_words_fini(words);
            return -EINVAL;
        }
    }
    return 0;
}

void fleet_words_fini(struct fleet_words *words)
{
    free(words->word);
    *words = (struct fleet_words){0};
}
