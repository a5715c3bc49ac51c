/* SPDX-License-Identifier: MIT
 * What a first word that is not a command may have been meant as. */
#ifndef CLI_COMMAND_HINT_H
#define CLI_COMMAND_HINT_H

#include <stddef.h>

/* "; did you mean 'run'" or the like; "" when nothing is near. */
void command_hint(const char *text, char *out, size_t size);

#endif
