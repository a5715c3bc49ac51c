#!/usr/bin/env bats
# NUMAPROBE_DEBUG: messages of the domains that it names are on stderr; without it nothing changes.

load ../common

setup() { common_setup; }

plan() { run --separate-stderr "$NUMAPROBE" run --dry-run --align 8,64 --cpus 0; }

@test "debug: a domain's messages are on stderr, and stdout is as without" {
    plan
    local without=$output
    [ -z "$stderr" ]
    export NUMAPROBE_DEBUG=plan
    plan
    [ "$status" -eq 0 ] && [ "$output" = "$without" ]
    [[ $stderr == "numaprobe: plan: "*"cpus 0"* ]]
    [ "$(grep -vc '^numaprobe: plan: ' <<<"$stderr")" -eq 0 ]
    NUMAPROBE_DEBUG=dwarf plan
    [ -z "$stderr" ]
}

@test "debug: perf reports the events that were tried" {
    NUMAPROBE_DEBUG=perf run --separate-stderr "$NUMAPROBE" events --counters perf --events cycles
    [ "$status" -eq 0 ]
    [[ $stderr == *"numaprobe: perf: cycles = "* ]]
}

@test "debug: an unknown domain is reported in one line, and the command runs" {
    export NUMAPROBE_DEBUG=plam
    plan
    [ "$status" -eq 0 ]
    [ "$stderr" = "numaprobe: NUMAPROBE_DEBUG: unknown domain 'plam'; did you mean 'plan'; known: plan, perf, dwarf, price, watch, all" ]
}
