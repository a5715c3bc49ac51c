/* SPDX-License-Identifier: MIT
 * What every file of data/events keeps to, and which one a processor has. */
#include "tests/test.h"

#include "base/event_set.h"

#include <string.h>

static void each_file(void (*check)(const struct event_file *file, const struct event_set *set))
{
    for (size_t i = 0; i < event_file_count; i++) {
        const struct event_file *file = &event_file_table[i];
        struct event_set set;
        struct err err = {0};
        if (event_set_parse(file->name, file->text, &set, &err) != 0)
            fail_msg("%s", err.text);
        check(file, &set);
        event_set_fini(&set);
    }
}

static bool is_generic(const struct event_file *file)
{
    return strcmp(file->name, "generic.txt") == 0;
}

static const struct event_line *line_of(const struct event_set *set, enum event_role role)
{
    for (size_t i = 0; i < set->lines; i++)
        if (set->line[i].role == role)
            return &set->line[i];
    return NULL;
}

static bool names_word(const struct event_line *line, const char *part)
{
    for (size_t i = 0; i < line->terms; i++)
        if (strstr(line->term[i].name, part))
            return true;
    return false;
}

static void test_table_is_sorted(void **state)
{
    (void)state;
    assert_true(event_file_count > 1);
    for (size_t i = 1; i < event_file_count; i++)
        assert_true(strcmp(event_file_table[i - 1].name, event_file_table[i].name) < 0);
}

static void check_head(const struct event_file *file, const struct event_set *set)
{
    assert_true(set->lines > 0);
    assert_int_equal(*set->name == '\0', is_generic(file));
    assert_int_equal(strstr(file->text, "\nmatch ") == NULL, is_generic(file));
}

static void test_head(void **state)
{
    (void)state;
    each_file(check_head);
}

/* A user adds up what a file says: the words must be there, and fit what the events are. */
static void check_lines(const struct event_file *file, const struct event_set *set)
{
    for (size_t i = 0; i < set->lines; i++) {
        const struct event_line *line = &set->line[i];
        if (!*line->source || line->terms == 0)
            fail_msg("%s:%zu: no source or no events", file->name, line->line);
        if (names_word(line, "MEM_LOAD_") && line->sees != EVENT_LOADS_ONLY)
            fail_msg("%s:%zu: MEM_LOAD_* sees loads only", file->name, line->line);
        if (names_word(line, "amd_l3/") != (line->scope == EVENT_L3))
            fail_msg("%s:%zu: amd_l3 counts for an L3, the others do not", file->name, line->line);
        if (line->sees == EVENT_LOADS_ONLY && line->role > EVENT_STORES && !*line->note)
            fail_msg("%s:%zu: a note should say what does not show", file->name, line->line);
    }
}

static void test_lines(void **state)
{
    (void)state;
    each_file(check_lines);
}

/* "r53": a raw code. */
static bool is_raw(const char *name)
{
    const size_t digits = strspn(name + (*name != '\0'), "0123456789abcdef");
    return *name == 'r' && digits > 0 && name[1 + digits] == '\0';
}

/* test_event_names asks libpfm4 about names, but only where a file says of which PMU they are. */
static void check_names_have_pmu(const struct event_file *file, const struct event_set *set)
{
    for (size_t i = 0; i < set->lines && !*set->pmu && !is_generic(file); i++)
        for (size_t t = 0; t < set->line[i].terms; t++) {
            const char *const name = set->line[i].term[t].name;
            if (!strchr(name, '/') && !is_raw(name))
                fail_msg("%s:%zu: '%s' is a name, and no pmu line says whose", file->name,
                    set->line[i].line, name);
        }
}

static void test_names_have_pmu(void **state)
{
    (void)state;
    each_file(check_names_have_pmu);
}

static size_t skip_pairs(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t at = 0;
    do {
        const size_t key = strspn(text + at, letters);
        if (key == 0 || strncmp(text + at + key, "=0x", 3) != 0)
            return 0;
        at += key + 3;
        at += strspn(text + at, "0123456789abcdef");
    } while (text[at++] == ',');
    return at;
}

static void check_codes(const struct event_file *file, const struct event_set *set)
{
    for (size_t i = 0; i < set->lines; i++)
        for (size_t t = 0; t < set->line[i].terms; t++) {
            const char *name = set->line[i].term[t].name, *slash = strchr(name, '/');
            if (!slash)
                continue;
            const size_t pairs = skip_pairs(slash + 1);
            if (pairs == 0 || slash[pairs] != '/' || slash[pairs + 1] != '\0')
                fail_msg(
                    "%s:%zu: '%s' is not PMU/key=0x1,.../", file->name, set->line[i].line, name);
        }
}

static void test_codes_are_well_formed(void **state)
{
    (void)state;
    each_file(check_codes);
}

/* Whether a comment of the file says that there is "No line for" the role. */
static bool says_none(const struct event_file *file, const char *role)
{
    const char *const at = strstr(file->text, "\n# No line for ");
    const char *const end = at ? strchr(at, ':') : NULL;
    const char *const found = end ? strstr(at, role) : NULL;
    return found && found < end;
}

