#!/usr/bin/env bats
# numaprobe maps: what it plans, measures, writes and refuses.

load ../common

setup() {
    common_setup
    brief=(--max-time 300ms --load reads-90,deletes)
}

@test "maps: --help names every option once, and the examples" {
    run --separate-stderr "$NUMAPROBE" maps --help
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    for option in load mix keys zipf value strategy align go go-free quiesce list threads clients client-threads think cpus place mem-node topology precision \
        max-time seed self-test strict counters events csv json dry-run quiet; do
        [ "$(grep -c -- "^ .*--$option\b\(\[\|=\| \)" <<<"$output")" -ge 1 ]
    done
    [ "$(grep -c '^  numaprobe maps' <<<"$output")" -eq 6 ]
    [ "$(LC_ALL=C.UTF-8 wc -L <<<"$output")" -le 80 ]
}

@test "maps: --list shows each file of data/loads and of maps" {
    run --separate-stderr "$NUMAPROBE" maps --list
    [ "$status" -eq 0 ]
    for load in data/loads/*.txt; do
        grep -q "^$(basename "$load" .txt) " <<<"$output"
    done
    for strategy in maps/*.c; do
        [ -e "${strategy%.c}.h" ] || grep -q "^$(basename "$strategy" .c) " <<<"$output"
    done
}

@test "maps: --dry-run plans a machine that is not here, and writes nothing" {
    cd "$box"
    run --separate-stderr "$NUMAPROBE" maps --dry-run --load half --strategy mutex,sharded --align 8,128 --threads 1,16 \
        --topology "pack:2 numa:1 l3:2 core:4 pu:2"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$(grep -c '^half ' <<<"$output")" -eq 6 ]
    grep -q '^half  sharded   128 B       16  10000' <<<"$output"
    holds_only .
}

@test "maps: a brief run writes the CSV and JSON that were asked for" {
    need_two_cpus
    cd "$box"
    run --separate-stderr "$NUMAPROBE" maps "${brief[@]}" --csv out.csv --json out.json
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    holds_only . out.csv out.json
    [ "$(check_csv out.csv)" -gt 0 ]
    grep -q "^reads-90: 10% writes" <<<"$output"
    grep -q "2 threads show what sharing costs" <<<"$output"
    python3 - <<'END'
import csv, json
rows = list(csv.DictReader(open("out.csv", newline="")))
assert {r["instrument"] for r in rows} == {"maps"}
assert {r["op"] for r in rows} == {"reads-90", "deletes"}
iterating = {r["layout"] for r in rows if r["op"] == "deletes"}
assert {"mutex", "mutex-copy", "sharded-copy"} <= iterating
assert not any(r["layout"].endswith("-copy") for r in rows if r["op"] == "reads-90")
for r in rows:
    assert (r["align_bytes"] != "") == r["layout"].startswith("sharded"), r
    assert (r["full_bytes"] != "") == (r["thread"] == "0") or r["reject_reason"] == "out of memory", r
    assert r["keys"] == ("1000" if r["op"] == "deletes" else "10000") and r["value_bytes"] == "8", r
counted = [r for r in rows if r["accepted"] == "1"]
# What a map under a lock writes, it writes in place; copy-on-write copies.
for r in counted:
    if int(r["writes"]) > 100 and r["op"] == "reads-90":
        share = int(r["allocations"]) / int(r["writes"])
        assert r["layout"] != "cow" or 1.9 < share < 2.1, r
        assert r["layout"] not in ("mutex", "rwlock", "brlock") or share < 0.1, r
d = json.load(open("out.json"))
assert d["command"] == "maps" and [l["load"] for l in d["loads"]] == ["deletes", "reads-90"]
for l in d["loads"]:
    for group in l["by_threads"]:
        for s in group["strategies"]:
            assert s["ns"]["median"] > 0 and (s["ratio"] is None or s["ratio"]["median"] > 0), s
END
}

@test "maps: shards lie locally, interleaved, or with their owners" {
    run --separate-stderr "$NUMAPROBE" maps --dry-run --load half --strategy mutex,sharded --align 64 --mem-node owner \
        --topology "pack:2 numa:1 l3:2 core:4 pu:2" --place spread --threads 4
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    grep -q '^half  mutex .*  node 0$' <<<"$output"
    grep -q '^half  sharded .*  owner$' <<<"$output"
    for thread in "0    0      node 0" "1   16      node 1" "2    8      node 0" "3   24      node 1"; do
        grep -q "^ *$thread$" <<<"$output"
    done
    refuses 2 "--mem-node owner: no strategy chosen has parts that a thread owns; add 'sharded' to --strategy" \
        maps --mem-node owner --strategy mutex,cow
    refuses 2 "--mem-node: 'owners' is not local, remote, interleave, owner or a node number" maps --mem-node owners
    refuses 2 "--mem-node: 'owner' is not local, remote, interleave or a node number" run --mem-node owner
    need_two_cpus
    cd "$box"
    for memory in local interleave owner; do
        run --separate-stderr -0 "$NUMAPROBE" maps --load new-keys --strategy mutex,sharded --align 64 --max-time 300ms \
            --mem-node $memory --csv $memory.csv --json $memory.json
        echo "$output"
        check_csv $memory.csv
    done
    grep -q "^cpus .*, shards with their owners (nodes\? [0-9, ?]*), a report" <<<"$output"
    python3 - <<'END'
import csv, json
for memory in "local", "interleave", "owner":
    rows = list(csv.DictReader(open(memory + ".csv", newline="")))
    nodes = {s: {r["mem_node"] for r in rows if r["layout"] == s} for s in ("mutex", "sharded")}
    d = json.load(open(memory + ".json"))
    assert len(nodes["mutex"]) == 1 and d["mem_node"] in nodes["mutex"], (memory, nodes)
    assert nodes["sharded"] == ({"owner"} if memory == "owner" else nodes["mutex"]), (memory, nodes)
    assert (d["owner_nodes"] is not None) == (memory == "owner") and (memory != "interleave" or nodes["mutex"] == {memory})
    assert {r["mem_verified"] for r in rows} <= {"move_pages", "numa_maps", "single-node", "unverified"}
    # What shards at their owners take is counted, too: 10,000 keys of 16 bytes.
    full = [float(r["full_bytes"]) for r in rows if r["layout"] == "sharded" and r["full_bytes"]]
    assert full and min(full) > 160000, full
END
}

@test "maps: a load of one's own, in words and as a file" {
    cd "$box"
    printf 'name mine\nmix get=90 size=10\nkeys 100\n' >mine.txt
    run --separate-stderr -0 "$NUMAPROBE" maps --load ./mine.txt --strategy mutex,brlock --max-time 100ms --csv a.csv
    [[ $output == *"mine: mine"* ]]
    run --separate-stderr -0 "$NUMAPROBE" maps --mix get=90,put=8,iterate=2 --keys 1e3 --zipf 0.99 --value 64 \
        --strategy mutex --max-time 100ms --csv b.csv
    python3 - <<'END'
import csv
a, b = (list(csv.DictReader(open(f, newline=""))) for f in ("a.csv", "b.csv"))
assert {(r["op"], r["load_file"], r["keys"]) for r in a} == {("mine", "./mine.txt", "100")}
assert {(r["op"], r["load_file"], r["keys"], r["value_bytes"]) for r in b} == {("mix", "", "1000", "64")}
assert {r["load"] for r in b} == {"get=90 put=8 iterate=2, 1000 keys, zipf 0.99, 64 B, quiesce 64"}
END
}

@test "maps: refuses what cannot be, in one line each" {
    refuses 2 "--mix: the mix adds up to 70%, not to 100%" maps --mix get=50,put=20
    refuses 2 "--keys: '0' is not a whole number from 1 to 1e+12" maps --keys 0
    cp docs/spinmap.c "$box/mutex.c"
    refuses 2 "--strategy: there is another 'mutex' than $box/mutex.c; rename the file" \
        maps --strategy "$box/mutex.c"
    refuses 2 "--mix: no mix; state what is done, as get=90 put=10" maps --mix ""
    refuses 2 "--align: shards are compiled for 8, 16, 32, 64 and 128 bytes" maps --align 256
    refuses 2 "--mix: makes its own load; leave --load out" maps --mix get=100 --load half
    refuses 2 "--threads: '1' is not larger than the number before" maps --threads 2,1
    refuses 2 "--threads: 2, but --cpus names 1" maps --threads 2 --cpus 0
    refuses 2 "--think: needs --clients, who think" maps --think 1ms
    refuses 2 "--clients: '2e6' is not a whole number from 1 to 1000000" maps --clients 2e6
    refuses 2 "--client-threads: '20000' is not a whole number from 1 to 10000" maps --client-threads 20000
    refuses 2 "--client-threads: 1 are fewer than the 2 cpus for them" maps --client-threads 1 --threads 2
    refuses 2 "--go: has no clients; leave --client-threads out" maps --go --load half --client-threads 4
    refuses 2 "--value: '12' is not a multiple of 8 bytes" maps --value 12
    refuses 2 "--zipf: Zipf's exponent is a number up to 8, as 0.99" maps --zipf x
    run --separate-stderr -2 "$NUMAPROBE" maps --load read-90
    [[ $stderr == "numaprobe: --load: unknown load 'read-90'; did you mean 'reads-90'; known: "* ]]
    run --separate-stderr -2 "$NUMAPROBE" maps --strategy mutx
    [[ $stderr == "numaprobe: --strategy: unknown strategy 'mutx'; did you mean 'mutex'; known: "* ]]
    run --separate-stderr -2 "$NUMAPROBE" maps --keys 1e10
    [[ $stderr == "numaprobe: --keys: 10000000000 keys need some "*" GB, and this machine has "*"; use fewer" ]]
    run --separate-stderr -4 "$NUMAPROBE" maps --load ./nope.txt
    [[ $stderr == "numaprobe: --load: cannot read './nope.txt': No such file or directory" ]]
}

# own SED FILE: docs/spinmap.c with something changed.
own() { sed "$1" docs/spinmap.c >"$box/$2"; }

@test "maps: a strategy of one's own is measured next to others" {
    need_two_cpus
    cp docs/spinmap.c "$box"
    cd "$box"
    TMPDIR=$box run --separate-stderr "$NUMAPROBE" maps --strategy ./spinmap.c,mutex --load half --max-time 500ms \
        --csv out.csv
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    holds_only . out.csv spinmap.c
    python3 - <<'END'
import csv
rows = list(csv.DictReader(open("out.csv", newline="")))
assert {r["layout"] for r in rows} == {"spinmap", "mutex"}
own = [r for r in rows if r["layout"] == "spinmap" and r["accepted"] == "1"]
assert sum(int(r["ops"]) for r in own) > 0 and all(r["allocations"] == "" for r in own)
END
}

@test "maps: a strategy that is not a map is refused before anything is measured" {
    own 's/m->count += !there;/m->count += 1;/' count.c
    own 's/const bool found = \*slot;/const bool found = *slot \&\& key % 97;/' lost.c
    own 's/const bool found = \*slot;/if (key == 7) abort(); const bool found = *slot;/' crash.c
    own 's/\.abi = MAP_ABI/.abi = 7/; s/MAP_FUNCTIONS,/MAP_FUNCTIONS, .abi = 7,/' other.c
    own 's/^static void lock.*/static void lock(struct spinmap *m) { (void)m; }\nstatic void free_for_all(struct spinmap *m)/' race.c
    cd "$box"
    echo 'int x;' >no.c
    echo 'int x' >bad.c
    export TMPDIR=$box
    run --separate-stderr -4 "$NUMAPROBE" maps --strategy ./lost.c --load half
    [[ $stderr == "numaprobe: --strategy: lost is not a map: "* ]]
    refuses 4 "--strategy: crash crashed when threads meet: Aborted" maps --strategy ./crash.c --load half
    refuses 4 "--strategy: ./no.c has no entry 'map_strategy': end it as the file in numaprobe-maps(1) does" \
        maps --strategy ./no.c
    refuses 4 "--strategy: ./other.c was written for another version: set .abi = MAP_ABI" maps --strategy ./other.c
    refuses 4 "--strategy: cannot read ./not.c: No such file or directory" maps --strategy ./not.c
    run --separate-stderr -4 "$NUMAPROBE" maps --strategy ./count.c --load half
    [[ $stderr == "numaprobe: --strategy: count is not a map: when threads meet "* ]]
    run --separate-stderr -4 "$NUMAPROBE" maps --strategy ./race.c --load reads-90
    [[ $stderr == "numaprobe: --strategy: race is not a map: when threads meet "* ]]
    run --separate-stderr -4 "$NUMAPROBE" maps --strategy ./bad.c
    [[ $stderr == "numaprobe: --strategy: ./bad.c does not compile: ./bad.c:1:"*error* ]]
    holds_only . bad.c count.c crash.c lost.c no.c other.c race.c
}

@test "maps: a strategy that crashes while it is measured takes nothing with it" {
    need_two_cpus
    own 's/^static bool get_value/static int calls;\n&/; s/const bool found = \*slot;/& if (++calls > 300000) abort();/' late.c
    cd "$box"
    run --separate-stderr "$NUMAPROBE" maps --strategy ./late.c,mutex --load half,reads-90 --max-time 500ms --csv out.csv
    [ "$status" -eq 4 ]
    [ "$stderr" = "numaprobe: --strategy: late crashed under load half: Aborted" ]
    python3 - <<'END'
import csv
rows = list(csv.DictReader(open("out.csv", newline="")))
assert {r["op"] for r in rows if r["layout"] == "mutex" and r["accepted"] == "1"} == {"half", "reads-90"}
late = [r for r in rows if r["layout"] == "late"]
assert {(r["reject_reason"], r["accepted"], r["op"]) for r in late} == {("crashed", "0", "half")}
END
}

@test "maps: a crash is reported as it was, however many of its points are left in the block" {
    need_two_cpus
    own 's/^static bool get_value/static int calls;\n&/; s/const bool found = \*slot;/& if (++calls > 300000) abort();/' late.c
    cd "$box"
    run --separate-stderr "$NUMAPROBE" maps --strategy ./late.c --load reads-90 --clients 2,3,4,5,6,7,8 --max-time 1s
    [ "$status" -eq 4 ]
    [ "$stderr" = "numaprobe: --strategy: late crashed under load reads-90: Aborted" ]
}

@test "maps: clients that are threads are measured next to those dealt out" {
    need_two_cpus
    cd "$box"
    run --separate-stderr "$NUMAPROBE" maps --load half,short-lived --clients 20,200 --client-threads 20,200,400 --think 5ms \
        --strategy mutex,sharded,cow --align 64 --max-time 3s --csv out.csv --json out.json
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    check_csv out.csv
    grep -q "^Mop/s by clients " <<<"$output"
    grep -q "^Mop/s by client threads " <<<"$output"
    grep -q "; client threads on 2 cpus; blocks: " <<<"$output"
    python3 - <<'END'
import csv, json
rows = list(csv.DictReader(open("out.csv", newline="")))
assert {(r["clients"], r["client_threads"]) for r in rows} == \
    {("20", "0"), ("200", "0"), ("20", "1"), ("200", "1"), ("400", "1")}
assert list(rows[0])[-2:] == ["client_threads", "settings"]
trials = {}
for r in rows:
    trials.setdefault(r["trial"], []).append(r)
for trial in trials.values():
    # A row for the clients of each cpu, and the memory in the first.
    assert [r["thread"] for r in trial] == ["0", "1"] and {r["threads"] for r in trial} == {"2"}, trial
    first = trial[0]
    if first["client_threads"] == "1" and first["reject_reason"] in ("", "canary moved", "stolen time"):
        # Whoever thinks for 5 ms does at most 200 ops a second, and one more at the window's edge.
        ops, clients = sum(int(r["ops"]) for r in trial), int(first["clients"])
        assert 0 < ops <= clients * (float(first["seconds"]) / 5e-3 + 1), (ops, clients, first["seconds"])
        assert float(first["seconds"]) > 0.015 and float(first["full_bytes"]) > 0
d = json.load(open("out.json"))
for load in d["loads"]:
    seen = [(g["clients"], g["client_threads"]) for g in load["by_threads"]]
    assert seen in ([(20, False), (200, False)], [(20, True), (200, True), (400, True)]), seen
END
}

@test "maps: threads of clients that cannot be started are told in one line" {
    # 64 stacks of 8 MiB are one crew's; those of the clients do not fit.
    ulimit -v 2000000
    run --separate-stderr "$NUMAPROBE" maps --load half --strategy mutex --client-threads 10000 --max-time 1s
    echo "$output $stderr"
    [ "$status" -ne 0 ]
    [ -z "$output" ]
    [[ $stderr =~ ^"numaprobe: --client-threads: cannot start more than "[0-9]+" of 10000: "[A-Z][a-z\ ]+"; use fewer, or raise 'ulimit -u'"$ ]] ||
        [[ $stderr == "numaprobe: --client-threads: out of memory for 10000" ]]
}

@test "maps: clients take turns on the threads, and think" {
    need_two_cpus
    refuses 2 "--clients: 1 are fewer than the 2 threads that serve them" maps --clients 1,8 --threads 1,2
    cd "$box"
    run --separate-stderr "$NUMAPROBE" maps --load half,short-lived --clients 2,7,100,1000,5000 --think 50us \
        --strategy mutex,rwlock --max-time 2s --csv out.csv --json out.json
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    grep -q "^Mop/s by clients " <<<"$output"
    python3 - <<'END'
import csv, json
rows = [r for r in csv.DictReader(open("out.csv", newline="")) if r["accepted"] == "1" and r["layout"] == "mutex"]
assert {r["clients"] for r in rows} <= {"2", "7", "100", "1000", "5000"} and {float(r["gap_ns"]) for r in rows} == {5e4}
# Whoever thinks for 50 us does at most 20,000 ops a second. A thread's rows: seven clients are three and four.
for r in rows:
    most = (int(r["clients"]) + 1) // 2 * (float(r["seconds"]) / 50e-6 + 2)
    assert int(r["ops"]) <= most, (r["ops"], most)
d = json.load(open("out.json"))
for load in d["loads"]:
    assert [g["clients"] for g in load["by_threads"]] == [2, 7, 100, 1000, 5000]
    for bend in load["scaling"]:
        assert bend["bends"] == (bend["at"] is not None)
END
}

@test "maps: a curve of rwlock has what the line of its reader count costs, and rows of costs for it" {
    need_two_cpus
    cd "$box"
    run --separate-stderr "$NUMAPROBE" maps --load reads-100,half --strategy rwlock,brlock --threads 1,2 --max-time 2s \
        --csv out.csv --json out.json
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    check_csv out.csv
    python3 - "$output" <<'END'
import csv, json, sys
text = " ".join(sys.argv[1].split())
half, reads = json.load(open("out.json"))["loads"]
assert half["reader_count"] is None, half
count = reads["reader_count"]
if count is None: # a busy machine: too few blocks, or the cpus have moved
    assert "What its reader count costs rwlock is not known: " in text, text
else:
    assert count["text"] + "." in text, text
    assert text.count("Each read by rwlock adds to its reader count twice: ") == 1, text
    for price in (count[key] for key in ("contended_ns", "alone_ns", "added_ns")):
        assert price["n"] >= 20 and price["low"] <= price["median"] <= price["high"], count
    assert count["contended_ns"]["median"] > count["alone_ns"]["median"] > 0, count
    gained = count["contended_ns"]["median"] - count["alone_ns"]["median"]
    assert count["queued"] or abs(count["added_ns"]["median"] / gained - count["adds_a_read"]) < 1e-9, count
rows = [r for r in csv.DictReader(open("out.csv", newline="")) if r["instrument"] == "costs"]
assert rows and {r["op"] for r in rows} == {"add"}
assert {(r["layout"], r["state"], r["distance"]) for r in rows if r["layout"] == "line"} >= {("line", "modified", "same cpu")}
assert {r["threads"] for r in rows if r["layout"] == "hold"} == {"2"}
END
}

@test "maps: the reader count has no price where nothing asks for a curve, or no reader meets another" {
    need_two_cpus
    cd "$box"
    local -a options
    for how in "--load reads-100 --strategy rwlock" "--load reads-100 --strategy mutex,brlock --threads 1,2" \
        "--load half --strategy rwlock --threads 1,2" "--load reads-100 --strategy rwlock --threads 1"; do
        read -ra options <<<"$how"
        run --separate-stderr "$NUMAPROBE" maps "${options[@]}" --max-time 300ms --csv out.csv
        echo "$how: $output"
        [ "$status" -eq 0 ]
        ! grep -q "reader count" <<<"$output" || false
        ! grep -q ",costs," out.csv || false
    done
}

@test "maps: events are counted beside the times, and not in other processes" {
    need_two_cpus
    refuses 2 "--counters: unknown backend 'x12'; known: auto, none, papi, perf" maps --load half --counters x12
    run --separate-stderr -2 "$NUMAPROBE" maps --load half --events rfo,l3_mis
    [[ $stderr == "numaprobe: --events: "*"did you mean 'l3-miss'"* ]]
    cp docs/spinmap.c "$box"
    cd "$box"
    run --separate-stderr "$NUMAPROBE" maps --strategy ./spinmap.c,sharded --load half --max-time 1s \
        --events task-clock,rfo --csv out.csv --json out.json
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    check_csv out.csv
    python3 - "$output" <<'END'
import csv, json, statistics, sys
rows = list(csv.DictReader(open("out.csv", newline="")))
own, other = ([r for r in rows if r["layout"] == name] for name in ("sharded", "spinmap"))
assert own and other
assert {(r["counters"], r["counters_reason"], r["raw1"], r["rfo"], r["counted_ops"]) for r in other} == \
    {("none", "not counted: its threads are in another process", "", "", "")}
counts = any(r["raw1"] for r in own)
for r in own: # the kernel may count no software events for this user
    assert (r["counters"] != "none") == counts and (r["raw1"] != "") == counts, r
    assert counts or r["counters_reason"], r
load, = json.load(open("out.json"))["loads"]
per_op = {s["strategy"]: s["per_op"] for s in load["by_threads"][0]["strategies"]}
assert per_op.get("spinmap", {}) == {}, per_op
if counts: # in ns: a thread that hardly waits has its cpu all the time
    shares = [float(r["raw1"]) / int(r["counted_ops"]) / float(r["ns_per_op"]) for r in own
              if r["accepted"] == "1" and int(r["counted_ops"]) > 1000]
    assert not shares or 0.5 < statistics.median(shares) < 1.2, shares
    assert "task-clock/op" in sys.argv[1] and ("sharded" not in per_op or per_op["sharded"]["task-clock"]["n"] > 0)
END
}

@test "maps: without events, the reason is that of run, and --counters none asks for nothing" {
    cd "$box"
    run --separate-stderr -0 "$NUMAPROBE" run --align 8 --layout counter --op add --cpus 0 --max-time 300ms
    local reason
    reason=$(grep "^No events were counted: " <<<"$output") || skip "this machine counts events"
    run --separate-stderr -0 "$NUMAPROBE" maps --strategy mutex --load half --cpus 0 --max-time 300ms --json out.json
    [ "$(grep "^No events were counted: " <<<"$output")" = "$reason" ]
    [ "$(python3 -c 'import json; print(json.load(open("out.json"))["counters"])')" = none ]
    run --separate-stderr -0 "$NUMAPROBE" maps --strategy mutex --load half --cpus 0 --max-time 300ms --counters none
    ! grep -q "events" <<<"$output" || false
}

@test "maps: a strategy does not differ from itself" {
    need_two_cpus
    run "$NUMAPROBE" maps --self-test --load half --strategy sharded,mutex --max-time 10s
    echo "$output"
    # A busy machine may not let enough blocks pass: that is 3, not a difference.
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ]
    [ "$status" -eq 3 ] || grep -q "3 strategies compared with themselves: none differs" <<<"$output"
}

