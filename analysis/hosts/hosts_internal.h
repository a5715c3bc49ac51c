/* SPDX-License-Identifier: MIT
 * What the files of the fleet share; for analysis/hosts/ only. */
#ifndef ANALYSIS_HOSTS_HOSTS_INTERNAL_H
#define ANALYSIS_HOSTS_HOSTS_INTERNAL_H

#include "analysis/dataset/run_index.h"
#include "analysis/hosts/hosts.h"

struct hosts_inside {
    struct run_index *host;     /* by name, twice */
    struct run_index *run;      /* by run_id and node */
    struct run_index *quantity; /* by name and version */
    const char **source;        /* of each run */
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

/* Lists the numbers of a run that hosts can be compared by. 0 or -ENOMEM. */
int values_list(struct hosts *hosts, const struct dataset *run, struct reading_values *out);
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
