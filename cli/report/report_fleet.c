/* SPDX-License-Identifier: MIT
 * Threads that read files, each one file at a time. Files are opened, and what they have is added,
 * in their order, so that the page is the same for any number of threads. */
#include "cli/report/report_fleet.h"

#include "base/cpuset.h"
#include "cli/input_file.h"
#include "cli/report/report_files.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

/* Each file takes and frees a few MB, which otherwise go back to the kernel and come again as
 * zeroed pages, for 8% of the time. */
enum { KEPT_BYTES = 64 << 20 };

/* So many read faster than disks do, and each takes some MB. */
enum { THREADS_MAX = 16 };

/* A file that waits for those before it. */
struct slot {
    bool is_read;
    struct hosts_part *part; /* NULL: it has none */
    char *note;              /* why it could not be read; NULL */
};

struct reading {
    pthread_mutex_t mutex; /* of all that follows, and of the session */
    struct report_session *fleet;
    size_t warned;
    bool quiet;
    struct slot *slot;  /* of each file */
    size_t next, added; /* the file to be opened next; files that were added */
    int code;           /* 0 or -ENOMEM, after which nothing is read */
};

static void slot_fini(struct slot *slot)
{
    hosts_part_free(slot->part);
    free(slot->note);
    *slot = (struct slot){0};
}

static int add_slot(struct report_session *fleet, const struct slot *slot)
{
    if (slot->note)
        return hosts_note(&fleet->hosts, "%s", slot->note);
    return slot->part ? hosts_add(&fleet->hosts, slot->part, &fleet->dataset) : 0;
}

/* Those of which all before them were added. */
static void add_read(struct reading *r)
{
    while (!r->code && r->added < r->fleet->args.files && r->slot[r->added].is_read) {
        r->code = add_slot(r->fleet, &r->slot[r->added]);
        slot_fini(&r->slot[r->added++]);
    }
}

static int read_open(struct reading *r, size_t index, FILE *in)
{
    pthread_mutex_unlock(&r->mutex);
    struct hosts_part *const part = hosts_part_read(in, input_name(r->fleet->args.file[index]));
    pthread_mutex_lock(&r->mutex);
    r->slot[index].part = part;
    return part ? 0 : -ENOMEM;
}

static int read_next(struct reading *r)
{
    const size_t index = r->next++;
    struct err err;
    FILE *in;
    r->fleet->args.quiet = r->quiet || index < r->warned;
    int code = report_file_open(r->fleet, index, &in, &err);
    if (in)
        code = read_open(r, index, in);
    else if (code && code != -ENOMEM) {
        r->slot[index].note = strdup(err.text);
        code = r->slot[index].note ? 0 : -ENOMEM;
    }
    report_file_close(r->fleet, index, in);
    r->slot[index].is_read = true;
    return code;
}

static void *read_files(void *context)
{
    struct reading *const r = context;
    pthread_mutex_lock(&r->mutex);
    while (!r->code && r->next < r->fleet->args.files) {
        const int code = read_next(r);
        r->code = r->code ? r->code : code;
        add_read(r);
    }
    pthread_mutex_unlock(&r->mutex);
    return NULL;
}

/* One for each cpu that this process may use. */
static size_t count_threads(size_t files)
{
    cpu_set_t *const cpus = CPU_ALLOC(CPUSET_MAX);
    const size_t size = CPU_ALLOC_SIZE(CPUSET_MAX);
    size_t count = 1;
    if (cpus && sched_getaffinity(0, size, cpus) == 0)
        count = (size_t)CPU_COUNT_S(size, cpus);
    CPU_FREE(cpus);
    count = count < files ? count : files;
    return count < THREADS_MAX ? count : THREADS_MAX;
}

/* This thread is one of them, and does all where no other can be started. */
static void read_by_threads(struct reading *r)
{
    pthread_t thread[THREADS_MAX];
    const size_t wanted = count_threads(r->fleet->args.files);
    size_t started = 0;
    while (started + 1 < wanted && pthread_create(&thread[started], NULL, read_files, r) == 0)
        started++;
    read_files(r);
    for (size_t i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
}

static int read_all(struct report_session *fleet, size_t warned)
{
    const size_t files = fleet->args.files;
    struct reading r = {.fleet = fleet,
        .warned = warned,
        .quiet = fleet->args.quiet,
        .slot = calloc(files, sizeof *r.slot)};
    if (!r.slot)
        return -ENOMEM;
    mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    pthread_mutex_init(&r.mutex, NULL);
    read_by_threads(&r);
    pthread_mutex_destroy(&r.mutex);
    for (size_t i = 0; i < files; i++)
        slot_fini(&r.slot[i]);
    free(r.slot);
    return r.code ? r.code : hosts_finish(&fleet->hosts);
}

static int build_report(struct report_session *fleet, struct err *err)
{
    const int code = dataset_fold(&fleet->dataset, err);
    if (code)
        return code;
    ab_sessions_group(&fleet->compared);
    const struct report_input input = {&fleet->dataset, &fleet->detected, &fleet->watched,
        &fleet->compared, &fleet->hosts, &fleet->cards};
    return report_init(&fleet->report, &input)
               ? err_set(err, -ENOMEM, "out of memory for the report")
               : 0;
}

int report_fleet_read(struct report_session *s, size_t warned, struct err *err)
{
    struct report_session *const fleet = calloc(1, sizeof *fleet);
    if (!fleet)
        return err_set(err, -ENOMEM, "out of memory for the hosts");
    s->fleet = fleet;
    *fleet = (struct report_session){.args = s->args, .kept = s->kept};
    const int code = read_all(fleet, warned);
    return code ? err_set(err, code, "out of memory for the hosts") : build_report(fleet, err);
}