need_go() { command -v go >/dev/null || skip "no go; 'scripts/setup go' installs it"; }

# broken SED FILE: a go that changes this file of data/go/maps before it builds.
broken() {
    printf '#!/bin/sh\nfor f; do case $f in */%s) sed -i '"'%s'"' "$f" ;; esac; done\nexec go "$@"\n' "$2" "$1" >"$box/go.sh"
    chmod +x "$box/go.sh"
}

@test "maps: --go measures four strategies in Go beside those in C" {
    need_two_cpus
    need_go
    cd "$box"
    TMPDIR=$box run --separate-stderr "$NUMAPROBE" maps --go --strategy rwlock,cow --load half,deletes,new-keys \
        --threads 1,2 --max-time 1s --csv out.csv --json out.json
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    holds_only . out.csv out.json
    check_csv out.csv
    grep -q '^go-\*: go1\.' <<<"$output"
    grep -q "^Go's collections, and for how long one stopped all threads: go-" <<<"$output" ||
        grep -q "^no trial counted" <<<"$output"
    python3 - <<'END'
import csv, json
rows = list(csv.DictReader(open("out.csv", newline="")))
go = {"go-rwmutex", "go-syncmap", "go-sharded", "go-cow"}
assert {r["layout"] for r in rows if r["go_version"]} == go
assert all(r["layout"].startswith("go-") == (r["go_version"] != "") for r in rows)
for r in rows:
    is_first = r["layout"] in go and r["thread"] == "0"
    assert (r["gc_pauses"] != "") == is_first, r
    assert r["layout"] not in go or r["allocations"] == "", r
    assert not is_first or r["reject_reason"] == "interrupted" or float(r["full_bytes"]) > 10000, r
# A load's operations are the same in both: as many iterations a write.
def iterations(layout):
    own = [r for r in rows if r["layout"] == layout and r["op"] == "deletes" and int(r["writes"]) > 1000]
    return sum(int(r["iterations"]) for r in own) / max(1, sum(int(r["writes"]) for r in own))
c, g = iterations("rwlock"), iterations("go-rwmutex")
assert 0.5 < c / g < 2, (c, g)
d = json.load(open("out.json"))
assert d["go_version"].startswith("go1.")
for l in d["loads"]:
    for group in l["by_threads"]:
        for s in group["strategies"]:
            assert (s["collections"] is None) == (s["strategy"] not in go), s
# Copies of 10,000 keys are collected, once enough windows were long enough for it.
copied = [r for r in rows if r["layout"] == "go-cow" and r["op"] == "half" and r["thread"] == "0"]
assert sum(float(r["seconds"] or 0) for r in copied) < 0.2 or \
    any(int(r["gc_pauses"]) > 0 and float(r["gc_paused_most_ns"]) > 0 for r in copied)
END
}

