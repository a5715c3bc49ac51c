/* SPDX-License-Identifier: MIT
 * Reading and writing lists of cpus. Knows nothing of which cpus exist. */
#include "base/cpuset.h"

#include "base/number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    const char *text, *at;
    struct cpuset set;
    unsigned char seen[CPUSET_MAX / 8];
    struct err *err;
};

static int malformed(const struct parser *p, const char *why)
{
    return err_set(p->err, -EINVAL, "'%s' is not a cpu list: %s; a list looks like 0,2-5,8-14:2",
        p->text, why);
}

/* Any number from CPUSET_MAX on is treated alike, so that one too large for 64 bits is not a
 * special case. */
static int read_number(struct parser *p, unsigned *out)
{
    uint64_t value = CPUSET_MAX;
    *out = CPUSET_MAX;
    const char *end = number_u64(p->at, &value);
    if (!end && errno == EINVAL)
        return malformed(p, "a number is missing or is not one");
    p->at += strspn(p->at, "0123456789");
    *out = value < CPUSET_MAX ? (unsigned)value : CPUSET_MAX;
    return 0;
}

static int read_cpu(struct parser *p, unsigned *out)
{
    const int code = read_number(p, out);
    if (!code && *out == CPUSET_MAX)
        return err_set(p->err, -ERANGE, "cpu list '%s': the highest cpu index accepted is %d",
            p->text, CPUSET_MAX - 1);
    return code;
}

static int add_cpu(struct parser *p, unsigned cpu)
{
    if (p->seen[cpu / 8] & (1u << cpu % 8))
        return err_set(p->err, -EEXIST, "cpu list '%s' names cpu %u twice", p->text, cpu);
    p->seen[cpu / 8] |= (unsigned char)(1u << cpu % 8);
    p->set.cpu[p->set.count++] = cpu;
    return 0;
}

static int add_range(struct parser *p, unsigned first)
{
    unsigned last, stride = 1;
    p->at++;
    int code = read_cpu(p, &last);
    if (!code && last < first)
        return malformed(p, "a range runs downwards");
    if (!code && *p->at == ':') {
        p->at++;
        code = read_number(p, &stride);
    }
    if (!code && stride == 0)
        return malformed(p, "a stride of 0");
    for (unsigned cpu = first; !code && cpu <= last; cpu += stride)
        code = add_cpu(p, cpu);
    return code;
}

static int read_item(struct parser *p)
{
    unsigned first;
    const int code = read_cpu(p, &first);
    if (code)
        return code;
    return *p->at == '-' ? add_range(p, first) : add_cpu(p, first);
}

static int read_list(struct parser *p)
{
    /* Blanks around the list are allowed: the files of sysfs end in a newline. */
    p->at += strspn(p->at, " \t\n");
    if (!*p->at)
        return malformed(p, "it is empty");
    int code = read_item(p);
    while (!code && *p->at == ',') {
        p->at++;
        code = read_item(p);
    }
    if (code)
        return code;
    return p->at[strspn(p->at, " \t\n")] ? malformed(p, "an unexpected character") : 0;
}

int cpuset_parse(const char *text, struct cpuset *set, struct err *err)
{
    *set = (struct cpuset){0};
    struct parser p = {.text = text, .at = text, .err = err};
    p.set.cpu = calloc(CPUSET_MAX, sizeof(*p.set.cpu));
    if (!p.set.cpu)
        return err_set(err, -ENOMEM, "out of memory for a cpu list");
    const int code = read_list(&p);
    if (code) {
        free(p.set.cpu);
        return code;
    }
    *set = p.set;
    return 0;
}

int cpuset_copy(const struct cpuset *from, struct cpuset *to)
{
    *to = (struct cpuset){.cpu = malloc((from->count + 1) * sizeof *to->cpu)};
    if (!to->cpu)
        return -ENOMEM;
    if (from->count)
        memcpy(to->cpu, from->cpu, from->count * sizeof *to->cpu);
    to->count = from->count;
    return 0;
}

void cpuset_fini(struct cpuset *set)
{
    free(set->cpu);
    *set = (struct cpuset){0};
}
