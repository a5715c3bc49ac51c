/* SPDX-License-Identifier: MIT
 * What is known of a Go program: analysis/dwarf on one built here (tests/fixture/types.go), not
 * run, and the names of Go's own functions. */
#include "analysis/sharing/sharing_go.h"
#include "tests/library.h"

enum { RETURNS = 512 };

/* The program, and the symbols asked for. */
static struct {
    struct library library;
    bool built;
} go;

static int set_up_group(void **state)
{
    char command[512];
    struct library *const l = &go.library;
    (void)state;
    if (make_folder() != 0)
        return -1;
    snprintf(l->path, sizeof l->path, "%s/types", folder);
    snprintf(command, sizeof command,
        "command -v go >/dev/null && GOFLAGS= GOWORK=off GOCACHE=${GOCACHE:-%s/cache} "
        "go build -o %s tests/fixture/types.go",
        folder, l->path);
    go.built = system(command) == 0 && machine_of(l->path) == machine_of("/proc/self/exe");
    l->module = (struct dwarf_module){.path = l->path, .begin = 0x400000, .end = 0x10000000};
    l->dwarf = dwarf_new(&l->module, 1);
    return l->dwarf ? 0 : -1;
}

static int tear_down_group(void **state)
{
    (void)state;
    dwarf_free(go.library.dwarf);
    return remove_folder();
}

#define NEED_GO()                                                                                  \
    do {                                                                                           \
        NEED_LIBDW();                                                                              \
        if (!go.built)                                                                             \
            SKIP_BECAUSE("no Go here that builds for this machine");                               \
    } while (0)

static uint64_t symbol(const char *name)
{
    char command[512];
    unsigned long long address = 0;
    snprintf(command, sizeof command, "nm %s | grep ' %s$'", go.library.path, name);
    FILE *const in = popen(command, "r");
    assert_non_null(in);
    assert_int_equal(fscanf(in, "%llx", &address), 1);
    assert_int_equal(pclose(in), 0);
    return address;
}

/* The type that the first call in the function passes whose return address is followed by one. */
static const struct dwarf_type *passed_in(const char *function, uint64_t *return_address)
{
    struct dwarf *const d = go.library.dwarf;
    const uint64_t start = symbol(function);
    for (uint64_t at = start + 1; at < start + RETURNS; at++) {
        struct dwarf_frame frame[4];
        const size_t count = dwarf_frames(d, at, frame, 4);
        if (count == 0 || !frame[count - 1].function ||
            strcmp(frame[count - 1].function, function) != 0)
            break;
        const struct dwarf_type *const type = dwarf_go_passed(d, at);
        *return_address = at;
        if (type)
            return type;
    }
    return NULL;
}

static void test_what_an_allocation_passes(void **state)
{
    static const char *const rows[][2] = {{"main.single", "main.counter"},
        {"main.row", "main.counter"}, {"main.table", "map[string]*main.counter"},
        {"main.queue", "chan main.counter"}};
    (void)state;
    NEED_GO();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t at;
        const struct dwarf_type *const type = passed_in(rows[i][0], &at);
        assert_non_null(type);
        assert_string_equal(dwarf_type_name(go.library.dwarf, type), rows[i][1]);
        assert_int_equal(dwarf_type_language(type), DWARF_GO);
    }
    uint64_t at;
    assert_null(passed_in("main.work", &at));
}

/* By the stack that the runtime records: Go's function, and what called it. */
static void test_type_of_an_allocation(void **state)
{
    static const struct {
        const char *allocator, *function;
        bool elements, named;
    } rows[] = {{"runtime.newobject", "main.single", false, false},
        {"runtime.makeslice", "main.row", true, false},
        {"runtime.makechan", "main.queue", false, true}};
    const struct sharing_context context = {.dwarf = go.library.dwarf};
    (void)state;
    NEED_GO();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sharing_go_type type;
        struct sharing_object object = {.frames = 2};
        object.stack[0] = symbol(rows[i].allocator) + 8;
        assert_non_null(passed_in(rows[i].function, &object.stack[1]));
        assert_true(sharing_go_type(&context, &object, &type));
        assert_int_equal(type.elements, rows[i].elements);
        assert_int_equal(type.named, rows[i].named);
        object.frames = 1;
        assert_false(sharing_go_type(&context, &object, &type));
    }
}