@test "maps: goroutines may change threads" {
    need_two_cpus
    need_go
    cd "$box"
    run --separate-stderr -0 "$NUMAPROBE" maps --go --go-free --strategy mutex --load half --max-time 1s --csv out.csv
    grep -q '^go-\*: go1.*, goroutines that may change threads$' <<<"$output"
    python3 - <<'END'
import csv
rows = list(csv.DictReader(open("out.csv", newline="")))
assert {(r["layout"].startswith("go-"), r["go_locked"]) for r in rows} == {(True, "0"), (False, "")}
END
}

@test "maps: a strategy in Go that is not a map is refused before anything is measured" {
    need_go
    export TMPDIR=$box
    # What is changed, and what the check then reports.
    local -A wrong=(
        ['s/^\tv, found := m.of\[key\]/&; found = found \&\& key%97 > 0/']="go-rwmutex is not a map: under load half a key is lost: "
        ['s/next\[key\] = v$/if key%97 > 0 { & }/']="go-cow is not a map: under load half "
        ['s/^\ts.of\[key\] = v/if key%97 > 0 { & }/']="go-sharded is not a map: under load half "
        ['s/m.of.Store(key, v)/v[0]++; &/']="go-syncmap is not a map: under load half get gives an old or a mixed value of key "
        ['s/size++/size += 2/']="go-syncmap is not a map: under load half size is "
    )
    for change in "${!wrong[@]}"; do
        broken "$change" strategies.go
        run --separate-stderr -4 "$NUMAPROBE" maps --go="$box/go.sh" --strategy mutex --load half --value 8
        echo "$change: $stderr"
        [[ $stderr == "numaprobe: --go: ${wrong[$change]}"* ]]
        holds_only "$box" go.sh
    done
}

