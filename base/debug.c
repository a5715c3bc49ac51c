/* SPDX-License-Identifier: MIT
 * The one file outside cli/ that prints to the terminal. */
#include "base/debug.h"

#include "base/args.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

/* "all" comes last: it is not a domain. */
static const char *const names[DEBUG_DOMAINS + 1] = {
    "plan", "perf", "dwarf", "price", "watch", "all"};
static unsigned domains_on; /* a bit for each domain */

int debug_init(const char *list, struct err *err)
{
    static const char variable[] = "NUMAPROBE_DEBUG";
    struct words words = {0};
    unsigned on = 0;
    int code = list && *list ? args_words(variable, list, &words, err) : 0;
    for (size_t i = 0; i < words.count && !code; i++) {
        const int at =
            args_choice(variable, "domain", words.word[i], names, DEBUG_DOMAINS + 1, err);
        code = at < 0 ? at : 0;
        on |= at == DEBUG_DOMAINS ? (1u << DEBUG_DOMAINS) - 1 : at < 0 ? 0 : 1u << at;
    }
    words_fini(&words);
    domains_on = code ? 0 : on;
    return code;
}

bool debug_is_on(enum debug_domain domain)
{
    return domains_on >> domain & 1;
}

void debug(enum debug_domain domain, const char *format, ...)
{
    if (!debug_is_on(domain))
        return;
    char text[1024]; /* printed at once, so that lines of two threads do not mix */
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    text_print(stderr, "numaprobe: %s: %s\n", names[domain], text);
}
