#!/usr/bin/env bats
# numaprobe topo: what it shows of synthetic, recorded and real machines, and what it says about bad input.

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    NUMAPROBE=${NUMAPROBE:-build/numaprobe}
    large="pack:8 numa:2 l3:8 core:8 pu:2"
}

# Runs the arguments on a terminal of 80 columns, without colours and carriage returns.
at_80_columns() {
    local words
    printf -v words '%q ' "$@"
    script -qec "stty cols 80; NO_COLOR=1 $words" /dev/null </dev/null | tr -d '\r'
}

longest_line() { awk '{ if (length($0) > n) n = length($0) } END { print n + 0 }'; }

@test "topo: this machine" {
    run "$NUMAPROBE" topo
    [ "$status" -eq 0 ]
    [[ $output == "this machine: "* ]]
    [[ $output == *"NUMA nodes"* && $output == *"This process may use"* ]]
}

@test "topo: a synthetic machine has no process of ours" {
    run "$NUMAPROBE" topo --topology "pack:2 numa:1 l3:1 core:4 pu:2"
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "synthetic: 2 packages, 2 nodes, 2 L3s, 8 cores, 16 cpus" ]
    [ "${lines[1]}" = "2 threads a core, L3 of 16 MiB, cache line of 64 B" ]
    [[ $output != *"This process may use"* ]]
}

@test "topo: 2,048 threads fit on one screen" {
    run "$NUMAPROBE" topo --topology "$large"
    [ "$status" -eq 0 ]
    [[ $output == *"1920-2047"* ]]
    [ "${#lines[@]}" -le 45 ]
}

