/* SPDX-License-Identifier: MIT
 * Lines into nodes, each name once. */
#include "analysis/fleet/nodes.h"

#include "analysis/fleet/seen.h"
#include "base/grow.h"
#include "base/number.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct fleet_nodes *nodes;
    struct fleet_seen *names;
    const char *file;
    size_t line;
    struct err *err;
};

bool fleet_is_host(const char *text)
{
    enum { HOST_MAX = 200 }; /* a file's name has at most 255 bytes */
    const char *at = text;
    while (isalnum((unsigned char)*at) || (*at && strchr("._-@:%", *at)))
        at++;
    return *text && !*at && !strchr("-.", *text) && at - text <= HOST_MAX;
}

static int fail_memory(struct err *err)
{
    return err_set(err, -ENOMEM, "out of memory for the nodes");
}

/* Copies the texts of `node`. */
static int add_node(struct reading *r, struct fleet_node node)
{
    struct fleet_nodes *const nodes = r->nodes;
    node.name = strings_intern(nodes->strings, node.name);
    node.kind = strings_intern(nodes->strings, node.kind);
    node.partition = strings_intern(nodes->strings, node.partition);
    if (!node.name || !node.kind || !node.partition || GROW(nodes->node, nodes->count) ||
        fleet_seen_add(&r->names, node.name, nodes->count))
        return fail_memory(r->err);
    nodes->node[nodes->count++] = node;
    return 0;
}

enum field { NAME, PARTITION, STATE, FEATURES, CPUS, SOCKETS, CORES, THREADS, MIB, FIELDS };

static bool split_fields(char *line, char *field[FIELDS])
{
    size_t count = 0;
    char *at = line;
    for (; at && count < FIELDS; count++)
        field[count] = strsep(&at, "|");
    return count == FIELDS && !at;
}

/* States of scontrol(1) in which a node takes no job. A flag follows some, as in "down*". */
static bool is_away(const char *state)
{
    static const char *const away[] = {"down", "drain", "fail", "error", "unk", "inval", "powered",
        "powering_down", "no_respond", "future", "maint", "reboot"};
    const size_t length = strlen(state);
    for (size_t i = 0; i < sizeof away / sizeof *away; i++)
        if (strncasecmp(state, away[i], strlen(away[i])) == 0)
            return true;
    return length && state[length - 1] == '*'; /* it does not answer */
}

/* In whole GiB, since nodes of one model differ in what their firmware takes. */
static int describe_kind(char *const field[FIELDS], char *kind, size_t size)
{
    int64_t mib;
    const char *const end = number_i64(field[MIB], &mib);
    const bool featured = *field[FEATURES] && strcmp(field[FEATURES], "(null)") != 0;
    if (!end || (*end && strcmp(end, "+") != 0) || mib < 0)
        return -EINVAL;
    snprintf(kind, size, "%s%s%s cpus, %sx%sx%s, %" PRId64 " GiB", featured ? field[FEATURES] : "",
        featured ? ": " : "", field[CPUS], field[SOCKETS], field[CORES], field[THREADS],
        (mib + 512) / 1024);
    return 0;
}

/* The default partition has a '*' behind its name. */
static bool is_default(const char *partition)
{
    const size_t length = strlen(partition);
    return length && partition[length - 1] == '*';
}

static int add_sinfo(struct reading *r, char *line)
{
    char *field[FIELDS], kind[512];
    if (!split_fields(line, field) || !fleet_is_host(field[NAME]) ||
        describe_kind(field, kind, sizeof kind))
        return err_set(r->err, -EINVAL, "sinfo: line %zu is not a node as '%s' asks for", r->line,
            FLEET_SINFO_OPTION);
    const long before = fleet_seen_find(r->names, field[NAME]);
    const bool preferred = is_default(field[PARTITION]);
    field[PARTITION][strcspn(field[PARTITION], "*")] = '\0';
    if (before == FLEET_UNSEEN)
        return add_node(
            r, (struct fleet_node){field[NAME], kind, field[PARTITION], is_away(field[STATE])});
    if (!preferred)
        return 0;
    struct fleet_node *const node = &r->nodes->node[before];
    node->partition = strings_intern(r->nodes->strings, field[PARTITION]);
    return node->partition ? 0 : fail_memory(r->err);
}

