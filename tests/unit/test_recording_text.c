/* SPDX-License-Identifier: MIT
 * machine/recording_text: any bytes are read back; what is cut, broken or leads elsewhere is
 * refused.
 */
#include "tests/recording_made.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_text(const char *text, size_t size, struct pieces *out, struct err *err)
{
    FILE *const in = fmemopen((void *)text, size, "r");
    assert_non_null(in);
    const int code = recording_text_read(in, "x", out, err);
    fclose(in);
    return code;
}

static void add(struct pieces *pieces, const char *path, const char *text, size_t length)
{
    char *const copy = malloc(length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    assert_int_equal(pieces_add(pieces, path, copy, length, 0), 0);
}

static struct pieces odd_pieces(void)
{
    struct pieces p = {0};
    char bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    add(&p, "/a/all", bytes, sizeof bytes);
    add(&p, "/a/#b", "", 0);
    add(&p, "/a/\xff\\\t", "\n", 1);
    add(&p, "/a b/c", "\n\n\tx\\\n\n", 7);
    add(&p, "/a b/d", "no end", 6);
    pieces_sort(&p);
    return p;
}

static void any_bytes_are_read_back(void **state)
{
    (void)state;
    struct pieces p = odd_pieces(), back;
    struct err err = {0};
    char *const text = written(&p);
    if (read_text(text, strlen(text), &back, &err) != 0)
        fail_msg("%s in\n%s", err.text, text);
    assert_int_equal(back.count, p.count);
    for (size_t i = 0; i < p.count; i++) {
        assert_string_equal(back.piece[i].path, p.piece[i].path);
        assert_int_equal(back.piece[i].length, p.piece[i].length);
        assert_memory_equal(back.piece[i].text, p.piece[i].text, p.piece[i].length);
    }
    pieces_fini(&back);
    pieces_fini(&p);
    free(text);
}

static void a_text_that_is_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct pieces p = odd_pieces(), back;
    char *const text = written(&p);
    for (size_t size = 1; size < strlen(text); size++) {
        struct err err = {0};
        assert_int_equal(read_text(text, size, &back, &err), -ENOEXEC);
        assert_non_null(strstr(err.text, "'x'"));
        pieces_fini(&back);
    }
    pieces_fini(&p);
    free(text);
}

static void a_broken_text_is_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"<xml>\n", "not a recording"},
        {"#numaprobe recording 2\n#end 0\n", "schema 2"},
        {"#numaprobe recording 1x\n#end 0\n", "schema 1"},
        {"#numaprobe recording 1\nname\t1\n#end 1\n", "line 2"},
        {"#numaprobe recording 1\n/a\nname\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\n\t1\n#end 0\n", "line 3"},
        {"#numaprobe recording 1\n/a\nb\t1\\c\n\t2\n#end 1\n", "line 4"},
        {"#numaprobe recording 1\n/a\nb\t\\9\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\nb\t\\777\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\nb\t1\n#end 2\n", "line 4"},
        {"#numaprobe recording 1\n/a\nb\t1\n#end 1\n/c\n", "line 5"},
        {"#numaprobe recording 1\n/../a\nb\t1\n#end 1\n", "line 2"},
        {"#numaprobe recording 1\n/a/..\nb\t1\n#end 1\n", "line 2"},
        {"#numaprobe recording 1\n/a/\\056\\056/b\nb\t1\n#end 1\n", "line 2"},
        {"#numaprobe recording 1\n/a\n..\t1\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\n../b\t1\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\n\\057b\t1\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\nb\\000c\t1\n#end 1\n", "line 3"},
        {"#numaprobe recording 1\n/a\n\t1\n#end 0\n", "line 3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pieces back;
        struct err err = {0};
        const int code = read_text(cases[i][0], strlen(cases[i][0]), &back, &err);
        if (code != -ENOEXEC || !strstr(err.text, cases[i][1]))
            fail_msg("%d, '%s' of\n%s", code, err.text, cases[i][0]);
        pieces_fini(&back);
    }
}
