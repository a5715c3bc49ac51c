/* SPDX-License-Identifier: MIT */
#include "tests/test.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text, *blanked;
} cases[] = {
    {"", ""},
    {"plain", "plain"},
    {"a\nb\tc\r\033[31m\177", "a b c  [31m "},
    {"\xc2\x9b"
     "31m",
        " 31m"},                                                /* CSI as a C1 character */
    {"\xc2\x80\xc2\x9f\xc2\xa0\xc2\xb5", "  \xc2\xa0\xc2\xb5"}, /* up to U+009F, not from U+00A0 */
    {"\xc4\x9b \xe2\x94\x94 \xf0\x9f\x98\x80", "\xc4\x9b \xe2\x94\x94 \xf0\x9f\x98\x80"},
    {"\x9b"
     "31m",
        " 31m"},                    /* of an 8-bit terminal */
    {"\xc0\x9b \xc1\x9b", "     "}, /* longer than need be */
    {"\xe2\x94", " "},              /* cut */
    {"\xe2\x1b[0m", "  [0m"},
};

static void what_a_terminal_obeys_is_blank(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64], *put = NULL, *printed = NULL;
        size_t size;
        snprintf(text, sizeof text, "%s", cases[i].text);
        text_blank_controls(text);
        assert_string_equal(text, cases[i].blanked);
        FILE *out = open_memstream(&put, &size);
        text_put(cases[i].text, strlen(cases[i].text), out);
        fclose(out);
        assert_string_equal(put, cases[i].blanked);
        out = open_memstream(&printed, &size);
        text_print(out, "%s", cases[i].text);
        fclose(out);
        assert_string_equal(printed, cases[i].blanked);
        free(put);
        free(printed);
    }
}

static void a_cut_in_a_character_is_blank(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    text_put("a\xe2\x94\x94", 2, out);
    fclose(out);
    assert_string_equal(text, "a ");
    free(text);
}

static void line_ends_of_the_format_stay(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    text_print(out, "\n%s: %s\n\n", "a\nb", "\n");
    text_print(out, "%s", "\n");
    text_print(out, "\n");
    fclose(out);
    assert_string_equal(text, "\na b:  \n\n \n");
    free(text);
}

static void words_for_a_shell(void **state)
{
    (void)state;
    static const char *const words[][2] = {{"./app-1.2_x", "./app-1.2_x"}, {"", "''"},
        {"a b", "'a b'"}, {"it's", "'it'\\''s'"}, {"'", "''\\'''"}, {"$x`y`\\", "'$x`y`\\'"},
        {"\xc2\xb5 \x1b", "'\xc2\xb5  '"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char *text;
        size_t size;
        FILE *const out = open_memstream(&text, &size);
        text_put_word(words[i][0], out);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(text, words[i][1]);
        free(text);
    }
}