static int add_host(struct reading *r, char *line)
{
    static const char blanks[] = " \t\r";
    char *rest = NULL;
    line[strcspn(line, "#")] = '\0';
    const char *const name = strtok_r(line, blanks, &rest);
    const char *const kind = strtok_r(NULL, blanks, &rest);
    const char *const more = strtok_r(NULL, blanks, &rest);
    if (!name)
        return 0;
    if (!fleet_is_host(name))
        return err_set(r->err, -EINVAL,
            "%s:%zu: '%.60s' is not a host; write HOST or USER@HOST, and its kind behind it",
            r->file, r->line, name);
    if (more)
        return err_set(r->err, -EINVAL,
            "%s:%zu: '%.60s' is one word too many; a line has a host and its kind", r->file,
            r->line, more);
    if (fleet_seen_find(r->names, name) != FLEET_UNSEEN)
        return err_set(r->err, -EINVAL, "%s:%zu: host '%s' is there twice", r->file, r->line, name);
    return add_node(r, (struct fleet_node){name, kind ? kind : "", "", false});
}

static int read_lines(FILE *in, struct reading *r, int (*add)(struct reading *r, char *line))
{
    char *line = NULL;
    size_t room = 0;
    int code = 0;
    *r->nodes = (struct fleet_nodes){.strings = strings_new()};
    if (!r->nodes->strings)
        return fail_memory(r->err);
    for (ssize_t length; !code && (length = getline(&line, &room, in)) >= 0;) {
        r->line++;
        line[strcspn(line, "\n")] = '\0';
        code = strlen(line) + 1 < (size_t)length
                   ? err_set(r->err, -EINVAL, "%s:%zu: there is a NUL byte", r->file, r->line)
               : *line ? add(r, line)
                       : 0;
    }
    if (!code && ferror(in))
        code = err_set(r->err, -EIO, "%s: %s", r->file, strerror(EIO));
    free(line);
    fleet_seen_free(&r->names);
    return code;
}

int fleet_nodes_read_sinfo(FILE *in, struct fleet_nodes *nodes, struct err *err)
{
    struct reading r = {.nodes = nodes, .file = "sinfo", .err = err};
    const int code = read_lines(in, &r, add_sinfo);
    return code || nodes->count
               ? code
               : err_set(err, -ENODATA, "sinfo lists no node; is the partition's name right?");
}

int fleet_nodes_read_hosts(FILE *in, const char *name, struct fleet_nodes *nodes, struct err *err)
{
    struct reading r = {.nodes = nodes, .file = name, .err = err};
    const int code = read_lines(in, &r, add_host);
    return code || nodes->count
               ? code
               : err_set(err, -ENODATA, "%s: there is no host in it; write one a line", name);
}

/* A node that is there replaces one that is away. */
static int keep_node(struct fleet_nodes *nodes, struct fleet_seen **kinds, size_t *kept,
    size_t from, struct err *err)
{
    const struct fleet_node *const node = &nodes->node[from];
    if (!*node->kind)
        return err_set(err, -EINVAL,
            "--one-per-kind: the kind of '%s' is not known; write it behind each host", node->name);
    const long before = fleet_seen_find(*kinds, node->kind);
    if (before != FLEET_UNSEEN && nodes->node[before].is_away && !node->is_away)
        nodes->node[before] = *node;
    if (before != FLEET_UNSEEN)
        return 0;
    if (fleet_seen_add(kinds, node->kind, *kept))
        return fail_memory(err);
    nodes->node[(*kept)++] = *node;
    return 0;
}

int fleet_nodes_one_per_kind(struct fleet_nodes *nodes, struct err *err)
{
    struct fleet_seen *kinds = NULL;
    size_t kept = 0;
    int code = 0;
    for (size_t i = 0; i < nodes->count && !code; i++)
        code = keep_node(nodes, &kinds, &kept, i, err);
    fleet_seen_free(&kinds);
    if (!code)
        nodes->count = kept;
    return code;
}

void fleet_nodes_fini(struct fleet_nodes *nodes)
{
    free(nodes->node);
    strings_free(nodes->strings);
    *nodes = (struct fleet_nodes){0};
}
