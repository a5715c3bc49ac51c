#!/usr/bin/env bats
# numaprobe run --dry-run: on every recorded machine of data/topologies each plan is right, or refused with a line; and
# with a layout of the user's own.

load ../common

setup() { common_setup; }

@test "plans: every recorded machine, in every placement" {
    command -v python3 >/dev/null || skip "no python3"
    NUMAPROBE=$NUMAPROBE run scripts/check-plans data/topologies/*.xml
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -c '^ok ' <<<"$output")" -eq "$(find data/topologies -name '*.xml' | wc -l)" ]
}

@test "plans: a run names the kinds of cores that it takes or mixes" {
    on_hybrid() { "$NUMAPROBE" run --dry-run --topology data/topologies/hybrid-6p-8e.xml --cpus "$1" | grep '^farthest'; }
    [ "$(on_hybrid 0,2)" = "farthest same L3, P" ]
    [ "$(on_hybrid 12,19)" = "farthest same L3, E" ]
    [ "$(on_hybrid 0,1,19)" = "farthest same L3, P+E" ]
    run -0 "$NUMAPROBE" run --dry-run --topology data/topologies/four-nodes.xml --cpus 0,1
    [[ $output == *"farthest same L3"$'\n'* ]]
}

plan_mine() { "$NUMAPROBE" --dry-run --layout "$box/mine.c" --align 8 --topology data/topologies/lab-x86-snc.xml; }

@test "plans: a layout is compiled below TMPDIR, and nothing is left there" {
    write_mine
    mkdir "$box/a place"
    TMPDIR="$box/a place" run -0 plan_mine
    [[ $output == *mine* ]]
    holds_only "$box/a place"
    TMPDIR=/nonexistent run -2 plan_mine
    [ "$output" = "numaprobe: --layout: cannot make a folder in '/nonexistent': No such file or directory" ]
}

@test "plans: a layout is loaded where the folder for temporary files is noexec" {
    write_mine
    mkdir "$box/noexec"
    mounted() { unshare -rm sh -c 'mount -t tmpfs -o noexec none "$0" && "$@"' "$box/noexec" "$@"; }
    mounted true 2>/dev/null || skip "nothing can be mounted here"
    export TMPDIR=$box/noexec
    run -0 mounted "$NUMAPROBE" --dry-run --layout "$box/mine.c" --align 8 --topology data/topologies/lab-x86-snc.xml
    [[ $output == *mine* ]]
}
