/* SPDX-License-Identifier: MIT
 * Reads loads, line by line. */
#include "probes/maps/load.h"

#include "base/args.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const map_op_name[MAP_OPS] = {"get", "put", "insert", "delete", "iterate", "size"};
const char *const load_draw_name[DRAWS] = {"uniform", "zipf", "hot", "own", "new"};

static const double ALL_NOISE = 1e-6; /* of sums of percentages */
enum { ALL = 100, FILE_MOST = 1 << 14, LINE_MOST = 256 };

struct load load_default(const char *name)
{
    struct load load = {.file = "", .keys = 10000, .words = 1};
    text_append(load.name, sizeof load.name, "%s", name);
    return load;
}

int load_parse_count(
    const char *where, const char *text, uint64_t most, uint64_t *out, struct err *err)
{
    char *end;
    const double value = strtod(text, &end);
    if (end == text || *end || !(value >= 1) || value > (double)most || floor(value) != value)
        return err_set(err, -EINVAL, "%s: '%s' is not a whole number from 1 to %.7g", where, text,
            (double)most);
    *out = (uint64_t)value;
    return 0;
}

static int parse_share(const char *where, char *item, struct load *load, struct err *err)
{
    char *const equals = strchr(item, '=');
    if (!equals)
        return err_set(err, -EINVAL, "%s: '%s' is not OP=PERCENT, as in get=90", where, item);
    *equals = '\0';
    const int op = args_choice(where, "operation", item, map_op_name, MAP_OPS, err);
    char *end;
    if (op < 0)
        return -EINVAL;
    const double share = strtod(equals + 1, &end);
    if (end == equals + 1 || *end || !(share > 0 && share <= ALL))
        return err_set(
            err, -EINVAL, "%s: '%s' is not a percentage, as 90 or 0.5", where, equals + 1);
    if (load->share[op] > 0)
        return err_set(err, -EINVAL, "%s: %s is given twice", where, item);
    load->share[op] = share;
    return 0;
}

/* Items are separated by blanks or commas. */
int load_parse_mix(const char *where, const char *text, struct load *load, struct err *err)
{
    char line[LINE_MOST], *rest = line;
    int code = 0;
    memset(load->share, 0, sizeof load->share);
    if (text_append((line[0] = '\0', line), sizeof line, "%s", text))
        return err_set(err, -EINVAL, "%s: '%s' is too long", where, text);
    for (char *item; !code && (item = strsep(&rest, " \t,"));)
        if (*item)
            code = parse_share(where, item, load, err);
    return code;
}

/* zipf S: any positive exponent; hot SHARE. */
static int parse_draw(const char *where, const char *text, struct load *load, struct err *err)
{
    char name[LINE_MOST] = "";
    double parameter = NAN;
    if (sscanf(text, "%255s %lf", name, &parameter) < 1)
        return err_set(err, -EINVAL, "%s: no name", where);
    const int draw = args_choice(where, "draw", name, load_draw_name, DRAWS, err);
    if (draw < 0)
        return -EINVAL;
    load->draw = (enum load_draw)draw;
    load->parameter = parameter;
    if (draw == DRAW_ZIPF && !(parameter > 0 && parameter <= 8))
        return err_set(err, -EINVAL, "%s: Zipf's exponent is a number up to 8, as 0.99", where);
    if (draw == DRAW_HOT && !(parameter > 0 && parameter <= 1))
        return err_set(
            err, -EINVAL, "%s: the share of the hot key is a number up to 1, as 0.9", where);
    return 0;
}

static int parse_words(const char *where, const char *text, struct load *load, struct err *err)
{
    uint64_t words = 0;
    const int code = load_parse_count(where, text, MAP_WORDS, &words, err);
    load->words = (unsigned)words;
    return code;
}

static int parse_keys(const char *where, const char *text, struct load *load, struct err *err)
{
    return load_parse_count(where, text, LOAD_KEYS_MOST, &load->keys, err);
}

