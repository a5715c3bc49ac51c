#!/usr/bin/env bats
# numaprobe detect --plain: what a fix wins, by runs of the plain program and replays. That figures are right is
# scripts/check-sharing price's to see, on a quiet machine; here, that they are there, and what is said where not.

load ../common

setup_file() {
    export programs=$BATS_FILE_TMPDIR
    cd "$BATS_TEST_DIRNAME/../.." || return
    numaprobe=$(realpath "${NUMAPROBE:-build/numaprobe}")
    cat >"$programs/app.c" <<'CODE'
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
_Alignas(64) static struct { _Atomic long n; } workers[2];
static void *count(void *n)
{
    for (long i = 0; i < 500000; i++)
        atomic_fetch_add_explicit((_Atomic long *)n, 1, memory_order_relaxed);
    return NULL;
}
int main(int argc, char **argv)
{
    pthread_t id[2];
    for (int i = 0; i < 2; i++) pthread_create(&id[i], 0, count, &workers[i].n);
    for (int i = 0; i < 2; i++) pthread_join(id[i], 0);
    printf("%ld\n", workers[0].n + workers[1].n);
    return argc > 1 ? atoi(argv[1]) : 0;
}
CODE
    ${CC:-gcc} -O2 -pthread -o "$programs/plain" "$programs/app.c"
    "$numaprobe" cc -O2 -pthread -o "$programs/app" "$programs/app.c"
    cat >"$programs/locks.c" <<'END'
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
/* Counts of each thread on one line; with LOCK each count is made under a lock of its thread. */
static struct {
    _Alignas(64) volatile long count[2];
    _Alignas(64) atomic_long ticket;
    struct {
        _Alignas(64) pthread_mutex_t lock;
    } own[2];
} shared = {.own = {{PTHREAD_MUTEX_INITIALIZER}, {PTHREAD_MUTEX_INITIALIZER}}};
static void *work(void *arg)
{
    const long me = arg != NULL;
    for (long i = 0; i < 1000000; i++) {
        pthread_mutex_lock(&shared.own[me].lock);
        pthread_mutex_unlock(&shared.own[me].lock);
        shared.count[me]++;
        if (i % 16 == 0)
            atomic_fetch_add(&shared.ticket, 1);
    }
    return NULL;
}
int main(int argc, char **argv)
{
    pthread_t id[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&id[i], NULL, work, i ? &id : NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(id[i], NULL);
    printf("%ld\n", shared.count[0] + shared.count[1]);
    return argc > 1 ? atoi(argv[1]) : 0;
}
END
    ${CC:-gcc} -O2 -pthread -o "$programs/plain-locks" "$programs/locks.c"
    "$numaprobe" cc -O2 -g -pthread -o "$programs/locks" "$programs/locks.c"
}

setup() {
    common_setup
    app=$programs/app plain=$programs/plain
    export TMPDIR=$box
}

priced() { "$NUMAPROBE" detect --plain "$plain" --price-time 2s "$@"; }

# ask FILE EXPRESSION: of the report r and its first finding's price p.
ask() {
    python3 -c 'import json, sys
r = json.load(open(sys.argv[1])); p = r["findings"][0]["price"]; print(eval(sys.argv[2]))' "$@"
}

@test "detect --plain: a speed-up, in text and JSON; the program's output once" {
    need_two_cpus
    run --separate-stderr -0 priced --json "$box/d.json" "$app"
    echo "$stderr"
    [ "$output" = 1000000 ]
    [[ $stderr == *"Gain: "*" times as fast ("*"Price: an access takes "*" on separate lines."* || $stderr == *"too noisy"* ]]
    [ "$(ask "$box/d.json" 'r["mode"], set(p) == {"ns_per_access", "padded_ns_per_access", "speedup", "verdict", "pace", "happens", "reason"}')" = \
        "('full', True)" ]
    [ "$(ask "$box/d.json" 'p["reason"] is not None if p["speedup"] is None else p["speedup"]["mid"] > 0 and p["speedup"]["n"] > 0')" = True ]
    grep -qxF "  numaprobe ab -- $plain -- FIXED" <<<"$stderr"
    holds_only "$box" d.json
}

@test "detect: without --plain no gain is known, and it says how to know it" {
    run --separate-stderr -0 "$NUMAPROBE" detect --full --json "$box/d.json" "$app"
    echo "$stderr"
    [[ $stderr == *"What a fix wins is not known: pass the uninstrumented program with --plain."* ]]
    [ "$(ask "$box/d.json" 'p["speedup"], "--plain" in p["reason"], r["speedup_of_all"]')" = "(None, True, None)" ]
}

@test "detect --plain on one cpu: a reason, and the report" {
    run --separate-stderr -0 taskset -c "$(taskset -pc $$ | sed 's/.*[ ,-]//')" "$NUMAPROBE" detect --plain "$plain" "$app"
    echo "$stderr"
    [[ $stderr == *"Gain: not known: a price needs two cpus"* ]]
}

@test "detect --plain: what is not the plain program is named, after the report" {
    need_two_cpus
    plain=$app
    run --separate-stderr -2 priced "$app"
    echo "$stderr"
    [[ $stderr == *"Suggestion: "*"numaprobe: --plain: '$app' is built by numaprobe cc, too; name the same program built without" ]]
    plain=$(command -v false)
    run --separate-stderr -2 priced "$app"
    [[ $stderr == *"numaprobe: --plain: '$plain' ended with 1, the instrumented program with 0: they are not the same" ]]
    printf '#!/bin/sh\nexec sleep 1000\n' >"$box/sleeps"
    chmod +x "$box/sleeps"
    plain=$box/sleeps
    run --separate-stderr -2 priced "$app"
    [[ $stderr == *"numaprobe: --plain: '$plain' ran for 2 s and had not ended; "* ]]
}

# The first price of what is falsely shared holds together, or the machine was too noisy.
check_prices() {
    python3 - "$box/found.json" <<'END'
import json, sys
found = json.load(open(sys.argv[1], encoding="utf-8"))["findings"]
false = [f for f in found if f["kind"] == "false" and f["latent"] != "other start"]
assert false, "no false sharing found"
price = false[0]["price"]
if price["speedup"] is None:
    assert "noisy" in price["reason"], price["reason"]
    sys.exit()
speedup = price["speedup"]
assert price["verdict"] in ("gain", "none", "undecided", "loss"), price["verdict"]
assert speedup["n"] >= 1 and speedup["mid"] > 0
if speedup["low"] is not None:
    assert speedup["low"] <= speedup["mid"], speedup
    assert speedup["n"] >= 6, "an interval of too few runs"
assert speedup["high"] is None or speedup["high"] >= speedup["mid"], speedup
for f in found:
    if f["kind"] == "true":
        assert "true sharing" in f["price"]["reason"], f["price"]
END
}

locks_priced() { "$NUMAPROBE" detect --price-time 3s --json "$box/found.json" --plain "$programs/plain-locks" "$@" "$programs/locks"; }

@test "detect --plain: a finding among others is priced" {
    need_two_cpus
    run -0 locks_priced
    check_prices
    [[ $output == *"Gain: "* ]]
}

@test "detect --plain: with a budget, too" {
    need_two_cpus
    run -0 locks_priced --budget 5x
    [[ $output == *"Gain: "* || $output == *"too little was seen"* ]]
}

# The counts lie on two lines in the one program, across a line's end in the other.
@test "detect --plain: what happens only in the plain program is priced as that" {
    need_two_cpus
    cat >"$box/placed.c" <<'END'
#include <pthread.h>
#include <stdio.h>
#define PLACED __attribute__((section("placed")))
__attribute__((aligned(64))) char before[64 + AT] PLACED = {1};
struct { volatile long first[8], second[8]; } counts PLACED = {{1}, {1}};
static void *count(void *arg)
{
    volatile long *const n = arg ? &counts.second[0] : &counts.first[7];
    for (long i = 0; i < 2000000; i++)
        ++*n;
    return NULL;
}
int main(void)
{
    pthread_t id[2];
    for (int i = 0; i < 2; i++) pthread_create(&id[i], 0, count, i ? before : NULL);
    for (int i = 0; i < 2; i++) pthread_join(id[i], 0);
    return before[0] != 1;
}
END
    ${CC:-gcc} -DAT=32 -fno-toplevel-reorder -O2 -pthread -o "$box/there" "$box/placed.c"
    ${CC:-gcc} -DAT=0 -fno-toplevel-reorder -O2 -pthread -o "$box/here" "$box/placed.c"
    for at in 0 32; do
        "$NUMAPROBE" cc -DAT=$at -fno-toplevel-reorder -O2 -g -pthread -o "$box/app$at" "$box/placed.c"
    done
    found() { "$NUMAPROBE" detect --plain "$box/$1" --price-time 1s --json "$box/$1$2.json" -- "$box/app$2"; }
    run -0 found there 0
    [[ $output == *"At its start in the uninstrumented program, up to "* ]]
    run -0 found here 0
    [[ $output == *"At another start, as another build or run may bring it, up to "* ]]
    run -0 found here 32
    python3 - "$box" <<'END'
import json, sys
start = ["other start"]
for name, latent, happens in ("there0", start, True), ("here0", start, False), ("here32", [None, "turns"], True):
    (finding,) = json.load(open(f"{sys.argv[1]}/{name}.json"))["findings"]
    assert finding["latent"] in latent and finding["price"]["happens"] is happens, (name, finding["price"])
speedup = finding["price"]["speedup"]  # it does not lie so in the plain program
assert speedup is None or speedup["low"] is None or speedup["low"] < 1.05, speedup
END
}

@test "detect --fail-on gain: fails for a gain, not for another object, nor for one that nobody has" {
    need_two_cpus
    run -0 locks_priced --fail-on gain:99%:other
    run -0 locks_priced --fail-on false-sharing:other
    run locks_priced --fail-on gain:5%:shared
    # The gate and the report agree.
    python3 - "$box/found.json" "$status" <<'END'
import json, sys
found = json.load(open(sys.argv[1], encoding="utf-8"))
sure = [f for f in found["findings"] if f["kind"] != "true" and f["latent"] != "other start"
        and f["price"]["speedup"] and (f["price"]["speedup"]["low"] or 0) > 1.05]
assert bool(sure or found["unseen"]) == (sys.argv[2] == "1"), (sys.argv[2], sure)
END
}

@test "detect --plain: wrong words" {
    refuses 2 "--plain: cannot run '/nowhere/app': No such file or directory" detect --plain /nowhere/app "$app"
    refuses 2 "--plain: with --read no program was run to compare it with; leave one out" detect --plain "$plain" --read "$box"
    refuses 2 "--fail-on: no gain is known without --plain" detect --fail-on gain:5% "$app"
    refuses 2 "--fail-on: expected false-sharing, gain:5% or either with :OBJECT, found 'gains'" detect --fail-on gains "$app"
    refuses 2 "--fail-on: expected false-sharing, gain:5% or either with :OBJECT, found 'false-sharing:'" \
        detect --fail-on false-sharing: "$app"
    refuses 2 "--price-time: nothing is priced without --plain" detect --price-time 2s "$app"
    refuses 2 "--price-time: 'soon' is not a duration; accepted: a number with ns, us, ms, s or min, such as 250ns or 1.5ms" \
        detect --plain "$plain" --price-time soon "$app"
}

@test "an interrupted price is reported as far as it got, and ends as the signal says" {
    printf '#!/bin/sh\nkill -TERM $PPID\nexec %s\n' "$plain" >"$box/plain"
    chmod +x "$box/plain"
    run -143 --separate-stderr "$NUMAPROBE" detect --plain "$box/plain" --fail-on gain:5% --json "$box/p" \
        --markdown "$box/m" "$app"
    [[ $stderr == *$'\nPARTIAL: interrupted by SIGTERM while gains were measured.' ]]
    grep -q "^Interrupted while gains were measured" "$box/m"
    [ "$(ask "$box/p" 'r["interrupted"]')" = 15 ]
}

@test "detect --plain: both programs inherit their signals as numaprobe did" {
    need_two_cpus
    for kind in app plain; do
        # The upper half is left out, since posix_spawn(3) has signals 32 and 33 ignored, which are glibc's.
        printf '#!/bin/sh\ngrep SigIgn /proc/self/status | tail -c 8 >"%s"\nexec "%s"\n' \
            "$box/$kind-signals" "${!kind}" >"$box/$kind"
        chmod +x "$box/$kind"
    done
    for how in --default-signal=PIPE --ignore-signal=PIPE; do
        env $how "$NUMAPROBE" detect --plain "$box/plain" --price-time 2s "$box/app"
        env $how grep SigIgn /proc/self/status | tail -c 8 >"$box/own"
        cmp "$box/own" "$box/app-signals"
        cmp "$box/own" "$box/plain-signals"
    done
}
