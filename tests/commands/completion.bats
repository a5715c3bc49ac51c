#!/usr/bin/env bats
# Bash completion: the function is called as bash calls it, and answers from what the program says.

load ../common

setup() {
    common_setup
    source scripts/numaprobe.bash
}

# Completes the last of these words; the answers, sorted, in one line. As bash does, "=" is given as a word.
completed() {
    COMP_WORDS=("$NUMAPROBE" "$@")
    COMP_CWORD=$#
    COMPREPLY=()
    _numaprobe
    printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' '
}

@test "completion: is registered for the program" {
    [[ $(complete -p numaprobe) == *"-F _numaprobe numaprobe" ]]
}

@test "completion: commands" {
    [ "$(completed "")" = "$(basename -s .c cli/{,*/}cmd_*.c | sed 's/^cmd_//; s/^cxx$/c++/' | sort | paste -sd' ')" ]
    [ "$(completed sc)" = schema ]
    [ -z "$(completed zzz "")" ]
}

@test "completion: options of the command, of run without one" {
    [ "$(completed --al)" = --align ]
    [ "$(completed --p)" = "--pages --place --precision --prometheus" ]
    [ "$(completed run --align 8 --s)" = "--seed --self-test --shards --strict" ]
    [ "$(completed topo --)" = "--csv --help --json --quiet --record --topology --usage --version" ]
    [ "$(completed schema --c)" = --csv ]
    [ "$(completed compare --across cpu,pro)" = cpu,protocol ]
    [ "$(completed compare READ)" = README.md ]
    # All there are, so that none is missed for how it stands in the help.
    all=$(completed run --)
    for option in $("$NUMAPROBE" run --usage | grep -oE -- '--[a-z0-9-]+' | sort -u); do
        [[ " $all " == *" $option "* ]]
    done
}

@test "completion: layouts and ops are those there are files for" {
    [ "$(completed --layout "")" = "$(basename -s .c layouts/*.c | sort | paste -sd' ')" ]
    [ "$(completed run --op "")" = "$(basename -s .c probes/trial/ops/*.c | sort | paste -sd' ')" ]
    [ "$(completed --op store)" = "store store-fence" ]
}

@test "completion: what costs takes is its own" {
    [ "$(completed costs --op "")" = "add cas load none store swap" ]
    [ "$(completed costs --op load,s)" = "load,store load,swap" ]
    [ "$(completed costs --state modified,s)" = modified,shared ]
    [ "$(completed costs --home "")" = "local remote" ]
}

@test "completion: lists, word by word, none twice" {
    [ "$(completed --op add,st)" = "add,store add,store-fence" ]
    [ "$(completed --align 8,64,1)" = "8,64,128 8,64,16" ]
    [ "$(completed --align 8,64,)" = "8,64,128 8,64,16 8,64,256 8,64,32" ]
}

@test "completion: values after a '='" {
    [ "$(completed --mode =)" = "latency throughput" ]
    [ "$(completed --mode = lat)" = latency ]
    [ "$(completed run --align = 8,6)" = "8,64" ]
}

@test "completion: modes, places, nodes and pages" {
    [ "$(completed --mode t)" = throughput ]
    [ "$(completed --place one)" = "one-per-l3 one-per-node" ]
    [[ " $(completed --mem-node "") " == *" 0 "*"interleave local remote"* ]]
    [ "$(completed --pages "")" = "2m 4k thp" ]
    [ "$(completed detect --fail-on "")" = "false-sharing gain:5%" ]
    [ "$(completed detect --lines "")" = "128 64" ]
    [ "$(completed detect --by "")" = "function type" ]
    [ "$(completed ab --judge m)" = "memory metric" ]
    # What is offered is what the program takes.
    for place in $(completed --place ""); do
        run "$NUMAPROBE" --dry-run --topology "pack:2 numa:1 l3:1 core:2 pu:2" --place "$place"
        [ "$status" -eq 0 ]
    done
    run "$NUMAPROBE" --place none --dry-run
    [ "$(sed 's/.*known: //; s/,//g' <<<"$output")" = "$(completed --place "")" ]
    run "$NUMAPROBE" --pages none --dry-run
    [ "$(sed 's/.*known: //; s/, /\n/g' <<<"$output" | sort | paste -sd' ')" = "$(completed --pages "")" ]
}

@test "completion: protocols are those there are files for, homes include the nodes" {
    [ "$(completed matrix --protocol "")" = "$(basename -s .c probes/matrix/protocols/*.c | sort | paste -sd' ')" ]
    [ "$(completed matrix --protocol message,p)" = message,pingpong ]
    [[ " $(completed matrix --home "") " == " 0 "*"all first second " ]]
}

@test "completion: files where a file is meant" {
    cd "$box"
    touch "a b.csv" mine.c
    [ "$(completed --csv "a ")" = "a b.csv" ]
    [ "$(completed --json mi)" = mine.c ]
    [ "$(completed topo -t mi)" = mine.c ]
    [ "$(completed detect --suppressions mi)" = mine.c ]
    [ "$(completed ab --input mi)" = mine.c ] && [ "$(completed ab -- mi)" = mine.c ]
    touch mine.csv && mkdir more
    [ "$(completed --layout ./m)" = "./mine.c ./more" ]
    rm -r mine.csv more
    [ "$(completed compare -j mi)" = mine.c ]
    [ "$(completed detect --sarif mi)" = mine.c ]
    [ "$(completed stat --prometheus mi)" = mine.c ]
    # schema's --csv may have a value
    [ "$(completed schema --csv --j)" = --json ]
    [ "$(completed schema --csv mi)" = mine.c ]
}

@test "completion: a program that is not there completes nothing, silently" {
    COMP_WORDS=(no/such/numaprobe --al)
    COMP_CWORD=1
    COMPREPLY=()
    run --separate-stderr _numaprobe
    [ -z "$output" ]
    [ -z "$stderr" ]
}
