#!/usr/bin/env bats
# numaprobe doctor: that it tells every check, in each form, and ends as the findings demand.

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    NUMAPROBE=${NUMAPROBE:-build/numaprobe}
}

@test "doctor: tells all checks and that a measurement can be made" {
    run "$NUMAPROBE" doctor
    [ "$status" -eq 0 ]
    for check in pmu cpus "cpu quota" mbind move_pages clock hypervisor governor smt steal; do
        [[ $output == *" $check "* ]]
    done
    [[ ${lines[-1]} == "A measurement can be made here"* ]]
}

@test "doctor: the gravest first" {
    run "$NUMAPROBE" doctor
    levels=$(awk '$1 ~ /^(stop|limit|note|ok)$/ { print $1 }' <<<"$output" | uniq)
    expected=$(printf '%s\n' stop limit note ok | grep -xF "$levels")
    [ "$levels" = "$expected" ]
}

@test "doctor: 80 columns on a terminal, commands apart" {
    command -v script >/dev/null || skip "no script(1)"
    out=$(script -qec "stty cols 80; NO_COLOR=1 $(printf %q "$NUMAPROBE") doctor" /dev/null </dev/null |
        tr -d '\r')
    [[ $out == *"A measurement can be made here"* ]]
    # A command stays whole, so that it can be copied; everything else is wrapped.
    [ -z "$(grep -v '^ *\$ ' <<<"$out" | awk 'length($0) > 80')" ]
}

@test "doctor: no colours in a file" {
    run "$NUMAPROBE" doctor
    [[ $output != *$'\033'* ]]
}

@test "doctor: JSON" {
    command -v python3 >/dev/null || skip "no python3"
    "$NUMAPROBE" doctor --json | python3 -c '
import json, sys
rows = json.load(sys.stdin)["rows"]
assert len(rows) > 15
for row in rows:
    assert set(row) == {"check", "level", "found", "meaning", "command"}
    assert row["level"] in ("ok", "note", "limit", "stop") and row["found"] is not None
    assert row["level"] == "ok" or row["meaning"]'
}

@test "doctor: CSV" {
    run "$NUMAPROBE" doctor --csv
    [ "$status" -eq 0 ]
    [ "${lines[0]%$'\r'}" = "check,level,found,meaning,command" ]
}

@test "doctor: one cpu is a limit, not an end" {
    command -v taskset >/dev/null || skip "no taskset(1)"
    cpu=$(awk '/Cpus_allowed_list/ { split($2, a, /[,-]/); print a[1] }' /proc/self/status)
    run taskset -c "$cpu" "$NUMAPROBE" doctor
    [ "$status" -eq 0 ]
    [[ $output == *"cpus"*"1 of "* ]]
}

@test "doctor: bad options and arguments are wrong usage" {
    for words in --bad extra --quiet=1; do
        run "$NUMAPROBE" doctor "$words"
        [ "$status" -eq 2 ]
        [[ $output == "numaprobe"*":"* ]]
    done
}

@test "doctor: --help" {
    run "$NUMAPROBE" doctor --help
    [ "$status" -eq 0 ]
    [[ $output == *"77"* ]]
}
