/* SPDX-License-Identifier: MIT
 * UTF-8 to ASCII on the way out, by streams that take the place of stdout and stderr: what prints
 * need not know. */
#include "cli/plain_text.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* Asked without setlocale(), since numbers are read and written in the C locale. */
bool plain_text_is_utf8(void)
{
    const locale_t own = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (own == (locale_t)0)
        return false;
    const bool utf8 = strcmp(nl_langinfo_l(CODESET, own), "UTF-8") == 0;
    freelocale(own);
    return utf8;
}

bool plain_text_is_dumb(void)
{
    const char *const term = getenv("TERM");
    return term && strcmp(term, "dumb") == 0;
}

/* A character of which some bytes may be yet to come. */
struct plain_stream {
    int fd;
    char bytes[5];
    size_t held;
};

static const char *ascii_for(const char *bytes)
{
    static const struct {
        const char *utf8, *ascii;
    } known[] = {{"×", "x"}, {"–", "-"}, {"−", "-"}, {"±", "+/-"}, {"µ", "u"}, {"μ", "u"},
        {"…", "..."}, {"·", "."}, {"└", "`"}, {"≥", ">="}, {"≤", "<="}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].utf8, bytes) == 0)
            return known[i].ascii;
    return "?";
}

static size_t length_of(unsigned char lead)
{
    return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}

/* What the next byte adds to the output: at most 4 characters. */
static const char *translate_byte(struct plain_stream *s, char byte)
{
    if (s->held == 0 && (unsigned char)byte < 0x80) {
        s->bytes[0] = byte;
        s->bytes[1] = '\0';
        return s->bytes;
    }
    s->bytes[s->held++] = byte;
    if (s->held < length_of((unsigned char)s->bytes[0]))
        return "";
    s->bytes[s->held] = '\0';
    s->held = 0;
    return ascii_for(s->bytes);
}

static bool write_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        const ssize_t done = write(fd, text, size);
        if (done < 0 && errno != EINTR)
            return false;
        text += done > 0 ? done : 0;
        size -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

static ssize_t write_plain(void *cookie, const char *text, size_t size)
{
    struct plain_stream *const s = cookie;
    char out[1024];
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        for (const char *ascii = translate_byte(s, text[i]); *ascii; ascii++)
            out[used++] = *ascii;
        if (used + 8 > sizeof out || i + 1 == size) {
            if (!write_all(s->fd, out, used))
                return 0; /* fopencookie(3): what fails returns 0 */
            used = 0;
        }
    }
    return (ssize_t)size;
}

/* `stream` stays as it is when out of memory. */
static void replace_stream(FILE **stream, struct plain_stream *s, int buffering)
{
    FILE *const plain = fopencookie(s, "w", (cookie_io_functions_t){.write = write_plain});
    if (!plain)
        return;
    setvbuf(plain, NULL, buffering, buffering == _IONBF ? 0 : BUFSIZ);
    *stream = plain;
}

void plain_text_begin(void)
{
    if (plain_text_is_utf8())
        return;
    fflush(stdout);
    static struct plain_stream out = {.fd = STDOUT_FILENO}, errors = {.fd = STDERR_FILENO};
    replace_stream(&stdout, &out, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF);
    replace_stream(&stderr, &errors, _IONBF);
}