static void test_fields(void **state)
{
    static const char *const fields[] = {"hits", "misses", "lock", "name"};
    struct dwarf *const d = go.library.dwarf;
    struct dwarf_variable v;
    struct dwarf_field field[8];
    (void)state;
    NEED_GO();
    const uint64_t total = symbol("main.total");
    assert_true(dwarf_global(d, total + 50, &v));
    assert_string_equal(v.name, "main.total");
    assert_int_equal(v.address, total);
    assert_string_equal(dwarf_type_name(d, v.type), "main.counter[4]");
    const uint64_t size = dwarf_stride(v.type);
    assert_int_equal(size, v.size / 4);
    const size_t count = dwarf_fields(d, dwarf_element(d, v.type), 0, size, field, 8);
    assert_int_equal(count, sizeof fields / sizeof *fields);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(field[i].path, fields[i]);
    assert_int_equal(dwarf_language(d, symbol("main.work")), DWARF_GO);
    assert_true(dwarf_global(d, symbol("main.guard"), &v));
    assert_int_equal(dwarf_fields(d, v.type, 0, v.size, field, 8), 1);
    assert_string_equal(field[0].path, "");
}

/* The go statement's own function has the name of what it calls. */
static void test_a_goroutine(void **state)
{
    struct dwarf *const d = go.library.dwarf;
    char command[512], name[64] = "";
    (void)state;
    NEED_GO();
    snprintf(command, sizeof command, "nm %s | grep -o 'main.start[.].*'", go.library.path);
    FILE *const in = popen(command, "r");
    assert_non_null(in);
    assert_int_equal(fscanf(in, "%63s", name), 1);
    pclose(in);
    assert_string_equal(dwarf_go_function(d, symbol(name)), "main.work");
    assert_string_equal(dwarf_go_function(d, symbol("main.main")), "main.main");
    assert_null(dwarf_go_function(d, go.library.module.end - 1));
}

static void check_same_place(struct dwarf *other, uint64_t pc)
{
    struct dwarf_frame known[8], frame[1];
    const size_t count = dwarf_frames(go.library.dwarf, pc, known, 8);
    assert_int_equal(dwarf_frames(other, pc, frame, 1), 1);
    assert_non_null(frame->function);
    assert_string_equal(frame->function, known[count - 1].function);
    assert_int_equal(frame->line, known[0].line);
    assert_true(frame->line == 0 || (frame->file && strstr(frame->file, known[0].file)));
}

/* Go's own table has the functions, and the lines of what was inlined. */
static void test_a_stripped_program(void **state)
{
    static const char *const names[] = {"main.work", "main.row", "main.table", "main.main",
        "runtime.newobject", "runtime.makeslice"};
    char command[640], path[300];
    (void)state;
    NEED_GO();
    snprintf(path, sizeof path, "%s/stripped", folder);
    snprintf(command, sizeof command, "strip -o %s %s", path, go.library.path);
    assert_int_equal(system(command), 0);
    const struct dwarf_module module = {
        .path = path, .begin = go.library.module.begin, .end = go.library.module.end};
    struct dwarf *const stripped = dwarf_new(&module, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (uint64_t pc = symbol(names[i]), end = pc + 40; pc < end; pc++)
            check_same_place(stripped, pc);
    struct dwarf_frame frame[1];
    assert_int_equal(dwarf_frames(stripped, module.begin + 1, frame, 1), 1);
    assert_null(frame->function);
    assert_null(dwarf_reason(stripped, symbol("main.work")));
    dwarf_free(stripped);
}

static void test_own_packages(void **state)
{
    static const struct {
        const char *function, *file;
        bool own;
    } rows[] = {
        {"sync.(*Mutex).Lock", "/usr/lib/go-1.19/src/sync/mutex.go", true},
        {"encoding/json.(*Decoder).Decode", "/opt/go/src/encoding/json/stream.go", true},
        {"encoding/json.Unmarshal", "encoding/json/decode.go", true},
        {"runtime.memmove", "/usr/lib/go-1.19/src/runtime/memmove_amd64.s", true},
        {"main.(*T).Lock", "<autogenerated>", true},
        {"main.work", "/home/ada/types.go", false},
        {"sync.Lock", "/home/ada/sync/mutex.go", false},
        {"github.com/a/sync.Lock", "/root/go/src/github.com/a/sync/mutex.go", false},
        {"shard.Get", "/home/ada/shard/shard.go", false},
        {"sync.Lock", "/usr/lib/go-1.19/src/sync/mutex.c", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct dwarf_frame frame = {.function = rows[i].function, .file = rows[i].file};
        if (sharing_go_is_library(&frame) != rows[i].own)
            fail_msg("%s in %s", rows[i].function, rows[i].file);
    }
    assert_false(sharing_go_is_library(&(struct dwarf_frame){.function = "sync.Lock"}));
}
