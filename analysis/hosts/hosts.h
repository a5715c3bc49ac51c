/* SPDX-License-Identifier: MIT
 * The hosts of a fleet: of each run the values that hosts can be compared by, and facts about the
 * machine, so that a thousand hosts' rows are never in memory at once. */
#ifndef ANALYSIS_HOSTS_HOSTS_H
#define ANALYSIS_HOSTS_HOSTS_H

#include "analysis/dataset/dataset.h"
#include "analysis/peers/peers.h"
#include "analysis/verdict/verdict.h"

/* From so many hosts on a report is of a fleet. */
enum { HOSTS_FLEET_MIN = PEERS_HOSTS_MIN };

/* What hosts of one kind have in common, or should have; a text each, "" where it is not known. */
enum hosts_fact {
    HOSTS_MODEL,
    HOSTS_ARCH,
    HOSTS_HYPERVISOR,
    HOSTS_SIZE, /* of what matrix measured: packages, nodes, cores and cpus */
    HOSTS_KERNEL,
    HOSTS_PREFETCHERS,
    HOSTS_NODES, /* from here to HOSTS_MICROCODE: of the column settings, by these names */
    HOSTS_CPUS,
    HOSTS_SMT,
    HOSTS_GOVERNOR,
    HOSTS_BOOST,
    HOSTS_NO_TURBO,
    HOSTS_THP,
    HOSTS_NUMA_BALANCING,
    HOSTS_CLOCKSOURCE,
    HOSTS_MICROCODE,
    HOSTS_PAGES,
    HOSTS_VERSION, /* of numaprobe */
    HOSTS_VERDICTS,
    HOSTS_FACTS
};
extern const char *const hosts_fact_name[HOSTS_FACTS];

struct hosts_value {
    uint32_t quantity; /* of hosts->quantity */
    double value;      /* natural logarithm of what was measured */
    double error;      /* its standard error; NaN where it is not known */
};

struct host {
    const char *name;
    const char *fact[HOSTS_FACTS];
    bool differs[HOSTS_FACTS]; /* from what most of its kind have */
    size_t runs, rows, rejected;
    size_t verdicts, costs; /* verdicts; how many of them are that a layout costs */
    const char *worst;      /* the verdict that costs most; "" */
    double worst_ratio;
    size_t kind;               /* of hosts->kind */
    size_t row;                /* in the kind's values */
    struct hosts_value *value; /* ascending by quantity, each once */
    size_t values;
    size_t lacking; /* quantities that at least half of its kind has, and this one has not */
    size_t alone;   /* that it has, and less than a fifth of its kind */
};

struct hosts_quantity {
    const char *name;    /* "costs load modified, same L3, local" */
    const char *version; /* of numaprobe: two versions are not compared */
};

struct hosts_kind {
    const char *fact[HOSTS_FACTS]; /* what most have; "" where there is no most */
    size_t *host;                  /* of hosts->host, by name */
    size_t hosts;
    uint32_t *quantity; /* of hosts->quantity, ascending */
    size_t quantities;
    double *value, *error; /* as struct peers_kind; columns are those of `quantity` */
};

struct hosts {
    struct host *host; /* in the order met; after hosts_finish by kind, then by name */
    size_t count;
    const struct hosts_quantity *quantity; /* after hosts_finish */
    size_t quantities;
    struct hosts_kind *kind; /* the largest first */
    size_t kinds;
    struct peers_result result; /* numbered as kind, its `host` and its `quantity` */
    const char **note;          /* what was left out: a line each */
    size_t notes, files;
    struct strings *strings;
    struct hosts_inside *inside;
};

/* What one file has. */
struct hosts_part;
/* Reads a CSV of one or many hosts, apart from all others: several threads may do so at the same
 * time. Where it cannot be read on, the run it is in and what follows it are left out. NULL when
 * out of memory. */
struct hosts_part *hosts_part_read(FILE *in, const char *name);
void hosts_part_free(struct hosts_part *part); /* NULL is safe */
/* Adds what a file has; the order of the files is that of the calls. What could not be read, and a
 * run that was read before, is a note. Rows of stat go into `dataset`, and so does nothing else. 0
 * or -ENOMEM; start from zeros. */
int hosts_add(struct hosts *hosts, const struct hosts_part *part, struct dataset *dataset);
/* A line about a file that cannot be read. 0 or -ENOMEM. */
int hosts_note(struct hosts *hosts, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Groups the hosts into kinds and compares them; nothing can be read after it. 0 or -ENOMEM. */
int hosts_finish(struct hosts *hosts);
void hosts_fini(struct hosts *hosts); /* zeros are safe */

/* The host of a named one, and the name of the quantity. */
const struct host *hosts_named_host(const struct hosts *hosts, const struct peers_named *named);
const char *hosts_named_quantity(const struct hosts *hosts, const struct peers_named *named);
/* What follows `named[from]` for the same host ends before this one. */
size_t hosts_named_end(const struct hosts *hosts, size_t from);
/* "Intel(R) Xeon(R) Processor, x86_64, Firecracker". Needs HOSTS_KIND_TEXT bytes; returns `out`. */
enum { HOSTS_KIND_TEXT = 256 };
const char *hosts_kind_text(const struct hosts_kind *kind, char *out);

#endif
