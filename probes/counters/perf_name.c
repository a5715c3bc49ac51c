/* SPDX-License-Identifier: MIT
 * Events by name. The kernel's format files define where a field of a code goes; libpfm4 knows the
 * names of a processor's events. */
#include "probes/counters/perf_name.h"

#include "machine/system/sysfile.h"
#include "probes/counters/uarch.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#ifdef HAVE_PFM
#include <perfmon/pfmlib_perf_event.h>
#endif

/* In the kernel's headers since 5.13. */
#ifndef PERF_PMU_TYPE_SHIFT
#define PERF_PMU_TYPE_SHIFT 32
#endif

#define PMUS "/sys/bus/event_source/devices/"
enum { TEXT = 256 };

static const struct generic {
    const char *name;
    uint32_t type;
    uint64_t config;
} generics[] = {
    {"cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    {"cpu-cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    {"instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
    {"cache-references", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_REFERENCES},
    {"cache-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
    {"branches", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS},
    {"branch-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
    {"bus-cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BUS_CYCLES},
    {"ref-cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_REF_CPU_CYCLES},
    {"stalled-cycles-backend", PERF_TYPE_HARDWARE, PERF_COUNT_HW_STALLED_CYCLES_BACKEND},
    {"context-switches", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES},
    {"cpu-migrations", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS},
    {"page-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS},
    {"task-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK},
};

static int encode_generic(const char *name, struct perf_event_attr *attr)
{
    for (size_t i = 0; i < sizeof generics / sizeof *generics; i++)
        if (strcmp(name, generics[i].name) == 0) {
            attr->type = generics[i].type;
            attr->config = generics[i].config;
            attr->exclude_kernel = attr->exclude_hv = attr->type == PERF_TYPE_HARDWARE;
            return 0;
        }
    return -ENOENT;
}

/* Puts the value's low bits where the format, as "config:0-7,32-35", defines. */
static int place_bits(const char *format, uint64_t value, struct perf_event_attr *attr)
{
    static const struct {
        const char *word;
        size_t offset;
    } words[] = {
        {"config:", offsetof(struct perf_event_attr, config)},
        {"config1:", offsetof(struct perf_event_attr, config1)},
        {"config2:", offsetof(struct perf_event_attr, config2)},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i].word);
        if (strncmp(format, words[i].word, length) != 0)
            continue;
        uint64_t word;
        char *const at = (char *)attr + words[i].offset;
        memcpy(&word, at, sizeof word);
        for (const char *range = format + length; range; range = strchr(range, ',')) {
            unsigned low, high;
            range += *range == ',';
            const int read = sscanf(range, "%u-%u", &low, &high);
            if (read < 1)
                return -EINVAL;
            for (unsigned bit = low; bit <= (read == 1 ? low : high) && bit < 64; bit++) {
                word |= (value & 1) << bit;
                value >>= 1;
            }
        }
        memcpy(at, &word, sizeof word);
        return value ? -ERANGE : 0;
    }
    return -EINVAL;
}

static int encode_terms(const char *pmu, char *terms, int depth, struct perf_event_attr *attr,
    const char *name, struct err *err);

/* Encodes a field, or the terms of an event that the PMU's driver has a name for. */
static int encode_term(const char *pmu, const char *term, int depth, struct perf_event_attr *attr,
    const char *name, struct err *err)
{
    char path[TEXT], text[TEXT], field[64];
    const char *const equals = strchr(term, '=');
    snprintf(field, sizeof field, "%.*s", equals ? (int)(equals - term) : 63, term);
    char *end = NULL;
    if (strpbrk(field, "/.")) /* it becomes part of a path */
        return err_set(err, -EINVAL, "event '%s': '%s' is not a name of a field", name, field);
    errno = 0;
    const uint64_t value = equals ? strtoull(equals + 1, &end, 0) : 1;
    if (errno == ERANGE)
        return err_set(err, -ERANGE, "event '%s': %s does not fit into 64 bits", name, term);
    if (equals && (end == equals + 1 || *end || !isdigit((unsigned char)equals[1])))
        return err_set(err, -EINVAL, "event '%s': '%s' has no number after the '='", name, term);
    snprintf(text, sizeof text, "%s:0-63", field);
    if (strncmp(field, "config", 6) == 0 && place_bits(text, value, attr) == 0)
        return 0;
    snprintf(path, sizeof path, PMUS "%s/format/%.64s", pmu, field);
    if (sysfile_read("", path, text, sizeof text)) {
        if (place_bits(text, value, attr) == 0)
            return 0;
        return err_set(
            err, -ERANGE, "event '%s': %s does not fit into the field (%s)", name, term, text);
    }
    snprintf(path, sizeof path, PMUS "%s/events/%.64s", pmu, field);
    if (!equals && depth == 0 && sysfile_read("", path, text, sizeof text))
        return encode_terms(pmu, text, depth + 1, attr, name, err);
    return err_set(err, -ENOENT,
        "event '%s': the PMU '%s' knows neither a field nor an event '%s' (see " PMUS "%s)", name,
        pmu, field, pmu);
}

static int encode_terms(const char *pmu, char *terms, int depth, struct perf_event_attr *attr,
    const char *name, struct err *err)
{
    char *rest = NULL;
    int code = 0;
    for (char *term = strtok_r(terms, ",", &rest); term && !code; term = strtok_r(NULL, ",", &rest))
        code = encode_term(pmu, term, depth, attr, name, err);
    return code;
}

/* A core's PMU can leave the kernel out; that of a package cannot. */
static bool is_core(const char *pmu)
{
    char path[TEXT];
    snprintf(path, sizeof path, PMUS "%.64s/cpus", pmu);
    return strcmp(pmu, "cpu") == 0 || access(path, R_OK) == 0;
}

static int encode_sysfs(const char *name, struct perf_event_attr *attr, struct err *err)
{
    char text[TEXT], path[TEXT], pmu[64];
    const size_t pmu_length = (size_t)(strchr(name, '/') - name), length = strlen(name);
    if (length >= sizeof text || pmu_length >= sizeof pmu || pmu_length == 0 ||
        name[length - 1] != '/' || pmu_length + 2 > length || memchr(name, '.', pmu_length))
        return err_set(
            err, -EINVAL, "event '%.100s': expected PMU/field=value,.../ or PMU/event/", name);
    snprintf(pmu, sizeof pmu, "%.*s", (int)pmu_length, name);
    snprintf(text, sizeof text, "%.*s", (int)(length - pmu_length - 2), name + pmu_length + 1);
    int64_t type;
    snprintf(path, sizeof path, PMUS "%s/type", pmu);
    if (!sysfile_i64("", path, &type))
        return err_set(err, -ENODEV,
            "event '%s': no PMU '%s' here; virtual machines rarely have one (ls " PMUS ")", name,
            pmu);
    attr->type = (uint32_t)type;
    attr->exclude_kernel = attr->exclude_hv = is_core(pmu);
    return encode_terms(pmu, text, 0, attr, name, err);
}

static int encode_raw(const char *name, struct perf_event_attr *attr)
{
    char *end;
    if (name[0] != 'r' || !isxdigit((unsigned char)name[1]))
        return -ENOENT;
    errno = 0;
    attr->type = PERF_TYPE_RAW;
    attr->config = strtoull(name + 1, &end, 16);
    attr->exclude_kernel = attr->exclude_hv = 1;
    return *end ? -ENOENT : -errno;
}

#ifdef HAVE_PFM
/* Whether a processor has such an event, "EVENT" in "PMU::EVENT:UMASK" or "EVENT.UMASK". */
static bool has_event(const pfm_pmu_info_t *pmu, const char *name, size_t length)
{
    for (int i = pmu->first_event; i >= 0; i = pfm_get_event_next(i)) {
        pfm_event_info_t info = {.size = sizeof info};
        if (pfm_get_event_info(i, PFM_OS_NONE, &info) == PFM_SUCCESS &&
            strlen(info.name) == length && strncasecmp(info.name, name, length) == 0)
            return true;
    }
    return false;
}

bool perf_name_is_elsewhere(const char *name)
{
    const char *const pmu = strstr(name, "::"), *const event = pmu ? pmu + 2 : name;
    pfm_pmu_t at;
    if (pfm_initialize() != PFM_SUCCESS)
        return false;
    pfm_for_all_pmus(at)
    {
        pfm_pmu_info_t info = {.size = sizeof info};
        if (pfm_get_pmu_info(at, &info) == PFM_SUCCESS &&
            has_event(&info, event, strcspn(event, ":.")))
            return true;
    }
    return false;
}

static int encode_pfm(const char *name, struct perf_event_attr *attr, struct err *err)
{
    struct perf_event_attr found = {.size = sizeof found};
    pfm_perf_encode_arg_t arg = {.attr = &found, .size = sizeof arg};
    int code = pfm_initialize();
    if (code == PFM_SUCCESS)
        code = pfm_get_os_event_encoding(name, PFM_PLM3, PFM_OS_PERF_EVENT, &arg);
    if (code != PFM_SUCCESS)
        return err_set(err,
            code == PFM_ERR_NOMEM                                      ? -ENOMEM
            : code == PFM_ERR_NOTFOUND && perf_name_is_elsewhere(name) ? -ENODEV
                                                                       : -ENOENT,
            "event '%s': libpfm4: %s on this processor", name, pfm_strerror(code));
    attr->type = found.type;
    attr->config = found.config;
    attr->config1 = found.config1;
    attr->config2 = found.config2;
    attr->exclude_kernel = attr->exclude_hv = found.exclude_kernel;
    return 0;
}
#else
bool perf_name_is_elsewhere(const char *name)
{
    (void)name;
    return false;
}

static int encode_pfm(const char *name, struct perf_event_attr *attr, struct err *err)
{
    (void)attr;
    return err_set(err, -ENODEV, /* it may be one */
        "event '%s': this numaprobe was built without libpfm4, which knows such names; give it as "
        "cpu/event=...,umask=.../",
        name);
}
#endif

int perf_name_encode(const char *name, struct perf_event_attr *attr, struct err *err)
{
    *attr = (struct perf_event_attr){.size = sizeof *attr};
    if (strchr(name, '/'))
        return encode_sysfs(name, attr, err);
    if (encode_generic(name, attr) == 0)
        return 0;
    const int raw = encode_raw(name, attr);
    if (raw == -ERANGE)
        return err_set(err, raw, "event '%.40s': the code does not fit into 64 bits", name);
    if (raw == 0)
        return 0;
    if (strncmp(name, "PAPI_", 5) == 0)
        return err_set(err, -ENOENT, "event '%s' is a preset of PAPI: use --counters papi", name);
    return encode_pfm(name, attr, err);
}

void perf_name_aim(const char *root, int cpu, struct perf_event_attr *attr)
{
    uint32_t pmu;
    if ((attr->type != PERF_TYPE_HARDWARE && attr->type != PERF_TYPE_RAW) ||
        !uarch_core_pmu(root, cpu, &pmu))
        return;
    if (attr->type == PERF_TYPE_RAW)
        attr->type = pmu;
    else
        attr->config |= (uint64_t)pmu << PERF_PMU_TYPE_SHIFT;
}

void perf_name_code(const char *name, char *out, size_t size)
{
    struct perf_event_attr attr;
    const int code = perf_name_encode(name, &attr, NULL);
    const char *const user = !code && attr.exclude_kernel ? "u" : "";
    if (strchr(name, '/'))
        snprintf(out, size, "%s%s", name, user);
    else if (code)
        snprintf(out, size, "%s", "");
    else if (attr.type != PERF_TYPE_RAW)
        snprintf(out, size, "%s%s%s", name, *user ? ":" : "", user);
    else if (attr.config1)
        snprintf(out, size, "cpu/config=0x%" PRIx64 ",config1=0x%" PRIx64 "/%s",
            (uint64_t)attr.config, (uint64_t)attr.config1, user);
    else
        snprintf(out, size, "r%" PRIx64 "%s%s", (uint64_t)attr.config, *user ? ":" : "", user);
}
