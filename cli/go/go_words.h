/* SPDX-License-Identifier: MIT
 * The words of a `go` command line, as far as what is added to it must fit in: which command it is,
 * and what the user gives that has one value only. */
#ifndef CLI_GO_GO_WORDS_H
#define CLI_GO_GO_WORDS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct go_words {
    bool builds;         /* build, test, run, install */
    bool tests;          /* test */
    size_t first;        /* index of the first word behind the command, and behind -C FOLDER */
    const char *folder;  /* -C; "" */
    const char *overlay; /* the user's file; NULL */
    const char *ldflags; /* of GOFLAGS; NULL. Those of the command line stay where they are */
    bool counts;         /* -count of test */
    bool pie;            /* -buildmode=pie */
    char *kept[2];       /* what of that go_words_free frees */
};

/* argv[0] is go's command. 0, or -EINVAL with err: an option excludes what is added. */
int go_words_read(int argc, char *const argv[], struct go_words *words, struct err *err);

/* The same of what GOFLAGS gives, which the command line overrides. */
int go_words_read_flags(const char *flags, struct go_words *words, struct err *err);
void go_words_free(struct go_words *words);

/* Is the word this flag of go, written with one dash or two? With "=VALUE", `*value` points to
 * that; else it becomes NULL. */
bool go_words_is(const char *word, const char *flag, const char **value);

/* The value of -ldflags with `extra` added for the external linker, which is used. The caller frees
 * it. NULL with err: the user's excludes it, or there is no memory. */
char *go_words_ldflags(const char *users, const char *extra, struct err *err);

#endif
