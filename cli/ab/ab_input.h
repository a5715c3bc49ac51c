/* SPDX-License-Identifier: MIT
 * The file of --input, which each run reads from its beginning. */
#ifndef CLI_AB_AB_INPUT_H
#define CLI_AB_AB_INPUT_H

#include "base/err.h"

struct ab_input {
    const char *path; /* NULL: none */
    char own[32];     /* of a copy of standard input */
    int fd;           /* of that copy; 0: none */
};

/* `path` NULL: none; "-": standard input, of which a copy is kept in memory. 0 or -errno with err.
 */
int ab_input_open(const char *path, struct ab_input *input, struct err *err);
void ab_input_close(struct ab_input *input); /* safe when zeroed */

#endif
