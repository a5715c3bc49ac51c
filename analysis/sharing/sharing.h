/* SPDX-License-Identifier: MIT
 * From a recording of what threads did on cache lines to findings: which objects are falsely
 * shared, in which fields, from where. docs/detect.md states the rules. Knows no hardware: a
 * recording of another machine is judged as well. */
#ifndef ANALYSIS_SHARING_SHARING_H
#define ANALYSIS_SHARING_SHARING_H

#include "analysis/dwarf/dwarf.h"
#include "base/record_read.h"

enum sharing_kind { SHARING_FALSE, SHARING_MIXED, SHARING_TRUE };

/* What it takes to make it happen. */
enum sharing_latent {
    LATENT_NOT,       /* it happened */
    LATENT_TURNS,     /* threads at the same time: they ran in turns, as on one cpu */
    LATENT_START,     /* the object at another address that its alignment allows */
    LATENT_WIDE,      /* lines of 128 bytes */
    LATENT_PROCESSES, /* it is between processes: it may happen, but hand-overs were not counted */
};
/* Does it happen where its object lies and with this machine's lines, given threads that run at the
 * same time? */
static inline bool latent_happens_here(enum sharing_latent latent)
{
    return latent == LATENT_NOT || latent == LATENT_TURNS || latent == LATENT_PROCESSES;
}

enum sharing_object_kind {
    OBJECT_UNKNOWN,
    OBJECT_GLOBAL,
    OBJECT_TLS,
    OBJECT_HEAP,
    OBJECT_MMAP,
    OBJECT_STACK,
};

struct sharing_place {
    const char *file; /* NULL: not known */
    unsigned line;
    const char *folder; /* that `file` is relative to; NULL: it is absolute, or not known */
};

struct sharing_object {
    enum sharing_object_kind kind;
    char name[128];      /* "" when it has none */
    char type_name[128]; /* "" when not known */
    const struct dwarf_type *type;
    uint64_t type_start;        /* where it begins in the object, behind what an allocator stores */
    bool array;                 /* it is known to be, or may be, many of `type` one after another */
    struct sharing_place place; /* of the declaration */
    const struct sharing_place *declared; /* that place; NULL: not known */
    uint64_t start, size;                 /* of the first one seen; size 0: not known */
    uint64_t slack;                       /* bytes that the size may be too large */
    uint64_t touched;                     /* up to the last byte that was, from the start */
    size_t count;                         /* objects of this site */
    bool fixed;                    /* it is aligned to lines on purpose and cannot lie otherwise */
    uint64_t stack[RECORD_FRAMES]; /* return addresses of the allocation; of a stack none */
    uint32_t frames, slot;
    struct {
        struct dwarf_frame *at;
        size_t count;
    } allocated;       /* `stack` as frames from the first that is not a wrapper of malloc on */
    uint64_t identity; /* equal for all objects that are reported as one */
};

struct sharing_thread {
    uint32_t slot;
    size_t index; /* in sharing.thread */
    uint64_t reads, writes, false_in, true_in, tid;
    const char *name; /* of a goroutine, the function that it runs */
    bool coroutine;   /* it is a goroutine */
    struct dwarf_frame starter;
    const struct dwarf_frame *started; /* from there; NULL: not known */
};

/* Threads are named by their index in sharing.thread; bit i of a set is thread i, the last bit is
 * all from there on. */
enum { SHARING_SET_BITS = 64, SHARING_OBJECTS = 6, SHARING_FIELDS = 64, SHARING_WIDE = 128 };

struct sharing_field {
    char name[96];
    size_t object;        /* index in sharing.object */
    uint64_t first, size; /* from the object's start; of an object not known, from the line's */
    int64_t place;        /* of `part`: from the line's start */
    uint64_t readers, writers;
    bool known;        /* a field of the type; else the name gives bytes */
    bool member;       /* of a struct, so that alignas can be put before it */
    const char *class; /* the base class that it is declared in; NULL: the object's type */
    uint64_t instance; /* of `part`: where its object begins; else 0 */
};

struct sharing_site {
    uint64_t pc; /* within the instruction */
    size_t thread, object;
    uint64_t first, size; /* from the object's start, at the last place seen */
    unsigned kind;        /* enum record_kind */
    bool read, write;
    uint64_t count;
    struct dwarf_frame frame;
    const char *reason; /* why its module names nothing; NULL: it does */
};

/* What a thread touched on the worst line. */
struct sharing_row {
    size_t thread;
    char bytes[SHARING_WIDE + 1]; /* of each byte 'R' read, 'W' written, 'B' both, '.' neither */
};

enum suggestion_what {
    SUGGEST_NONE,
    SUGGEST_ALIGN,    /* alignas on a variable or member */
    SUGGEST_PAD,      /* the element of an array to whole lines */
    SUGGEST_MOVE,     /* members apart */
    SUGGEST_SEPARATE, /* allocate each separately */
};

struct suggestion {
    enum suggestion_what what;
    unsigned bytes; /* 0: none */
    char text[512];
};

struct sharing {
    enum sharing_kind kind;
    enum sharing_latent latent;
    enum dwarf_language language; /* that the first object, or what uses it, is written in */
    const struct recording *recording;
    struct dwarf *dwarf;
    struct sharing_object object[SHARING_OBJECTS];
    struct dwarf_frame allocated[SHARING_OBJECTS][RECORD_FRAMES]; /* of each object */
    size_t objects;
    struct sharing_thread *thread; /* the most accesses first */
    struct sharing_site *site;     /* the most used first */
    struct sharing_row *row;
    size_t threads, sites, rows;
    struct sharing_field field[SHARING_FIELDS]; /* of all lines, by object and place */
    struct sharing_field part[SHARING_FIELDS];  /* of the worst line, by address */
    size_t fields, parts;
    uint64_t worst;      /* address of the line that the picture shows */
    unsigned line_bytes; /* of it */
    size_t cache_lines;
    uint64_t accesses, handovers_false, handovers_true;
    uint64_t possible;  /* of latent ones: false hand-overs that may happen */
    uint64_t contended; /* hand-overs that may happen, false and true, also where others did */
    double share, per_second; /* per second that was seen */
    struct suggestion suggestion;
    const struct line_stat **line; /* it was made of; once each, the most accesses first */
    size_t lines;
};

struct sharing_list {
    struct sharing **finding; /* the worst first */
    size_t count;
    size_t below; /* groups of shared lines that did not reach the rule's thresholds */
};

/* docs/detect.md, "What is reported", gives the reasons. */
struct sharing_rule {
    unsigned line_bytes;      /* 64 or 128 */
    double per_second;        /* false hand-overs, of a second seen */
    uint64_t least;           /* and at least so many */
    double latent_per_second; /* as they could be, where they did not happen */
    uint64_t latent_least;
    double mixed; /* share of the false ones from which on both are reported, as mixed */
};
extern const struct sharing_rule sharing_rule;

/* Appends the findings of a recording and sorts. The recording and its dwarf must live as long as
 * the list. 0 or -ENOMEM with err. */
int sharing_find(const struct recording *recording, struct dwarf *dwarf,
    const struct sharing_rule *rule, struct sharing_list *list, struct err *err);
void sharing_fini(struct sharing_list *list);

#endif
