/* SPDX-License-Identifier: MIT
 * Reads data/events, line by line, and finds the file for a cpu. Does not check
 * that an event exists: tests/unit/test_event_names.c asks libpfm4, and a program asks the kernel.
 */
#include "base/event_set.h"

#include "base/grow.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_MAX = 1 << 16,
    MATCH_MAX = 128,      /* a match line */
    NUMBER_MAX = 1 << 16, /* above every family, model and part */
};
static const char BLANKS[] = " \t\r";

struct reader {
    const char *file;
    size_t line;
    struct event_set *set;
    struct err *err;
    bool named, pmus; /* there was such a line */
};

/* One `match`: x86_64 by vendor, family and models, aarch64 by implementer and parts. */
struct match {
    char arch[16], vendor[32];
    unsigned family, first, last;
};

static int bad_at(const struct reader *r, size_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int bad_at(const struct reader *r, size_t line, const char *format, ...)
{
    char what[200];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    return err_set(r->err, -EINVAL, "data/events %s:%zu: %s", r->file, line, what);
}
#define bad(r, ...) bad_at(r, (r)->line, __VA_ARGS__)

/* The next word of a line; "" at its end. */
static char *next_word(char **at)
{
    char *begin = *at + strspn(*at, BLANKS);
    *at = begin + strcspn(begin, BLANKS);
    if (**at)
        *(*at)++ = '\0';
    return begin;
}

/* The rest of a line, without blanks around it. */
static char *line_rest(char *at)
{
    at += strspn(at, BLANKS);
    for (size_t length = strlen(at); length > 0 && strchr(BLANKS, at[length - 1]); length--)
        at[length - 1] = '\0';
    return at;
}

static bool parse_number(const char *text, char **end, unsigned *out)
{
    if (*text < '0' || *text > '9')
        return false;
    const unsigned long value = strtoul(text, end, 0);
    *out = (unsigned)value;
    return value < NUMBER_MAX;
}

static bool parse_range(const char *text, struct match *m)
{
    char *end;
    if (!parse_number(text, &end, &m->first))
        return false;
    m->last = m->first;
    return (*end != '-' || parse_number(end + 1, &end, &m->last)) && *end == '\0' &&
           m->first <= m->last;
}

static bool parse_family(const char *text, struct match *m)
{
    char *end;
    return parse_number(text, &end, &m->family) && *end == '\0';
}

static bool copy_text(char *out, size_t size, const char *text)
{
    return *text && (size_t)snprintf(out, size, "%s", text) < size;
}

/* What follows the word "match". */
static bool parse_match(char *at, struct match *out)
{
    *out = (struct match){0};
    if (!copy_text(out->arch, sizeof(out->arch), next_word(&at)) ||
        !copy_text(out->vendor, sizeof(out->vendor), next_word(&at)))
        return false;
    const bool x86 = strcmp(out->arch, "x86_64") == 0;
    if (!x86 && strcmp(out->arch, "aarch64") != 0)
        return false;
    return (!x86 || parse_family(next_word(&at), out)) && parse_range(next_word(&at), out) &&
           *line_rest(at) == '\0';
}

static bool match_covers(const struct match *m, const struct event_cpu *cpu)
{
    return strcmp(m->arch, cpu->arch) == 0 && strcmp(m->vendor, cpu->vendor) == 0 &&
           m->family == cpu->family && m->first <= cpu->model && cpu->model <= m->last;
}

static size_t find_name(const char *const *names, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    return i;
}

static struct event_line *add_line(struct reader *r)
{
    struct event_set *set = r->set;
    if (GROW(set->line, set->lines))
        return NULL;
    set->line[set->lines] = (struct event_line){.source = "", .note = "", .line = r->line};
    return &set->line[set->lines++];
}

/* EVENT [+|- EVENT]..., cut into words in place. */
static int read_terms(const struct reader *r, struct event_line *line, char *at)
{
    for (int sign = 1; sign;) {
        const char *name = next_word(&at);
        if (line->terms == EVENT_TERMS)
            return bad(r, "more than %d events", EVENT_TERMS);
        if (!*name || !strcmp(name, "+") || !strcmp(name, "-"))
            return bad(r, "an event is missing");
        line->term[line->terms++] = (struct event_term){name, sign};
        const char *next = next_word(&at);
        if (*next && strcmp(next, "+") != 0 && strcmp(next, "-") != 0)
            return bad(r, "'%s' where + or - is expected", next);
        sign = *next == '\0' ? 0 : *next == '+' ? 1 : -1;
    }
    return 0;
}

/* The line before must have a source. */
static int check_source(const struct reader *r)
{
    const struct event_line *last = r->set->lines ? &r->set->line[r->set->lines - 1] : NULL;
    if (!last || *last->source)
        return 0;
    return bad_at(r, last->line, "no source for %s", event_roles[last->role].name);
}

/* `at + second` is a copy of the text at `at`, to be cut into terms. */
static int read_role(struct reader *r, const char *role_name, char *at, size_t second)
{
    const enum event_role role = event_role_find(role_name);
    if (role == EVENT_ROLES)
        return bad(r, "'%s' is not a role", role_name);
    if (check_source(r) != 0)
        return -EINVAL;
    const char *scope_name = next_word(&at), *sees_name = next_word(&at);
    const size_t scope = find_name(event_scopes, EVENT_SCOPES, scope_name);
    const size_t sees = find_name(event_sees, EVENT_SEES, sees_name);
    if (scope == EVENT_SCOPES)
        return bad(r, "'%s' is not a scope (thread, core, l3)", scope_name);
    if (sees == EVENT_SEES)
        return bad(r, "'%s' is not what an event sees (all, loads, stores)", sees_name);
    struct event_line *line = add_line(r);
    if (!line)
        return err_set(r->err, -ENOMEM, "data/events %s: out of memory", r->file);
    line->role = role;
    line->scope = (enum event_scope)scope;
    line->sees = (enum event_sees)sees;
    line->formula = line_rest(at);
    return *line->formula ? read_terms(r, line, at + second) : bad(r, "no events");
}

/* `source` or `note` of the role line above. */
static int read_remark(struct reader *r, const char *key, const char *text)
{
    if (r->set->lines == 0)
        return bad(r, "a %s before any role", key);
    struct event_line *line = &r->set->line[r->set->lines - 1];
    const char **slot = strcmp(key, "source") == 0 ? &line->source : &line->note;
    if (**slot)
        return bad(r, "a second %s", key);
    if (!*text)
        return bad(r, "an empty %s", key);
    *slot = text;
    return 0;
}

static int read_once(struct reader *r, const char *key, bool *seen, const char *text)
{
    if (*seen)
        return bad(r, "a second %s", key);
    *seen = true;
    return *text ? 0 : bad(r, "an empty %s", key);
}

static int read_match(const struct reader *r, char *at)
{
    struct match m;
    if (strlen(at) >= MATCH_MAX || !parse_match(at, &m))
        return bad(r, "match needs x86_64 VENDOR FAMILY MODEL[-MODEL], or "
                      "aarch64 IMPLEMENTER PART[-PART]");
    return 0;
}

static int read_line(struct reader *r, char *text, size_t second)
{
    char *at = text;
    const char *key = next_word(&at);
    if (*key == '\0' || *key == '#')
        return 0;
    if (strcmp(key, "match") == 0)
        return read_match(r, at);
    if (strcmp(key, "name") == 0)
        return read_once(r, key, &r->named, r->set->name = line_rest(at));
    if (strcmp(key, "pmu") == 0)
        return read_once(r, key, &r->pmus, r->set->pmu = line_rest(at));
    if (strcmp(key, "source") == 0 || strcmp(key, "note") == 0)
        return read_remark(r, key, line_rest(at));
    return read_role(r, key, at, second);
}

static int read_lines(struct reader *r, size_t second)
{
    int code = 0;
    for (char *at = r->set->text, *next; at && code == 0; at = next) {
        next = strchr(at, '\n');
        if (next) {
            next[second] = '\0';
            *next++ = '\0';
        }
        r->line++;
        code = read_line(r, at, second);
    }
    return code == 0 ? check_source(r) : code;
}

int event_set_parse(const char *name, const char *text, struct event_set *out, struct err *err)
{
    *out = (struct event_set){.pmu = ""};
    struct reader r = {.file = name, .set = out, .err = err};
    const size_t length = strnlen(text, TEXT_MAX + 1);
    if (length > TEXT_MAX)
        return err_set(err, -EINVAL, "data/events %s: longer than %d bytes", name, TEXT_MAX);
    /* Twice: a formula stays as written, and each of its events needs a terminating NUL. */
    out->text = malloc(2 * (length + 1));
    if (!out->text)
        return err_set(err, -ENOMEM, "data/events %s: out of memory", name);
    memcpy(out->text, text, length + 1);
    memcpy(out->text + length + 1, text, length + 1);
    out->name = out->text + length; /* "" */
    const int code = read_lines(&r, length + 1);
    if (code != 0)
        event_set_fini(out);
    return code;
}

void event_set_fini(struct event_set *set)
{
    free(set->line);
    free(set->text);
    *set = (struct event_set){0};
}

/* Looks at the match lines only, and needs no memory. */
static bool file_covers(const char *text, const struct event_cpu *cpu)
{
    for (const char *next; text; text = next ? next + 1 : NULL) {
        next = strchr(text, '\n');
        char line[MATCH_MAX + 8], *at = line; /* and "match" */
        struct match m;
        snprintf(line, sizeof(line), "%.*s", next ? (int)(next - text) : -1, text);
        if (strcmp(next_word(&at), "match") == 0 && parse_match(at, &m) && match_covers(&m, cpu))
            return true;
    }
    return false;
}

const struct event_file *event_file_for(const struct event_cpu *cpu)
{
    const struct event_file *generic = NULL;
    for (size_t i = 0; i < event_file_count; i++) {
        if (file_covers(event_file_table[i].text, cpu))
            return &event_file_table[i];
        if (strcmp(event_file_table[i].name, "generic.txt") == 0)
            generic = &event_file_table[i];
    }
    assert(generic);
    return generic;
}
