/* SPDX-License-Identifier: MIT
 * Lines that threads share, or would share if they lay elsewhere, with the objects on them. */
#ifndef ANALYSIS_SHARING_SHARING_CANDIDATE_H
#define ANALYSIS_SHARING_SHARING_CANDIDATE_H

#include "analysis/sharing/sharing_object.h"

/* What one thread touched of a window; bit 0 of word[0] is its first byte. */
struct touched {
    uint32_t slot, thread; /* thread: one of the slot's, counted from 0 in the candidate */
    uint64_t met;          /* accesses by this thread and those that it met */
    bool represents;       /* for all threads of its slot: touches_life */
    const struct line_stat *line;
    const struct footprint *from;
    uint64_t false_in, true_in; /* those of the line's rests inferred */
    uint64_t read[2], written[2];
};
static inline bool mask_bit(const uint64_t mask[2], unsigned byte)
{
    return mask[byte / 64] >> byte % 64 & 1;
}

/* Could its fields be used independently of each other if they lay on separate lines
 * (sharing_separable.h)? */
struct separable {
    bool is;        /* some field can stay with a thread while another one changes hands */
    double carried; /* if not: the share of accesses to fields that travel with another one */
};

/* A line as it is, or a window over two that are next to each other. */
struct candidate {
    enum sharing_latent position; /* LATENT_NOT: as it is; LATENT_START; LATENT_WIDE */
    uint64_t start;
    unsigned bytes;
    unsigned from, to; /* of another start: the bytes of the object that begins there */
    const struct line_stat *line[2];
    size_t lines;
    struct touched *touched; /* one for each thread and line, however many */
    size_t touches;
    /* Of a line as it is, those of its rests inferred; switched: within one cpu. */
    uint64_t handovers_false, handovers_true, switched;
    uint64_t possible, possible_true, accesses;
    /* Of a window over two lines that the same threads use: what happened on them as they are. */
    uint64_t around_false, around_true;
    struct separable separable;
    uint64_t identity[SHARING_OBJECTS]; /* of the touched objects, ascending; 0: none */
};
bool candidate_byte(const struct candidate *candidate, unsigned byte); /* does any touch it? */
/* The object at a byte of the window. */
void candidate_object(const struct sharing_context *context, const struct candidate *candidate,
    unsigned byte, struct sharing_object *out);

struct candidates {
    struct candidate *at;
    size_t count;
};

/* All of a recording. 0 or -ENOMEM. */
int candidates_find(
    const struct sharing_context *context, unsigned line_bytes, struct candidates *out);
void candidates_fini(struct candidates *candidates);

#endif
