/* SPDX-License-Identifier: MIT
 * A pair of windows four times a second, of one priced line after the other. */
#include "cli/watch/watch.h"

#include "base/grow.h"
#include "probes/watch/watchpoint.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { WINDOW_NS = 8000000, FAST = 5000 /* samples a second, within */ };
static const double EVERY_S = 0.25;

/* Where the others are stopped: of each thread as many words as there are debug registers. */
enum { WORDS = 4, POINTS = WORDS * CONTESTED_USERS };

struct scene {
    struct relief *relief;
    struct watched_thread *thread; /* whose gain it is */
    int pid;
    struct watchpoint_at word; /* that it writes; bytes 0: none */
    struct watchpoint_at other[POINTS];
    size_t others;
};

const struct relief *watch_price_of(const struct watch_session *s, uint64_t key)
{
    for (size_t i = 0; i < s->price.reliefs; i++)
        if (s->price.relief[i].key == key)
            return &s->price.relief[i];
    return NULL;
}

static struct watched_thread *runner(struct watch_session *s, int tid)
{
    struct watched_thread *const t = watched_thread(&s->watched, tid);
    return t && !t->ended && t->clock.fd >= 0 ? t : NULL;
}

/* The thread that is seen there most. */
static int most_seen(struct watch_session *s, const struct proved_line *line)
{
    const struct contested_line *const seen = contested_at(s->contested, line->key);
    double most = 0;
    int tid = 0;
    for (unsigned i = 0; i < line->users; i++)
        for (unsigned k = 0; seen && k < seen->users; k++)
            if (seen->user[k].tid == line->user[i].tid && seen->user[k].seen > most) {
                most = seen->user[k].seen;
                tid = line->user[i].tid;
            }
    return tid;
}

/* NULL: nothing is to be priced now. */
static struct relief *relief_of(struct watch_session *s, const struct proved_line *line)
{
    struct watch_price *const p = &s->price;
    for (size_t i = 0; i < p->reliefs; i++)
        if (p->relief[i].key == line->key)
            return &p->relief[i];
    const int tid = most_seen(s, line);
    if (!tid || p->reliefs == WATCH_PRICED || GROW(p->relief, p->reliefs))
        return NULL;
    p->relief[p->reliefs] = (struct relief){.key = line->key, .tid = tid};
    return &p->relief[p->reliefs++];
}

static struct watchpoint_at point_of(int tid, const struct contested_access *access)
{
    unsigned bytes = WATCHPOINT_BYTES_MOST;
    while (bytes > 1 && (bytes > access->bytes || access->address % bytes))
        bytes /= 2;
    return (struct watchpoint_at){tid, access->address, bytes, !access->write};
}

static void set_scene(struct watch_session *s, const struct proved_line *line, struct scene *scene)
{
    for (unsigned i = 0; i < line->users; i++) {
        const struct contested_user *const user = &line->user[i];
        for (unsigned k = 0; k < user->accesses && k < WORDS; k++) {
            const struct watchpoint_at at = point_of(user->tid, &user->access[k]);
            if (user->tid != scene->relief->tid && runner(s, user->tid))
                scene->other[scene->others++] = at;
            else if (user->tid == scene->relief->tid && user->access[k].write && !scene->word.bytes)
                scene->word = at;
        }
    }
}

/* The next line that is falsely shared, and can be priced now. */
static bool pick_scene(struct watch_session *s, struct scene *scene)
{
    for (size_t i = 0; i < s->proved.lines; i++) {
        const struct proved_line *const line = &s->proved.line[s->price.next++ % s->proved.lines];
        if (line->separate < PROVED_LEAST || line->separate <= line->common)
            continue;
        *scene = (struct scene){.relief = relief_of(s, line)};
        scene->thread = scene->relief ? runner(s, scene->relief->tid) : NULL;
        if (!scene->thread)
            continue;
        scene->pid = s->watched.process[scene->thread->process].space.pid;
        set_scene(s, line, scene);
        if (scene->others)
            return true;
    }
    return false;
}

static uint64_t read_word(const struct scene *scene)
{
    uint64_t word = 0;
    if (scene->word.bytes)
        address_space_copy(scene->pid, scene->word.address, &word, scene->word.bytes);
    return word;
}

/* 0, also where the others cannot be held: then there was no window, and *held is false. */
static int hold(const struct scene *scene, struct watchpoint *point, bool *held)
{
    int code = 0;
    struct err err;
    for (size_t i = 0; i < scene->others && !code; i++)
        code = watchpoint_hold(&scene->other[i], &point[i], &err);
    *held = !code;
    return code == -ENOSPC || code == -ESRCH ? 0 : code;
}

static bool came(const struct scene *scene, const struct watchpoint *point)
{
    uint64_t ran_ns;
    for (size_t i = 0; i < scene->others; i++)
        if (point[i].fd >= 0 && watchpoint_hit(&point[i], &ran_ns))
            return true;
    return false;
}

/* Samples from before are counted before, those of the window within. */
static int watch_window(struct watch_session *s, const struct scene *scene, struct relief_window *w)
{
    int code = watch_sample(s);
    s->price.key = scene->relief->key;
    s->price.samples = s->price.at_line = 0;
    s->price.tid = scene->relief->tid;
    const uint64_t ran_ns = thread_clock_ran_ns(&scene->thread->clock);
    w->before = read_word(scene);
    nanosleep(&(struct timespec){.tv_nsec = WINDOW_NS}, NULL);
    w->after = read_word(scene);
    w->ran_ns = thread_clock_ran_ns(&scene->thread->clock) - ran_ns;
    code = code ? code : watch_sample(s);
    s->price.tid = 0;
    w->samples = s->price.samples;
    w->at_line = s->price.at_line;
    return code;
}

/* *useful: the thread ran, and the others were held where they came. */
static int play_held(
    struct watch_session *s, const struct scene *scene, struct relief_window *w, bool *useful)
{
    struct watchpoint point[POINTS];
    for (size_t i = 0; i < POINTS; i++)
        point[i].fd = -1;
    int code = hold(scene, point, useful);
    if (*useful)
        code = watch_window(s, scene, w);
    *useful = *useful && came(scene, point);
    for (size_t i = 0; i < POINTS; i++)
        watchpoint_disarm(&point[i]);
    return code;
}

static int play_pair(struct watch_session *s, const struct scene *scene)
{
    struct relief_window window[RELIEF_WINDOWS] = {{0}};
    bool useful = false;
    const unsigned first = rng_below(&s->rng, RELIEF_WINDOWS);
    int code = 0;
    for (unsigned i = 0; i < RELIEF_WINDOWS && !code; i++) {
        const unsigned which = i ^ first;
        code = which == RELIEF_HELD ? play_held(s, scene, &window[which], &useful)
                                    : watch_window(s, scene, &window[which]);
    }
    for (int i = 0; i < RELIEF_WINDOWS; i++)
        useful &= window[i].ran_ns > WINDOW_NS / 2;
    if (!code && useful)
        relief_add(scene->relief, window, scene->word.bytes);
    return code;
}

int watch_price_step(struct watch_session *s, struct err *err)
{
    struct scene scene;
    if (!s->args.price || watch_seconds(s) < s->price.next_s || !pick_scene(s, &scene))
        return 0;
    s->price.next_s = watch_seconds(s) + EVERY_S;
    thread_clock_rate(&scene.thread->clock, FAST);
    const int code = play_pair(s, &scene);
    thread_clock_rate(&scene.thread->clock, s->watched.per_second);
    return code ? err_set(err, code, "cannot hold a thread off a line: %s", strerror(-code)) : 0;
}
