/* SPDX-License-Identifier: MIT
 * The only user of libbpf, with call_attach.c. */
#include "probes/uprobe/call_probes.h"

#include <errno.h>

#ifdef HAVE_BPF
#include "base/debug.h"
#include "probes/uprobe/call_attach.h"

#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The compiled kernel/calls.bpf.c; scripts/embed adds a byte. */
extern const unsigned char call_object[];
extern const size_t call_object_size;

enum { COUNTS, KEYS, INSIDE, FLIGHTS, OVERLAPS, STATS, CONFIG, TABLES };
static const char *const names[TABLES] = {
    "counts", "keys", "inside", "flights", "overlaps", "stats", "config"};

struct call_probes {
    struct bpf_object *object;
    struct bpf_program *program[2];
    int table[TABLES];
    int cpus;
    bool links;
    struct call_attached attached;
};

/* Some texts have many lines: why a program was refused. */
__attribute__((format(printf, 2, 0))) static int print_debug(
    enum libbpf_print_level level, const char *format, va_list list)
{
    char *text = NULL, *rest;
    (void)level;
    if (!debug_is_on(DEBUG_WATCH) || vasprintf(&text, format, list) < 0)
        return 0;
    for (const char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        debug(DEBUG_WATCH, "%s", line);
    free(text);
    return 0;
}

/* Tables for pairs take 5 MB. */
static void choose_sizes(struct call_probes *p, bool pairs)
{
    for (int i = INSIDE; i <= OVERLAPS && !pairs; i++)
        bpf_map__set_max_entries(bpf_object__find_map_by_name(p->object, names[i]), 1);
}

static int load_object(struct call_probes *p, bool pairs)
{
    static const char *const programs[] = {"on_call", "on_return"};
    const struct bpf_object_open_opts options = {.sz = sizeof options, .object_name = "numaprobe"};
    p->object = bpf_object__open_mem(call_object, call_object_size, &options);
    if (!p->object)
        return -errno;
    choose_sizes(p, pairs);
    for (size_t i = 0; i < 2; i++) {
        p->program[i] = bpf_object__find_program_by_name(p->object, programs[i]);
        if (p->links)
            call_attach_prepare(p->program[i]);
    }
    const int code = bpf_object__load(p->object);
    for (int i = 0; i < TABLES && !code; i++)
        p->table[i] = bpf_object__find_map_fd_by_name(p->object, names[i]);
    return code;
}

static int explain(int code, struct err *err)
{
    if (code == -EPERM)
        return err_set(err, -EPERM, "it loads a program into the kernel, which needs root");
    if (code == -ENOSYS)
        return err_set(err, -ENOTSUP, "this kernel is without BPF (CONFIG_BPF_SYSCALL)");
    return err_set(err, code,
        "the kernel refused the probes' program: %s; NUMAPROBE_DEBUG=watch "
        "prints why",
        strerror(-code));
}

int call_probes_open(bool pairs, struct call_probes **out, struct err *err)
{
    struct call_probes *const p = calloc(1, sizeof *p);
    *out = NULL;
    if (!p)
        return err_set(err, -ENOMEM, "out of memory");
    p->attached = CALL_ATTACHED_NONE;
    p->links = call_attach_has_links();
    p->cpus = libbpf_num_possible_cpus();
    libbpf_set_print(print_debug);
    const int code = p->cpus < 0 ? p->cpus : load_object(p, pairs);
    if (code) {
        call_probes_close(p);
        return explain(code, err);
    }
    *out = p;
    return 0;
}

void call_probes_close(struct call_probes *p)
{
    if (!p)
        return;
    call_attach_end(&p->attached);
    bpf_object__close(p->object);
    free(p);
}

void call_probes_configure(struct call_probes *p, const struct call_config *config)
{
    const uint32_t first = 0;
    bpf_map_update_elem(p->table[CONFIG], &first, config, BPF_ANY);
}

enum { KEY_MOST = 128 };

static void clear_table(int table, size_t most)
{
    char key[KEY_MOST];
    for (size_t i = 0; i < most && bpf_map_get_next_key(table, NULL, key) == 0; i++)
        bpf_map_delete_elem(table, key);
}

static void forget_inside(struct call_probes *p)
{
    clear_table(p->table[INSIDE], CALL_INSIDE);
    clear_table(p->table[FLIGHTS], CALL_INSIDE);
}

int call_probes_attach(struct call_probes *p, const struct call_place *place, struct err *err)
{
    call_probes_detach(p);
    forget_inside(p);
    return call_attach(&p->attached, p->program, p->links, place, err);
}

void call_probes_detach(struct call_probes *p)
{
    call_attach_end(&p->attached);
}

uint64_t call_probes_stat(const struct call_probes *p, enum call_stat which)
{
    const uint32_t index = which;
    uint64_t sum = 0, *const of_cpu = calloc((size_t)p->cpus, sizeof *of_cpu);
    if (of_cpu && bpf_map_lookup_elem(p->table[STATS], &index, of_cpu) == 0)
        for (int i = 0; i < p->cpus; i++)
            sum += of_cpu[i];
    free(of_cpu);
    return sum;
}

static void clear_stats(struct call_probes *p)
{
    uint64_t *const zeros = calloc((size_t)p->cpus, sizeof *zeros);
    for (uint32_t i = 0; zeros && i < CALL_STATS; i++)
        bpf_map_update_elem(p->table[STATS], &i, zeros, BPF_ANY);
    free(zeros);
}

void call_probes_clear(struct call_probes *p)
{
    forget_inside(p);
    clear_table(p->table[COUNTS], CALL_COUNTS);
    clear_table(p->table[KEYS], CALL_KEYS);
    clear_table(p->table[OVERLAPS], CALL_OVERLAPS);
    clear_stats(p);
}

/* A table as rows of a key and its value. Where entries come and go meanwhile, some may be missed,
 * so that the number of rows is bounded. */
static int read_table(
    int table, size_t most, size_t key_bytes, size_t value_bytes, void **out, size_t *count)
{
    const size_t row = key_bytes + value_bytes;
    char *const rows = calloc(most, row), key[KEY_MOST];
    *out = rows;
    *count = 0;
    if (!rows)
        return -ENOMEM;
    const void *before = NULL;
    while (*count < most && bpf_map_get_next_key(table, before, key) == 0) {
        char *const at = rows + *count * row;
        memcpy(at, key, key_bytes);
        *count += bpf_map_lookup_elem(table, key, at + key_bytes) == 0;
        before = key;
    }
    return 0;
}

int call_probes_counts(const struct call_probes *p, struct call_counted **out, size_t *count)
{
    return read_table(
        p->table[COUNTS], CALL_COUNTS, sizeof(*out)->key, sizeof(*out)->count, (void **)out, count);
}

int call_probes_keys(const struct call_probes *p, struct call_keyed **out, size_t *count)
{
    return read_table(
        p->table[KEYS], CALL_KEYS, sizeof(*out)->key, sizeof(*out)->count, (void **)out, count);
}

int call_probes_overlaps(const struct call_probes *p, struct call_overlapped **out, size_t *count)
{
    return read_table(p->table[OVERLAPS], CALL_OVERLAPS, sizeof(*out)->key, sizeof(*out)->overlap,
        (void **)out, count);
}

#else
int call_probes_open(bool pairs, struct call_probes **out, struct err *err)
{
    (void)pairs;
    *out = NULL;
    return err_set(err, -ENOTSUP,
        "this build has no probes: it needs x86-64, libbpf's headers and clang when it is made");
}

void call_probes_close(struct call_probes *probes)
{
    (void)probes;
}

void call_probes_configure(struct call_probes *probes, const struct call_config *config)
{
    (void)probes, (void)config;
}

int call_probes_attach(struct call_probes *probes, const struct call_place *place, struct err *err)
{
    (void)probes, (void)place;
    return err_set(err, -ENOTSUP, "this build has no probes");
}

void call_probes_detach(struct call_probes *probes)
{
    (void)probes;
}

uint64_t call_probes_stat(const struct call_probes *probes, enum call_stat which)
{
    (void)probes, (void)which;
    return 0;
}

void call_probes_clear(struct call_probes *probes)
{
    (void)probes;
}

int call_probes_counts(const struct call_probes *probes, struct call_counted **out, size_t *count)
{
    (void)probes, (void)out;
    *count = 0;
    return -ENOTSUP;
}

int call_probes_keys(const struct call_probes *probes, struct call_keyed **out, size_t *count)
{
    (void)probes, (void)out;
    *count = 0;
    return -ENOTSUP;
}

int call_probes_overlaps(
    const struct call_probes *probes, struct call_overlapped **out, size_t *count)
{
    (void)probes, (void)out;
    *count = 0;
    return -ENOTSUP;
}
#endif
