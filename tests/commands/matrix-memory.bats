#!/usr/bin/env bats
# numaprobe matrix --memory: what it plans on machines that are not here, measures here, and what it refuses.

load ../common

setup() { common_setup; }

plan() { "$NUMAPROBE" matrix --memory --dry-run --topology "$@"; }

@test "matrix --memory: a memory-only node is a target of every kind of cpu" {
    plan data/topologies/lab-x86-cxl.xml | grep -qE '^ +2 +1 +node 2$'
    [ "$(plan data/topologies/lab-x86-cxl.xml | grep -cE '^ +[0-9]+ +[0-9]+ +node [0-9]+$')" -eq 6 ]
    [ "$(plan data/topologies/memory-only-nodes.xml | grep -cE '^ +[0-9]+ +[0-9]+ +node [0-9]+$')" -eq 8 ]
    [ "$(plan data/topologies/lab-x86-snc.xml | grep -cE '^ +[0-9]+ +[0-9]+ +node [0-9]+$')" -eq 16 ]
}

@test "matrix --memory: what the firmware states is next to it, of XML and of a recording" {
    for machine in data/topologies/lab-x86-hmat.xml data/recordings/lab-x86-hmat; do
        plan "$machine" | grep -qE '^cpu  its node  memory of  stated ns$'
        [ "$(plan "$machine" | grep -cE '^ +[02] +[01] +node [01] +80$')" -eq 2 ]
        [ "$(plan "$machine" | grep -cE '^ +[02] +[01] +node [01]$')" -eq 2 ]
    done
    run plan data/topologies/lab-x86-cxl.xml
    [[ $output != *stated* ]]
}

@test "matrix --memory: a node without memory has one line" {
    run -0 plan data/topologies/lab-x86-memless.xml
    [ "$(grep -c 'node 1' <<<"$output")" -eq 1 ]
    [[ $output == *"node 1: has no memory."* ]]
    refuses 77 "no memory can be measured: node 1 has no memory" \
        matrix --memory --dry-run --home 1 --topology data/topologies/lab-x86-memless.xml
}

@test "matrix --memory: the kinds of cores of a hybrid processor" {
    run -0 plan data/topologies/hybrid-6p-8e.xml
    [ "$(grep -cE '^ +(0|12) +0 +(P|E) +node 0$' <<<"$output")" -eq 2 ]
}

@test "matrix --memory: 80 columns on every recorded machine" {
    command -v script >/dev/null || skip "no script(1)"
    for machine in data/topologies/*.xml "pack:8 numa:2 l3:8 core:8 pu:2"; do
        out=$(at_80_columns "$NUMAPROBE" matrix --memory --dry-run --topology "$machine")
        [[ $out == *"memory of"* ]]
        [ -z "$(awk 'length($0) > 80' <<<"$out")" ]
    done
}

@test "matrix --memory: refuses what is about pairs, and what is not there" {
    refuses 2 "--memory: leave out --classes, which is about pairs of cpus" matrix --memory --classes
    refuses 2 "--memory: leave out --protocol, which is about pairs of cpus" matrix --memory --protocol message
    refuses 2 "--memory: --home takes a node or all, since no pair has a second cpu" matrix --memory --home second
    refuses 77 "--home: there is no node 99; see 'numaprobe topo'" matrix --memory --home 99
    refuses 2 "--topology: nothing can be measured on a machine that is not here; add --dry-run" \
        matrix --memory --topology pu:2
}

@test "matrix --memory: this machine, as text, CSV and JSON" {
    cd "$box"
    run -0 "$NUMAPROBE" matrix --memory --max-time 2s --precision 20% --quiet --csv m.csv --json m.json
    [[ $output == "ns a load takes whose line is in memory"*"A walk loads 128 lines"*"TLB: "* ]]
    [ "$(check_csv m.csv)" -ge 20 ]
    python3 - <<'END'
import csv, json
rows = list(csv.DictReader(open("m.csv", newline="")))
run = json.load(open("m.json"))
nodes = {str(p["mem_node"]) for p in run["memory"]}
for r in rows:
    assert (r["instrument"], r["layout"], r["op"], r["state"]) == ("memory", "line", "load", "invalid"), r
    assert r["mem_node"] in nodes | {""} and r["home"] in ("", "node " + r["mem_node"]) and r["peer"] == "", r
    assert r["threads"] == "1" and r["pages"] == "4k" and r["shards"] == "128", r
    assert float(r["ns_per_op"]) >= 0
assert {r["mem_node"] for r in rows if r["accepted"] == "1"}, "no trial counts"
for p in run["memory"]:
    assert p["ns"] is None or p["ns"]["n"] < 20 or p["ns"]["low"] <= p["ns"]["median"] <= p["ns"]["high"]
END
    "$NUMAPROBE" report m.csv --csv r.csv -o m.html
    grep -q "Latency of memory" m.html
    grep -q "cpu [0-9]*, node 0\|cpu [0-9]*, memory" m.html
    "$NUMAPROBE" compare m.csv m.csv | grep -qE "^load +invalid,.* cpu [0-9]+ "
}
