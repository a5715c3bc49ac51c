/* SPDX-License-Identifier: MIT
 * One failure, reported once, in words on which a user can act. Not for logging: only cli/ prints.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

struct err {
    int code;       /* -errno; 0 while nothing has failed */
    char text[400]; /* one line without a newline: what is wrong and what to do */
};

/* Fills err (which may be NULL) and returns code, so that a caller can `return err_set(...)`.
 * A text that does not fit is cut. Line breaks that came in with user input become spaces. */
int err_set(struct err *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
