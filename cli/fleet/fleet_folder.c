/* SPDX-License-Identifier: MIT
 * Paths below a folder, and the plan in it. */
#include "cli/fleet/fleet_folder.h"

#include "analysis/fleet/script.h"
#include "cli/cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_LEFT = PATH_MAX - 320 }; /* room for tasks/NUMBER-HOST/FILE */

void fleet_folder_file(const struct fleet_folder *folder, const char *name, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%.*s/%s", PATH_LEFT, folder->path, name);
}

void fleet_task_file(const struct fleet_folder *folder, const struct fleet_task *task,
    const char *name, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%.*s/tasks/%" PRId64 "-%.200s/%.40s", PATH_LEFT, folder->path,
        task->task, task->node, name);
}

static int find_folder(const char *path, bool make, struct fleet_folder *folder, struct err *err)
{
    struct stat found;
    if (make && mkdir(path, 0777) != 0 && errno != EEXIST)
        return err_set(err, -errno, "--folder: cannot make '%s': %s", path, strerror(errno));
    if (!realpath(path, folder->path) || stat(folder->path, &found) != 0)
        return err_set(err, -errno, "--folder: '%s': %s", path, strerror(errno));
    if (!S_ISDIR(found.st_mode))
        return err_set(err, -ENOTDIR, "--folder: '%s' is not a folder", path);
    if (strlen(folder->path) >= PATH_LEFT || fleet_has_controls(folder->path))
        return err_set(err, -EINVAL,
            "--folder: '%s' is too long or has control characters; name another", path);
    return 0;
}

int fleet_folder_open(const char *path, bool make, struct fleet_folder *folder, struct err *err)
{
    char file[PATH_MAX];
    *folder = (struct fleet_folder){0};
    if (find_folder(path, make, folder, err))
        return EXIT_FILE;
    if (fleet_plan_init(&folder->plan, err))
        return EXIT_CANNOT;
    fleet_folder_file(folder, "plan.csv", file);
    FILE *const in = fopen(file, "re");
    if (!in && errno == ENOENT)
        return 0;
    if (!in) {
        err_set(err, -errno, "%s: %s", file, strerror(errno));
        return EXIT_FILE;
    }
    const int code = fleet_plan_read(in, file, &folder->plan, err);
    fclose(in);
    return !code ? 0 : code == -ENOMEM ? EXIT_CANNOT : EXIT_FILE;
}

int fleet_folder_read(const char *path, struct fleet_folder *folder, struct err *err)
{
    const int status = fleet_folder_open(path, false, folder, err);
    if (status || folder->plan.count)
        return status;
    err_set(
        err, -ENOENT, "--folder: there is no plan in '%s'; 'numaprobe fleet plan' makes it", path);
    return EXIT_FILE;
}

void fleet_folder_close(struct fleet_folder *folder)
{
    fleet_plan_fini(&folder->plan);
}
