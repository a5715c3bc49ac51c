/* SPDX-License-Identifier: MIT
 * What is known of a run's machine, as texts. */
#include "analysis/hosts/hosts_internal.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

const char *const hosts_fact_name[HOSTS_FACTS] = {[HOSTS_MODEL] = "processor",
    [HOSTS_ARCH] = "architecture",
    [HOSTS_HYPERVISOR] = "hypervisor",
    [HOSTS_SIZE] = "size",
    [HOSTS_KERNEL] = "kernel",
    [HOSTS_PREFETCHERS] = "prefetchers",
    [HOSTS_NODES] = "nodes",
    [HOSTS_CPUS] = "cpus",
    [HOSTS_SMT] = "smt",
    [HOSTS_GOVERNOR] = "governor",
    [HOSTS_BOOST] = "boost",
    [HOSTS_NO_TURBO] = "no_turbo",
    [HOSTS_THP] = "thp",
    [HOSTS_NUMA_BALANCING] = "numa_balancing",
    [HOSTS_CLOCKSOURCE] = "clocksource",
    [HOSTS_MICROCODE] = "microcode",
    [HOSTS_PAGES] = "pages",
    [HOSTS_VERSION] = "numaprobe",
    [HOSTS_VERDICTS] = "verdicts"};

/* Negative, 0 or positive, as strcmp of the first `length` bytes and `text`. */
static int compare_item(const char *item, size_t length, const char *text)
{
    const int order = strncmp(item, text, length);
    return order || !text[length] ? order : -1;
}

int fact_add(struct strings *strings, const char **fact, const char *separator, const char *text)
{
    char out[1024] = "";
    bool added = !*text;
    for (const char *at = *fact, *end; at && *at; at = end ? end + strlen(separator) : NULL) {
        end = strstr(at, separator);
        const size_t length = end ? (size_t)(end - at) : strlen(at);
        const int order = added ? -1 : compare_item(at, length, text);
        if (order > 0)
            text_append_item(out, sizeof out, separator, "%s", text);
        added = added || order >= 0;
        text_append_item(out, sizeof out, separator, "%.*s", (int)length, at);
    }
    if (!added)
        text_append_item(out, sizeof out, separator, "%s", text);
    *fact = strings_intern(strings, out);
    return *fact ? 0 : -ENOMEM;
}

static size_t count_distinct(const struct dataset_run *run, size_t offset)
{
    size_t distinct = 0;
    for (size_t i = 0; i < run->places; i++) {
        bool seen = false;
        const int64_t own = *(const int64_t *)((const char *)&run->place[i] + offset);
        for (size_t j = 0; j < i && !seen; j++)
            seen = *(const int64_t *)((const char *)&run->place[j] + offset) == own;
        distinct += !seen && own != SAMPLE_NONE;
    }
    return distinct;
}

/* A matrix has all cpus; other instruments have those that they chose. */
static void size_text(const struct dataset_run *run, char *out, size_t size)
{
    static const struct {
        size_t offset;
        const char *name;
    } part[] = {{offsetof(struct dataset_cpu, package), "packages"},
        {offsetof(struct dataset_cpu, node), "nodes"},
        {offsetof(struct dataset_cpu, core), "cores"}, {offsetof(struct dataset_cpu, cpu), "cpus"}};
    *out = '\0';
    if (strcmp(run->instrument, "matrix") != 0)
        return;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        text_append_item(
            out, size, ", ", "%zu %s", count_distinct(run, part[i].offset), part[i].name);
}

/* What follows "name=", up to a blank; "" where the name is not there. */
static void setting_text(const char *settings, const char *name, char *out, size_t size)
{
    const size_t length = strlen(name);
    const char *at = settings;
    *out = '\0';
    while (at && *at && (strncmp(at, name, length) != 0 || at[length] != '=')) {
        const char *const blank = strchr(at, ' ');
        at = blank ? blank + 1 : NULL;
    }
    if (at && *at)
        snprintf(out, size, "%.*s", (int)strcspn(at + length + 1, " "), at + length + 1);
}

static int list_settings(struct strings *strings, const char *settings, const char **fact)
{
    char text[128];
    for (int f = HOSTS_NODES; f <= HOSTS_MICROCODE; f++) {
        setting_text(settings, hosts_fact_name[f], text, sizeof text);
        fact[f] = strings_intern(strings, text);
        if (!fact[f])
            return -ENOMEM;
    }
    return 0;
}

int facts_list(struct strings *strings, const struct dataset_run *run, const char **fact)
{
    char size[128];
    size_text(run, size, sizeof size);
    fact[HOSTS_MODEL] = run->cpu_model;
    fact[HOSTS_ARCH] = run->arch;
    fact[HOSTS_HYPERVISOR] = run->hypervisor;
    fact[HOSTS_SIZE] = strings_intern(strings, size);
    fact[HOSTS_KERNEL] = run->kernel;
    fact[HOSTS_PREFETCHERS] = run->prefetchers;
    fact[HOSTS_PAGES] = run->pages;
    fact[HOSTS_VERSION] = run->version;
    return fact[HOSTS_SIZE] ? list_settings(strings, run->settings, fact) : -ENOMEM;
}
