/* SPDX-License-Identifier: MIT
 * What the counters may count, by role rather than by a processor's name for it. data/events lists
 * which events of a processor play a role (base/event_set.h). */
#ifndef BASE_EVENT_H
#define BASE_EVENT_H

enum event_role {
    EVENT_CYCLES,
    EVENT_INSTRUCTIONS,
    EVENT_LOADS,
    EVENT_STORES,
    EVENT_RFO,
    EVENT_FILL_SAME_L3,
    EVENT_FILL_REMOTE,
    EVENT_L3_MISS,
    EVENT_L3_MISS_REMOTE,
    EVENT_STALL_MEM,
    /* Events that the user names and that are not a role. */
    EVENT_RAW1,
    EVENT_RAW2,
    EVENT_RAW3,
    EVENT_RAW4,
    EVENT_HARDWARE, /* the number of hardware roles; the kernel counts those after it */
    EVENT_CONTEXT_SWITCHES = EVENT_HARDWARE,
    EVENT_MIGRATIONS,
    EVENT_PAGE_FAULTS,
    EVENT_ROLES
};

/* What one count covers: the thread it was opened for, or all cores behind one L3. */
enum event_scope { EVENT_THREAD, EVENT_L3, EVENT_SCOPES };
/* Which accesses an event can see: one that counts only loads stays at zero while stores contend
 * for a line. */
enum event_sees { EVENT_ALL, EVENT_LOADS_ONLY, EVENT_STORES_ONLY, EVENT_SEES };

struct event_role_info {
    const char *name;    /* of --events: "l3-miss"; in the CSV with _ */
    const char *alias;   /* another order of the same words; NULL: none */
    const char *meaning; /* one line */
};
extern const struct event_role_info event_roles[EVENT_ROLES];
extern const char *const event_scopes[EVENT_SCOPES], *const event_sees[EVENT_SEES];

/* The role of a name or alias, or EVENT_ROLES. */
enum event_role event_role_find(const char *name);

#endif
