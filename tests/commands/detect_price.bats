#!/usr/bin/env bats
# numaprobe detect --plain: what a fix gains, for one finding alone and for one among others, which exit codes a
# gate gives, and what makes a price impossible. How near the truth it is: scripts/check-sharing price, on a quiet
# machine.

load ../common

setup_file() {
    export programs=$BATS_FILE_TMPDIR
    cd "$BATS_TEST_DIRNAME/../.." || return
    numaprobe=$(realpath "${NUMAPROBE:-build/numaprobe}")
    cat >"$programs/app.c" <<'END'
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
    "$numaprobe" cc -O2 -g -pthread -o "$programs/app" "$programs/app.c"
    gcc -O2 -g -pthread -o "$programs/plain" "$programs/app.c"
}

setup() {
    common_setup
    cd "$box" || return
}

price() { "$NUMAPROBE" detect --price-time 3s --json found.json "$@"; }

# The price of what is falsely shared, as JSON, or "noisy".
check_prices() {
    python3 - found.json <<'END'
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

@test "detect --plain: a finding among others is priced" {
    need_two_cpus
    run price --plain "$programs/plain" "$programs/app"
    [ "$status" -eq 0 ]
    check_prices
    [[ $output == *"Gain: "* ]]
}

@test "detect --plain: with a budget, too" {
    need_two_cpus
    run price --budget 5x --plain "$programs/plain" "$programs/app"
    [ "$status" -eq 0 ]
    [[ $output == *"Gain: "* || $output == *"too little was seen"* ]]
}

@test "detect --plain: what is not the same program has no price" {
    need_two_cpus
    run price --plain /bin/true "$programs/app" 3
    [[ $output == *"they are not the same"* ]]
    run price --plain "$programs/app" "$programs/app"
    [ "$status" -eq 2 ]
    [[ $output == *"is built by numaprobe cc, too"* ]]
}

@test "detect --fail-on gain: fails for a gain, not for another object, nor for one that nobody has" {
    need_two_cpus
    run price --plain "$programs/plain" --fail-on gain:99%:other "$programs/app"
    [ "$status" -eq 0 ]
    run price --plain "$programs/plain" --fail-on false-sharing:other "$programs/app"
    [ "$status" -eq 0 ]
    run price --plain "$programs/plain" --fail-on gain:5%:shared "$programs/app"
    # The gate and the report agree.
    python3 - found.json "$status" <<'END'
import json, sys
found = json.load(open(sys.argv[1], encoding="utf-8"))
sure = [f for f in found["findings"] if f["kind"] != "true" and f["latent"] != "other start"
        and f["price"]["speedup"] and (f["price"]["speedup"]["low"] or 0) > 1.05]
assert bool(sure or found["unseen"]) == (sys.argv[2] == "1"), (sys.argv[2], sure)
END
}

@test "detect --plain: bad input" {
    refuses 2 "--fail-on: no gain is known without --plain" detect --fail-on gain:5% "$programs/app"
    refuses 2 "--fail-on: expected false-sharing, gain:5% or either with :OBJECT, found 'gains'" \
        detect --fail-on gains "$programs/app"
    refuses 2 "--fail-on: expected false-sharing, gain:5% or either with :OBJECT, found 'false-sharing:'" \
        detect --fail-on false-sharing: "$programs/app"
    refuses 2 "--plain: cannot run './none': No such file or directory" detect --plain ./none "$programs/app"
    refuses 2 "--price-time: nothing is priced without --plain" detect --price-time 3s "$programs/app"
}
