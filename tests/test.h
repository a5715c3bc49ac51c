/* SPDX-License-Identifier: MIT
 * What every file of tests includes: cmocka with the headers it wants, and a skip that says why.
 * The file's main is written by scripts/test-main. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SKIP_BECAUSE(...)                                                                          \
    do {                                                                                           \
        print_message("# skipped: " __VA_ARGS__);                                                  \
        print_message("\n");                                                                       \
        skip();                                                                                    \
    } while (0)

#endif
