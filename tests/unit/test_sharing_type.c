/* SPDX-License-Identifier: MIT
 * What a heap block is called: its type, where that begins, its fields and who made it, on the
 * stacks of real allocations (tests/fixture/allocations.*), by gcc and clang, at -O0 to -O2. */
#include "analysis/sharing/sharing.h"
#include "tests/library.h"
#include "tests/record_maker.h"

enum { RW = RECORD_READ | RECORD_WRITE };

static int set_up_group(void **state)
{
    (void)state;
    return make_folder();
}

static int tear_down_group(void **state)
{
    (void)state;
    return remove_folder();
}

struct row {
    const char *function;
    uint64_t touched; /* two words from there, by two threads */
    const char *type;
    uint64_t start;
    const char *maker, *fields[2];
    const char *site; /* the function that touches them; NULL: one that is not known */
};

static const struct row c_rows[] = {
    {"declared", 0, "struct tally", 0, "declared", {"hits", "misses"}, NULL},
    {"assigned", 8, "struct tally", 0, "assigned", {"misses", "next"}, NULL},
    {"behind_size", 16, "struct tally", 16, "behind_size", {"hits", "misses"}, NULL},
    {"behind_header", 16, "struct tally", 16, "behind_header", {"hits", "misses"}, NULL},
    {"before_others", 24, "struct stamp", 16, "before_others", {"last", "byte 32-39"}, NULL},
    {"in_parameter", 0, "struct tally", 0, "in_parameter", {"hits", "misses"}, NULL},
    {"from_pool", 0, "struct tally", 0, "tally_new", {"hits", "misses"}, NULL},
    {"open_ended", 8 + 24, "struct rows", 0, "open_ended", {"row[1].hits", "row[1].misses"}, NULL},
    {"scalars", 8, "double", 0, "scalars", {"[1]", "[2]"}, NULL},
    {"handle", 0, "struct tally", 0, "handle_new", {"hits", "misses"}, NULL},
    {"based", 16, "struct window", 0, "based", {"moved", "drawn"}, NULL},
    {"bytes", 104, "struct slot", 8, "bytes", {"[4].begun", "[4].ended"}, "touch"},
    {"nameless_structs", 16, "nameless", 0, "nameless_structs", {"[1].hits", "[1].misses"}, NULL},
    {"locks", 40, "pthread_mutex_t", 0, "locks", {"[1]", "[1]"}, NULL},
    {"items", 112, "char", 0, "items", {"byte 112-119", "byte 120-127"}, "touch_item"},
};

static const struct row cxx_rows[] = {
    {"single", 0, "Tally", 0, "single", {"hits", "misses"}, NULL},
    {"derived", 8, "OrderedIndex<Tally>", 0, "derived", {"keys", "mask"}, NULL},
    {"counted_array", 8 + 48, "Named", 8, "counted_array", {"[1].hits", "[1].misses"}, NULL},
    {"own_new", 0, "Own", 0, "own_new", {"hits", "misses"}, NULL},
    {"cells", 16, "Queue<uint64_t>::Cell", 0, "Queue", {"[1].turn", "[1].value"}, NULL},
    {"unique", 0, "Tally", 0, "unique", {"hits", "misses"}, NULL},
    {"unique_array", 16, "Tally", 0, "unique_array", {"[1].hits", "[1].misses"}, NULL},
    {"shared", 16, "Tally", 0, "shared", {"hits", "misses"}, NULL},
    {"created", 0, "Tally", 0, "created", {"hits", "misses"}, NULL},
    {"vector", 16, "Tally", 0, "vector", {"[1].hits", "[1].misses"}, NULL},
    {"bits", 8, "unsigned long", 0, "bits", {"[1]", "[2]"}, NULL},
    {"own_allocator", 16, "Tally", 0, "own_allocator", {"[1].hits", "[1].misses"}, NULL},
    {"list", 16, "Tally", 0, "list", {"hits", "misses"}, NULL},
    {"map", 40, "std::pair<", 0, "map", {"second.hits", "second.misses"}, NULL},
    {"hashed", 16, "std::pair<", 0, "hashed", {"second.hits", "second.misses"}, NULL},
};

/* As the fixture has it. */
struct allocation {
    uint64_t stack[16];
    size_t frames, bytes;
};

/* LeakSanitizer's: what the fixture allocates is meant to be lost. */
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

static void set_leaks(bool may)
{
    if (may && __lsan_disable)
        __lsan_disable();
    if (!may && __lsan_enable)
        __lsan_enable();
}

