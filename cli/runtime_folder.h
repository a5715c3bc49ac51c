/* SPDX-License-Identifier: MIT
 * Where the runtime of instrumented programs is. */
#ifndef CLI_RUNTIME_FOLDER_H
#define CLI_RUNTIME_FOLDER_H

#include "base/err.h"

/* In the build folder of the program, or where `make install` puts it. Writes the path to
 * `folder`, of PATH_MAX bytes. `command` is for messages. 0 or -errno with err: it is not there, or
 * has a comma in its path, which -Wl and -Wa cannot pass. */
int runtime_folder_find(const char *command, char *folder, struct err *err);

#endif
