/* SPDX-License-Identifier: MIT
 * data/events: every name a file has of libpfm4 is one that libpfm4 encodes, for each PMU that the
 * file lists. libpfm4 carries the tables of the architecture it was built for, so each architecture
 * has a test of its own. */
#include "tests/test.h"

#include "base/event_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if __has_include(<perfmon/pfmlib_perf_event.h>)
#include <perfmon/pfmlib_perf_event.h>

static bool pmu_known(const char *name)
{
    for (int pmu = 0; pmu < PFM_PMU_MAX; pmu++) {
        pfm_pmu_info_t info = {.size = sizeof(info)};
        if (pfm_get_pmu_info((pfm_pmu_t)pmu, &info) == PFM_SUCCESS && strcmp(info.name, name) == 0)
            return true;
    }
    return false;
}

static const char *encode(const char *pmu, const char *event)
{
    char name[256];
    struct perf_event_attr attr = {.size = sizeof(attr)};
    pfm_perf_encode_arg_t arg = {.attr = &attr, .size = sizeof(arg)};
    snprintf(name, sizeof(name), "%s::%s", pmu, event);
    const int code = pfm_get_os_event_encoding(name, PFM_PLM3, PFM_OS_PERF_EVENT, &arg);
    return code == PFM_SUCCESS ? NULL : pfm_strerror(code);
}

/* How many names of the file the PMU encodes; codes as in sysfs are not libpfm4's business. */
static size_t check_pmu(const struct event_file *file, const struct event_set *set, const char *pmu)
{
    size_t names = 0;
    for (size_t i = 0; i < set->lines; i++)
        for (size_t t = 0; t < set->line[i].terms; t++) {
            const char *event = set->line[i].term[t].name;
            const char *wrong = strchr(event, '/') ? NULL : encode(pmu, event);
            names += !strchr(event, '/');
            if (wrong)
                fail_msg("%s:%zu: %s::%s: %s", file->name, set->line[i].line, pmu, event, wrong);
        }
    return names;
}

static void check_file(const struct event_file *file, size_t *known, char *unknown, size_t size)
{
    struct event_set set;
    char pmus[128], *rest = NULL;
    assert_int_equal(event_set_parse(file->name, file->text, &set, NULL), 0);
    assert_true((size_t)snprintf(pmus, sizeof(pmus), "%s", set.pmu) < sizeof(pmus));
    for (char *pmu = strtok_r(pmus, " \t", &rest); pmu; pmu = strtok_r(NULL, " \t", &rest)) {
        if (!pmu_known(pmu)) {
            snprintf(unknown + strlen(unknown), size - strlen(unknown), " %s", pmu);
            continue;
        }
        const size_t names = check_pmu(file, &set, pmu);
        assert_true(names > 0);
        print_message("# %s: %zu names are %s's\n", file->name, names, pmu);
        ++*known;
    }
    event_set_fini(&set);
}

static uint64_t offcore_of(const char *pmu, const char *event)
{
    char name[256];
    struct perf_event_attr attr = {.size = sizeof(attr)};
    pfm_perf_encode_arg_t arg = {.attr = &attr, .size = sizeof(arg)};
    snprintf(name, sizeof(name), "%s::OCR:READS_TO_CORE_%s", pmu, event);
    if (pfm_get_os_event_encoding(name, PFM_PLM3, PFM_OS_PERF_EVENT, &arg) != PFM_SUCCESS)
        fail_msg("%s", name);
    return attr.config1;
}

/* What the file's first event of `role` puts into the offcore response register; 0: nothing. */
static uint64_t offcore_in(const char *file, enum event_role role)
{
    static const char field[] = "offcore_rsp=";
    struct event_set set;
    uint64_t value = 0;
    for (size_t i = 0; i < event_file_count; i++) {
        if (strcmp(event_file_table[i].name, file) != 0)
            continue;
        assert_int_equal(event_set_parse(file, event_file_table[i].text, &set, NULL), 0);
        for (size_t k = set.lines; k-- > 0;) {
            const char *at = strstr(set.line[k].formula, field);
            if (set.line[k].role == role)
                value = at ? strtoull(at + strlen(field), NULL, 0) : 0;
        }
        event_set_fini(&set);
    }
    return value;
}

/* With sub-NUMA clusters a line of the same package may come from another cluster's L3. */
static void check_clusters(void)
{
    static const struct {
        const char *file, *pmu;
    } cases[] = {{"intel-icx.txt", "icx"}, {"intel-spr.txt", "spr"}, {"intel-gnr.txt", "spr"}};
    setenv("LIBPFM_ENCODE_INACTIVE", "1", 1);
    assert_int_equal(pfm_initialize(), PFM_SUCCESS);
    if (!pmu_known("spr"))
        SKIP_BECAUSE("this libpfm4 does not know spr");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(offcore_in(cases[i].file, EVENT_FILL_REMOTE),
            offcore_of(cases[i].pmu, "REMOTE_CACHE_SNOOP_FWD") |
                offcore_of(cases[i].pmu, "SNC_CACHE_HITM") |
                offcore_of(cases[i].pmu, "SNC_CACHE_HIT_WITH_FWD"));
    pfm_terminate();
}

static bool is_for(const struct event_file *file, const char *arch)
{
    char word[16] = "";
    const char *match = strstr(file->text, "\nmatch");
    return match && sscanf(match, " match %15s", word) == 1 && strcmp(word, arch) == 0;
}

static void check_arch(const char *arch)
{
    char unknown[256] = "";
    size_t known = 0;
    setenv("LIBPFM_ENCODE_INACTIVE", "1", 1); /* for PMUs of other machines */
    assert_int_equal(pfm_initialize(), PFM_SUCCESS);
    for (size_t i = 0; i < event_file_count; i++)
        if (is_for(&event_file_table[i], arch))
            check_file(&event_file_table[i], &known, unknown, sizeof(unknown));
    pfm_terminate();
    if (known == 0)
        SKIP_BECAUSE("this libpfm4 knows none of%s", unknown);
    if (*unknown) /* some but not all: a wrong name, or a libpfm4 older than 4.13 */
        fail_msg("this libpfm4 does not know%s", unknown);
}
#else
static void check_clusters(void)
{
    SKIP_BECAUSE("libpfm4's headers are not installed (Debian: libpfm4-dev)");
}

static void check_arch(const char *arch)
{
    (void)arch;
    SKIP_BECAUSE("libpfm4's headers are not installed (Debian: libpfm4-dev)");
}
#endif

static void test_x86_names(void **state)
{
    (void)state;
    check_arch("x86_64");
}

static void test_other_clusters_are_counted(void **state)
{
    (void)state;
    check_clusters();
}

static void test_arm_names(void **state)
{
    (void)state;
    check_arch("aarch64");
}
