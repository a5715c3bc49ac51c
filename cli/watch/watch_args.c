/* SPDX-License-Identifier: MIT
 * Options of `numaprobe watch`. */
#include "cli/watch/watch_args.h"

#include "base/grow.h"
#include "base/number.h"
#include "cli/cmd.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static bool has_pid(const struct watch_pids *pids, int pid)
{
    for (size_t i = 0; i < pids->count; i++)
        if (pids->at[i] == pid)
            return true;
    return false;
}

/* "17" or "17,18"; given several times, all of them. */
static int parse_pids(const struct option_row *row, const char *text, void *value, struct err *err)
{
    struct watch_pids *const pids = value;
    for (const char *at = text;; at++) {
        uint64_t pid;
        const char *const end = number_u64(at, &pid);
        if (!end || (*end && *end != ',') || pid == 0 || pid > INT_MAX)
            return err_set(err, -EINVAL,
                "%s: expected the numbers of processes, as 1234 or 1234,1235, found '%s'",
                row->name, text);
        if (!has_pid(pids, (int)pid)) {
            if (GROW(pids->at, pids->count))
                return err_set(err, -ENOMEM, "out of memory");
            pids->at[pids->count++] = (int)pid;
        }
        if (*end == '\0')
            return 0;
        at = end;
    }
}

static const char *const reasons[] = {"false-sharing"};

#define ARGS struct watch_args
static const struct option_row rows[] = {
    {"--pid", 'p', "PID", "The process to watch; several as 1234,1235", NULL, parse_pids,
        OPTION_AT(struct watch_pids, pids)},
    {"--tree", 0, "PID", "A process and all that it has started or starts", NULL, parse_pids,
        OPTION_AT(struct watch_pids, trees)},
    {"--duration", 'd', "TIME", "How long (default: until it ends, or Ctrl-C)", NULL,
        OPTION_DURATION(duration_ns, 1e9, 0)},
    {"--max-overhead", 0, "SHARE",
        "Look less often where it takes more of the threads' time than that, as 1%", NULL,
        OPTION_SHARE(max_overhead)},
    {"--price", 0, NULL,
        "Measure what a fix gains: hold the other threads off a proved line for 8 ms in 250", NULL,
        OPTION_FLAG(price)},
    {"--maps", 0, NULL, "Of a Go program: which share of the time is spent on which map, and where",
        NULL, OPTION_FLAG(maps)},
    {"--locks", 0, NULL,
        "Who waits for which lock and how long: of a Go program by the profiles of its runtime, "
        "which are switched on in it (see --locks-off), of others by their sleeping threads",
        NULL, OPTION_FLAG(locks)},
    {"--locks-off", 0, "PID",
        "Switch off the profiles of a Go program that a killed 'watch --locks' left on", NULL,
        OPTION_COUNT(locks_off, 1, INT_MAX)},
    {"--exact", 0, "WHAT",
        "Of a Go program: count each operation of a map, by its address as --maps prints it, or "
        "each call of a function (runtime.mapassign*, main.get). Root only",
        NULL, OPTION_TEXT(exact)},
    {"--overlaps", 0, NULL,
        "With --exact: also find operations of a map that another one's write overlaps", NULL,
        OPTION_FLAG(overlaps)},
    {"--json", 'j', "FILE", "Write all findings as JSON, as detect does", NULL, OPTION_TEXT(json)},
    {"--fail-on", 0, "WHAT", "Exit 1 when that was found: false-sharing", NULL,
        OPTION_CHOICE(fail_on, "reason", reasons, 1, 1)},
    {"--quiet", 'q', NULL, "Print no report", NULL, OPTION_FLAG(quiet)},
};

const struct options watch_options = {
    .summary =
        "Finds the cache lines that the threads of a running program take from each other, without "
        "rebuilding it and without a PMU: it samples where the threads are, and proves with "
        "hardware watchpoints what they do there. Nothing is written into the process, and nothing "
        "stays in it.",
    .ending = "Examples:\n"
              "  numaprobe watch -p 1234 --duration 10s\n"
              "  numaprobe watch -p $(pidof redis-server) --fail-on false-sharing -d 20s\n"
              "  numaprobe watch --maps -p $(pidof server) -d 10s\n",
    .row = rows,
    .rows = sizeof rows / sizeof *rows,
};

int watch_args_parse(int argc, char **argv, struct watch_args *args)
{
    struct err err;
    const int status = options_parse(&watch_options, &argc, &argv, args);
    if (status >= 0)
        return status;
    if (args->maps + args->locks + args->price + (args->exact != NULL) > 1)
        err_set(&err, -EINVAL,
            "watch: --maps, --locks, --exact and --price are reports; ask for one of them");
    else if (args->overlaps && !args->exact)
        err_set(&err, -EINVAL, "watch: --overlaps needs --exact MAP");
    else if (args->pids.count + args->trees.count || args->locks_off)
        return -1;
    else
        err_set(
            &err, -EINVAL, "watch: no process; expected: numaprobe watch -p PID, or --tree PID");
    return cmd_fail(&err, EXIT_USAGE);
}
