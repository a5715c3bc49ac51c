/* SPDX-License-Identifier: MIT
 * What --topology names, and what is wrong with it. */
#include "machine/topology_source.h"

#include "base/cpuset.h"
#include "base/regular.h"

#include <ctype.h>
#include <errno.h>
#include <hwloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXAMPLE "'pack:2 numa:1 l3:1 core:4 pu:2'"

bool topology_source_is_xml(const char *source)
{
    const size_t length = strlen(source);
    return access(source, F_OK) == 0 || (length > 4 && strcmp(source + length - 4, ".xml") == 0);
}

/* The number of cpus of a synthetic string: the product of its counts ("pack:2 core:4", or bare "2
 * 4"), without those in parentheses (attributes) or brackets (attached nodes). hwloc would build a
 * machine of a thousand million cpus until memory ends. */
static double synthetic_cpus(const char *text)
{
    double product = 1;
    int depth = 0;
    for (char before = ' '; *text != '\0'; before = *text++) {
        depth += (*text == '(' || *text == '[') - (*text == ')' || *text == ']');
        if (depth == 0 && *text >= '0' && *text <= '9' && (before == ':' || before == ' '))
            product *= strtod(text, NULL);
    }
    return product;
}

/* Whether explicit OS indices, "pu:2(indexes=0,7)", are too large: hwloc's sets have a bit for each
 * index up to the largest. */
static bool has_large_index(const char *text)
{
    bool is_large = false;
    while ((text = strstr(text, "indexes=")) != NULL) {
        text += strlen("indexes=");
        for (size_t n; !is_large && (n = strcspn(text, "0123456789 )"), isdigit(text[n]));) {
            char *end;
            is_large = strtod(text + n, &end) >= CPUSET_MAX;
            text = end;
        }
    }
    return is_large;
}

static int synthetic_set(hwloc_topology_t hwloc, const char *source, struct err *err)
{
    if (synthetic_cpus(source) > CPUSET_MAX || has_large_index(source))
        return err_set(err, -EINVAL,
            "--topology: '%.100s' has more than %d cpus, the most that Linux distributions run on; "
            "give a smaller one, as " EXAMPLE,
            source, CPUSET_MAX);
    if (hwloc_topology_set_synthetic(hwloc, source) == 0)
        return 0;
    return err_set(err, -EINVAL,
        "--topology: '%.100s' is not a machine that hwloc understands; give an XML file made by "
        "lstopo, "
        "or a string as " EXAMPLE,
        source);
}

static const char not_xml[] = "not XML that hwloc understands";

static int xml_error(const char *source, const char *why, struct err *err)
{
    return err_set(err, -ENOEXEC,
        "--topology: cannot read a machine from '%.150s': %s; make such a file with "
        "'lstopo --of xml FILE', or give a string as " EXAMPLE,
        source, why);
}

int topology_source_set(hwloc_topology_t hwloc, const char *source, struct err *err)
{
    if (source == NULL)
        return 0;
    if (!topology_source_is_xml(source))
        return synthetic_set(hwloc, source, err);
    if (access(source, R_OK) != 0)
        return xml_error(source, strerror(errno), err);
    if (!has_end(source))
        return xml_error(source, "neither a file nor a pipe", err);
    return hwloc_topology_set_xml(hwloc, source) == 0 ? 0 : xml_error(source, not_xml, err);
}

/* Both are read from the environment only, when loading. The x86 backend would ask this machine's
 * cpus. */
int topology_source_load_root(
    hwloc_topology_t hwloc, const char *source, const char *root, struct err *err)
{
    static const char *const names[] = {"HWLOC_FSROOT", "HWLOC_COMPONENTS"};
    const char *const values[] = {root, "linux,stop"};
    for (size_t i = 0; i < 2; i++)
        setenv(names[i], values[i], 1);
    const int failed = hwloc_topology_load(hwloc);
    for (size_t i = 0; i < 2; i++)
        unsetenv(names[i]);
    return failed ? err_set(err, -ENOEXEC,
                        "--topology: hwloc reads no machine from the recording '%.150s'", source)
                  : 0;
}

int topology_source_load(hwloc_topology_t hwloc, const char *source, struct err *err)
{
    if (hwloc_topology_load(hwloc) == 0)
        return 0;
    if (source != NULL && topology_source_is_xml(source))
        return xml_error(source, not_xml, err);
    return err_set(err, source != NULL ? -EINVAL : -ENOTSUP,
        "hwloc cannot read %s%s%s: %s; try --topology " EXAMPLE,
        source != NULL ? "--topology '" : "this machine", source != NULL ? source : "",
        source != NULL ? "'" : "", strerror(errno));
}
