/* SPDX-License-Identifier: MIT
 * A load: which operations a map gets, in which shares, on which keys. data/loads has one file for
 * each, embedded in the program; data/loads/reads-100.txt describes the format. */
#ifndef PROBES_MAPS_LOAD_H
#define PROBES_MAPS_LOAD_H

#include "base/err.h"
#include "maps/map.h"

enum map_op { MAP_GET, MAP_PUT, MAP_INSERT, MAP_DELETE, MAP_ITERATE, MAP_SIZE, MAP_OPS };
extern const char *const map_op_name[MAP_OPS];

/* Which key an op gets. */
enum load_draw {
    DRAW_UNIFORM, /* each as often */
    DRAW_ZIPF,    /* rank r in proportion to 1 / r^parameter */
    DRAW_HOT,     /* key 0 with the share `parameter`, else any */
    DRAW_OWN,     /* any of the thread's own */
    DRAW_NEW,     /* insert: a new one; delete: the thread's oldest; else any of its living ones */
    DRAWS
};
extern const char *const load_draw_name[DRAWS];

enum { LOAD_TEXT = 96, LOAD_NAME = 40 };
#define LOAD_KEYS_MOST ((uint64_t)1000000000000)

struct load {
    char name[LOAD_NAME], summary[LOAD_TEXT];
    const char *file;      /* of the user's own, as given, borrowed; "" */
    double share[MAP_OPS]; /* percent; 100 together, but for a burst */
    uint64_t keys;         /* in the map when the load begins */
    uint64_t lifetime;     /* ops of a thread that a key lives; 0: not stated */
    uint64_t burst;        /* puts of all threads before each iterates; 0: a mix */
    enum load_draw draw;
    double parameter; /* of the draw */
    unsigned words;   /* of a value */
};

/* A file of data/loads; sorted by name. */
struct load_file {
    const char *name; /* "reads-90" */
    const char *text;
};
extern const struct load_file load_file_table[];
extern const size_t load_file_count;

/* What a load is before any line of it was read. */
struct load load_default(const char *name);
/* Reads a file's text; `file` is for messages. 0, or -EINVAL with file and line in err. */
int load_parse(const char *file, const char *text, struct load *load, struct err *err);
/* By name, or by the path of the user's own file, which has a slash or a dot. -EINVAL: neither;
 * -ENODATA: the file cannot be read. `option` is for messages. */
int load_find(const char *option, const char *name, struct load *load, struct err *err);
/* "12", "1e6": a whole number from 1 on. */
int load_parse_count(
    const char *where, const char *text, uint64_t most, uint64_t *out, struct err *err);
/* "get=90,put=8,iterate=2" into the shares. */
int load_parse_mix(const char *where, const char *text, struct load *load, struct err *err);
/* One line: `key` is its word. */
int load_set(
    const char *where, const char *key, const char *text, struct load *load, struct err *err);
/* Once all is set: a mix of 100, keys, what goes together. `where` begins the message. */
int load_check(const char *where, struct load *load, struct err *err);
/* The keys that live at the same time with so many threads. */
uint64_t load_keys(const struct load *load, unsigned threads);
/* "get=95 put=5, 50000 keys, zipf 0.99, 8 B": what distinguishes loads of one name. */
enum { LOAD_DESCRIPTION = 160 };
void load_describe(const struct load *load, char out[LOAD_DESCRIPTION]);
bool load_iterates(const struct load *load);

#endif
