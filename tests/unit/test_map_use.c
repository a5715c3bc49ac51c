/* SPDX-License-Identifier: MIT
 * analysis/go: a moment of a Go program (tests/go-maps/four.go, built here and not run) in which a
 * function that looks up a map was called by main.useNames, made up from its code. */
#include "analysis/code/effect.h"
#include "analysis/go/map_use.h"
#include "analysis/go/profile_words.h"
#include "tests/go_program.h"

static const uint64_t NAMES = 0xc000010000, OTHER = 0xc000020000, TYPE = 0x4a0000,
                      STACK = 0xc000100000;
enum { RAX = 0, RBX = 3, RSP = 4, STACK_BYTES = 512, CALL = 5, BREAKPOINT = 0xcc };

static struct {
    uint64_t lookup, use_names, names;
} address;

static int set_up_group(void **state)
{
    (void)state;
    const int code = go_program_build("tests/go-maps/four.go");
    if (code || !go.binary)
        return code;
    address.lookup = go_binary_symbol(go.binary, "runtime.mapaccess1_faststr");
    address.use_names = go_binary_symbol(go.binary, "main.useNames");
    address.names = go_binary_symbol(go.binary, "main.names");
    return 0;
}

#define NEED_GO()                                                                                  \
    do {                                                                                           \
        if (!go.binary || !code_effect_known())                                                    \
            SKIP_BECAUSE("no Go here, or another machine than x86-64 with Zydis and libelf");      \
    } while (0)

/* What main.useNames' call of the lookup returns to. */
static uint64_t returns_to(void)
{
    struct go_function f;
    assert_true(go_pclntab_function(go_binary_functions(go.binary), address.use_names, &f));
    assert_string_equal(f.name, "main.useNames");
    const uint8_t *const code = go_binary_code(go.binary, f.entry, f.end - f.entry);
    assert_non_null(code);
    for (uint64_t at = 0; at + CALL <= f.end - f.entry; at++) {
        int32_t to;
        memcpy(&to, code + at + 1, sizeof to);
        if (code[at] == 0xe8 && f.entry + at + CALL + (uint64_t)(int64_t)to == address.lookup)
            return f.entry + at + CALL;
    }
    fail_msg("main.useNames calls no %s", "runtime.mapaccess1_faststr");
    return 0;
}

/* Only the variable that has the map is there to be read. */
static bool read_names(void *of, uint64_t from, uint64_t *out)
{
    *out = NAMES;
    return of || from == address.names;
}

/* At an instruction of the lookup. */
static bool find_at(
    uint64_t pc, uint64_t rbx, struct go_arguments *arguments, struct go_map_use *out)
{
    uint8_t stack[STACK_BYTES];
    uint64_t reg[17], back = returns_to();
    const struct go_moment moment = {
        .ip = pc, .reg = reg, .stack = stack, .stack_bytes = sizeof stack};
    struct go_function f;
    for (int i = 0; i < 17; i++)
        reg[i] = rbx;
    reg[RAX] = TYPE;
    reg[RSP] = STACK;
    assert_true(go_pclntab_function(go_binary_functions(go.binary), pc, &f));
    for (size_t at = 0; at < STACK_BYTES; at += sizeof rbx) /* wherever it was put */
        memcpy(stack + at, &rbx, sizeof rbx);
    memcpy(stack + f.frame, &back, sizeof back);
    return go_map_use_find(
        go.binary, arguments, &moment, &(struct go_memory){read_names, NULL}, out);
}

static void test_where_it_begins(void **state)
{
    struct go_map_use use;
    (void)state;
    NEED_GO();
    struct go_arguments *const arguments = go_arguments_new(go.binary);
    assert_true(find_at(address.lookup, OTHER, arguments, &use));
    assert_int_equal(use.map, OTHER); /* as the register has it, whatever the variable has now */
    assert_int_equal(use.global, 0);
    assert_int_equal(use.type, TYPE);
    assert_int_equal(use.site, returns_to() - 1);
    assert_string_equal(use.operation, "read");
    assert_true(find_at(address.lookup, NAMES, arguments, &use));
    assert_int_equal(use.global, address.names);
    go_arguments_free(arguments);
}

/* It is in a register, was put on the stack, or comes from what the caller had. */
static void test_at_each_instruction(void **state)
{
    struct go_map_use use;
    struct go_function f;
    unsigned known = 0, all = 0;
    (void)state;
    NEED_GO();
    struct go_arguments *const arguments = go_arguments_new(go.binary);
    assert_true(go_pclntab_function(go_binary_functions(go.binary), address.lookup, &f));
    const uint8_t *const code = go_binary_code(go.binary, f.entry, f.end - f.entry);
    struct code_effect e;
    for (uint64_t at = 0; at < f.end - f.entry; at += e.instruction.length) {
        if (!code_effect_of(code + at, f.end - f.entry - at, &e) || code[at] == BREAKPOINT)
            break; /* what fills it up */
        assert_true(find_at(f.entry + at, NAMES, arguments, &use));
        assert_true(use.map == NAMES || use.map == 0 || use.map == TYPE);
        known += use.map == NAMES;
        all++;
    }
    assert_true(all > 50 && known * 10 >= all * 9);
    go_arguments_free(arguments);
}

static void test_elsewhere_there_is_no_map(void **state)
{
    struct go_map_use use;
    (void)state;
    NEED_GO();
    struct go_arguments *const arguments = go_arguments_new(go.binary);
    assert_false(find_at(address.use_names, NAMES, arguments, &use));
    go_arguments_free(arguments);
}

static void test_its_version(void **state)
{
    (void)state;
    NEED_GO();
    assert_true(go_binary_minor(go.binary) >= 18);
    assert_int_equal(strncmp(go_binary_version(go.binary), "go1.", 4), 0);
    assert_int_equal(go_binary_symbol(go.binary, "main.nothing"), 0);
    assert_null(go_binary_code(go.binary, 8, 8));
}

static void test_the_profiles_of_a_stripped_one(void **state)
{
    char command[600], path[300];
    struct profile_words words, found;
    struct go_binary *binary;
    struct err err;
    (void)state;
    NEED_GO();
    snprintf(path, sizeof path, "%s.stripped", go.path);
    snprintf(command, sizeof command, "strip -s -o '%s' '%s'", path, go.path);
    assert_int_equal(system(command), 0);
    assert_int_equal(go_binary_open(path, &binary, &err), 0);
    assert_int_equal(go_binary_symbol(binary, "runtime.bbuckets"), 0);
    assert_true(profile_words_find(go.binary, &words));
    assert_true(profile_words_find(binary, &found));
    assert_memory_equal(&words, &found, sizeof words);
    go_binary_close(binary);
}

static void test_what_is_not_go(void **state)
{
    struct go_binary *binary;
    struct err err;
    (void)state;
    assert_true(go_binary_open("/proc/self/exe", &binary, &err) < 0);
    assert_null(binary);
    assert_true(go_binary_open("/nowhere", &binary, &err) < 0);
    go_binary_close(NULL);
    go_arguments_free(NULL);
}
