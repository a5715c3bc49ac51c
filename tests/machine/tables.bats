#!/usr/bin/env bats
# scripts/table1, table41, table43 and table25: published numbers next to what is measured here. What they print of
# numbers that are known is tested with a program that writes these.

load ../common

setup() {
    common_setup
    need_two_cpus
}

need_go() { command -v go >/dev/null || skip "no go here"; }

@test "table41: a throughput for each number of clients, and where it bends" {
    run --separate-stderr scripts/table41 --max-time 3s --quiet
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    for clients in 1,000 100,000 1,000,000; do
        grep -qE "^$clients +[0-9.]+ M +([0-9.]+ M|not measured) " <<<"$output"
    done
    grep -q "^Published: falling off near 50,000 clients. Here: " <<<"$output"
    [ "$(LC_ALL=C.UTF-8 wc -L <<<"$output")" -le 120 ]
    run --separate-stderr scripts/table41 --bogus
    [ "$status" -eq 2 ]
    [ "$(wc -l <<<"$stderr")" -eq 1 ]
}

@test "table1: each claim, in C and in Go, and whether it holds" {
    need_go
    run --separate-stderr scripts/table1 --max-time 1s --quiet --load reads-90,deletes
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    grep -qE "^random deletes at a high rate, and iteration +5.7× slower +[0-9.]+× " <<<"$output"
    grep -qE "^more than 60% writes +3.2× slower +not measured +not measured +not measured +not measured" <<<"$output"
    grep -qE "^reads-90 +([0-9.]+× \(.*\)|not measured) +(slower|faster|alike or open|too few blocks|not measured)" \
        <<<"$output"
    grep -q "^Go: go" <<<"$output"
}

@test "table43: what copies cost, in C and in Go" {
    need_go
    run --separate-stderr scripts/table43 --max-time 3s --quiet
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    # A busy machine may not let a block pass.
    grep -qE "^allocations a write +1.8 +(2.00|not measured) " <<<"$output"
    grep -qE "^a read, ns +nothing +([0-9.]+ \(.*\)|not measured) +([0-9.]+ \(|not measured)" <<<"$output"
    grep -qE "^longest pause of the GC, us +3.8 +([0-9.]+|none in [0-9.]+ s|not measured)" <<<"$output"
}

@test "table25: runs that noticed, with an interval" {
    need_go
    run --separate-stderr scripts/table25 20
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    for processors in 1 2 4 8 16; do
        grep -qE "^$processors +([0-9.]+%)? +[0-9.]+% \([0-9.]+–[0-9.]+\)" <<<"$output"
    done
    # Of many operations a goroutine, runs notice; next to busy loops, where the two seldom run at once, not all.
    run --separate-stderr scripts/table25 5 1000000
    grep -qE "^2 +[1-9][0-9.]*% " <<<"$output"
    run --separate-stderr scripts/table25 0
    [ "$status" -eq 2 ]
    [ "$stderr" = "table25: '0' is not a number of runs or operations" ]
}

@test "table25: without go it names what is missing" {
    run --separate-stderr env PATH=/nowhere "$(python3 -c 'import sys; print(sys.executable)')" scripts/table25
    [ "$status" -eq 77 ]
    [ "$stderr" = "table25: there is no go here; scripts/setup go installs it" ]
}
