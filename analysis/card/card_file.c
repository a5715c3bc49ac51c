/* SPDX-License-Identifier: MIT
 * Reading a card of this version, an older or a newer one. Each key may be missing, as a version
 * wrote it that did not have it, or null: not measured. A key that is not known is skipped. What is
 * of another type than it was ever written is refused. */
#include "analysis/card/card_file.h"

#include "base/grow.h"
#include "base/json.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char card_command[] = "costs --card";

enum is { TEXT, NUMBER, FLAG, ONE, MANY, NUMBERS, MATRIX, INTERVAL, INTERVALS, BY_NAME };

/* A key, and what it is where it is there. */
struct shape {
    const char *key;
    enum is is;
    bool needed;                /* rows are found by it */
    const struct shape *within; /* of ONE and MANY */
};

static const struct shape run_shape[] = {{"host", TEXT, false, NULL}, {"label", TEXT, false, NULL},
    {"started_at", TEXT, false, NULL}, {"cpu_model", TEXT, false, NULL},
    {"arch", TEXT, false, NULL}, {"kernel", TEXT, false, NULL}, {"hypervisor", TEXT, false, NULL},
    {"prefetchers", TEXT, false, NULL}, {"version", TEXT, false, NULL},
    {"seconds", NUMBER, false, NULL}, {"blocks", NUMBER, false, NULL},
    {"precision_reached", FLAG, false, NULL}, {NULL, TEXT, false, NULL}};
static const struct shape node_shape[] = {{"node", NUMBER, false, NULL},
    {"memory_bytes", NUMBER, false, NULL}, {"cpus", NUMBER, false, NULL},
    {NULL, TEXT, false, NULL}};
static const struct shape topology_shape[] = {{"packages", NUMBER, false, NULL},
    {"l3s", NUMBER, false, NULL}, {"cores", NUMBER, false, NULL}, {"cpus", NUMBER, false, NULL},
    {"l1_bytes", NUMBER, false, NULL}, {"l2_bytes", NUMBER, false, NULL},
    {"l3_bytes", NUMBER, false, NULL}, {"line_bytes", NUMBER, false, NULL},
    {"nodes", MANY, false, node_shape}, {"distances", MATRIX, false, NULL},
    {NULL, TEXT, false, NULL}};
static const struct shape condition_shape[] = {
    {"check", TEXT, true, NULL}, {"found", TEXT, false, NULL}, {NULL, TEXT, false, NULL}};
static const struct shape price_shape[] = {{"op", TEXT, true, NULL}, {"state", TEXT, true, NULL},
    {"home", TEXT, true, NULL}, {"ns", BY_NAME, true, NULL}, {NULL, TEXT, false, NULL}};
static const struct shape hold_shape[] = {{"op", TEXT, true, NULL},
    {"contenders", TEXT, true, NULL}, {"threads", NUMBER, false, NULL},
    {"gap_ns", NUMBERS, true, NULL}, {"contended_ns", INTERVALS, false, NULL},
    {"price_ns", INTERVALS, false, NULL}, {"hold_ns", INTERVALS, false, NULL},
    {NULL, TEXT, false, NULL}};
static const struct shape class_shape[] = {
    {"distance", TEXT, true, NULL}, {"ns", INTERVAL, false, NULL}, {NULL, TEXT, false, NULL}};
static const struct shape lack_shape[] = {
    {"what", TEXT, true, NULL}, {"reason", TEXT, true, NULL}, {NULL, TEXT, false, NULL}};
static const struct shape card_shape[] = {{"run", ONE, false, run_shape},
    {"topology", ONE, false, topology_shape}, {"conditions", MANY, false, condition_shape},
    {"prices", MANY, false, price_shape}, {"hold", MANY, false, hold_shape},
    {"classes", MANY, false, class_shape}, {"lacks", MANY, false, lack_shape},
    {NULL, TEXT, false, NULL}};

static bool is_number_or_null(const json_t *value)
{
    return json_is_number(value) || json_is_null(value);
}

