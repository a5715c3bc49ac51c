/* SPDX-License-Identifier: MIT
 * A strategy of the user's own: a C file with the entry map_strategy (maps/map.h). Its code runs in
 * child processes only. */
#ifndef PROBES_MAPS_MAP_USER_H
#define PROBES_MAPS_MAP_USER_H

#include "base/err.h"
#include "machine/user_code.h"
#include "maps/map.h"

struct map_user {
    /* First: what is known of it here; its functions are NULL, since they are in the child. `facts`
     * is not NULL where it has that. */
    struct map_strategy stub;
    struct user_code code;
    char name[64], summary[128]; /* of the stub: the file's name without folder and ending */
};

/* Compiles it, and asks it in a child process. 0; -ENOEXEC: cannot be read, does not compile, is
 * not a strategy; -ECHILD: crashed; -ENODEV: no compiler; -ENOMEM; with err. Released with
 * map_user_free, which also removes what was compiled. */
int map_user_new(const char *path, struct map_user **user, struct err *err);
void map_user_free(struct map_user *user); /* NULL is safe */

bool map_is_user(const struct map_strategy *strategy);
/* In a child process: the strategy itself, of one that is built in or of a stub. NULL: it cannot be
 * loaded. */
const struct map_strategy *map_user_enter(const struct map_strategy *strategy);

#endif
