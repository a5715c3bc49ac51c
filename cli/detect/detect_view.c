/* SPDX-License-Identifier: MIT
 * What was recorded and found, as the view that reports are made of. */
#include "cli/detect/detect.h"

#include "base/version.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

static struct view_end end_of(const struct detect_session *session, const struct record_header *h)
{
    const bool own = session->args.command && (int)h->pid == session->pid;
    if (h->ended == RECORD_EXECED) /* the signal was another program's */
        return (struct view_end){.how = ENDED_EXEC};
    if (own && session->end.signal)
        return (struct view_end){.how = ENDED_SIGNAL, .signal = session->end.signal};
    if (h->ended == RECORD_EXITED)
        return (struct view_end){.how = ENDED_EXIT};
    const bool running = !own && kill((pid_t)h->pid, 0) == 0;
    return (struct view_end){.how = running ? ENDED_RUNNING : ENDED_KILLED};
}

/* Counts of what could not be recorded. */
static const struct {
    size_t count; /* of the uint64_t in struct record_header */
    const char *note;
    bool only_names; /* every access was recorded all the same */
} losses[] = {
    {offsetof(struct record_header, lines.overflowed),
        "the recording is full: only the first shared lines are reported", false},
    {offsetof(struct record_header, touches.overflowed),
        "the recording is full: of some lines not all threads are reported", false},
    {offsetof(struct record_header, threads.overflowed),
        "too many threads lived at the same time: what those beyond 4094 did was not recorded",
        false},
    {offsetof(struct record_header, coroutines_lost),
        "too many goroutines lived at the same time: those beyond 3582 were not distinguished",
        false},
    {offsetof(struct record_header, allocations_lost),
        "more than some two million heap blocks lived at the same time: those beyond have no name",
        true},
    {offsetof(struct record_header, shares_lost),
        "more than 32 mappings that other processes may have: what is shared in those beyond was "
        "not recorded",
        false},
    {offsetof(struct record_header, outside),
        "memory at addresses that mmap gives only on request was not recorded", false},
};
enum { LOSSES = sizeof losses / sizeof *losses };

static void fill_notes(
    struct view_pool *pool, const struct record_header *h, struct view_process *out)
{
    const char *found[LOSSES + 1];
    size_t count = 0;
    if (out->note)
        found[count++] = out->note;
    out->partly = out->note;
    for (size_t i = 0; i < LOSSES; i++) {
        uint64_t lost;
        memcpy(&lost, (const char *)h + losses[i].count, sizeof lost);
        if (!lost)
            continue;
        found[count++] = losses[i].note;
        out->partly |= !losses[i].only_names;
    }
    VIEW_LIST(pool, &out->notes, count);
    for (size_t i = 0; i < out->notes.count; i++)
        out->notes.at[i] = found[i];
}

static void fill_argv(struct view_pool *pool, const struct record_header *h, struct view_words *out)
{
    size_t words = 0;
    for (uint32_t at = 0; at < h->argv_bytes; at += (uint32_t)strlen(&h->argv[at]) + 1)
        words++;
    VIEW_LIST(pool, out, words);
    for (size_t i = 0, at = 0; i < out->count; at += strlen(&h->argv[at]) + 1)
        out->at[i++] = &h->argv[at];
}

static void fill_process(struct view_pool *pool, const struct detect_session *session,
    const struct recording *r, struct view_process *out)
{
    const struct record_header *const h = &r->header;
    *out = (struct view_process){.pid = h->pid,
        .parent = h->parent,
        .threads = h->threads_created + 1ull + h->threads.overflowed,
        .coroutines = h->coroutines_created,
        .seconds = r->seconds,
        .accesses = {h->accesses,
            h->threaded_ticks ? (double)h->seen_ticks / (double)h->threaded_ticks : (double)NAN},
        .ended = end_of(session, h),
        .note = *h->note ? h->note : NULL};
    fill_argv(pool, h, &out->command);
    fill_notes(pool, h, out);
}

static void fill_processes(const struct detect_session *session, struct detect_view *out)
{
    const struct detect_records *const records = &session->records;
    out->mode = records->count ? RECORD_FULL : RECORD_SAMPLED;
    out->unwatched = records->empty;
    VIEW_LIST(&out->pool, &out->processes, records->count);
    for (size_t i = 0; i < out->processes.count; i++) {
        const struct recording *const r = &records->process[i].recording;
        fill_process(&out->pool, session, r, &out->processes.at[i]);
        if (r->header.mode != RECORD_FULL)
            out->mode = RECORD_SAMPLED;
    }
}

static void fill_findings(const struct detect_session *session, struct detect_view *out)
{
    VIEW_LIST(&out->pool, &out->findings, session->list.count);
    for (size_t i = 0; i < out->findings.count; i++)
        finding_view_fill(
            session->list.finding[i], &session->prices.price[i], &out->findings.at[i]);
    out->below = session->list.below;
    out->per_second = session->rule.per_second;
    out->priced = session->prices.measured;
    out->interrupted = session->stop ? (unsigned)*session->stop : 0;
    finding_view_price(&session->prices.all, &out->all);
}

static void fill_suppressed(const struct suppressions *s, struct detect_view *out)
{
    out->suppressions = s->path;
    VIEW_LIST(&out->pool, &out->suppressed, s->count);
    for (size_t i = 0; i < out->suppressed.count; i++)
        out->suppressed.at[i] = (struct view_suppression){
            .pattern = s->at[i].text, .count = s->at[i].matched, .line = s->at[i].line};
}

int detect_view_fill(struct detect_session *session)
{
    struct detect_view *const out = &session->view;
    char **const command = session->args.command;
    size_t words = 0;
    if (command) /* --read may be of another machine's recordings */
        system_read(&session->system);
    *out = (struct detect_view){.version = numaprobe_version,
        .host = session->system.host,
        .cpu_model = session->system.cpu_model,
        .kernel = session->system.kernel,
        .plain = session->args.plain,
        .status = command ? session->end.status : -1,
        .signal = (unsigned)session->end.signal,
        .line_bytes = session->rule.line_bytes};
    while (command && command[words])
        words++;
    VIEW_LIST(&out->pool, &out->command, words);
    for (size_t i = 0; i < out->command.count; i++)
        out->command.at[i] = command[i];
    fill_processes(session, out);
    fill_findings(session, out);
    fill_suppressed(&session->suppressions, out);
    detect_modules_fill(&session->records, out);
    detect_view_judge(out);
    detect_view_group_functions(out);
    detect_view_group_types(out);
    return out->pool.failed ? -ENOMEM : 0;
}
