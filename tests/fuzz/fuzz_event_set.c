/* SPDX-License-Identifier: MIT
 * libFuzzer: any text is read as an event file or refused with a message; what was read says a
 * source for each line, and its events put together are the formula. */
#include "base/event_set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t\r");
}

static void check_line(const struct event_line *line)
{
    const char *at = line->formula;
    if (line->terms < 1 || line->terms > EVENT_TERMS || !*line->source)
        abort();
    for (size_t i = 0; i < line->terms; i++) {
        const struct event_term *term = &line->term[i];
        const size_t length = strlen(term->name);
        if (i > 0 && *at++ != (term->sign > 0 ? '+' : '-'))
            abort();
        at = skip_blanks(at);
        if (length == 0 || strncmp(at, term->name, length) != 0)
            abort();
        at = skip_blanks(at + length);
    }
    if (*at)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    struct event_set set;
    struct err err = {0};
    if (!text)
        return 0;
    const int code = event_set_parse("fuzz.txt", text, &set, &err);
    if (code != err.code || (code != 0) != (err.text[0] != '\0') || (code && set.lines))
        abort();
    for (size_t i = 0; i < set.lines; i++)
        check_line(&set.line[i]);
    event_set_fini(&set);
    free(text);
    return 0;
}
