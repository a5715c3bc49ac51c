#!/usr/bin/env bats
# scripts/bench-detect: a table, every run in the CSV, one line for what it cannot do. Not what it measures.

load ../common

setup() {
    common_setup
    command -v python3 >/dev/null || skip "no python3"
    export NUMAPROBE
}

@test "bench-detect: a row for each state, every run in the CSV" {
    run --separate-stderr scripts/bench-detect --only args_array --rounds 2 --work 1% --csv "$box/runs.csv"
    echo "$output" "$stderr"
    [ "$status" -eq 0 ]
    local ratio=' +[0-9.]+ [0-9.]+-[0-9.]+'
    [ "$(grep -cE "^args_array +(broken|fixed) +[0-9.]+($ratio){3}( +[0-9.]+){4}$" <<<"$output")" -eq 2 ]
    [ "$(grep -cE '^at most .*: (met|missed), ' <<<"$output")" -eq 4 ]
    [ "$(wc -l <"$box/runs.csv")" -eq 17 ] # the header; 2 states, 2 rounds, 4 forms
    holds_only "$box" runs.csv
}

@test "bench-detect: the jobs in Go, by each version" {
    command -v go >/dev/null || skip "no Go; scripts/setup go"
    run --separate-stderr scripts/bench-detect --only go-json,go-channels --rounds 1 --work 5%
    echo "$output" "$stderr"
    [ "$status" -eq 0 ]
    [ "$(grep -cE '^go-json +1\.[0-9]+ +[0-9.]+( +[0-9.]+){7}$' <<<"$output")" -ge 1 ]
    [ "$(grep -cE '^at most .*, Go 1\.19: (met|missed), ' <<<"$output")" -eq 4 ]
    grep -q '^jobs in Go 1\.19 ' <<<"$output"
}

# answers LINE OPTION...: this one line, nothing else.
answers() {
    local line=$1
    shift
    run --separate-stderr scripts/bench-detect "$@"
    echo "status $status, stderr: $stderr, stdout: $output"
    [ "$status" -eq 2 ] && [ -z "$output" ] && [ "$stderr" = "bench-detect: $line" ]
}

@test "bench-detect: one line for what it cannot do" {
    answers "argument --rounds: expected a number of rounds, found '0'" --rounds 0
    answers "argument --work: expected a share as 50%, found 'half'" --work half
    answers "--only: no such twin: nosuch; nor is it a larger program or a job in Go: zstd, xz, sqlite, memcached, \
go-flate, go-json, go-sort, go-regexp, go-strings, go-map, go-channels" --only nosuch,zstd
    answers "--csv: cannot write '$box/none/runs.csv'" --csv "$box/none/runs.csv"
    answers "unrecognized arguments: --bad" --bad
    NUMAPROBE=$box/none answers "no program $box/none: make it, or say where in \$NUMAPROBE"
}

@test "bench-detect: what did not run is told, and fails it" {
    NUMAPROBE=/usr/bin/true run scripts/bench-detect --only args_array --rounds 1 --work 1%
    rm -r build/bench-detect/probe-usr-bin-true
    echo "$output"
    [ "$status" -eq 1 ]
    [ "$(grep -cE '^args_array +(broken|fixed) +sampled: did not run' <<<"$output")" -eq 2 ]
    grep -qx '2 of 2 did not run, or differently' <<<"$output"
}
