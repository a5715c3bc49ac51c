/* SPDX-License-Identifier: MIT
 * What a report of `detect` contains, as plain data: filled from what was just found
 * (finding_view_fill) or from a JSON file (analysis/report/detect_file.h). Whatever renders a
 * report, as text, JSON or HTML, takes only this. */
#ifndef ANALYSIS_FINDING_FINDING_VIEW_H
#define ANALYSIS_FINDING_FINDING_VIEW_H

#include "analysis/price/price.h"
#include "analysis/sharing/sharing.h"

/* Memory of one view; freed as a whole. */
struct view_pool {
    struct view_chunk *chunk;
    bool failed; /* out of memory: something is missing */
};
/* Zeroed; NULL for none, or when out of memory. */
void *view_pool_new(struct view_pool *pool, size_t count, size_t bytes);
const char *view_pool_text(struct view_pool *pool, const char *text); /* a copy */
void view_pool_fini(struct view_pool *pool);                          /* zeros are safe */
#define VIEW_LIST_OF(type)                                                                         \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t count;                                                                              \
    }
/* Makes a list, any struct of `at` and `count`, of `n` zeroed elements. */
#define VIEW_LIST(pool, list, n)                                                                   \
    ((list)->at = view_pool_new(pool, n, sizeof *(list)->at), (list)->count = (list)->at ? (n) : 0)

/* A text is NULL or "" where it is not known, and a list's `at` is NULL while its count is 0.
 * Threads are named by their index in finding_view.threads. */
struct view_words {
    const char **at;
    size_t count;
};

struct view_picture {
    uint64_t address;
    uint64_t bytes; /* 0: there is no picture */
    VIEW_LIST_OF(struct sharing_row) threads;
    VIEW_LIST_OF(struct sharing_field) fields;
};

struct finding_view {
    enum sharing_kind kind;
    enum sharing_latent latent;
    uint64_t pid;
    const char *program;                        /* the process's first word; not in files */
    struct sharing_object *object;              /* NULL: none */
    VIEW_LIST_OF(struct sharing_object) others; /* on its lines */
    uint64_t cache_lines, accesses;
    VIEW_LIST_OF(struct sharing_field) fields;
    VIEW_LIST_OF(struct sharing_site) sites;
    VIEW_LIST_OF(struct sharing_thread) threads;
    double share; /* of all accesses, 0 to 1; watched, at most of a thread's time */
    struct {
        uint64_t false_sharing, true_sharing;
        double per_second; /* false ones */
        uint64_t possible; /* 0 unless latent */
    } handovers;
    struct { /* of a program that was watched: its hand-overs are not counted */
        uint64_t separate, common; /* without and with common bytes; 0 and 0: it was not watched */
        double first_s;
        bool priced;          /* with --price */
        struct interval gain; /* of a thread while the others are held off: relief_gain */
        uint64_t gain_tid;
    } proofs;
    struct suggestion suggestion;
    struct price price;
    struct view_picture picture;
};

/* Two functions of different threads that take lines of an object from each other; or one that
 * several threads run. */
struct view_pair {
    struct view_words functions; /* two, which may be the same */
    const char *object;
    double per_second; /* false hand-overs, estimated from the shares of their accesses */
    uint64_t possible; /* of latent findings; else 0 */
};

/* What is falsely shared of one type. */
struct view_type {
    const char *type; /* or the object's name or kind, where the type is not known */
    struct view_words objects, fields;
    uint64_t cache_lines, possible;
    double per_second;
};

enum process_end { ENDED_EXIT, ENDED_EXEC, ENDED_KILLED, ENDED_RUNNING, ENDED_SIGNAL };

struct view_end {
    enum process_end how;
    int signal; /* of ENDED_SIGNAL */
};

struct view_process {
    uint64_t pid, parent, threads, coroutines;
    uint64_t samples; /* of a process that was watched; then no access was seen, but where it was */
    struct view_words command, notes;
    double seconds;
    struct {
        uint64_t seen;
        double share; /* of the time; NaN: not known */
    } accesses;
    struct view_end ended;
    const char *note; /* why it was not recorded to its end; the first of `notes`. Not in files */
    bool partly;      /* some of its accesses were not recorded. Not in files */
    bool foreign;     /* the program's own code is not instrumented. Not in files */
};

struct view_suppression {
    const char *pattern;
    uint64_t count;
    unsigned line; /* of the suppressions file; not in files */
};

struct detect_view {
    struct view_pool pool;
    const char *file; /* that it was read from; not in files */
    const char *version;
    const char *host, *cpu_model, *kernel; /* where it ran; NULL or "": not known */
    const char *plain; /* the uninstrumented program that prices are of; NULL: none */
    struct view_words command;
    int64_t status;  /* -1: no program was run */
    unsigned signal; /* 0: none */
    enum record_mode mode;
    uint64_t line_bytes;
    VIEW_LIST_OF(struct view_process) processes;
    VIEW_LIST_OF(struct finding_view) findings; /* the worst first */
    VIEW_LIST_OF(struct view_suppression) suppressed;
    const char *suppressions; /* path; not in files */
    uint64_t below, unwatched;
    struct view_words uninstrumented; /* files whose code ran and reports no access */
    const char *unseen; /* why nothing found does not mean that there is none; NULL: it does */
    VIEW_LIST_OF(struct view_pair) by_function; /* the most hand-overs first */
    VIEW_LIST_OF(struct view_type) by_type;
    double per_second;    /* the threshold of `below`; not in files */
    struct price all;     /* of all that happen, fixed together; in files only its speedup */
    bool priced;          /* not in files */
    unsigned interrupted; /* by this signal while gains were measured; 0: not */
};

/* Fills a view with a finding, which must live as long, and so must its recording and dwarf. */
void finding_view_fill(
    struct sharing *sharing, const struct price *price, struct finding_view *out);
/* Of an unknown price every number is NaN; a known one has no reason. */
void finding_view_price(const struct price *price, struct price *out);
/* Sets `unseen` from the processes. */
void detect_view_judge(struct detect_view *view);
/* Was so little seen of short programs, in bursts, that nothing found does not mean much? */
bool detect_view_is_little(const struct detect_view *view);
/* Fills by_function and by_type from the findings. */
void detect_view_group_functions(struct detect_view *view);
void detect_view_group_types(struct detect_view *view);
void detect_view_fini(struct detect_view *view); /* zeros are safe */

bool finding_view_is_false(const struct finding_view *finding); /* also latent ones */
size_t detect_view_count(const struct detect_view *view);       /* of those */
/* The words that were run; of a recording that was read, those of its first process. */
const struct view_words *detect_view_command(const struct detect_view *view);
/* 0: its object; from 1: the other objects on its lines. NULL: there is none. */
const struct sharing_object *finding_view_object(
    const struct finding_view *finding, uint64_t index);

#endif
