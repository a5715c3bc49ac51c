/* SPDX-License-Identifier: MIT
 * Files that a command reads. */
#ifndef CLI_INPUT_FILE_H
#define CLI_INPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

/* Opens a file for reading; "-" is standard input. The caller closes it. NULL with errno. */
FILE *input_open(const char *path);
bool input_is_stdin(const char *path);
const char *input_name(const char *path); /* for messages */

#endif
