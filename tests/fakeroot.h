/* SPDX-License-Identifier: MIT
 * A folder with a made-up /proc and /sys, for the probes that take a root. */
#ifndef TESTS_FAKEROOT_H
#define TESTS_FAKEROOT_H

#include "tests/test.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fakeroot {
    char path[256];
};

static inline void fakeroot_init(struct fakeroot *root)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(root->path, sizeof root->path, "%.200s/fakeroot.XXXXXX", tmp != NULL ? tmp : "/tmp");
    assert_non_null(mkdtemp(root->path));
}

static inline void fakeroot_bytes(
    const struct fakeroot *root, const char *path, const void *bytes, size_t size)
{
    char full[512];
    snprintf(full, sizeof full, "%s%s", root->path, path);
    for (char *slash = full + strlen(root->path) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        assert_true(mkdir(full, 0700) == 0 || errno == EEXIST);
        *slash = '/';
    }
    FILE *out = fopen(full, "we");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
}

static inline void fakeroot_file(const struct fakeroot *root, const char *path, const char *text)
{
    fakeroot_bytes(root, path, text, strlen(text));
}

static inline int fakeroot_remove(
    const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path);
}

static inline void fakeroot_fini(const struct fakeroot *root)
{
    nftw(root->path, fakeroot_remove, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
