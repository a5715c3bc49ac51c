#!/usr/bin/env bats
# numaprobe run, bad input and bad luck: one line on stderr that names the option and the way out, 2 for
# wrong usage and 1 for a failed run, and never half a file under the final name.

load ../common

setup() { common_setup; }

layout_file() { # NAME: the text of stdin as a layout of one's own
    cd "$box" || return
    cat >"$1"
}

known_layouts() { basename -s .c layouts/*.c | sort | paste -sd, | sed 's/,/, /g'; }
known_ops() { basename -s .c probes/trial/ops/*.c | sort | paste -sd, | sed 's/,/, /g'; }

@test "run: a cpu that does not exist" {
    highest=$("$NUMAPROBE" topo --csv | tr -d '\r' | tail -n 1 | cut -d, -f1)
    refuses 77 "--cpus: there is no cpu 8191; the highest here is $highest" --cpus 8191
    refuses 77 "--cpus: there is no cpu 8191; the highest here is $highest" --cpus 0,8191
}

@test "run: the same cpu twice" {
    refuses 2 "--cpus: cpu list '0,0' names cpu 0 twice" --cpus 0,0
    refuses 2 "--cpus: cpu list '0-1,1' names cpu 1 twice" --cpus 0-1,1
}

@test "run: a cpu outside the cpuset" {
    need_two_cpus
    run --separate-stderr taskset -c 0 "$NUMAPROBE" --cpus 1
    [ "$status" -eq 77 ]
    [ -z "$output" ]
    [ "$stderr" = "numaprobe: --cpus: cpu 1 is outside this process's cpuset; 'numaprobe topo' lists what it may use" ]
}

@test "run: cpus said twice over" {
    refuses 2 "--place: cannot be used with --cpus, which names the cpus; leave one out" --cpus 0 --place smt
    refuses 2 "--threads: 2, but --cpus names 1; leave --threads out" --cpus 0 --threads 2
    refuses 2 "--place: unknown placement 'spred'; did you mean 'spread'; known: compact, one-per-l3, one-per-node, smt, spread" \
        --place spred
    refuses 2 "--threads: '0' is out of range; accepted: 1 to 8192" --threads 0
}

@test "run: alignments that are no power of two, below 8 or above 256" {
    for align in 12 4 0 -1 512 x 8x 3.5 99999999999999999999; do
        refuses 2 "--align: '$align' is not one of 8, 16, 32, 64, 128 and 256" --align "$align"
        refuses 2 "--align: '$align' is not one of 8, 16, 32, 64, 128 and 256" --align "8,$align"
    done
    for align in "" "8," ",8" "8,,64"; do
        refuses 2 "--align: '$align' has an empty word; accepted: words with single commas between" --align "$align"
    done
}

@test "run: an unknown layout, with the near matches" {
    refuses 2 "--layout: unknown layout 'countr'; did you mean 'counter'; known: $(known_layouts)" --layout countr
    refuses 2 "--layout: unknown layout 'zzz'; known: $(known_layouts)" --layout counter,zzz
}

@test "run: an unknown op, with the near matches" {
    refuses 2 "--op: unknown op 'stroe'; did you mean 'store'; known: $(known_ops)" --op stroe
    refuses 2 "--op: unknown op 'zzz'; known: $(known_ops)" --op add,zzz
}

@test "run: an op that does not suit the layout" {
    run --separate-stderr "$NUMAPROBE" --layout counter --op queue
    [ "$status" -eq 2 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == "numaprobe: --op: queue does not suit layout counter, "*"; leave --op out to measure what suits it (store,rmw,add)" ]]
}

@test "run: an unknown mode, page size, duration, share and number" {
    refuses 2 "--mode: unknown mode 'latncy'; did you mean 'latency'; known: throughput, latency" --mode latncy
    refuses 2 "--pages: unknown page size '1g'; known: 4k, thp, 2m" --pages 1g
    refuses 2 "--max-time: 'soon' is not a duration; accepted: a number with ns, us, ms, s or min, such as 250ns or 1.5ms" \
        --max-time soon
    refuses 2 "--precision: '0' is not a share; accepted: above 0 up to 100%, such as 1% or 0.01" --precision 0
    refuses 2 "--seed: 'x' is not a whole number; accepted: 0 to 9223372036854775807" --seed x
    refuses 2 "--gap: '1s' is too long; at most 100us" --gap 1s
}

@test "run: an unknown option, with the near matches" {
    refuses 2 "there is no option '--alin'; did you mean '--align'; 'numaprobe run --help' lists them" --alin 8
    refuses 2 "there is no option '--zzz'; 'numaprobe run --help' lists them" run --zzz
    refuses 2 "there is no option '-z'; 'numaprobe run --help' lists them" -qz
    refuses 2 "there is no option '--m'; did you mean '--mode', '--mem-node' or '--max-time'; 'numaprobe run --help' lists them" \
        --m local
}

@test "run: an option without its value, one with a value too many, a stray argument" {
    refuses 2 "--align: needs a value, LIST; 'numaprobe run --help' describes it" --op add --align
    refuses 2 "--quiet: takes no value; leave '=3' out" --quiet=3
    refuses 2 "unexpected argument 'foo'; options begin with --, 'numaprobe run --help' lists them" run foo
    refuses 2 "unexpected argument 'foo'; options begin with --, 'numaprobe run --help' lists them" --op add -- foo
}

@test "run: --help ends the reading of words, also in a cluster of letters" {
    for words in --help "-?" "-?q" "-q?z" -h -hq -qhz "--help --zzz" "--help foo"; do
        # shellcheck disable=SC2086 # some are several words
        run --separate-stderr "$NUMAPROBE" run $words
        [ "$status" -eq 0 ]
        [ -z "$stderr" ]
        [ "${lines[0]}" = "Usage: numaprobe run [OPTION...]" ]
    done
}

@test "run: -h is --help, of the program and of every command" {
    [ "$("$NUMAPROBE" -h)" = "$("$NUMAPROBE" --help)" ]
    # cc and c++ have the compiler's options.
    for command in $("$NUMAPROBE" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | grep -vx cc); do
        run -0 --separate-stderr "$NUMAPROBE" "$command" -h
        [ "$output" = "$("$NUMAPROBE" "$command" --help)" ] && [ -n "$output" ] && [ -z "$stderr" ]
    done
}

@test "run: an unknown command, with the near matches" {
    refuses 2 "there is no command 'rnu'; did you mean 'run'; 'numaprobe --help' lists them" rnu
    refuses 2 "there is no command 'zzz'; 'numaprobe --help' lists them" zzz
}

@test "run: a layout of one's own that does not compile" {
    layout_file bad.c <<<'int x = ;'
    run --separate-stderr "$NUMAPROBE" --layout ./bad.c --csv out.csv
    [ "$status" -eq 4 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == "numaprobe: --layout: ./bad.c does not compile: ./bad.c:1:"*"error: "* ]]
    holds_only . bad.c
}

@test "run: a layout of one's own without the entry" {
    layout_file none.c <<<'int x = 1;'
    refuses 4 "--layout: ./none.c has no entry 'layout' with a word(): end it as the file in numaprobe-run(1) does" \
        --layout ./none.c --csv out.csv
    holds_only . none.c
}

@test "run: a layout of one's own that is not there" {
    refuses 4 "--layout: cannot read ./missing.c: No such file or directory" --layout ./missing.c
}

# A layout whose shards have a counter and nothing else: OPS WORD, an expression.
own_layout() {
    layout_file own.c <<END
#include "layouts/layout.h"
struct element { _Alignas(ALIGN) uint64_t count; };
static void *word(void *array, unsigned shard, enum layout_word word)
{
    struct element *e = array;
    return $2;
}
LAYOUT(own) = {.abi = LAYOUT_ABI, .name = "own", .summary = "counts", .ops = "$1", .role = {"adder"},
    .align_bytes = ALIGN, .element_bytes = sizeof(struct element), .word = word};
END
}

@test "run: what is wrong in a layout of one's own is named as the file has it" {
    ops=$(known_ops)
    own_layout queue 'word == WORD_WRITER ? &e[shard].count : NULL'
    refuses 4 "layout own: .ops: queue needs WORD_READER, for which word() returns NULL" --layout ./own.c
    own_layout add,stroe 'word == WORD_WRITER ? &e[shard].count : NULL'
    refuses 4 "layout own: .ops: unknown op 'stroe'; did you mean 'store'; known: $ops" --layout ./own.c
    own_layout add 'word == WORD_WRITER ? (char *)&e[shard] + 4 : NULL'
    refuses 4 "layout own at 8 B: WORD_WRITER of shard 0 is not 8-byte aligned" --layout ./own.c
    own_layout add 'word == WORD_LOCK ? &e[shard].count : NULL'
    refuses 4 "layout own: word() returns NULL for WORD_WRITER of shard 0; each shard needs one" --layout ./own.c
}

@test "run: the layout file of the manual can be measured" {
    sed -n '/^.Bd -literal/,/^.Ed/{/^\./d;p}' "$OLDPWD/docs/man/run.inc" | sed 's/\\e/\\/g' >"$box/pair.c"
    run -0 --separate-stderr "$NUMAPROBE" --dry-run --topology 'core:2 pu:1' --layout "$box/pair.c"
    [[ -z $stderr && $output == *pair*isolated* ]]
}

@test "run: a layout of one's own that crashes costs only itself" {
    layout_file crash.c <<'END'
#include "layouts/layout.h"
static void *word(void *array, unsigned shard, enum layout_word word)
{
    *(volatile int *)8 = (int)(shard + word);
    return array;
}
LAYOUT(crash) = {.abi = LAYOUT_ABI, .name = "crash", .summary = "crashes", .ops = "add", .role = {"adder"},
    .align_bytes = ALIGN, .element_bytes = ALIGN, .word = word};
END
    # Under ASan the crash must stay a signal.
    ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0" \
        refuses 4 "--layout: ./crash.c crashed while it was asked for addresses: Segmentation fault; look at its word()" \
        --layout ./crash.c --csv out.csv
    holds_only . crash.c
}

@test "run: nodes that are not there, or without memory" {
    refuses 77 "--mem-node: node 7777 does not exist; 'numaprobe topo' lists the nodes" --mem-node 7777
    refuses 2 "--mem-node: 'near' is not local, remote, interleave or a node number" --mem-node near
    memoryless=data/topologies/lab-x86-memless.xml
    refuses 77 "--mem-node local: cpu 2 is on node 1, which has no memory; name a node that has" \
        --dry-run --topology "$memoryless" --cpus 2,3
    refuses 77 "--mem-node: node 1 has no memory; 'numaprobe topo' lists the nodes" \
        --dry-run --topology "$memoryless" --mem-node 1
    refuses 77 "--mem-node remote: no node with memory is remote to all of the cpus; 'numaprobe topo' lists the nodes" \
        --dry-run --topology "pack:1 [numa] core:2 pu:1" --mem-node remote
}

@test "run: a topology without --dry-run, or that is none" {
    refuses 2 "--topology: nothing can be measured on a machine that is not here; add --dry-run" \
        --topology "pack:1 core:2 pu:1"
    refuses 2 "--topology: 'bogus:' is not a machine that hwloc understands; give an XML file made by lstopo, or a string as 'pack:2 numa:1 l3:1 core:4 pu:2'" \
        --dry-run --topology bogus:
}

@test "run: an output path that cannot be written is refused before anything is measured" {
    cd "$box"
    mkdir folder
    for option in --csv --json; do
        refuses 4 "$option: cannot write 'no/such/out': No such file or directory" $option no/such/out
        refuses 4 "$option: cannot write 'folder': Is a directory" $option folder
        refuses 4 "$option: cannot write '': No such file or directory" $option ""
    done
    refuses 2 "--json: 'out' is written by --csv; name another file" --csv out --json out
    holds_only . folder
}

@test "run: of two outputs, one that cannot be written leaves no other behind" {
    cd "$box"
    refuses 4 "--json: cannot write 'no/out.json': No such file or directory" --csv out.csv --json no/out.json
    holds_only .
}

@test "run: a full disk" {
    [ -c /dev/full ] || skip "no /dev/full"
    for option in --csv --json; do
        run --separate-stderr "$NUMAPROBE" "${short[@]}" --quiet $option /dev/full
        [ "$status" -eq 4 ]
        [ "$stderr" = "numaprobe: $option: cannot write '/dev/full': No space left on device" ]
        [[ $output == *"isolated"* ]] # what was measured is still told
    done
}

@test "run: a full disk leaves an earlier file of that name as it was" {
    folder=$box/small
    mkdir "$folder"
    mount -t tmpfs -o size=16k none "$folder" 2>/dev/null || skip "cannot mount a tmpfs"
    # Three of its four pages are taken; a single block of these variants is more than one.
    yes earlier | head -c 12000 >"$folder/out.csv"
    before=$(cksum <"$folder/out.csv")
    run --separate-stderr "$NUMAPROBE" --op add,store --align 8,16,32,64 --max-time 300ms --quiet --csv "$folder/out.csv"
    after=$(cksum <"$folder/out.csv")
    names=$(ls -A "$folder")
    umount "$folder"
    [ "$status" -eq 4 ]
    [ "$stderr" = "numaprobe: --csv: cannot write '$folder/out.csv': No space left on device" ]
    [ "$after" = "$before" ]
    [ "$names" = out.csv ]
}

@test "run: a stdout that cannot be written" {
    [ -c /dev/full ] || skip "no /dev/full"
    for what in --list --dry-run --help "--quiet --max-time 100ms"; do
        # shellcheck disable=SC2086 # the last one is several words
        run --separate-stderr sh -c 'exec "$@" >/dev/full' sh "$NUMAPROBE" $what
        [ "$status" -eq 4 ]
        [ "$stderr" = "numaprobe: cannot write to stdout: No space left on device" ]
    done
}

# Sends SIGNAL into a run that would go on for long; sets status and leaves out.csv, table and talk.
interrupt() {
    local tests=$PWD/tests
    cd "$box" || return
    status=0
    python3 "$tests/interrupt.py" "$1" "$NUMAPROBE" --op add --precision 0.001% --max-time 60s \
        --csv out.csv --json out.json >table 2>./talk || status=$?
}

check_interrupted() { # STATUS NAME
    [ "$status" -eq "$1" ]
    [ "$(tail -n 1 table)" = "PARTIAL: interrupted by $2." ]
    grep -qE '^add  |^No block could be counted' table
    [ ! -s talk ]
    [ "$(check_csv out.csv)" -gt 0 ]
    python3 -c 'import json; assert json.load(open("out.json"))["partial"] is True'
    holds_only . out.csv out.json table talk
}

@test "run: SIGINT leaves whole rows and a table marked partial" {
    interrupt SIGINT
    check_interrupted 130 SIGINT
}

@test "run: SIGTERM leaves whole rows and a table marked partial" {
    interrupt SIGTERM
    check_interrupted 143 SIGTERM
}

@test "run: counters and events that are none" {
    refuses 2 "--counters: unknown backend 'perv'; did you mean 'perf'; known: auto, none, papi, perf" --counters perv
    refuses 2 "--events: an empty name; expected roles or events, as in 'rfo,l3-miss'" --events rfo,
    refuses 2 "--events: 'raw1' is a place for an event of yours; name that event instead" --events raw1
    refuses 2 "--events: at most 4 events that are not roles; 'r5' is the fifth" --events r1,r2,r3,r4,r5
}

@test "run: an event whose PMU is not here costs only itself" {
    run --separate-stderr "$NUMAPROBE" run "${short[@]}" --quiet --events nopmu/x/,rfo --csv "$box/a.csv"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ $output == *"nopmu/x/: "* ]]
    [ "$(check_csv "$box/a.csv")" -gt 0 ]
}
