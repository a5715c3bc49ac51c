#!/usr/bin/env bats
# numaprobe matrix: what it plans, measures and writes, and what it refuses.

load ../common

setup() {
    common_setup
    brief=(matrix --max-time 2s --quiet)
}

@test "matrix: --help names every option, and the examples" {
    run --separate-stderr "$NUMAPROBE" matrix --help
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    for option in protocol home classes cpus topology precision tolerance max-time seed strict csv json dry-run quiet; do
        [ "$(grep -c -- "^ .*--$option\b[= ]\?" <<<"$output")" -ge 1 ]
    done
    [ "$(grep -c '^  numaprobe matrix' <<<"$output")" -eq 4 ]
    for protocol in $(basename -s .c probes/matrix/protocols/*.c); do
        [[ $output == *"$protocol:"* ]]
    done
}

@test "matrix: two cpus are one pair, with a figure in its interval" {
    need_two_cpus
    cd "$box"
    # A block needs both cpus at once several times, which takes long beside other programs.
    run --separate-stderr "$NUMAPROBE" "${brief[@]}" --max-time 20s --cpus 0,1 --csv out.csv --json out.json
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    echo "$output"
    grep -qE '^ +0 +1 +(same|other) [A-Za-z0-9]+ +[0-9]+ +[0-9.]+ ' <<<"$output"
    [ "$(check_csv out.csv)" -ge 20 ]
    python3 - <<'END'
import csv, json, statistics
rows = list(csv.DictReader(open("out.csv", newline="")))
run = json.load(open("out.json"))
assert run["schema"] == 1 and run["run"]["partial"] is False and run["clusters"] is None
(pair,) = run["pairs"]
assert (pair["cpu"], pair["peer"], pair["protocol"], pair["home"]) == (0, 1, "handover", "first")
ns = pair["ns"]
assert rows[0]["reject_reason"], "the first batch counts"
assert pair["accepted"] + pair["rejected"] == sum(r["reject_reason"] != "first of the pair" for r in rows)
assert ns["n"] < 20 or ns["low"] <= ns["median"] <= ns["high"], ns
assert pair["p10"] <= ns["median"] <= pair["p90"]
assert not run["run"]["precision_reached"] or ns["n"] >= 20
for r in rows:
    assert (r["instrument"], r["layout"], r["op"], r["mode"], r["role"]) == ("matrix", "pair", "handover", "latency", "pair")
    assert (r["threads"], r["cpu"], r["peer"], r["beside"], r["home"]) == ("2", "0", "1", "1", "first")
    assert r["protocol"] == "one-word-turns" and r["gap_ns"] == "0" and r["distance"]
    assert (r["regime"] == "") == (r["accepted"] == "0"), r
    assert abs(float(r["seconds"]) * 1e9 / int(r["ops"]) / float(r["ns_per_op"]) - 1) < 1e-6
    assert float(r["canary_ns"]) > 0 and float(r["canary_after_ns"]) > 0
    if r["accepted"] == "1":
        ratio = float(r["canary_ns"]) / float(r["canary_after_ns"])
        assert max(ratio, 1 / ratio) < 1.2501, "a block whose canaries differ counts"
assert len({r["trial"] for r in rows}) == len(rows)
assert [int(r["block"]) for r in rows] == sorted(int(r["block"]) for r in rows)
assert all(int(r["place"]) == int(r["block"]) % 64 for r in rows)
shown = max(run["regimes"], key=lambda r: (r["blocks"], -r["regime"]))
main = [float(r["ns_per_op"]) for r in rows if r["regime"] == str(shown["regime"])]
assert len(main) == ns["n"] and abs(statistics.median(main) / ns["median"] - 1) < 1e-5
END
}

@test "matrix: a guest is told that its cpus may be elsewhere in the next run" {
    need_two_cpus
    run "$NUMAPROBE" "${brief[@]}" --cpus 0,1 --json "$box/out.json"
    hypervisor=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["run"]["hypervisor"])' "$box/out.json")
    if [ -z "$hypervisor" ]; then
        [[ $output != *elsewhere* ]]
    else
        [[ $output == *"Under $hypervisor the intervals are of this run"* ]]
    fi
}

@test "matrix: every protocol, and what a unit of each is" {
    need_two_cpus
    cd "$box"
    run --separate-stderr "$NUMAPROBE" "${brief[@]}" --cpus 1,0 --protocol handover,pingpong,message --csv out.csv
    [ "$status" -eq 0 ]
    [[ $output == *"ns a hand-over"*"ns a round trip"*"ns a message"* ]]
    check_csv out.csv
    python3 - <<'END'
import csv
rows = list(csv.DictReader(open("out.csv", newline="")))
assert {r["op"] for r in rows} == {"handover", "pingpong", "message"}
assert {(r["cpu"], r["peer"]) for r in rows} == {("1", "0")}
END
}

@test "matrix: on every home node, verified" {
    need_two_cpus
    cd "$box"
    nodes=$("$NUMAPROBE" topo --csv | tr -d '\r' | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "node") n = i } NR > 1 { print $n }' | sort -u)
    for home in first second all ${nodes%%$'\n'*}; do
        run --separate-stderr "$NUMAPROBE" "${brief[@]}" --max-time 200ms --cpus 0,1 --home "$home" --csv out.csv
        [ "$status" -eq 0 ]
        python3 - "$home" <<'END'
import csv, sys
rows = list(csv.DictReader(open("out.csv", newline="")))
want = sys.argv[1] if sys.argv[1] in ("first", "second") else "node"
assert rows and {r["home"] for r in rows} == {want}
assert all(r["mem_verified"] for r in rows)
END
    done
}

@test "matrix: it ends when its precision is reached, before --max-time" {
    need_two_cpus
    cd "$box"
    run timeout 60 "$NUMAPROBE" matrix --cpus 0,1 --quiet --precision 20% --max-time 60s --json out.json
    [ "$status" -eq 0 ]
    grep -q '"precision_reached":true' out.json
}

@test "matrix: --dry-run of 1,024 cpus, all rounds of a tournament" {
    run --separate-stderr "$NUMAPROBE" matrix --dry-run --topology "pack:4 numa:4 l3:8 core:8 pu:1" --home all
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ $output == *"rounds   1023 a block, up to 512 pairs side by side"$'\n'"checks   12 pairs, side by side and alone"* ]]
    [[ $output == *"pairs    3584 same L3"*"pairs    126976 same package"*"pairs    393216 other package"* ]]
    [ "$(grep -c 'memory on node' <<<"$output")" -eq 16 ]
    [ "$(LC_ALL=C.UTF-8 wc -L <<<"$output")" -le 80 ]
}

@test "matrix: --dry-run of 4,096 cpus, all and by classes" {
    large="pack:8 numa:2 l3:16 core:8 pu:2"
    run --separate-stderr "$NUMAPROBE" matrix --dry-run --topology "$large"
    [ "$status" -eq 0 ]
    # Of 2,048 cores with two threads: 2n - 3 rounds, and those of the checks.
    more=$(awk '$1 == "..." && $3 == "more" { print $2 }' <<<"$output")
    [ "$more" -ge $((2 * 4096 - 3 - 64)) ]
    run --separate-stderr "$NUMAPROBE" matrix --dry-run --classes --topology "$large"
    [ "$status" -eq 0 ]
    [ "$(awk '/^round/ { on = 1; next } on { print $2 }' <<<"$output" | grep -c '^[0-9]*-[0-9]*$')" -eq 32 ]
    # The last cpus are in it.
    run --separate-stderr "$NUMAPROBE" matrix --dry-run --cpus 4094,4095 --topology "$large"
    [ "$status" -eq 0 ]
    [[ $output == *4094-4095* ]]
}

@test "matrix: --dry-run shows the rounds, siblings last, and of --classes one pair a round" {
    run --separate-stderr "$NUMAPROBE" matrix --dry-run --topology "pack:1 core:3 pu:2"
    [ "$status" -eq 0 ]
    [ "$(awk '/^round / { on = 1; next } on' <<<"$output" | grep -c .)" -eq 13 ]
    [ "$(tail -n 1 <<<"$output" | tr -s ' ')" = " 12 0-1 2-3 4-5" ]
    run --separate-stderr "$NUMAPROBE" matrix --dry-run --classes --topology "pack:2 core:8 pu:1"
    [ "$status" -eq 0 ]
    [[ $output == *"rounds   16 a block, one pair at a time"* ]]
}

@test "matrix: --dry-run writes no file" {
    cd "$box"
    run "$NUMAPROBE" matrix --dry-run --topology "core:4 pu:1" --csv out.csv --json out.json
    [ "$status" -eq 0 ]
    holds_only .
}

@test "matrix: what cannot be is refused in one line" {
    refuses 2 "--cpus: a matrix needs two cpus ('numaprobe topo' lists those this process may use)" matrix --cpus 0
    refuses 2 "--cpus: cpu list '0,0' names cpu 0 twice" matrix --cpus 0,0
    refuses 2 "--protocol: unknown protocol 'pingpog'; did you mean 'pingpong'; known: handover, message, pingpong" \
        matrix --protocol pingpog
    refuses 2 "--protocol: 'message' is named twice" matrix --protocol message,message \
        --dry-run --topology 'core:2 pu:1'
    refuses 2 "--home: 'third' is not first, second, all or a node number" matrix --home third
    refuses 77 "--home: node 7777 does not exist; 'numaprobe topo' lists the nodes" matrix --home 7777
    refuses 77 "--home first: cpu 2 is on node 1, which has no memory that this process may use; choose a node that has" \
        matrix --dry-run --topology data/topologies/lab-x86-memless.xml
    refuses 2 "--tolerance: '0' is not a share; accepted: above 0 up to 100%, such as 1% or 0.01" matrix --tolerance 0
    refuses 2 "--topology: nothing can be measured on a machine that is not here; add --dry-run" \
        matrix --topology 'core:2 pu:1'
    refuses 2 "there is no option '--protocl'; did you mean '--protocol'; 'numaprobe matrix --help' lists them" \
        matrix --protocl message
    refuses 2 "unexpected argument 'foo'; options begin with --, 'numaprobe matrix --help' lists them" matrix foo
}

@test "matrix: a single allowed cpu is refused, and so is one outside the cpuset" {
    need_two_cpus
    run --separate-stderr taskset -c 0 "$NUMAPROBE" matrix
    [ "$status" -eq 77 ]
    [[ $stderr == "numaprobe: --cpus: a matrix needs two cpus "* ]]
    run --separate-stderr taskset -c 0 "$NUMAPROBE" matrix --cpus 0,1
    [ "$status" -eq 77 ]
    [ "$stderr" = "numaprobe: --cpus: cpu 1 is outside this process's cpuset; 'numaprobe topo' lists what it may use" ]
}

@test "matrix: outputs that cannot be written are refused first, and a full disk fails" {
    need_two_cpus
    cd "$box"
    for option in --csv --json; do
        refuses 4 "$option: cannot write 'no/such/out': No such file or directory" matrix $option no/such/out
    done
    refuses 2 "--json: 'out' is written by --csv; name another file" matrix --csv out --json out
    holds_only .
    [ -c /dev/full ] || skip "no /dev/full"
    for option in --csv --json; do
        run --separate-stderr "$NUMAPROBE" "${brief[@]}" --max-time 200ms --cpus 0,1 $option /dev/full
        [ "$status" -eq 4 ]
        [ "$stderr" = "numaprobe: $option: cannot write '/dev/full': No space left on device" ]
    done
    run --separate-stderr sh -c 'exec "$@" >/dev/full' sh "$NUMAPROBE" "${brief[@]}" --max-time 200ms --cpus 0,1
    [ "$status" -eq 4 ]
    [ "$stderr" = "numaprobe: cannot write to stdout: No space left on device" ]
}

@test "matrix: SIGINT leaves whole rows and says so" {
    need_two_cpus
    local tests=$PWD/tests
    cd "$box"
    # One figure alone may well be that precise: on a quiet machine most of its batches are the same to the tick.
    run -130 python3 "$tests/interrupt.py" SIGINT sh -c 'exec "$@" >table' sh "$NUMAPROBE" matrix --cpus 0,1 \
        --precision 0.0001% --max-time 60s --protocol handover,pingpong,message --csv out.csv --json out.json
    [ -z "$output" ]
    [ "$(tail -n 1 table)" = "PARTIAL: interrupted by SIGINT." ]
    run ! grep -e --max-time table
    [ "$(check_csv out.csv)" -gt 0 ]
    python3 -c 'import json; assert json.load(open("out.json"))["run"]["partial"] is True'
    holds_only . out.csv out.json table
}

@test "matrix: --max-time ends it, and the report says how far it came" {
    need_two_cpus
    run --separate-stderr "$NUMAPROBE" matrix --cpus 0,1 --quiet --precision 0.0001% --max-time 300ms \
        --protocol handover,pingpong,message
    [ "$status" -eq 0 ]
    [[ $(tr '\n' ' ' <<<"$output") == *"Stopped by --max-time before all intervals were within ±0.0001%: "* ]]
}

@test "matrix: on a terminal no line is longer than 80 columns" {
    need_two_cpus
    command -v script >/dev/null || skip "no script(1)"
    at_80_columns "$NUMAPROBE" matrix --cpus 0,1 --protocol handover,message --max-time 1s >"$box/out"
    python3 - "$box/out" <<'END'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read().split("\r")[-1].split("\x1b[K")[-1]
lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
assert len(lines) > 8, text
assert max(map(len, lines)) <= 80, max(lines, key=len)
END
}

@test "matrix: a pair of two kinds of cores is named in text, JSON and CSV" {
    need_two_cpus
    # This machine, as if its second cpu were of the slower kind.
    sed '/<cpukind/s/0x00000003/0x00000001/; /<cpukind/s/0x0000003c/0x0000003e/' \
        data/topologies/hybrid-arm-capacity.xml >"$box/hybrid.xml"
    cd "$box"
    HWLOC_XMLFILE=hybrid.xml HWLOC_THISSYSTEM=1 run --separate-stderr \
        "$NUMAPROBE" "${brief[@]}" --max-time 20s --cpus 0,1 --csv out.csv --json out.json
    echo "$output"
    [ "$status" -eq 0 ]
    grep -qE '^ +0 +1 +same L3, capacity 1024\+capacity 446 ' <<<"$output"
    python3 - <<'END'
import csv, json
(pair,) = json.load(open("out.json"))["pairs"]
assert (pair["kind"], pair["peer_kind"], pair["distance"]) == ("capacity 1024", "capacity 446", "same L3")
assert {r["cpu_kind"] for r in csv.DictReader(open("out.csv", newline=""))} == {"capacity 1024"}
END
}
