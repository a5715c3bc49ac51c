/* SPDX-License-Identifier: MIT
 * analysis/go/probe_points: where probes go in a program of Go (tests/go-maps/counted.go, built
 * here and not run), by its code. */
#include "analysis/go/probe_points.h"
#include "tests/go_program.h"

static int set_up_group(void **state)
{
    (void)state;
    return go_program_build("tests/go-maps/counted.go");
}

#define NEED_GO()                                                                                  \
    do {                                                                                           \
        if (!go.binary)                                                                            \
            SKIP_BECAUSE("no Go or no libelf here");                                               \
    } while (0)

static const uint8_t *code_at(uint64_t address)
{
    const uint8_t *const code = go_binary_code(go.binary, address, 2);
    assert_non_null(code);
    return code;
}

static bool is_jbe(uint64_t address)
{
    const uint8_t *const code = code_at(address);
    return code[0] == 0x76 || (code[0] == 0x0f && code[1] == 0x86);
}

static void check_function(const struct go_function *f, const struct go_probe_points *p)
{
    assert_true(p->is_jump ? is_jbe(p->call) : p->call == f->entry);
    assert_in_range(p->call, f->entry, f->end - 1);
    for (size_t i = 0; i < p->returns; i++) {
        assert_in_range(p->back[i], f->entry, f->end - 1);
        assert_int_equal(*code_at(p->back[i]), 0xc3);
    }
}

/* Of all functions, so that the code of every shape is seen. */
static void test_points_are_jumps_and_returns(void **state)
{
    const struct go_pclntab *table;
    struct go_function f;
    struct go_probe_points p;
    size_t functions = 0, jumps = 0, without = 0;
    (void)state;
    NEED_GO();
    table = go_binary_functions(go.binary);
    for (uint64_t i = 0; go_pclntab_nth(table, i, &f); i++)
        if (go_probe_points_find(go.binary, &f, &p)) {
            check_function(&f, &p);
            functions++;
            jumps += p.is_jump;
            without += p.is_jump && p.returns == 0;
        }
    assert_true(functions > 1000);
    assert_true(jumps > functions / 2);
    assert_true(without < functions / 4); /* those that do not return, as runtime.throw */
}

static bool find_named(const char *name, struct go_probe_points *p)
{
    struct go_function f;
    for (uint64_t i = 0; go_pclntab_nth(go_binary_functions(go.binary), i, &f); i++)
        if (strcmp(f.name, name) == 0)
            return go_probe_points_find(go.binary, &f, p);
    return false;
}

static void test_known_functions(void **state)
{
    static const struct {
        const char *name;
        size_t returns; /* at least */
    } known[] = {{"main.put", 1}, {"main.get", 1}, {"main.deep", 2},
        {"runtime.mapaccess1_fast64", 2}, {"runtime.mapassign_fast64", 1}};
    struct go_probe_points p;
    uint64_t offset;
    (void)state;
    NEED_GO();
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_true(find_named(known[i].name, &p));
        assert_true(p.is_jump && !p.more);
        assert_true(p.returns >= known[i].returns);
        assert_true(go_binary_offset(go.binary, p.call, &offset));
    }
    assert_false(find_named("main.none", &p));
    assert_false(go_binary_offset(go.binary, 1, &offset));
}
