/* SPDX-License-Identifier: MIT
 * One point after the other, and what became of it. */
#include "probes/maps/map_check_child.h"

#include "probes/maps/map_check.h"
#include "probes/maps/map_race.h"
#include "probes/maps/map_user.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* Shared with the child, so that it is known what it did when it died. */
struct progress {
    size_t point;
    bool racing, right;
    char wrong[MAP_CHECK_TEXT];
};

struct checking {
    struct progress *progress;
    const struct maps_point *point;
    size_t points;
    unsigned quiesce;
    uint64_t seed;
};

static void check_in_child(void *context)
{
    const struct checking *const c = context;
    struct progress *const p = c->progress;
    const struct map_strategy *const s = map_user_enter(c->point->strategy);
    p->racing = true;
    bool right = s && map_race_run(s, c->quiesce, c->seed, p->wrong);
    p->racing = !right;
    for (p->point = 0; right && p->point < c->points; p->point += right) {
        struct maps_point real = c->point[p->point];
        real.strategy = s;
        right = map_check_run(&real, c->quiesce, c->seed, p->wrong);
    }
    p->right = right;
}

static int judge(
    const struct progress *p, const struct maps_point *point, int status, struct err *err)
{
    char name[MAPS_NAME];
    if (p->right && status == 0)
        return 0;
    const struct maps_point *const at = &point[p->point];
    char when[LOAD_NAME + 16];
    maps_point_name(at, name);
    if (p->racing)
        snprintf(when, sizeof when, "when threads meet");
    else
        snprintf(when, sizeof when, "under load %s", at->load->name);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        return err_set(err, -ECHILD, "--strategy: %s is stuck %s: not done within %d s", name, when,
            MAP_CHECK_SECONDS);
    if (WIFSIGNALED(status))
        return err_set(
            err, -ECHILD, "--strategy: %s crashed %s: %s", name, when, strsignal(WTERMSIG(status)));
    return err_set(err, -ECHILD, "--strategy: %s is not a map: %s %s", name, when,
        p->wrong[0] ? p->wrong : "it ended the process");
}

int map_check_points(
    const struct maps_point *point, size_t points, unsigned quiesce, uint64_t seed, struct err *err)
{
    struct progress *const p =
        mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return err_set(err, -ENOMEM, "out of memory for a check");
    struct checking checking = {p, point, points, quiesce, seed};
    const int status = user_code_run(check_in_child, &checking, MAP_CHECK_SECONDS);
    const int code = status < 0 ? err_set(err, -errno, "cannot start a check: %s", strerror(errno))
                                : judge(p, point, status, err);
    munmap(p, sizeof *p);
    return code;
}
