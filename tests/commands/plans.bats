#!/usr/bin/env bats
# numaprobe run --dry-run on every recorded machine of data/topologies: each plan is right, or refused with a line.

load ../common

setup() { common_setup; }

@test "plans: every recorded machine, in every placement" {
    command -v python3 >/dev/null || skip "no python3"
    NUMAPROBE=$NUMAPROBE run scripts/check-plans data/topologies/*.xml
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -c '^ok ' <<<"$output")" -eq "$(find data/topologies -name '*.xml' | wc -l)" ]
}
