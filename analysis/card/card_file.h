/* SPDX-License-Identifier: MIT
 * Machine cards: what `numaprobe costs --card` writes. docs/card.md lists the keys. */
#ifndef ANALYSIS_CARD_CARD_FILE_H
#define ANALYSIS_CARD_CARD_FILE_H

#include "analysis/stats/stats.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* The version of the form. It grows when a key is renamed, removed or gets another meaning; keys
 * are added without that. */
enum { CARD_SCHEMA = 1 };
extern const char card_command[]; /* what the key `command` of a card has */

/* The cards that were read, in order. All that is shown of each is missing, null or of its type;
 * the texts are not trusted. */
struct cards {
    struct card {
        json_t *root;
        char *file;
        bool is_namesake; /* of another card here */
    } * card;
    size_t count;
};

/* Whether the stream, which can be rewound and is, has a card of any schema. */
bool card_file_is(FILE *in);
/* Adds a card; `name` is for messages. -EINVAL: of a schema that this version does not know, or a
 * key of another type; -ENOMEM; with err. */
int card_file_read(FILE *in, const char *name, struct cards *out, struct err *err);
void cards_fini(struct cards *cards); /* zeros are safe */

/* [low, median, high, n] and back; null and INTERVAL_NONE where nothing was measured. */
json_t *card_interval_json(struct interval interval);
struct interval card_interval(const json_t *value);

/* What tables call it: its label, else its host; its file where another card here has the same, as
 * two of one machine do. Never NULL. */
const char *card_label(const struct card *card);
/* The same, cut so that two columns fit a terminal; in place of what is cut is an ellipsis. */
struct card_heading {
    char text[24];
};
struct card_heading card_heading(const struct card *card);
/* A text or list of a part of the card: card_get(card, "run", "kernel"). NULL: not there. */
const json_t *card_get(const struct card *card, const char *part, const char *key);

#endif
