#!/usr/bin/env bats
# numaprobe ab: what it finds between programs whose loops are known, what it refuses, and what it passes to them.
# The machine may be busy: shapes and orders are asserted, never times.

load ../common

setup_file() {
    cat >"$BATS_FILE_TMPDIR/spin.c" <<'C'
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
    const uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    uint64_t x = 1;
    for (uint64_t i = 0; i < n; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        __asm__("" : "+r"(x));
    }
    printf("rounds: %llu\n", (unsigned long long)n);
    return x == 0;
}
C
    gcc -O2 -o "$BATS_FILE_TMPDIR/spin" "$BATS_FILE_TMPDIR/spin.c"
}

setup() {
    common_setup
    spin=$BATS_FILE_TMPDIR/spin
    few=(--blocks 20 --quiet)
}

ab() { "$NUMAPROBE" ab "$@"; }

# key FILE EXPRESSION: of the document d.
key() { python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$@"; }

# 0, or 3: on a busy machine the control may differ.
decides() { [ "$status" -eq 0 ] || [ "$status" -eq 3 ]; }
# Until the control is the same, at most five times.
run_decided() { # OPTION...
    for _ in 1 2 3 4 5; do
        run --separate-stderr ab "$@"
        [ "$status" -eq 3 ] || break
    done
}

@test "ab: a program that does four times as much is slower, in text, JSON and CSV" {
    run_decided "${few[@]}" --json "$box/j" --csv "$box/c" --a "$spin 4000000" --b "$spin 16000000"
    [ "$status" -eq 0 ]
    [[ $output == *"b is slower than a: "* ]] && [[ $output == *"control"* ]] && [[ $output == *"today"* ]]
    [ "$(key "$box/j" 'd["verdicts"][0]["kind"]')" = slower ]
    [ "$(key "$box/j" '1.5 < d["programs"][1]["ratio"]["cpu"]["median"] < 6')" = True ]
    [ "$(key "$box/j" 'd["programs"][2]["program"], d["programs"][0]["ratio"]')" = "('control', None)" ]
    tests/json_keys.py docs/json.md "$box/j"
    python3 - "$box/c" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline=""), strict=True))
blocks = {}
for r in rows:
    blocks.setdefault(r["block"], []).append(r)
    assert r["ab_schema"] == "1" and float(r["wall_s"]) > 0 and float(r["cpu_s"]) >= 0
    assert (r["accepted"] == "1") == (r["reject_reason"] == "")
assert all(sorted(r["program"] for r in b) == ["a", "b", "control"] for b in blocks.values())
assert sum(b[0]["accepted"] == "1" for b in blocks.values()) == 20
assert len({tuple(r["program"] for r in b) for b in blocks.values()}) > 2, "the order is not random"
PY
}

# itself SEED: what is found between a program and itself.
itself() {
    run --separate-stderr ab "${few[@]}" --seed "$1" --json "$box/j" -- "$spin" 3000000 -- "$spin" 3000000
    decides
    [ "$status" -eq 3 ] && echo "cannot tell" || key "$box/j" 'd["verdicts"][0]["kind"]'
}

# An interval of 20 blocks misses by chance in one session of forty, so only three in a row are the program's.
@test "ab: a program does not differ from itself, and the words after -- are programs" {
    found=$(for seed in 1 2 3; do itself $seed; done)
    echo "$found"
    [ "$(wc -l <<<"$found")" -eq 3 ]
    [ "$(grep -cE "^(slower|faster)$" <<<"$found")" -lt 3 ]
    [ "$(key "$box/j" 'd["programs"][0]["command"]')" = "$spin 3000000" ]
}

# The order of the first ten blocks.
order() { # SEED
    ab --blocks 20 --quiet --seed "$1" --csv "$box/c" --warmup 0 --a true --b true >&2 || [ $? -eq 3 ]
    python3 -c 'import csv, sys
print(*[r["program"] for r in csv.DictReader(open(sys.argv[1], newline="")) if int(r["block"]) < 10])' "$box/c"
}

@test "ab: the seed orders the runs" {
    first=$(order 1)
    [ "$(order 1)" = "$first" ]
    [ "$(order 2)" != "$first" ]
}

@test "ab: the gate fails on a slower program, and passes on a faster one" {
    run_decided "${few[@]}" --gate 5% --a "$spin 1000000" --b "$spin 20000000"
    [ "$status" -eq 1 ]
    [[ $stderr == "numaprobe: --gate 5%: b is slower than a: "* ]]
    run --separate-stderr ab "${few[@]}" --gate 5% --a "$spin 20000000" --b "$spin 1000000"
    decides
}