static void make_record(const struct library *l, const struct row *row, struct maker *m)
{
    static uint64_t owner[1];
    const uint64_t base = 0x10000;
    const uint64_t pc = row->site ? address_of(l, row->site) + 1 : 0;
    void *(*make)(void *);
    *(void **)&make = dlsym(l->handle, row->function);
    assert_non_null(make);
    set_leaks(true);
    make(owner);
    set_leaks(false);
    const struct allocation *const made =
        (const struct allocation *)(uintptr_t)address_of(l, "last");
    if (made->frames == 0)
        fail_msg("%s allocated nothing", row->function);
    maker_init(m, 2);
    for (uint32_t i = 0; i < 2; i++)
        maker_add(m,
            (struct made){i, base + row->touched + 8 * i, 8, RW, 5000000, 5000, 0, pc ? pc : 0x10});
    maker_block(m, base, made->bytes, 0);
    m->object[0].frames = (uint32_t)made->frames;
    memcpy(m->object[0].stack, made->stack, sizeof made->stack);
}

/* Compilers differ in how they write a type: "unsigned long", "long unsigned int", uint64_t. */
static bool is_type(const char *got, const char *want)
{
    if (strcmp(want, "unsigned long") == 0)
        return strcmp(got, want) == 0 || strcmp(got, "long unsigned int") == 0;
    return strncmp(got, want, strcspn(want, "<")) == 0;
}

static bool is_field(const struct sharing *s, const char *name)
{
    for (size_t i = 0; i < s->fields; i++)
        if (strcmp(s->field[i].name, name) == 0)
            return true;
    return false;
}

static void check_row(const struct library *l, const struct row *row)
{
    struct maker m;
    struct sharing_list list = {.count = 0};
    make_record(l, row, &m);
    assert_int_equal(sharing_find(&m.record, l->dwarf, &sharing_rule, &list, NULL), 0);
    assert_int_equal(list.count, 1);
    const struct sharing_object *const o = &list.finding[0]->object[0];
    const char *const maker = o->allocated.at[0].function;
    if (!is_type(o->type_name, row->type) || o->type_start != row->start || !maker ||
        !strstr(maker, row->maker) || !is_field(list.finding[0], row->fields[0]) ||
        !is_field(list.finding[0], row->fields[1]))
        fail_msg("%s: %s from byte %d, made in %s, %s and %s", row->function, o->type_name,
            (int)o->type_start, maker ? maker : "?", list.finding[0]->field[0].name,
            list.finding[0]->field[1].name);
    sharing_fini(&list);
}

/* A loop that the compiler unrolls allocates by several calls, from one place in the source. */
static void check_loop(const struct library *l)
{
    struct maker m;
    struct sharing_list list = {.count = 0};
    void (*make)(void);
    *(void **)&make = dlsym(l->handle, "in_loop");
    set_leaks(true);
    make();
    set_leaks(false);
    const struct allocation *const made =
        (const struct allocation *)(uintptr_t)address_of(l, "each");
    maker_init(&m, 2);
    for (size_t i = 0; i < 4; i++) {
        const uint64_t start = 0x10000 + 64 * i;
        for (uint32_t thread = 0; thread < 2; thread++)
            maker_add(&m, (struct made){thread, start + 8 * thread, 8, RW, 5000000, 5000, 0, 0});
        maker_block(&m, start, made[i].bytes, 0);
        m.object[i].frames = (uint32_t)made[i].frames;
        memcpy(m.object[i].stack, made[i].stack, sizeof made[i].stack);
    }
    assert_int_equal(sharing_find(&m.record, l->dwarf, &sharing_rule, &list, NULL), 0);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.finding[0]->object[0].count, 4);
    sharing_fini(&list);
}

static void check_rows(const char *source, const char *more, const struct row *row, size_t rows)
{
    static const char *const builds[][3] = {{"gcc", "-O0", "-g"}, {"gcc", "-O1", "-g"},
        {"gcc", "-O2", "-g"}, {"clang", "-O0", "-g"}, {"clang", "-O1", "-g"},
        {"clang", "-O2", "-g"}};
    if (!has_libdw())
        SKIP_BECAUSE("built without libdw");
    for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
        struct library l;
        print_message("%s %s\n", builds[i][0], builds[i][1]);
        build(&l, source, builds[i], more);
        open_library(&l);
        for (size_t j = 0; j < rows; j++)
            check_row(&l, &row[j]);
        if (row == c_rows)
            check_loop(&l);
        close_library(&l);
    }
}

#define FRAMES "-fno-omit-frame-pointer -fno-optimize-sibling-calls"
/* The library's own operator new, also where a sanitizer's stands before it. */
#define OWN_NEW "-Wl,-Bsymbolic "

static void test_c(void **state)
{
    (void)state;
    check_rows("allocations.c", FRAMES, c_rows, sizeof c_rows / sizeof *c_rows);
}

static void test_cxx(void **state)
{
    (void)state;
    check_rows("allocations.cc", "-std=c++17 " OWN_NEW FRAMES " -lstdc++", cxx_rows,
        sizeof cxx_rows / sizeof *cxx_rows);
}
