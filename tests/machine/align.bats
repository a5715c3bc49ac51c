#!/usr/bin/env bats
# numaprobe align: what it plans, measures and answers, and what it refuses.

load ../common

setup() {
    common_setup
    brief=(align --quiet --max-time 10s)
}

# pairs_of SOURCE: distance and cpus of each pair that is planned.
pairs_of() {
    "$NUMAPROBE" align --dry-run --topology "$1" | awk '/^pair / { on = 1; next } NF == 0 { on = 0 } on' |
        sed -E 's/^ *[0-9]+ +([0-9]+,[0-9]+) +([a-zA-Z0-9, ]+[a-zA-Z0-9]) +(node|no) .*/\2: \1/' | paste -sd';'
}

@test "align: --help names every option, and the examples" {
    run --separate-stderr "$NUMAPROBE" align --help
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    for option in cpus mem-node topology threshold precision max-time seed strict csv json dry-run quiet; do
        [ "$(grep -c -- "^ .*--$option\b[= ]\?" <<<"$output")" -ge 1 ]
    done
    [ "$(grep -c '^  numaprobe align' <<<"$output")" -eq 3 ]
}

@test "align: --dry-run plans a pair of each distance, on every recorded machine" {
    [ "$(pairs_of data/topologies/two-packages-smt.xml)" = "same core: 0,16;same L3: 0,2;other package: 0,1" ]
    [ "$(pairs_of data/topologies/four-nodes.xml)" = "same L3: 0,1;same package: 0,4;other package: 0,16" ]
    [ "$(pairs_of data/topologies/no-cache-vm.xml)" = "same package: 0,1" ]
    [ "$(pairs_of "pack:8 numa:2 l3:16 core:8 pu:2")" = \
        "same core: 0,1;same L3: 0,2;same package: 0,16;other package: 0,512" ]
    for machine in data/topologies/*.xml; do
        run -0 --separate-stderr "$NUMAPROBE" align --dry-run --topology "$machine"
        [ -z "$stderr" ]
        [ "$(pairs_of "$machine" | tr ';' '\n' | grep -c ': [0-9]*,[0-9]*$')" -ge 1 ]
        # Both cases, each at six distances and far apart.
        for case in "counter add" "mixed evict"; do
            [ "$(awk -v layout="${case% *}" -v op="${case#* }" '$2 == layout && ($4 == op || $5 == op) { print $3 }' \
                <<<"$output" | paste -sd' ')" = "isolated 8 16 32 64 128 256" ]
        done
    done
}

@test "align: --dry-run plans pairs of the cpus listed, and memory where it is wanted" {
    run -0 "$NUMAPROBE" align --dry-run --topology data/topologies/four-nodes.xml --cpus 5,4,20 --mem-node remote
    [ "$(grep -cE '^ +[0-9]+ +4,5 +same L3 +node [1-9]' <<<"$output")" -eq 1 ]
    [ "$(grep -cE '^ +[0-9]+ +4,20 +other package +node [1-9]' <<<"$output")" -eq 1 ]
}

@test "align: what cannot be done is refused with a line" {
    refuses 2 "--cpus: a pair needs two cpus ('numaprobe topo' lists those this process may use)" align --cpus 0
    refuses 77 "--cpus: there is no cpu 9; the highest here is 3" align --cpus 0,9 --dry-run --topology "core:4 pu:1"
    refuses 2 "--threshold: '0%' is not a share; accepted: above 0 up to 100%, such as 1% or 0.01" align --threshold 0%
    refuses 2 "--topology: nothing can be measured on a machine that is not here; add --dry-run" align --topology pu:2
    run -77 --separate-stderr taskset -c 0 "$NUMAPROBE" "${brief[@]}"
    [ "$stderr" = "numaprobe: --cpus: a pair needs two cpus ('numaprobe topo' lists those this process may use)" ]
}

# check_answer STATUS: the answer in out.json, the exit code and the text are what the ratios in out.json say by the rule
# of the manual, and each ratio is of as many blocks as out.csv has.
check_answer() {
    python3 - "$1" <<'END'
import csv, json, re, sys
status, run, text = int(sys.argv[1]), json.load(open("out.json")), open("text", encoding="utf-8").read()
threshold = run["threshold"]
assert run["schema"] == 1 and run["partial"] is False and abs(threshold - 1.05) < 1e-9
MORE = 512
least = most = 8
for pair in run["pairs"]:
    cases = {}
    for r in pair["ratios"]:
        cases.setdefault((r["layout"], r["op"], r["role"]), []).append((r["align_bytes"], r["ratio"]))
    assert set(cases) <= {("counter", "add", "adder"), ("mixed", "evict", "writer")}, cases
    for ratios in cases.values():
        enough, low, high = True, MORE, MORE
        for align, ratio in sorted(ratios, reverse=True, key=lambda r: r[0]):
            if ratio["low"] is not None and ratio["low"] > threshold:
                break
            enough = enough and ratio["high"] is not None and ratio["high"] <= threshold
            low, high = align, align if enough else high
        least, most = max(least, low), max(most, high)
    if len(cases) < 2:
        most = MORE
if all(p["regimes"] <= 1 for p in run["pairs"]):  # another regime may ask for more
    assert run["most_bytes"] == (None if most == MORE else most), (run["most_bytes"], most)
    assert run["bytes"] == (most if least == most and most < MORE else None), (least, most)
assert status == (0 if run["bytes"] else 1), status
lines = [line for line in text.splitlines() if line.startswith("#define ")]
if run["bytes"]:
    assert lines == [run["define"]], lines
    assert re.fullmatch(r"#define CACHE_LINE_APART %d /\* numaprobe align, .*, \d{4}-\d\d-\d\d \*/" % run["bytes"], lines[0])
    assert text.startswith("%d bytes apart are enough here: at most " % run["bytes"]), text
    assert run["bytes"] == run["least_bytes"] == run["most_bytes"]
else:
    assert lines == [] and run["define"] is None
    assert text.startswith(("Undecided: ", "More than 256 bytes apart are needed here: ")), text
rows = list(csv.DictReader(open("out.csv", newline="")))
assert {r["instrument"] for r in rows} == {"run"}
assert len({r["run_id"] for r in rows}) == len(run["pairs"])
for pair in run["pairs"]:
    mine = [r for r in rows if r["distance"] == pair["distance"]]
    assert {int(r["cpu"]) for r in mine} == set(pair["cpus"])
    assert len({r["run_id"] for r in mine}) == 1
    for r in pair["ratios"]:
        def blocks(align):
            return {s["block"] for s in mine if s["accepted"] == "1" and int(s["regime"]) == r["regime"] and
                    (s["op"], s["role"], s["align_bytes"]) == (r["op"], r["role"], align)}
        assert r["ratio"]["n"] == len(blocks(str(r["align_bytes"])) & blocks("")), r
END
}