/* Without these two a file would not help to see a contested line. */
static void check_coverage(const struct event_file *file, const struct event_set *set)
{
    if (is_generic(file))
        return;
    static const enum event_role contested[] = {EVENT_RFO, EVENT_FILL_SAME_L3, EVENT_FILL_REMOTE};
    bool seen = false;
    for (size_t i = 0; i < sizeof(contested) / sizeof(contested[0]); i++) {
        const struct event_line *line = line_of(set, contested[i]);
        seen = seen || (line && line->sees != EVENT_LOADS_ONLY);
    }
    if (!seen)
        fail_msg("%s: no event sees stores that fight for a line", file->name);
    if (!line_of(set, EVENT_L3_MISS) && !says_none(file, "l3-miss"))
        fail_msg("%s: no l3-miss, and no reason", file->name);
}

static void test_coverage(void **state)
{
    (void)state;
    each_file(check_coverage);
}

static void test_generic_has_what_the_kernel_counts(void **state)
{
    (void)state;
    const struct event_file *file = event_file_for(&(struct event_cpu){"riscv64", "", 0, 0});
    struct event_set set;
    assert_string_equal(file->name, "generic.txt");
    assert_int_equal(event_set_parse(file->name, file->text, &set, NULL), 0);
    for (int role = EVENT_HARDWARE; role < EVENT_ROLES; role++)
        assert_non_null(line_of(&set, (enum event_role)role));
    assert_string_equal(line_of(&set, EVENT_CYCLES)->formula, "cycles");
    assert_string_equal(line_of(&set, EVENT_MIGRATIONS)->formula, "cpu-migrations");
    event_set_fini(&set);
}

static void test_file_for_cpu(void **state)
{
    (void)state;
    static const struct {
        struct event_cpu cpu;
        const char *file;
    } cases[] = {
        {{"x86_64", "GenuineIntel", 6, 0x3f}, "intel-hsx-bdx.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x4f}, "intel-hsx-bdx.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x55}, "intel-skx.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x6a}, "intel-icx.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x6c}, "intel-icx.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x8f}, "intel-spr.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xcf}, "intel-spr.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xad}, "intel-gnr.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xae}, "intel-gnr.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x3c}, "intel-hsw-bdw.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x47}, "intel-hsw-bdw.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x5e}, "intel-skl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x8e}, "intel-skl.txt"}, /* Kaby and Coffee Lake */
        {{"x86_64", "GenuineIntel", 6, 0xa5}, "intel-skl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x7e}, "intel-icl-tgl-rkl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x8d}, "intel-icl-tgl-rkl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xa7}, "intel-icl-tgl-rkl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x97}, "intel-adl-rpl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xb7}, "intel-adl-rpl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xbe}, "intel-adl-n.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xaa}, "intel-mtl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xc6}, "intel-arl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xbd}, "intel-lnl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xcc}, "intel-ptl.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xaf}, "intel-srf.txt"},
        {{"x86_64", "GenuineIntel", 6, 0xdd}, "intel-cwf.txt"},
        {{"x86_64", "GenuineIntel", 6, 0x2a}, "generic.txt"}, /* Sandy Bridge */
        {{"x86_64", "GenuineIntel", 15, 0x55}, "generic.txt"},
        {{"x86_64", "AuthenticAMD", 0x17, 0x01}, "amd-zen1.txt"}, /* Naples */
        {{"x86_64", "AuthenticAMD", 0x17, 0x31}, "amd-zen2.txt"}, /* Rome */
        {{"x86_64", "AuthenticAMD", 0x17, 0x71}, "amd-zen2.txt"},
        {{"x86_64", "AuthenticAMD", 0x19, 0x01}, "amd-zen3.txt"}, /* Milan */
        {{"x86_64", "AuthenticAMD", 0x19, 0x21}, "amd-zen3.txt"},
        {{"x86_64", "AuthenticAMD", 0x19, 0x11}, "amd-zen4.txt"}, /* Genoa */
        {{"x86_64", "AuthenticAMD", 0x19, 0xa0}, "amd-zen4.txt"}, /* Bergamo */
        {{"x86_64", "AuthenticAMD", 0x1a, 0x02}, "amd-zen5.txt"}, /* Turin */
        {{"x86_64", "AuthenticAMD", 0x1a, 0x11}, "amd-zen5.txt"}, /* Turin Dense */
        {{"x86_64", "AuthenticAMD", 0x1a, 0x50}, "generic.txt"},  /* Zen 6 */
        {{"aarch64", "0x41", 0, 0xd0c}, "arm-n1.txt"},
        {{"aarch64", "0x41", 0, 0xd40}, "arm-v1.txt"},
        {{"aarch64", "0x41", 0, 0xd49}, "arm-n2.txt"},
        {{"aarch64", "0x6d", 0, 0xd49}, "arm-n2.txt"},
        {{"aarch64", "0x41", 0, 0xd4f}, "arm-v2.txt"},
        {{"aarch64", "0x41", 0, 0xd84}, "arm-v3.txt"},
        {{"aarch64", "0x41", 0, 0xd8e}, "arm-n3.txt"},
        {{"aarch64", "0xc0", 0, 0xac3}, "arm-ampereone.txt"},
        {{"aarch64", "0xc0", 0, 0xac4}, "arm-ampereone.txt"},
        {{"aarch64", "0x48", 0, 0xd01}, "arm-tsv110.txt"},
        {{"aarch64", "0x41", 0, 0xd08}, "generic.txt"}, /* Cortex-A72 */
        {{"aarch64", "0xc0", 0, 0xd0c}, "generic.txt"},
        {{"", "", 0, 0}, "generic.txt"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(event_file_for(&cases[i].cpu)->name, cases[i].file);
}
