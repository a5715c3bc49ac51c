/* SPDX-License-Identifier: MIT
 * What the files of the fleet share; for analysis/hosts/ only. */
#ifndef ANALYSIS_HOSTS_HOSTS_INTERNAL_H
#define ANALYSIS_HOSTS_HOSTS_INTERNAL_H

#include "analysis/dataset/run_index.h"
#include "analysis/hosts/hosts.h"

/* Quantities by name and version, in the order met. */
struct quantities {
    struct hosts_quantity *at;
    size_t count;
    struct run_index *index;
};
/* The number of a quantity, which may be a new one; `strings` owns its texts. 0 or -ENOMEM. */
int quantities_intern(struct quantities *quantities, struct strings *strings, const char *name,
    const char *version, uint32_t *out);
void quantities_fini(struct quantities *quantities);

struct hosts_inside {
    struct run_index *host; /* by name, twice */
    struct run_index *run;  /* by run_id and node */
    struct quantities quantities;
    const char **source; /* of each run */
    size_t runs;
};

/* A number of a run, before those of the same quantity are one. */
struct reading_value {
    uint32_t quantity;
    double value, error;
};

struct reading_values {
    struct reading_value *at;
    size_t count;
};

/* A run of a file. */
struct part_run {
    const char *run_id, *node, *source;
    const char *fact[HOSTS_VERDICTS];
    size_t rows, rejected, verdicts;
    const char **cost; /* which questions cost: "packed add costs" */
    size_t costs;
    const char *worst; /* as of struct host */
    double worst_ratio;
    struct reading_values values; /* by quantity */
};

struct hosts_part {
    const char *name;    /* of the file */
    struct dataset rest; /* rows of stat; its strings own all texts of the part */
    struct quantities quantities;
    struct part_run *run;
    size_t runs;
    struct err broken; /* why reading ended before the end of the file; code 0: it did not */
};

/* Adds `text` to a list of texts, which is in the order of strcmp and has each once. 0 or -ENOMEM.
 */
int fact_add(struct strings *strings, const char **fact, const char *separator, const char *text);
/* Fills the facts of a run, HOSTS_VERDICTS of them. 0 or -ENOMEM. */
int facts_list(struct strings *strings, const struct dataset_run *run, const char **fact);

/* Lists the numbers of a run that hosts can be compared by. 0 or -ENOMEM. */
int values_list(
    const struct dataset *run, struct quantities *quantities, struct reading_values *out);
/* Numbers of the same quantity become their median. */
void values_join(struct reading_values *values);

/* Sets `kind` of each host, and lists the hosts of each kind. 0 or -ENOMEM. */
int kinds_group(struct hosts *hosts);
/* What most of a kind have, and which hosts differ. 0 or -ENOMEM. */
int kinds_compare(struct hosts *hosts);
/* The quantities of each kind and their values. 0 or -ENOMEM. */
int kinds_tabulate(struct hosts *hosts);

/* The text that most of them have, and how many; ties go to the first in the alphabet. Sorts. */
const char *commonest_fact(const char **text, size_t count, size_t *most);

#endif