@test "ab: fewer than 20 blocks decide nothing" {
    run -3 --separate-stderr ab --quiet --blocks 5 --a true --b true
    [ "$stderr" = "numaprobe: ab: b and a: undecided, 5 of 20 blocks that are needed" ]
}

@test "ab: bad input is refused in one line" {
    expected="expected: numaprobe ab [OPTION...] --a CMD --b CMD"
    refuses 2 "ab: two programs are needed; $expected" ab --a true
    refuses 2 "ab: two programs are needed; $expected" ab -- true
    refuses 2 "ab: two programs are needed; $expected" ab
    refuses 2 "--a: is missing, but there is --b" ab --b true
    refuses 2 "ab: program b is empty; name a command" ab --a true --b " "
    refuses 2 "ab: program b is empty; name a command" ab -- true -- -- true
    refuses 2 "ab: the programs are given by --a and --b already; leave 'x' out" ab --a true --b true x
    refuses 2 "ab: at most 4 programs can be compared" ab -- true -- true -- true -- true -- true
    refuses 2 "--env-a: 'x' is not NAME=VALUE" ab --env-a x --a true --b true
    refuses 2 "--metric: 'x' has no group; put what is the number in parentheses" ab --metric x --a true --b true
    refuses 2 "--judge metric: needs --metric, which names it" ab --judge metric --a true --b true
    refuses 4 "--input: '$box/none': No such file or directory" ab --input "$box/none" --a true --b true
    refuses 4 "b: cannot run '/nope': No such file or directory" ab --a true --b /nope
    refuses 4 "b: cannot run '/nope 1': No such file or directory" ab --a true --b '/nope 1'
    refuses 4 "b: cannot run 'sleep 1': No such file or directory; behind '--' write its words without quotes, or \
give --b 'sleep 1'" ab -- true -- 'sleep 1'
}

@test "ab: a program that fails is reported at once, with the last line that it printed" {
    refuses 4 "b: 'false' ended with exit code 1, and its stderr is empty" ab --a true --b false
    printf '#!/bin/sh\necho first >&2\necho "no such thing" >&2\nexit 3\n' >"$box/bad"
    printf '#!/bin/sh\nkill -SEGV $$\n' >"$box/crash"
    chmod +x "$box/bad" "$box/crash"
    refuses 4 "b: '$box/bad' ended with exit code 3: no such thing" ab --a true --b "$box/bad"
    refuses 4 "a: '$box/crash' was ended by SIGSEGV, and its stderr is empty" ab --a "$box/crash" --b true
    refuses 4 "--prepare: 'exit 2' ended with exit code 2, and its stderr is empty" ab --prepare 'exit 2' --a true --b true
}

@test "ab: a program that runs forever is killed with what it has started" {
    refuses 3 "b: 'sleep 1017 | cat' had not ended when the time was over; give it less to do, or more --max-time" \
        ab --max-time 1s --a true --b 'sleep 1017 | cat'
    run ! pgrep -f 'sleep 1017'
}

@test "ab: --max-time ends the whole" {
    SECONDS=0
    run --separate-stderr ab --quiet --max-time 2s --precision 0.01% --a true --b true
    decides
    [ "$SECONDS" -lt 10 ]
    [[ $output == *"Stopped by --max-time"* ]]
}

@test "ab: the metric is what the programs print, on either output" {
    run -0 --separate-stderr ab "${few[@]}" --json "$box/j" --judge metric --metric 'rounds: ([0-9.]+)' \
        --a "$spin 100" --b "$spin 300"
    [[ $output == *"b prints a larger number than a: 3.00×"* ]]
    [ "$(key "$box/j" 'd["programs"][1]["metric"]["median"]')" = 300.0 ]
    run -0 ab "${few[@]}" --judge metric --metric 't=([0-9]+)' --a 'echo t=7 >&2' --b 'echo t=7'
    [[ $output == *"b and a: no difference found, 1.000× (1.000–1.000)"* ]]
    refuses 4 "--metric: nothing that a prints fits 'n=([0-9]+)' with a number in its first group" \
        ab --metric 'n=([0-9]+)' --a true --b true
}