static bool is_interval(const json_t *value)
{
    bool is = json_array_size(value) >= 4;
    for (size_t i = 0; i < 4 && is; i++)
        is = is_number_or_null(json_array_get(value, i));
    return is || json_is_null(value);
}

static bool is_list_of_intervals(const json_t *value)
{
    bool is = json_is_array(value);
    for (size_t i = 0; i < json_array_size(value) && is; i++)
        is = is_interval(json_array_get(value, i));
    return is;
}

static bool is_list_of_numbers(const json_t *value)
{
    bool is = json_is_array(value);
    for (size_t i = 0; i < json_array_size(value) && is; i++)
        is = json_is_number(json_array_get(value, i));
    return is;
}

static bool is_list_of_lists_of_numbers(const json_t *value)
{
    bool is = json_is_array(value);
    for (size_t i = 0; i < json_array_size(value) && is; i++)
        is = is_list_of_numbers(json_array_get(value, i));
    return is;
}

static bool has_intervals_by_name(const json_t *value)
{
    bool is = json_is_object(value);
    const char *name;
    json_t *one;
    json_object_foreach((json_t *)value, name, one) is = is && is_interval(one);
    return is;
}

/* NULL: each key is missing or right; else the key that is not. */
static const char *wrong_key(const json_t *object, const struct shape *shape);

static const char *wrong_in_list(const json_t *list, const struct shape *of)
{
    const char *wrong = json_is_array(list) ? NULL : of->key;
    for (size_t i = 0; i < json_array_size(list) && !wrong; i++) {
        const json_t *const one = json_array_get(list, i);
        wrong = wrong_key(one, of->within);
    }
    return wrong;
}

static bool is_number(const json_t *value)
{
    return json_is_number(value);
}

static bool is_text(const json_t *value)
{
    return json_is_string(value);
}

static bool is_flag(const json_t *value)
{
    return json_is_boolean(value);
}

static bool fits(const json_t *value, enum is is)
{
    static bool (*const check[])(const json_t *) = {[TEXT] = is_text,
        [NUMBER] = is_number,
        [FLAG] = is_flag,
        [NUMBERS] = is_list_of_numbers,
        [MATRIX] = is_list_of_lists_of_numbers,
        [INTERVAL] = is_interval,
        [INTERVALS] = is_list_of_intervals,
        [BY_NAME] = has_intervals_by_name};
    return check[is](value);
}

static const char *wrong_value(const json_t *object, const struct shape *s)
{
    const json_t *const value = json_object_get(object, s->key);
    if (!value || json_is_null(value))
        return s->needed ? s->key : NULL;
    if (s->is == ONE)
        return wrong_key(value, s->within);
    if (s->is == MANY)
        return wrong_in_list(value, s);
    return fits(value, s->is) ? NULL : s->key;
}

static const char *wrong_key(const json_t *object, const struct shape *shape)
{
    const char *wrong = json_is_object(object) ? NULL : shape->key;
    for (const struct shape *s = shape; s->key && !wrong; s++)
        wrong = wrong_value(object, s);
    return wrong;
}

bool card_file_is(FILE *in)
{
    json_t *const root = json_loadf(in, 0, NULL);
    const char *const command = json_string_value(json_object_get(root, "command"));
    const bool is = command && strcmp(command, card_command) == 0;
    json_decref(root);
    rewind(in);
    return is;
}

static int check_card(const json_t *root, const char *name, struct err *err)
{
    const json_t *const schema = json_object_get(root, "schema");
    if (!json_is_integer(schema))
        return err_set(err, -EINVAL, "%s: a card without the number of its schema", name);
    if (json_integer_value(schema) != CARD_SCHEMA)
        return err_set(err, -EINVAL,
            "%s: a card of schema %lld; this numaprobe reads schema %d, use the one that wrote it",
            name, (long long)json_integer_value(schema), CARD_SCHEMA);
    const char *const wrong = wrong_key(root, card_shape);
    return wrong ? err_set(err, -EINVAL,
                       "%s: '%s' is missing or of another type: not what numaprobe costs --card "
                       "writes",
                       name, wrong)
                 : 0;
}