@test "topo: 80 columns for every recorded machine" {
    command -v script >/dev/null || skip "no script(1)"
    for source in "$large" "pack:2 numa:1 l3:4 core:8 pu:2(indexes=l3:core)" data/topologies/*.xml; do
        out=$(at_80_columns "$NUMAPROBE" topo --topology "$source")
        [[ $out == *"NUMA nodes"* ]]
        [ "$(longest_line <<<"$out")" -le 80 ]
    done
}

@test "topo: distances of nodes as a matrix" {
    run "$NUMAPROBE" topo --topology data/topologies/four-nodes.xml
    [ "$status" -eq 0 ]
    [[ $output == *"   0  10  12  32  32"* ]]
}

@test "topo: a hybrid processor's kinds of cores, as text, CSV and JSON" {
    local hybrid=(topo --topology data/topologies/hybrid-6p-8e.xml)
    run "$NUMAPROBE" "${hybrid[@]}"
    [ "$status" -eq 0 ]
    [[ $output == *"Kinds of cores"*"P         6    12  0-11"*"E         8     8  12-19"* ]]
    [ "$("$NUMAPROBE" "${hybrid[@]}" --csv | grep -c ',E.$')" -eq 8 ]
    [ "$("$NUMAPROBE" "${hybrid[@]}" --json | grep -c '"kind": "P"')" -eq 12 ]
    run "$NUMAPROBE" topo --topology data/topologies/four-nodes.xml
    [[ $output != *"Kinds of cores"* ]]
}

@test "topo: a private L3 of 508 MiB is implausible" {
    run "$NUMAPROBE" topo --topology data/topologies/private-l3-vm.xml
    [ "$status" -eq 0 ]
    [[ $output == *"Implausible"*"508 MiB of L3 for each core"* ]]
}

@test "topo: no doubt, no section" {
    run "$NUMAPROBE" topo --topology data/topologies/four-nodes.xml
    [[ $output != *"Implausible"* ]]
}

@test "topo: memory-only nodes" {
    run "$NUMAPROBE" topo --topology data/topologies/memory-only-nodes.xml
    [ "$status" -eq 0 ]
    [[ $output == *"2 of 4 NUMA nodes have no cpus"* ]]
}

@test "topo: JSON is one object with every part" {
    command -v python3 >/dev/null || skip "no python3"
    for source in "$large" data/topologies/*.xml; do
        "$NUMAPROBE" topo --json --topology "$source" | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert set(d) == {"machine", "nodes", "distances", "doubts", "cpus", "schema", "command"}, d.keys()
assert len(d["cpus"]) == d["machine"][0]["cpus"]
assert len(d["nodes"]) == d["machine"][0]["nodes"]
assert len(d["distances"]) in (0, len(d["nodes"]) ** 2)'
    done
}

@test "topo: what is not known is null in JSON" {
    run "$NUMAPROBE" topo --json --topology "numa:2 pu:2"
    [ "$status" -eq 0 ]
    [[ $output == *'"l3_bytes": null, "line_bytes": null'* ]]
    [[ $output == *'"cpu": 0, "core": null, "smt": 0, "l3": null, "package": null, "node": 0'* ]]
}

@test "topo: CSV has a row a cpu" {
    run "$NUMAPROBE" topo --csv --topology "$large"
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 2049 ]
    [ "${lines[0]%$'\r'}" = "cpu,core,smt,l3,package,node,allowed,kind" ]
    [ "${lines[2048]%$'\r'}" = "2047,1023,1,127,7,15,1," ]
}

@test "topo: a machine of 4,096 cpus is shown to the last" {
    run "$NUMAPROBE" topo --csv --topology "pack:8 numa:2 l3:16 core:8 pu:2"
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 4097 ]
    [ "${lines[4096]%$'\r'}" = "4095,2047,1,255,7,15,1," ]
    run "$NUMAPROBE" topo --topology "pack:8 numa:2 l3:16 core:8 pu:2"
    [ "$status" -eq 0 ]
    [[ $output == *3840-4095* ]]
}

@test "topo: not a topology: one line that names the option and an example" {
    for source in "pack:x" "" "pack" "pu:100000000" "1000 1000 1000" missing.xml Makefile; do
        run "$NUMAPROBE" topo --topology "$source"
        case $source in
        missing.xml | Makefile) [ "$status" -eq 4 ] ;; # of a file
        *) [ "$status" -eq 2 ] ;;
        esac
        [ "${#lines[@]}" -eq 1 ]
        [[ ${lines[0]} == "numaprobe: --topology: "*"'pack:2 numa:1 l3:1 core:4 pu:2'"* ]]
    done
}

@test "topo: bad options and arguments are wrong usage" {
    for words in --bad --topology "--quiet=1" extra; do
        run "$NUMAPROBE" topo "$words"
        [ "$status" -eq 2 ]
        [[ $output == "numaprobe"*":"* ]]
    done
}

@test "topo: --help" {
    run "$NUMAPROBE" topo --help
    [ "$status" -eq 0 ]
    [[ $output == *"--topology"* && $output == *"--json"* ]]
}

@test "topo: a full disk is an error" {
    [ -c /dev/full ] || skip "no /dev/full"
    run bash -c '"$0" topo >/dev/full' "$NUMAPROBE"
    [ "$status" -eq 4 ]
}

@test "topo: a file of an environment variable that hwloc cannot read is not wrong usage" {
    HWLOC_XMLFILE=Makefile run "$NUMAPROBE" topo
    [ "$status" -eq 77 ]
    [[ $output == "numaprobe: hwloc cannot read this machine: "* ]]
}

@test "topo: a device is not read for a machine, a pipe is" {
    run "$NUMAPROBE" topo --topology /dev/zero
    [ "$status" -eq 4 ]
    [[ $output == "numaprobe: --topology: cannot read a machine from '/dev/zero': neither a file nor a pipe; "* ]]
    mkfifo "$BATS_TEST_TMPDIR/machine.xml"
    cat data/topologies/lab-x86-snc.xml >"$BATS_TEST_TMPDIR/machine.xml" &
    "$NUMAPROBE" topo --topology "$BATS_TEST_TMPDIR/machine.xml" | grep -q 'packages\?,'
}