# Page faults need no PMU.
@test "ab: events are counted in each run, and judged" {
    local grow='awk "BEGIN { s = \"x\"; while (length(s) < SIZE) s = s s }"'
    "$NUMAPROBE" stat --events minor-faults --csv "$box/s" -- true
    grep -q 'minor-faults,thread,[0-9]' "$box/s" || skip "perf_event_open counts nothing here"
    run -0 --separate-stderr ab "${few[@]}" --events minor-faults --judge raw1 --csv "$box/c" --json "$box/j" \
        --a "${grow/SIZE/1000000}" --b "${grow/SIZE/8000000}"
    [[ $output == *"b counts more raw1 than a: "* ]]
    [[ $output == *"Events: perf: raw1=minor-faults."* ]]
    [ "$(key "$box/j" 'd["programs"][1]["events"][0]["event"]')" = raw1 ]
    [ "$(key "$box/j" 'd["programs"][1]["events"][0]["count"]["n"] >= 20')" = True ]
    [ "$(key "$box/j" 'd["programs"][1]["events"][0]["ratio"]["low"] > 2')" = True ]
    tests/json_keys.py docs/json.md "$box/j"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["raw1"] + 0 < 50 || $at["rfo"] != "" { exit 1 }' "$box/c"
}

@test "ab: an event that cannot be counted has a reason" {
    refuses 2 "--judge l3-miss: needs --events with it" ab --judge l3-miss -- true -- true
    refuses 2 "--judge: unknown measure 'l4-miss'; wall, cpu, memory, switches, metric, or a role of 'numaprobe events'" \
        ab --judge l4-miss -- true -- true
    "$NUMAPROBE" events --csv | grep -q '^rfo,no,' || skip "this machine counts rfo"
    run --separate-stderr ab "${few[@]}" --events rfo -- true -- true
    decides
    [[ $output == *$'\nrfo: '* ]]
    run -77 --separate-stderr ab --events rfo --judge rfo -- true -- true
    [[ $stderr == "numaprobe: --judge rfo: "* ]]
}

@test "ab: outputs are compared when that is asked for" {
    refuses 1 "--same-output: b does not print what a does, from line 2 on" \
        ab --same-output --a 'printf "x\ny\n"' --b 'printf "x\nz\n"'
    refuses 3 "--same-output: a does not print the same in each run (line 1), so that nothing can be compared with it" \
        ab --same-output --a 'date +%N' --b 'echo 1'
    run ab "${few[@]}" --same-output --a 'echo x' --b 'printf "x\n"'
    decides
}

@test "ab: input, environment and preparation reach the programs" {
    echo 41 >"$box/in"
    args=("${few[@]}" --judge metric --metric 'got ([0-9]+)' --json "$box/j")
    run ab "${args[@]}" --input "$box/in" --env-a ADD=1 --env-b ADD=2 --env-b OTHER= \
        --a 'read x; echo got $((x + ADD))' --b 'read x; echo got $((x + ADD))'
    [ "$(key "$box/j" '[p["metric"]["median"] for p in d["programs"]]')" = "[42.0, 43.0, 42.0]" ]
    run ab "${args[@]}" --input - --a 'read x; echo got $x' --b 'read x; echo got $((x * 2))' <"$box/in"
    [ "$(key "$box/j" '[p["metric"]["median"] for p in d["programs"]]')" = "[41.0, 82.0, 41.0]" ]
    export NOTES=$box/notes
    run ab --quiet --blocks 2 --warmup 3 --prepare 'echo x >>"$NOTES"' --a true --b true
    [ "$(wc -l <"$NOTES")" -eq 12 ] || [ "$(wc -l <"$NOTES")" -gt 12 ] # blocks may be disturbed
    [ "$(($(wc -l <"$NOTES") % 3))" -eq 0 ]
}

@test "ab: programs are bound to the cpus" {
    need_two_cpus
    cpu=$(taskset -cp $$ | grep -o '[0-9]*$')
    run ab "${few[@]}" --cpus "$cpu" --judge metric --metric '^Cpus_allowed_list:.([0-9]+)$' --json "$box/j" \
        --a 'cat /proc/self/status' --b 'cat /proc/self/status'
    [ "$(key "$box/j" 'd["programs"][1]["metric"]["median"]')" = "$cpu.0" ]
    [ "$(key "$box/j" 'd["sessions"][0]["cpus"]')" = "$cpu" ]
    run ab "${few[@]}" --place compact --a true --b true
    decides
    [[ $output == *"on cpus "* ]]
    refuses 2 "--cpus: names the cpus; leave --place out" ab --cpus "$cpu" --place smt --a true --b true
}

