/* SPDX-License-Identifier: MIT
 * Links with many uprobes came with Linux 6.6 (include/uapi/linux/bpf.h); until 6.10 their filter
 * by a process was one by its first thread. libbpf has them since 1.3, which is newer than Debian
 * 12's, so the call is made here. */
#include "probes/uprobe/call_probes.h"

#ifdef HAVE_BPF
#include "probes/uprobe/call_attach.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { LINK_CREATE = 28, UPROBE_MULTI = 48, WITH_PROCESSES = 610 };

/* Of union bpf_attr, what LINK_CREATE reads for UPROBE_MULTI. */
struct link_request {
    uint32_t program, target, type, flags;
    uint64_t path, offsets, counters, cookies;
    uint32_t count, uprobe_flags, pid, unused;
};

bool call_attach_has_links(void)
{
    struct utsname kernel;
    unsigned major = 0, minor = 0;
    return uname(&kernel) == 0 && sscanf(kernel.release, "%u.%u", &major, &minor) == 2 &&
           major * 100 + minor >= WITH_PROCESSES;
}

void call_attach_prepare(struct bpf_program *program)
{
    bpf_program__set_expected_attach_type(program, (enum bpf_attach_type)UPROBE_MULTI);
}

/* -1 with errno, also where there are none of that kind. */
static int create_link(
    const struct bpf_program *program, const struct call_place *place, bool at_return)
{
    uint64_t *const offset = calloc(2 * place->points, sizeof *offset), *const cookie =
                                                                            offset + place->points;
    uint32_t count = 0;
    for (size_t i = 0; offset && i < place->points; i++)
        if (place->point[i].at_return == at_return) {
            offset[count] = place->point[i].offset;
            cookie[count++] = place->point[i].cookie;
        }
    const struct link_request request = {.program = (uint32_t)bpf_program__fd(program),
        .type = UPROBE_MULTI,
        .path = (uint64_t)(uintptr_t)place->path,
        .offsets = (uint64_t)(uintptr_t)offset,
        .cookies = (uint64_t)(uintptr_t)cookie,
        .count = count,
        .pid = (uint32_t)place->pid};
    errno = ENOENT;
    const int link = count ? (int)syscall(SYS_bpf, LINK_CREATE, &request, sizeof request) : -1,
              code = offset ? errno : ENOMEM;
    free(offset);
    errno = code;
    return link;
}

static int attach_links(
    struct call_attached *a, struct bpf_program *const *program, const struct call_place *place)
{
    /* Returns first: what begins before they are there would stay inside for ever. */
    for (int at_return = 1; at_return >= 0; at_return--) {
        a->link[at_return] = create_link(program[at_return], place, at_return);
        if (a->link[at_return] < 0 && errno != ENOENT)
            return -errno;
    }
    return a->link[0] < 0 ? -ENOENT : 0;
}

static int attach_events(
    struct call_attached *a, struct bpf_program *const *program, const struct call_place *place)
{
    a->event = calloc(place->points, sizeof *a->event);
    if (!a->event)
        return -ENOMEM;
    for (int at_return = 1; at_return >= 0; at_return--)
        for (size_t i = 0; i < place->points; i++) {
            const struct call_point *const point = &place->point[i];
            const struct bpf_uprobe_opts options = {
                .sz = sizeof options, .bpf_cookie = point->cookie};
            if (point->at_return != at_return)
                continue;
            struct bpf_link *const link = bpf_program__attach_uprobe_opts(
                program[at_return], place->pid, place->path, point->offset, &options);
            if (!link)
                return -errno;
            a->event[a->events++] = link;
        }
    return 0;
}

int call_attach(struct call_attached *a, struct bpf_program *const *program, bool links,
    const struct call_place *place, struct err *err)
{
    *a = CALL_ATTACHED_NONE;
    const int code = links ? attach_links(a, program, place) : attach_events(a, program, place);
    if (code == 0)
        return 0;
    call_attach_end(a);
    return err_set(
        err, code, "probes cannot be set in process %d: %s", place->pid, strerror(-code));
}

void call_attach_end(struct call_attached *a)
{
    for (size_t i = 0; i < 2; i++)
        if (a->link[i] >= 0)
            close(a->link[i]);
    for (size_t i = 0; i < a->events; i++)
        bpf_link__destroy(a->event[i]);
    free(a->event);
    *a = CALL_ATTACHED_NONE;
}
#endif