/* Cards of one machine are distinguished by their files. */
static void mark_namesakes(struct cards *cards)
{
    struct card *const last = &cards->card[cards->count - 1];
    const char *const label = card_label(last);
    bool has_namesake = false;
    for (size_t i = 0; i + 1 < cards->count; i++) {
        struct card *const other = &cards->card[i];
        const bool was_one = other->is_namesake;
        other->is_namesake = false;
        const bool is_one = strcmp(card_label(other), label) == 0;
        other->is_namesake = was_one || is_one;
        has_namesake = has_namesake || is_one;
    }
    last->is_namesake = has_namesake;
}

/* Takes the card over, with a copy of its name. */
static int keep_card(struct cards *out, json_t *root, const char *name)
{
    if (GROW(out->card, out->count))
        return -ENOMEM;
    struct card *const card = &out->card[out->count];
    *card = (struct card){root, strdup(name), false};
    if (!card->file)
        return -ENOMEM;
    out->count++;
    mark_namesakes(out);
    return 0;
}

int card_file_read(FILE *in, const char *name, struct cards *out, struct err *err)
{
    json_error_t why;
    json_t *const root = json_loadf(in, 0, &why);
    int code = root ? check_card(root, name, err) : json_refuse(name, &why, err);
    if (!code && keep_card(out, root, name))
        code = err_set(err, -ENOMEM, "out of memory for '%s'", name);
    if (code)
        json_decref(root);
    return code;
}

void cards_fini(struct cards *cards)
{
    for (size_t i = 0; i < cards->count; i++) {
        json_decref(cards->card[i].root);
        free(cards->card[i].file);
    }
    free(cards->card);
    *cards = (struct cards){0};
}

json_t *card_interval_json(struct interval i)
{
    if (i.n == 0 || isnan(i.mid))
        return json_null();
    return json_pack("[o, o, o, I]", json_number(i.low), json_number(i.mid), json_number(i.high),
        (json_int_t)i.n);
}

static double number_at(const json_t *value, size_t index)
{
    const json_t *const number = json_array_get(value, index);
    return json_is_number(number) ? json_number_value(number) : NAN;
}

struct interval card_interval(const json_t *value)
{
    const double n = number_at(value, 3);
    if (!json_is_array(value) || !(n >= 1 && n < 1e15) || isnan(number_at(value, 1)))
        return INTERVAL_NONE;
    return (struct interval){.low = number_at(value, 0),
        .mid = number_at(value, 1),
        .high = number_at(value, 2),
        .n = (size_t)n};
}

const json_t *card_get(const struct card *card, const char *part, const char *key)
{
    const json_t *const value = json_object_get(json_object_get(card->root, part), key);
    return json_is_null(value) ? NULL : value;
}

const char *card_label(const struct card *card)
{
    const char *const label = json_string_value(card_get(card, "run", "label"));
    const char *const host = json_string_value(card_get(card, "run", "host"));
    return card->is_namesake ? card->file
           : label && *label ? label
           : host && *host   ? host
                             : card->file;
}

static bool is_inside_character(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80; /* of UTF-8 */
}

/* What is at the end of a file's path distinguishes it; of a label, what is at the beginning. */
struct card_heading card_heading(const struct card *card)
{
    enum { MOST = 16 };
    struct card_heading heading;
    const char *const label = card_label(card);
    const size_t length = strlen(label);
    size_t from = 0, to = length;
    if (length > MOST && label == card->file)
        from = length - (MOST - 1);
    else if (length > MOST)
        to = MOST - 1;
    while (from > 0 && is_inside_character(label[from]))
        from++;
    while (to < length && to > 0 && is_inside_character(label[to]))
        to--;
    snprintf(heading.text, sizeof heading.text, "%s%.*s%s", from > 0 ? "…" : "", (int)(to - from),
        label + from, to < length ? "…" : "");
    return heading;
}
