/* SPDX-License-Identifier: MIT
 * The loop has both kinds of instructions. The probe on them does all that it does elsewhere: it
 * counts a call of a map's with an integer as its key. */
#include "probes/uprobe/call_toll.h"

#ifdef HAVE_BPF
#include "base/compare.h"

#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* As at the beginning of a Go function, and at its return: 1 is a map, 8 a goroutine. A round's key
 * is `base` plus the rounds that are left, of that the bits of `mask`. */
__asm__(".pushsection .text\n"
        "call_toll_loop:\n"
        "    push %rbx\n"
        "    push %r14\n"
        "    mov $1, %ebx\n"
        "    mov $8, %r14d\n"
        "1:  lea (%rdi, %rdx), %rcx\n"
        "    and %rsi, %rcx\n"
        "    cmp $0, %rsp\n"
        "call_toll_jump:\n"
        "    jbe 2f\n"
        "call_toll_step:\n"
        "    test %rdi, %rdi\n"
        "    dec %rdi\n"
        "    jnz 1b\n"
        "2:  pop %r14\n"
        "    pop %rbx\n"
        "    ret\n"
        ".popsection\n");
void call_toll_loop(uint64_t rounds, uint64_t mask, uint64_t base);
extern const char call_toll_jump[], call_toll_step[];

struct place_in_file {
    uint64_t address, offset;
};

static int find_offset(struct dl_phdr_info *info, size_t size, void *of)
{
    struct place_in_file *const place = of;
    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *const part = &info->dlpi_phdr[i];
        const uint64_t begin = info->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && place->address - begin < part->p_filesz) {
            place->offset = part->p_offset + (place->address - begin);
            return 1;
        }
    }
    return 0;
}

static uint64_t offset_of(const char *instruction)
{
    struct place_in_file place = {(uint64_t)(uintptr_t)instruction, 0};
    dl_iterate_phdr(find_offset, &place);
    return place.offset;
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The median of several loops, ns a round. With `new_keys` each round has another key, in a table
 * that is full. */
static double loop_ns(bool new_keys)
{
    enum { ROUNDS = 400, LOOPS = 11, FILL = CALL_KEYS + CALL_KEYS / 4 };
    const uint64_t mask = new_keys ? UINT64_MAX : 0;
    double took[LOOPS];
    if (new_keys)
        call_toll_loop(FILL, mask, LOOPS * ROUNDS);
    for (uint64_t i = 0; i < LOOPS; i++) {
        const double began = now_ns();
        call_toll_loop(ROUNDS, mask, i * ROUNDS);
        took[i] = (now_ns() - began) / ROUNDS;
    }
    qsort(took, LOOPS, sizeof *took, order_doubles);
    return took[LOOPS / 2];
}

struct measured {
    const struct call_point *point;
    size_t points;
    double *out, *out_key; /* NULL: not measured */
};

static int measure_points(struct call_probes *probes, const struct measured *m, struct err *err)
{
    const struct call_place place = {getpid(), "/proc/self/exe", m->point, m->points};
    const double without = loop_ns(false);
    const int code = call_probes_attach(probes, &place, err);
    if (code)
        return code;
    *m->out = loop_ns(false) - without;
    if (m->out_key)
        *m->out_key = loop_ns(true) - without;
    call_probes_detach(probes);
    return 0;
}

int call_toll_measure(
    struct call_probes *probes, bool pairs, struct call_toll *out, struct err *err)
{
    const uint64_t cookie = CALL_PROBE | CALL_OF_MAP | (uint64_t)CALL_KEY_WORD64 << CALL_KEY_SHIFT,
                   jump = offset_of(call_toll_jump), step = offset_of(call_toll_step);
    const struct call_point hit = {jump, cookie, false},
                            stepped = {step, cookie | CALL_STEPPED, false},
                            pair[] = {hit, {step, cookie, true}};
    const struct measured all[] = {{&hit, 1, &out->hit_ns, &out->key_ns},
        {&stepped, 1, &out->step_ns, NULL}, {pair, 2, &out->pair_ns, NULL}};
    int code = 0;
    *out = (struct call_toll){0};
    for (size_t i = 0; i < 2 + (size_t)pairs && !code; i++) {
        call_probes_configure(probes, &(struct call_config){.with_pairs = i == 2});
        code = measure_points(probes, &all[i], err);
    }
    call_probes_clear(probes);
    return code;
}

#else
#include <errno.h>

int call_toll_measure(
    struct call_probes *probes, bool pairs, struct call_toll *out, struct err *err)
{
    (void)probes, (void)pairs;
    *out = (struct call_toll){0};
    return err_set(err, -ENOTSUP, "this build has no probes");
}
#endif
