/* SPDX-License-Identifier: MIT
 * The keys of detect's JSON, with the members of struct detect_view that they represent: one table
 * to check, read and write a file by. For detect_*.c only. docs/detect.md lists the keys. */
#ifndef ANALYSIS_REPORT_DETECT_SCHEMA_H
#define ANALYSIS_REPORT_DETECT_SCHEMA_H

#include "analysis/finding/finding_view.h"

#include <jansson.h>

enum {
    KEY_TEXT,    /* const char * */
    KEY_CHARS,   /* a char array */
    KEY_COUNT,   /* unsigned or uint64_t; may be null: it is 0 then */
    KEY_PLACE,   /* int64_t; may be null: it is -1 then */
    KEY_REAL,    /* double; may be null: it is NaN then */
    KEY_FLAG,    /* bool */
    KEY_NAME,    /* an enum, by `names`; may be null: it is 0 then */
    KEY_LETTER,  /* size_t: a thread */
    KEY_LETTERS, /* uint64_t: a set of threads */
    KEY_ADDRESS, /* uint64_t as "0x7f00" */
    KEY_END,     /* struct view_end: how a process ended */
    KEY_WORDS,   /* struct view_words */
    KEY_ONE,     /* a struct with keys; may be null: a pointer to it, NULL then */
    KEY_MANY,    /* a list of such structs */
    KEY_KIND = 15,
    KEY_MAYBE = 16,    /* may be null */
    KEY_INTERVAL = 32, /* of KEY_ONE: in place, a struct interval; null: NaN */
    KEY_LATER = 64,    /* not in every file */
};

struct key_shape {
    size_t bytes; /* of the struct */
    const struct key *keys;
};

struct key {
    const char *name;
    unsigned is;
    size_t at, bytes; /* of the member in its struct */
    const struct key_shape *shape;
    const char *const *names; /* up to NULL, from the second on */
};

extern const struct key_shape detect_schema;

/* Values that are not structs, lists or null. NULL, or what is wrong: "is not a count". */
const char *detect_value_read(
    const struct key *key, const json_t *value, void *member, struct view_pool *pool);
json_t *detect_value_write(const struct key *key, const void *member); /* NULL: out of memory */

#endif
