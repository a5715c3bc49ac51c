#!/usr/bin/env bats
# run, compare and stat --prometheus: metrics for node_exporter's textfile collector.

load ../common

setup() { common_setup; }

need_promtool() { command -v promtool >/dev/null || skip "no promtool; scripts/setup metrics installs it"; }

metrics_of_all() {
    cd "$box" || return
    "$NUMAPROBE" "${short[@]}" --quiet --prometheus run.prom >/dev/null
    made a.csv
    "$NUMAPROBE" compare --quiet --gate 50% --prometheus compare.prom a.csv a.csv
    "$NUMAPROBE" stat --quiet --prometheus stat.prom -- sh -c true
}

@test "run --prometheus: seconds and ratios, one sample for each estimate" {
    need_two_cpus
    cd "$box" || return
    "$NUMAPROBE" "${short[@]}" --csv a.csv --json r.json --prometheus run.prom >table
    grep -q 'ns/op' table
    metrics_are_good run.prom
    python3 - <<'END'
import json, re
j = json.load(open("r.json"))
main = [f for f in j["figures"] if f["regime"] == j["regimes"][0]["regime"]]
lines = open("run.prom").read().splitlines()
times = [line for line in lines if line.startswith("numaprobe_run_op_seconds{")]
assert len(times) == len(main)
for figure, line in zip(main, times):
    align = str(figure["align_bytes"] or "isolated")
    assert f'align_bytes="{align}"' in line and 'op="add"' in line and 'layout="counter"' in line, line
    assert abs(float(line.split()[-1]) / (figure["ns_per_op"]["median"] * 1e-9) - 1) < 1e-6
known = [f for f in main if f["ratio"] and f["ratio"]["median"]]  # of one that was disturbed too often there is none
assert len([line for line in lines if line.startswith("numaprobe_run_isolated_ratio{")]) == len(known)
assert any(re.fullmatch(r'numaprobe_run_info\{version="[^"]+",.*\} 1', line) for line in lines)
END
}

@test "compare --prometheus: ratios and the gate" {
    cd "$box" || return
    made a.csv
    run -0 "$NUMAPROBE" compare --quiet --gate 50% --prometheus compare.prom a.csv a.csv
    metrics_are_good compare.prom
    grep -q '^numaprobe_compare_ratio{instrument="run",layout="counter",align_bytes="8",op="add",' compare.prom
    grep -q '^numaprobe_compare_estimates{verdict="worse"} 0$' compare.prom
    grep -qx 'numaprobe_compare_threshold_ratio 1.5' compare.prom
    grep -qE '^numaprobe_compare_gate_passed [01]$' compare.prom
    run -0 --separate-stderr "$NUMAPROBE" compare --prometheus - a.csv a.csv
    [[ ${lines[0]} == "# HELP numaprobe_compare_"* && $stderr == *"worse by more"* ]]
}

@test "stat --prometheus: counts of the kernel, with escaped labels" {
    printf '#!/bin/sh\n' >"$box/a\"b\\c"
    chmod +x "$box/a\"b\\c"
    run -0 "$NUMAPROBE" stat --quiet --prometheus "$box/s.prom" -- "$box/a\"b\\c"
    metrics_are_good "$box/s.prom"
    grep -qF 'a\"b\\c",event="page-faults"} ' "$box/s.prom"
    grep -qE '^numaprobe_stat_elapsed_seconds\{.*\} [0-9]' "$box/s.prom"
    grep -qE '^numaprobe_stat_exit_status\{.*\} 0$' "$box/s.prom"
    run -0 "$NUMAPROBE" stat --quiet --cpus 0 --prometheus "$box/c.prom" -- true
    metrics_are_good "$box/c.prom"
    grep -q 'cpu="0",event=' "$box/c.prom"
}

@test "--prometheus: promtool has nothing to object to" {
    need_promtool
    need_two_cpus
    metrics_of_all
    for file in run compare stat; do
        run -0 promtool check metrics <"$file.prom"
        [ -z "$output" ]
    done
}

@test "--prometheus: a file that cannot be written, or is written already, is one line" {
    refuses 4 "--prometheus: cannot write '/nonexistent/x': No such file or directory" "${short[@]}" --prometheus /nonexistent/x
    refuses 4 "--prometheus: cannot write '/nonexistent/x': No such file or directory" stat --prometheus /nonexistent/x true
    refuses 2 "--prometheus: '-' is written by --json; name another file" stat --json - --prometheus - true
    refuses 2 "--prometheus: '$box/x' is written by --csv; name another file" "${short[@]}" --csv "$box/x" --prometheus "$box/x"
    refuses 2 "there is no option '--prometheus'; 'numaprobe matrix --help' lists them" matrix --prometheus "$box/x"
    holds_only "$box"
}