@test "ab: --shake varies the environment from block to block, and not within one" {
    run ab "${few[@]}" --shake --metric '^([0-9]+)$' --csv "$box/c" --a 'echo ${#NUMAPROBE_SHAKE}' \
        --b 'echo ${#NUMAPROBE_SHAKE}'
    [[ $output == *"the length of the environment and the starts of stack and heap were varied; where code lies was not"* ]]
    python3 - "$box/c" <<'PY'
import csv, sys
blocks = {}
for r in csv.DictReader(open(sys.argv[1], newline="")):
    blocks.setdefault(r["block"], set()).add(float(r["metric"]))
assert all(len(b) == 1 for b in blocks.values())
sizes = {b.pop() for b in blocks.values()}
assert len(sizes) > 10 and min(sizes) >= 0 and max(sizes) <= 4095, sizes
PY
}

@test "ab: a dry run prints words and cpus" {
    run -0 ab --dry-run --cpus 0 --a 'echo  a b' --b 'echo $x'
    [ "$output" = "a: 'echo' 'a' 'b'
b: 'sh' '-c' 'echo \$x'
cpus: 0" ]
}

@test "ab: SIGINT reports the blocks so far" {
    run -130 --separate-stderr timeout 60 python3 tests/interrupt.py SIGINT "$NUMAPROBE" ab --max-time 50s \
        --precision 0.001% --csv "$box/c" --json "$box/j" --a 'sleep 0.05' --b 'sleep 0.05'
    [[ $output == *"PARTIAL: interrupted by SIGINT." ]]
    [ "$(key "$box/j" 'd["partial"], d["limit"]')" = "(True, None)" ]
    [ "$(wc -l <"$box/c")" -ge 4 ]
}

# A session with a ratio, as it would be on another day: the walls of b multiplied.
session() { # FILE ID FACTOR
    python3 - "$box/one.csv" "$@" <<'PY'
import csv, sys
source, target, name, factor = sys.argv[1:]
rows = list(csv.DictReader(open(source, newline="")))
with open(target, "w", newline="") as out:
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    for i, r in enumerate(rows):
        r["session"] = name
        r["wall_s"] = (1 + i % 7 / 1000) * (float(factor) if r["program"] == "b" else 1)
        writer.writerow(r)
PY
}

@test "ab: sessions are joined, with their spread" {
    ab --blocks 20 --quiet --csv "$box/one.csv" --a true --b true >/dev/null || [ $? -eq 3 ]
    session "$box/1" one 1.10 && session "$box/2" two 1.11 && session "$box/3" three 1.12
    run -0 --separate-stderr ab --json "$box/j" --sessions "$box/1" "$box/2" "$box/3"
    [[ $output == "a: true"*"b is slower than a: 1.11"*"3 sessions of 60 blocks"* ]]
    [ "$(key "$box/j" 'len(d["sessions"]), d["verdicts"][0]["kind"], d["programs"][1]["ratio"]["wall"]["n"]')" = "(3, 'slower', 3)" ]
    tests/json_keys.py docs/json.md "$box/j"
    cat "$box/2" "$box/3" >"$box/both"
    [ "$(ab --sessions "$box/1" - <"$box/both")" = "$(ab --sessions "$box/1" "$box/both")" ]
    run -3 ab --sessions "$box/1" "$box/2"
    [[ $output == *"b and a: undecided, 2 of 3 sessions that are needed"* ]]
    run -1 --separate-stderr ab --gate 2% --sessions "$box/1" "$box/2" "$box/3"
    [[ $stderr == "numaprobe: --gate 2%: b is slower than a: 1.11"* ]]
}

@test "ab: sessions that cannot be joined are refused in one line" {
    ab --blocks 20 --quiet --csv "$box/one.csv" --a true --b true >/dev/null || [ $? -eq 3 ]
    ab --blocks 20 --quiet --csv "$box/other.csv" --a true --b 'sh -c true' >/dev/null || [ $? -eq 3 ]
    refuses 3 "--sessions: one session shows no spread between sessions; give two or more" ab --sessions "$box/one.csv"
    refuses 3 "--sessions: program b is 'true' in one session and 'sh -c true' in another; join sessions of the same programs" \
        ab --sessions "$box/one.csv" "$box/other.csv"
    refuses 2 "--sessions: no file; expected: numaprobe ab [OPTION...] --sessions A.csv B.csv..." ab --sessions
    refuses 2 "--sessions: runs nothing; leave --a out" ab --a true --sessions "$box/one.csv"
    refuses 4 "$box/none: No such file or directory" ab --sessions "$box/none"
    echo "a,b" >"$box/x"
    refuses 4 "$box/x:1: column 'ab_schema' is missing; is this a CSV of 'numaprobe ab'?" ab --sessions "$box/x"
    line="$box/one.csv:1: this is a CSV of 'numaprobe ab'; join such files by 'numaprobe ab --sessions'"
    refuses 4 "$line" compare "$box/one.csv" "$box/one.csv"
}
