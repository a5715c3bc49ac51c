/* SPDX-License-Identifier: MIT
 * The roles' names and meanings. */
#include "base/event.h"

#include <string.h>

const struct event_role_info event_roles[EVENT_ROLES] = {
    [EVENT_CYCLES] = {"cycles", NULL, "core cycles"},
    [EVENT_INSTRUCTIONS] = {"instructions", NULL, "instructions retired"},
    [EVENT_LOADS] = {"loads", "mem-loads", "loads retired"},
    [EVENT_STORES] = {"stores", "mem-stores", "stores retired"},
    [EVENT_RFO] = {"rfo", NULL, "reads for ownership: a write had to fetch the line"},
    [EVENT_FILL_SAME_L3] = {"fill-same-l3", "same-l3-fill",
        "lines filled from another core's cache in the same L3"},
    [EVENT_FILL_REMOTE] = {"fill-remote", "remote-fill",
        "lines filled from a cache beyond its own L3 or package (HITM)"},
    [EVENT_L3_MISS] = {"l3-miss", NULL, "accesses that missed the L3"},
    [EVENT_L3_MISS_REMOTE] = {"l3-miss-remote", NULL,
        "L3 misses served by another node's memory or cache"},
    [EVENT_STALL_MEM] = {"stall-mem", NULL, "cycles stalled with memory accesses outstanding"},
    [EVENT_RAW1] = {"raw1", NULL, "the first event named by --events that is not a role"},
    [EVENT_RAW2] = {"raw2", NULL, "the second such event"},
    [EVENT_RAW3] = {"raw3", NULL, "the third such event"},
    [EVENT_RAW4] = {"raw4", NULL, "the fourth such event"},
    [EVENT_CONTEXT_SWITCHES] = {"context-switches", NULL, "context switches"},
    [EVENT_MIGRATIONS] = {"migrations", "cpu-migrations", "moves to another cpu"},
    [EVENT_PAGE_FAULTS] = {"page-faults", NULL, "page faults, minor and major"},
};

const char *const event_scopes[EVENT_SCOPES] = {
    [EVENT_THREAD] = "thread",
    [EVENT_L3] = "l3",
};

const char *const event_sees[EVENT_SEES] = {
    [EVENT_ALL] = "all",
    [EVENT_LOADS_ONLY] = "loads",
    [EVENT_STORES_ONLY] = "stores",
};

enum event_role event_role_find(const char *name)
{
    for (int i = 0; i < EVENT_ROLES; i++)
        if (strcmp(name, event_roles[i].name) == 0 ||
            (event_roles[i].alias && strcmp(name, event_roles[i].alias) == 0))
            return (enum event_role)i;
    return EVENT_ROLES;
}
