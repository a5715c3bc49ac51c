/* SPDX-License-Identifier: MIT
 * How programs are attached to instructions: all by one link where the kernel has that, else each
 * by a perf event. Removing a probe takes the kernel some 0.1 s, a link with all of them as long as
 * one perf event. */
#ifndef PROBES_UPROBE_CALL_ATTACH_H
#define PROBES_UPROBE_CALL_ATTACH_H

#include "probes/uprobe/call_probes.h"

#include <bpf/libbpf.h>

struct call_attached {
    int link[2]; /* at calls, at returns; -1: none */
    struct bpf_link **event;
    size_t events;
};
#define CALL_ATTACHED_NONE ((struct call_attached){.link = {-1, -1}})

/* Does this kernel have links with many probes, of all threads of a process? */
bool call_attach_has_links(void);
/* Before the programs are loaded: they will be attached by such a link. */
void call_attach_prepare(struct bpf_program *program);
/* program[0] at calls, [1] at returns. 0, or -errno with err; then nothing is attached. */
int call_attach(struct call_attached *attached, struct bpf_program *const *program, bool links,
    const struct call_place *place, struct err *err);
void call_attach_end(struct call_attached *attached);

#endif
