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

/* As at the beginning of a Go function, and at its return: 1 is a map, 8 a goroutine. */
__asm__(".pushsection .text\n"
        "call_toll_loop:\n"
        "    push %rbx\n"
        "    push %r14\n"
        "    mov $1, %ebx\n"
        "    mov $8, %r14d\n"
        "    mov $7, %ecx\n"
        "1:  cmp $0, %rsp\n"
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
void call_toll_loop(uint64_t rounds);
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

/* The median of several loops, ns a round. */
static double loop_ns(void)
{
    enum { ROUNDS = 400, LOOPS = 11 };
    double took[LOOPS];
    for (int i = 0; i < LOOPS; i++) {
        const double began = now_ns();
        call_toll_loop(ROUNDS);
        took[i] = (now_ns() - began) / ROUNDS;
    }
    qsort(took, LOOPS, sizeof *took, order_doubles);
    return took[LOOPS / 2];
}

static int measure_points(struct call_probes *probes, const struct call_point *point, size_t points,
    double *out, struct err *err)
{
    const struct call_place place = {getpid(), "/proc/self/exe", point, points};
    const double without = loop_ns();
    const int code = call_probes_attach(probes, &place, err);
    if (code)
        return code;
    *out = loop_ns() - without;
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
    *out = (struct call_toll){0};
    call_probes_configure(probes, &(struct call_config){.with_pairs = pairs});
    int code = measure_points(probes, &hit, 1, &out->hit_ns, err);
    if (!code)
        code = measure_points(probes, &stepped, 1, &out->step_ns, err);
    if (!code && pairs)
        code = measure_points(probes, pair, 2, &out->pair_ns, err);
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