static int parse_lifetime(const char *where, const char *text, struct load *load, struct err *err)
{
    return load_parse_count(where, text, LOAD_KEYS_MOST, &load->lifetime, err);
}

static int parse_burst(const char *where, const char *text, struct load *load, struct err *err)
{
    return load_parse_count(where, text, LOAD_KEYS_MOST, &load->burst, err);
}

static int parse_name(const char *where, const char *text, struct load *load, struct err *err)
{
    load->summary[0] = '\0';
    return text_append(load->summary, sizeof load->summary, "%s", text)
               ? err_set(err, -EINVAL, "%s: longer than %d bytes", where, LOAD_TEXT - 1)
               : 0;
}

static int skip_note(const char *where, const char *text, struct load *load, struct err *err)
{
    (void)where, (void)text, (void)load, (void)err;
    return 0;
}

static const struct {
    const char *key;
    int (*parse)(const char *where, const char *text, struct load *load, struct err *err);
} lines[] = {
    {"name", parse_name},
    {"mix", load_parse_mix},
    {"keys", parse_keys},
    {"draw", parse_draw},
    {"lifetime", parse_lifetime},
    {"words", parse_words},
    {"burst", parse_burst},
    {"note", skip_note},
};
enum { KEYS = sizeof lines / sizeof *lines };

int load_set(
    const char *where, const char *key, const char *text, struct load *load, struct err *err)
{
    const char *known[KEYS];
    for (size_t i = 0; i < KEYS; i++)
        known[i] = lines[i].key;
    const int found = args_choice(where, "word", key, known, KEYS, err);
    return found < 0 ? -EINVAL : lines[found].parse(where, text, load, err);
}

/* A word, then what follows it. */
static int parse_line(const char *where, char *line, struct load *load, struct err *err)
{
    static const char BLANKS[] = " \t\r";
    char *const key = line + strspn(line, BLANKS);
    char *text = key + strcspn(key, BLANKS);
    if (!*key || *key == '#')
        return 0;
    text += *text ? (*text = '\0', 1) : 0;
    for (size_t end = strlen(text); end > 0 && strchr(BLANKS, text[end - 1]); end--)
        text[end - 1] = '\0';
    return load_set(where, key, text + strspn(text, BLANKS), load, err);
}

int load_parse(const char *file, const char *text, struct load *load, struct err *err)
{
    char *const copy = strdup(text), *rest = copy;
    int code = copy ? 0 : err_set(err, -ENOMEM, "out of memory for %s", file);
    char where[LINE_MOST];
    unsigned number = 0;
    for (char *line; !code && (line = strsep(&rest, "\n"));) {
        snprintf(where, sizeof where, "%.200s:%u", file, ++number);
        code = parse_line(where, line, load, err);
    }
    free(copy);
    return code ? code : load_check(file, load, err);
}

static int read_file(const char *option, const char *path, struct load *load, struct err *err)
{
    char text[FILE_MOST];
    FILE *const in = fopen(path, "re");
    const size_t size = in ? fread(text, 1, sizeof text, in) : 0;
    const bool failed = !in || ferror(in);
    const int why = errno;
    if (in)
        fclose(in);
    if (failed)
        return err_set(err, -ENODATA, "%s: cannot read '%s': %s", option, path, strerror(why));
    if (size == sizeof text)
        return err_set(err, -EINVAL, "%s: '%s' is longer than a load can be", option, path);
    text[size] = '\0';
    load->file = path;
    return load_parse(path, text, load, err);
}

static size_t find_builtin(const char *name)
{
    size_t i = 0;
    while (i < load_file_count && strcmp(load_file_table[i].name, name) != 0)
        i++;
    return i;
}

static int unknown_load(const char *option, const char *name, struct err *err)
{
    const char **const known = calloc(load_file_count + 1, sizeof *known);
    for (size_t i = 0; known && i < load_file_count; i++)
        known[i] = load_file_table[i].name;
    if (known)
        args_choice(option, "load", name, known, load_file_count, err);
    free(known);
    return -EINVAL;
}

