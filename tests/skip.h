/* SPDX-License-Identifier: MIT
 * A skip that says why. Included by tests after cmocka. */
#ifndef TESTS_SKIP_H
#define TESTS_SKIP_H

#define SKIP_BECAUSE(...)                                                                          \
    do {                                                                                           \
        print_message("# skipped: " __VA_ARGS__);                                                  \
        print_message("\n");                                                                       \
        skip();                                                                                    \
    } while (0)

#endif