@test "align: the answer is what the ratios say, and they are of the rows of the CSV" {
    need_two_cpus
    cd "$box"
    "$NUMAPROBE" "${brief[@]}" --csv out.csv --json out.json >text 2>warnings && status=0 || status=$?
    cat text warnings
    [ ! -s warnings ]
    check_csv out.csv
    check_answer "$status"
}

@test "align: between two cores 8 bytes apart are slower, in both cases" {
    need_two_cpus
    cd "$box"
    cores='^ +[0-9]+ +[0-9]+,[0-9]+ +(same L3|same package|other package)'
    two=$("$NUMAPROBE" align --dry-run | awk -v cores="$cores" '$0 ~ cores { print $2; exit }')
    [ -n "$two" ] || skip "no two cores"
    "$NUMAPROBE" "${brief[@]}" --precision 20% --max-time 60s --cpus "$two" --json out.json >text || [ $? -eq 3 ]
    cat text
    [[ $(<text) != "Undecided: of cpus "* ]] || skip "too few blocks count beside other programs"
    python3 - <<'END'
import json
run = json.load(open("out.json"))
(pair,) = run["pairs"]
at_8 = {r["op"]: r["ratio"]["low"] for r in pair["ratios"] if r["align_bytes"] == 8}
assert set(at_8) == {"add", "evict"}, pair
assert all(low is None or low > run["threshold"] for low in at_8.values()), at_8
assert run["least_bytes"] is None or run["least_bytes"] > 8, run["least_bytes"]
END
}

@test "align: too short a time tells nothing, and exits 3" {
    need_two_cpus
    run -3 --separate-stderr "$NUMAPROBE" align --quiet --max-time 1ms
    [[ ${lines[0]} =~ ^"Undecided: of cpus "[0-9]+,[0-9]+" "[0-9]+" blocks could be compared, and 20 are needed; " ]]
    [ "$(grep -c '^#define' <<<"$output")" -eq 0 ]
}

@test "align: report and compare read its CSV as that of a run" {
    need_two_cpus
    cd "$box"
    "$NUMAPROBE" "${brief[@]}" --max-time 5s --csv out.csv >/dev/null || [ $? -eq 3 ]
    run -0 --separate-stderr "$NUMAPROBE" compare out.csv out.csv
    [[ $output == *counter* ]]
    run -0 --separate-stderr "$NUMAPROBE" report out.csv -o r.html
    grep -q counter r.html
}

@test "align: on a terminal of 80 columns no line but the one to paste is longer" {
    need_two_cpus
    command -v script >/dev/null || skip "no script(1)"
    at_80_columns env NO_COLOR=1 "$NUMAPROBE" align --max-time 3s >"$box/shown"
    python3 - "$box/shown" <<'END'
import sys
text = open(sys.argv[1], encoding="utf-8").read().split("\r")[-1].split("\x1b[K")[-1]
lines = [line for line in text.splitlines() if not line.startswith("#define")]
assert len(lines) > 8, text
assert max(map(len, lines)) <= 80, max(lines, key=len)
END
}

@test "align: a signal ends it, and what was measured is reported" {
    need_two_cpus
    local tests=$PWD/tests
    cd "$box"
    run -130 python3 "$tests/interrupt.py" SIGINT sh -c 'exec "$@" >table' sh "$NUMAPROBE" align --precision 0.001% \
        --max-time 60s --csv out.csv --json out.json
    [ -z "$output" ]
    [ "$(tail -n 1 table)" = "PARTIAL: interrupted by SIGINT." ]
    run ! grep -e --max-time table
    check_csv out.csv
    python3 -c 'import json; assert json.load(open("out.json"))["partial"] is True'
}
