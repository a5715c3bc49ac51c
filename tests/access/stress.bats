#!/usr/bin/env bats
# What programs do that is hard for the runtime in them: it never changes what they print or how they end, is never
# stuck, and still sees their accesses. Each program runs STRESS_RUNS times (1) in full and in bursts.

load ../common
load watch

setup() {
    watch_setup
    load=()
}

teardown() {
    [ ${#load[@]} -eq 0 ] || kill "${load[@]}"
    ! mountpoint -q "$box/disk" || umount "$box/disk"
}

# ended PROGRAM ARGUMENT...: prints its output and its exit code, its errors into ./errors; a stuck program is killed.
ended() {
    local code=0
    timeout -s KILL 60 "$@" 2>errors || code=$?
    echo "exit code $code"
}

# built COMPILER NAME [FLAG...]: builds ./ours, and by the compiler alone, without the flags, ./plain.
built() {
    local compiler=$1 name=$2 command=cc source
    source=$(echo "$programs/$name".c*)
    [[ $source == *.c ]] || { command=c++ && compiler=${compiler/gcc/g++} && compiler=${compiler/clang/clang++}; }
    "$compiler" -D_GNU_SOURCE -O2 -pthread -o plain "$source"
    "$NUMAPROBE" $command "$compiler" -D_GNU_SOURCE -O2 "${@:3}" -o ours "$source"
}

# unmoved [ARGUMENT...]: ./ours prints and ends as ./plain does, and is seen to its end, each time.
unmoved() {
    local expected got run mode
    expected=$(ended ./plain "$@")
    for mode in --full --budget=3; do
        for ((run = 0; run < ${STRESS_RUNS:-1}; run++)); do
            got=$(ended "$NUMAPROBE" detect $mode -- ./ours "$@")
            echo "expected: $expected; got, $mode: $got; $(head -n 4 errors)"
            [ "$got" = "$expected" ]
            [ "$(grep -c 'Not recorded to the end' errors)" -eq 0 ]
        done
    done
}

# One command a line: after &&, a failure in the middle of a function would not count.
stressed() {
    built "$@"
    unmoved
}
everywhere() {
    by_compilers stressed "$1"
    stressed gcc "$1" -static
}

# How many of jump.c's threads were seen to read and write after[] 200000 times each. The sum of a throttled line is
# exact, but for a few accesses that come while it changes hands; the division into reads and writes is drawn, with a
# standard deviation of up to 1500. The program of gcc -static lies where nm says.
seen_after() {
    dumped | awk -v after="$(nm ours | sed -n 's/^0*\(.*\) b after$/\1/p')" '
        $1 == "touch" && $2 == after {
            threads++
            sum = $10 + $12
            seen += sum > 399000 && sum < 401000 && $10 > 190000 && $12 > 190000
        }
        END { print seen + 0 " of " threads + 0 }'
}

@test "handlers leave by longjmp whatever they interrupted; the thread is seen afterwards" {
    everywhere jump
    # On a busy machine a thread may be through before another one begins: then it shared nothing.
    local seen
    for _ in 1 2 3 4 5 6; do
        rm -rf records
        run watched ./ours
        dumped
        seen=$(seen_after)
        [ "$seen" != "4 of 4" ] || return 0
        [[ $seen == [0-3]" of "[0-3] ]] && [ "${seen%% *}" = "${seen##* }" ] # who shared was seen rightly
    done
    false
}

@test "threads are cancelled at any instruction, and in waits" { everywhere cancel; }

@test "signals reach threads before they begin, while they work, and on alternate stacks" { everywhere storm; }

@test "several threads fork, vfork, spawn and exec; children use the heap and threads" { everywhere forks; }

@test "several threads join, and an id is another thread's at once" { everywhere joiners; }

@test "small blocks are freed beside those in use" { everywhere blocks; }

@test "the smallest stacks; threads of C11" { everywhere small_stack; }

@test "std::async, exceptions in futures, thread_local destructors, waits with a timeout" { everywhere tasks; }

plugins() {
    built "$1" plugins
    "$NUMAPROBE" cc "$1" -O2 -DLIBRARY -shared -fPIC -o libplugin.so "$programs/plugins.c"
    unmoved
    # A program without a runtime: the library brings it, and it stays.
    cp plain ours
    unmoved
}
@test "threads load and unload an instrumented library" { by_compilers plugins; }

endings() {
    local how
    built "$@" endings
    for how in exit _exit quick_exit exec alarm return last segv abort; do
        unmoved "$how"
    done
}
@test "ways to end a program whose threads work: its report is there" { by_compilers endings; }

@test "what ended it, and what its threads did until then" {
    built gcc endings
    while read -r how ended; do
        run timeout 60 "$NUMAPROBE" detect --full --json report.json -- ./ours "$how"
        echo "$how: $output"
        [ "$(python3 -c 'import json
j = json.load(open("report.json")); f = j["findings"][0]
print(j["processes"][0]["ended"], f["object"]["name"], len(f["threads"]))')" = "$ended counts 2" ]
    done <<'END'
exit exit
_exit exit
quick_exit exit
return exit
alarm exit
exec exec
segv signal 11
abort signal 6
END
}

@test "a program that executes another: each has a recording, and the signal is the last one's" {
    built gcc endings
    cp ours first
    cat >starts.c <<'END'
#include <unistd.h>
int main(void)
{
    char *nothing[] = {(char *)"nothing", NULL};
    execve("/nowhere/to/be/found", nothing, environ);
    fexecve(-1, nothing, environ);
    execle("./first", "first", "segv", (char *)NULL, environ);
}
END
    cc -D_GNU_SOURCE -o starts starts.c
    run -139 "$NUMAPROBE" detect --json report.json ./starts
    echo "$output"
    [ "$(python3 -c 'import json
p = json.load(open("report.json"))["processes"]
print([x["ended"] for x in p], p[1]["command"], p[0]["pid"] == p[1]["pid"])')" = \
        "['exec', 'signal 11'] ['first', 'segv'] True" ]
    [[ $output == *"starts"*"It ended by exec: this is what it did until then."*"first"*"ended by signal 11"* ]]
}

@test "all files closed by the program: it is seen, and its own files stay open" { everywhere closes; }

@test "real-time threads do not wait for each other forever" {
    chrt -f 10 true || skip "no right to real-time priority"
    built gcc crowd
    local cpu expected run
    cpu=$(python3 -c 'import os; print(min(os.sched_getaffinity(0)))')
    # With other programs on the cpus, the kernel gives those a share of each second, and stops a thread anywhere.
    for ((run = 0; run < $(nproc); run++)); do
        timeout 300 sh -c 'while :; do :; done' 3>&- &
        load+=($!)
    done
    expected=$(ended ./plain 4 2000000)
    for ((run = 0; run < ${STRESS_RUNS:-1}; run++)); do
        for how in "chrt -f 10" "chrt -r 10" "taskset -c $cpu chrt -f 10"; do
            for mode in --full --budget=3; do
                # shellcheck disable=SC2086
                [ "$(ended $how "$NUMAPROBE" detect $mode -- ./ours 4 2000000)" = "$expected" ]
            done
        done
    done
}

# disk SIZE: a small file system at ./disk.
disk() {
    mkdir -p disk
    mount -t tmpfs -o "size=$1" none disk || skip "no right to mount a small file system"
}

# unrecorded REGEX [OPTION...]: ./ours runs as ever, and detect prints such a line, and not that it found nothing.
unrecorded() {
    local expected got
    expected=$(ended ./plain 40 100000)
    got=$(TMPDIR=$box/disk ended "$NUMAPROBE" detect "${@:2}" ./ours 40 100000)
    echo "expected: $expected; got: $got; $(cat errors)"
    [ "$got" = "$expected" ]
    grep -qE "$1" errors
    [ "$(grep -c 'No false sharing found' errors)" -eq 0 ]
}

@test "a disk that is full when the program starts, or when its threads do: one line, and the program goes on" {
    built gcc crowd
    disk 64k
    unrecorded '1 process could not be recorded: no space for the recording.'
    unrecorded '1 process could not be recorded: no space for the recording.' --full --record disk/kept
    run -1 "$NUMAPROBE" detect --read disk/kept --fail-on false-sharing
    umount disk
    disk 1m
    local message='Not recorded to the end: no space for the recording \([0-9]+ MB\): No space left on device; nothing was seen\.'
    unrecorded "$message"
    unrecorded "$message" --full --record disk/kept
    run -1 "$NUMAPROBE" detect --read disk/kept --fail-on false-sharing
}

@test "a disk that is full when children need it: what was recorded is reported, and which were not" {
    built gcc signals
    disk 15m
    local expected got
    expected=$(ended ./plain)
    got=$(TMPDIR=$box/disk ended "$NUMAPROBE" detect --full ./ours)
    echo "expected: $expected; got: $got; $(cat errors)"
    [ "$got" = "$expected" ]
    grep -qE '^[0-9]+ ./ours: .* [0-9.]+ [kMG] accesses seen' errors
    grep -q 'no space for the record' errors
}

@test "a disk with just as much space, page by page: no child is killed" {
    built gcc late_fork
    local bytes page
    watched ./ours
    bytes=$(stat -c %s records/*.rec | head -n 1)
    for ((page = 0; page < 80; page++)); do
        disk $((bytes + page * 4096))
        NUMAPROBE_RECORD=$box/disk NUMAPROBE_ACCESS=full ./ours
        umount disk
    done
}

@test "a hook never calls __tls_get_addr, which may allocate" {
    local runtime
    runtime=$(dirname "$NUMAPROBE")/runtime
    nm -u "$runtime/libnumaprobe-access.so" >symbols
    grep -q ' pthread_key_create' symbols
    [ "$(grep -cE '__tls_get_addr|__emutls' symbols)" -eq 0 ]
}