/* The user's own has its file's name without folder and ending. */
int load_find(const char *option, const char *name, struct load *load, struct err *err)
{
    const size_t found = find_builtin(name);
    const char *const slash = strrchr(name, '/'), *const base = slash ? slash + 1 : name;
    *load = load_default(name);
    if (found < load_file_count)
        return load_parse(name, load_file_table[found].text, load, err);
    if (!slash && !strchr(name, '.'))
        return unknown_load(option, name, err);
    load->name[0] = '\0';
    text_append(load->name, sizeof load->name, "%.*s", (int)strcspn(base, "."), base);
    return read_file(option, name, load, err);
}

static double shares(const struct load *load)
{
    double sum = 0;
    for (int i = 0; i < MAP_OPS; i++)
        sum += load->share[i];
    return sum;
}

static const char *what_is_wrong(const struct load *load)
{
    const double *const share = load->share;
    if (load->burst)
        return shares(load) > 0 || load->draw != DRAW_UNIFORM
                   ? "a burst has neither a mix nor a draw"
                   : NULL;
    if (load->draw == DRAW_NEW && share[MAP_INSERT] == 0)
        return "with draw new some ops must be insert";
    if (load->draw == DRAW_NEW && share[MAP_DELETE] > 0 && share[MAP_DELETE] != share[MAP_INSERT])
        return "with draw new as many ops must be delete as insert, or none";
    if (load->lifetime && !(load->draw == DRAW_NEW && share[MAP_DELETE] > 0))
        return "a lifetime needs draw new and ops that insert and delete";
    return NULL;
}

int load_check(const char *where, struct load *load, struct err *err)
{
    const char *const wrong = what_is_wrong(load);
    const double sum = shares(load);
    if (!load->burst && sum == 0)
        return err_set(err, -EINVAL, "%s: no mix; state what is done, as get=90 put=10", where);
    if (!load->burst && fabs(sum - ALL) > ALL_NOISE)
        return err_set(err, -EINVAL, "%s: the mix adds up to %g%%, not to 100%%", where, sum);
    return wrong ? err_set(err, -EINVAL, "%s: %s", where, wrong) : 0;
}

uint64_t load_keys(const struct load *load, unsigned threads)
{
    const uint64_t lives = (uint64_t)((double)load->lifetime * load->share[MAP_INSERT] / ALL);
    return load->lifetime ? (lives ? lives : 1) * threads : load->keys;
}

bool load_iterates(const struct load *load)
{
    return load->burst || load->share[MAP_ITERATE] > 0;
}

static void describe_draw(const struct load *load, char out[LOAD_DESCRIPTION])
{
    const bool has_parameter = load->draw == DRAW_ZIPF || load->draw == DRAW_HOT;
    text_append(out, LOAD_DESCRIPTION, ", %s", load_draw_name[load->draw]);
    if (has_parameter)
        text_append(out, LOAD_DESCRIPTION, " %g", load->parameter);
    if (load->lifetime)
        text_append(out, LOAD_DESCRIPTION, ", lifetime %" PRIu64, load->lifetime);
}

void load_describe(const struct load *load, char out[LOAD_DESCRIPTION])
{
    out[0] = '\0';
    for (int op = 0; op < MAP_OPS; op++)
        if (load->share[op] > 0)
            text_append_item(out, LOAD_DESCRIPTION, " ", "%s=%g", map_op_name[op], load->share[op]);
    if (load->burst)
        text_append(out, LOAD_DESCRIPTION, "burst %" PRIu64, load->burst);
    if (!load->lifetime) /* by which the number of keys is known */
        text_append(out, LOAD_DESCRIPTION, ", %" PRIu64 " keys", load->keys);
    if (!load->burst)
        describe_draw(load, out);
    text_append(out, LOAD_DESCRIPTION, ", %u B", load->words * 8);
}
