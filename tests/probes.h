/* SPDX-License-Identifier: MIT
 * What the tests of probes/ share: machines to plan on, this machine's cpus, and whether a user's
 * layout can be compiled. */
#ifndef TESTS_PROBES_H
#define TESTS_PROBES_H

#include "base/arch/arch.h"
#include "machine/topology.h"
#include "probes/plan/shape.h"
#include "probes/trial/trial.h"
#include "tests/test.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined __has_feature
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED true
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

/* A struct cpuset of these, that is not to be ended. */
#define CPUS(...)                                                                                  \
    {                                                                                              \
        .cpu = (unsigned[]){__VA_ARGS__},                                                          \
        .count = sizeof((unsigned[]){__VA_ARGS__}) / sizeof(unsigned)                              \
    }

struct here {
    struct machine *machine;
    struct topology topology;
};

/* The machine of a description; NULL: this one. */
static inline struct here here_open(const char *source)
{
    struct here here;
    struct err err = {0};
    if (machine_open(source, &here.machine, &here.topology, &err))
        fail_msg("%s: %s", source ? source : "this machine", err.text);
    return here;
}

static inline void here_close(struct here *here)
{
    topology_fini(&here->topology);
    machine_close(here->machine);
}

/* The first cpus this process may use, `most` at most; returns how many. */
static inline unsigned here_cpus(const struct here *here, unsigned *cpu, unsigned most)
{
    unsigned n = 0;
    for (size_t i = 0; i < here->topology.cpus && n < most; i++)
        if (here->topology.cpu[i].allowed)
            cpu[n++] = here->topology.cpu[i].cpu;
    assert_true(n > 0);
    return n;
}

/* A file with this text, for the caller to unlink; `path` holds its name. */
static inline void source_new(char path[64], const char *text)
{
    snprintf(path, 64, "/tmp/layout-of-a-test-XXXXXX.c");
    const int fd = mkstemps(path, 2);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

/* A user's layout in pieces: SOURCE(body of word(), members that differ). */
#define SOURCE_HEAD                                                                                \
    "#include \"layouts/layout.h\"\n"                                                              \
    "#include <signal.h>\n"                                                                        \
    "#include <stdlib.h>\n"                                                                        \
    "struct element { _Alignas(ALIGN) uint64_t size; };\n"
#define SOURCE_ENTRY(members)                                                                      \
    "LAYOUT(mine) = {.abi = LAYOUT_ABI, .name = \"mine\", .summary = \"a counter\",\n"             \
    "    .ops = \"add\", .role = {\"adder\"}, .cast = CAST_WRITERS, .align_bytes = ALIGN,\n"       \
    "    .element_bytes = sizeof(struct element), .word = word" members "};\n"
#define SOURCE(body, members)                                                                      \
    SOURCE_HEAD                                                                                    \
    "static void *word(void *array, unsigned shard, enum layout_word word)\n"                      \
    "{ struct element *e = array; " body "; }\n" SOURCE_ENTRY(members)
#define GOOD_WORD "return word == WORD_WRITER ? &e[shard].size : NULL"

/* Under qemu-user the system's compiler makes objects for the host: then the cross compiler is
 * tried, which has a name that everybody gives it. What else goes wrong, the tests shall find. */
static inline bool compiler_found(void)
{
    char path[64];
    struct err err = {0};
    bool found = false;
    source_new(path, SOURCE(GOOD_WORD, ""));
    for (int i = 0; i < 2 && !found; i++) {
        struct shape *shape = NULL;
        if (i > 0)
            setenv("CC", ARCH_NAME "-linux-gnu-gcc", 1);
        const int code = shape_load(path, 8, 1, &shape, &err);
        free(shape);
        found =
            code == 0 || !(strstr(err.text, "cannot be loaded") || strstr(err.text, "no compiler"));
    }
    unlink(path);
    if (!found)
        print_message("# %s\n", err.text);
    return found;
}

/* An error that is told, and tells what to look for. */
static inline void assert_refused(int code, int expected, const struct err *err, const char *text)
{
    if (code != expected || !strstr(err->text, text))
        fail_msg("expected %d with \"%s\", got %d with \"%s\"", expected, text, code, err->text);
    assert_int_equal(err->code, expected);
}

/* Asked once, before a file's tests: compiling takes a while. */
static bool has_compiler __attribute__((unused));

static inline int look_for_compiler(void **state)
{
    (void)state;
    has_compiler = compiler_found();
    return 0;
}

#define NEEDS_COMPILER                                                                             \
    do {                                                                                           \
        (void)state;                                                                               \
        if (!has_compiler)                                                                         \
            SKIP_BECAUSE("no compiler here makes a loadable layout");                              \
    } while (0)

/* Threads of a trial that have done nothing yet; ended by free. */
static inline struct trial_thread *threads_new(unsigned count)
{
    struct trial_thread *t =
        aligned_alloc(_Alignof(struct trial_thread), count * sizeof(struct trial_thread));
    assert_non_null(t);
    memset(t, 0, count * sizeof *t);
    return t;
}

#endif