@test "maps: a Go that is not there, cannot build or crashes is named in one line" {
    refuses 77 "--go: there is no './nope'; install Go (Debian: golang-go) or name it, as --go=/usr/local/go/bin/go" \
        maps --go=./nope
    refuses 77 "--go: '/bin/true' is not a Go of at least 1.19: no message" maps --go=/bin/true
    need_go
    export TMPDIR=$box
    refuses 2 "--go: load half has values of 24 bytes; Go's are of 8, 16, 32, 64, 128 or 256" \
        maps --go --load half --value 24
    refuses 2 "--go-free: is about strategies in Go; give --go, too" maps --go-free --load half
    refuses 2 "--go: has no clients; leave --clients out" maps --go --load half --clients 4,8
    broken 's/^func serve/func nonsense/' main.go
    run --separate-stderr -4 "$NUMAPROBE" maps --go "$box/go.sh" --load half
    [[ $stderr == "numaprobe: --go: go1."*" cannot build the program: "*"main.go:"*": undefined: serve" ]]
    need_two_cpus
    cd "$box"
    broken 's/^\tcount, total, longest := .*/&; if r.turn%4 == 0 { panic("late") }/' trial.go
    run --separate-stderr "$NUMAPROBE" maps --go ./go.sh --strategy mutex --load half --max-time 2s --csv out.csv
    echo "$stderr"
    [ "$status" -eq 4 ]
    [[ $stderr == "numaprobe: --go: go-"*" crashed under load half: panic: late" ]]
    holds_only . go.sh out.csv
    grep -q ',mutex,.*,throughput,' out.csv
}
