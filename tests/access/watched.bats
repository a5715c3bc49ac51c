#!/usr/bin/env bats
# What the runtime records of a program that is watched: threads, accesses, blocks, and how it ends.

load ../common
load watch

setup() { watch_setup; }

# same SOURCE COMMAND COMPILER: output and exit code of the watched program are those of the plain one.
same() {
    local source=$1 command=$2 compiler=$3 code=0 expected
    "$compiler" -O2 -pthread -o plain "$source"
    "$NUMAPROBE" "$command" "$compiler" -O2 -o ours "$source"
    expected=$(./plain 2>&1) || code=$?
    run watched ./ours
    echo "expected $code: $expected; got $status: $output"
    [ "$output" = "$expected" ] && [ "$status" -eq "$code" ]
}

adjacent() {
    cc "$1" -O2 -o adjacent "$programs/adjacent.c"
    run watched ./adjacent
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    dumped
    # Two threads on one line, each with its own eight bytes; one access is counted for many while it rests.
    [ "$(count '^touch .* read ff write ff reads (9[89]|10[01])[0-9]{4} ')" -eq 1 ]
    [ "$(count '^touch .* read ff00 write ff00 reads (9[89]|10[01])[0-9]{4} ')" -eq 1 ]
    [ "$(count '^line .* flags 0 .* true 0 ')" -ge 1 ]
    # It rests from 1024 hand-overs on, and wakes for 64 more after every 524288 reads or writes of a thread.
    [ "$(dumped | sed -n 's/^line .* flags 0 .* false \([0-9]*\) .*/\1/p' | sort -n | tail -n 1)" -le 3200 ]
}
@test "two counters in one line: who wrote which bytes, how often, from where" { by_compilers adjacent; }

fixed() {
    cc "$1" -O2 -DFIXED -o fixed "$programs/adjacent.c"
    run watched ./fixed
    dumped
    [ "$(count '^line .* flags 0 ')" -eq 0 ]
    # Each access is counted once, however often the helper thread looks (4 million, some of main's).
    [ "$(dumped | sed -n 's/^record .* accesses \([0-9]*\) .*/\1/p')" -le 4010000 ]
    # They would share a line of 128 bytes: by_compilers are known all the same.
    [ "$(count '^line .* flags 2 touches 1 ')" -eq 2 ]
}
@test "a line each: none is shared, by_compilers are known as neighbours" { by_compilers fixed; }

is_true() {
    cc "$1" -O2 -DTRUE -o shared "$programs/adjacent.c"
    run watched ./shared
    dumped
    [ "$(count '^line .* flags 0 .* false 0 true [1-9]')" -eq 1 ]
}
@test "one counter for two threads is shared truly, never falsely" { by_compilers is_true; }

phases() {
    cc "$1" -O2 -o phases "$programs/phases.c"
    run watched ./phases
    [ "$output" = 880000 ]
    dumped
    # The barrier itself is used by by_compilers at once, and truly.
    [ "$(count '^line .* flags 0 .* false [1-9]')" -eq 0 ]
    [ "$(count '^line .* true [1-9]')" -le 1 ]
    [ "$(count '^line .* flags 0 .* phases [1-9]')" -le 1 ]
}
# What its sites count, and all that the thread did on the line. Whether the threads meet is chance.
phase_counts() {
    cc "$1" -O1 -pthread -o phase_counts "$programs/phase_counts.c"
    for _ in 1 2 3 4 5 6 7 8; do watched ./phase_counts; done
    dumped | awk '/^touch/ { key = $2 " " $4; all[key] += $10 + $12 }
        /^site/ { key = $2 " " $4; sites[key] += $NF }
        END { for (key in sites) { print key, sites[key], all[key]; bad += sites[key] > all[key] } exit bad > 0 }'
}
@test "places count no more than their threads, when a phase is taken back" { by_compilers phase_counts; }
@test "a line handed over by barriers and by join is not shared" { by_compilers phases; }

result() {
    cc "$1" -O2 -o result "$programs/result.c"
    run watched ./result
    [ "$output" = 20000 ]
    dumped
    [ "$(count '^touch .* read ff write ff reads 20000 ')" -eq 1 ]
    [ "$(count '^touch .* read ff00 write ff00 reads 20000 ')" -eq 1 ]
}
@test "what a thread reads of others' when all are done is not of the sharing" { by_compilers result; }

clocks() {
    cc "$1" -O2 -o clocks "$programs/clocks.c"
    run watched ./clocks
    [ "$output" = "2 5000" ]
    dumped
    # Each mutex is locked and unlocked 20000 times: 40000, or an estimate of it where the lines rested.
    [ "$(count '^touch .* write ffff reads (3[89]|4[0-2])[0-9]{3} ')" -eq 1 ]
    [ "$(count '^touch .* write ffff0000000000 reads (3[89]|4[0-2])[0-9]{3} ')" -eq 1 ]
    # What main does after it has joined them is not of the sharing.
    [ "$(count '^touch .* slot 1 ')" -eq 0 ]
}
@test "calls with a clock: locks, conditions, join" { by_compilers clocks; }

heap() {
    cc "$1" -O2 -o heap "$programs/heap.c"
    run watched ./heap
    dumped
    [ "$(count '^object .* size 24 kind 1 ')" -eq 2 ]
    [ "$(count '^object .* size 24 kind 1 .* frames [2-9]')" -eq 2 ]
    [ "$(count '^object .* size 4096 ')" -eq 0 ]
}
@test "heap blocks of a line are known, with the calls that made them; freed ones share nothing" { by_compilers heap; }

@test "thread-locals have their names, also where there are megabytes of them" {
    for how in gcc clang "gcc -static"; do
        # shellcheck disable=SC2086
        cc $how -O1 -o ours "$programs/thread_locals.c"
        run "$NUMAPROBE" detect --full ./ours
        echo "$how: $output"
        [[ $output == 200000$'\n'*"false sharing: thread-local words"*"└hits"*"└misses"* ]]
    done
}

# By one compiler: what they do to the runtime is the same.
@test "ten thousand threads" {
    same "$programs/churn.c" cc gcc && [ "$(count '^record .* ended 1 .* created 10000 ')" -eq 1 ]
}
@test "signals, longjmp, and twenty forked children, each with a record" {
    same "$programs/signals.c" cc clang && [ "$(count '^record .* ended 1 ')" -eq 21 ]
}

@test "C++: exceptions through the hooks, new in all its forms" {
    same "$programs/exceptions.cc" c++ g++
    same "$programs/exceptions.cc" c++ clang++
}

million() { same "$programs/million.c" cc "$1" && [ "$(count '^record .* allocations 1250001 lost [0-9] ')" -eq 1 ]; }
@test "a million living blocks, next to all of them known" { by_compilers million; }

@test "memory: at most half as much again, and 64 MB" {
    gcc -O2 -pthread -o plain "$programs/million.c"
    cc gcc -O2 -o ours "$programs/million.c"
    mkdir records
    export NUMAPROBE_RECORD=records NUMAPROBE_ACCESS=full
    plain=$(python3 -c 'import resource, subprocess
subprocess.run("./plain", stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)')
    ours=$(python3 -c 'import resource, subprocess
subprocess.run("./ours", stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)')
    echo "$plain kB plain, $ours kB watched"
    [ "$ours" -le $((plain * 3 / 2 + 65536)) ]
}

@test "in bursts, everything is seen in part" {
    cc gcc -O2 -o adjacent "$programs/adjacent.c"
    NUMAPROBE_ACCESS=share=5 run watched ./adjacent
    [ "$output" = 2000000 ]
    [ "$(count '^record .* mode 0 .* bursts [1-9]')" -eq 1 ]
}

@test "a program that is killed leaves what was seen" {
    cc gcc -O2 -DKILL -o killed "$programs/adjacent.c"
    run watched ./killed
    [ "$status" -eq 137 ] && [[ $output == 2000000* ]]
    [ "$(count '^record .* ended 0 ')" -eq 1 ]
    [ "$(count '^touch .* write ff')" -ge 2 ]
}

@test "nothing is watched and nothing written where nobody asks" {
    cc gcc -O2 -o adjacent "$programs/adjacent.c"
    run ./adjacent
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    [ ! -e records ]
}

@test "no place for the record: the program goes on as if nothing were" {
    cc gcc -O2 -o adjacent "$programs/adjacent.c"
    for folder in /proc/nowhere "$box/none"; do
        NUMAPROBE_RECORD=$folder run ./adjacent
        [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    done
    (ulimit -f 8 && NUMAPROBE_RECORD=$box NUMAPROBE_ACCESS=full ./adjacent >out) || [ $? -eq 3 ]
    [ "$(cat out)" = 2000000 ]
    (ulimit -v 4000000 && watched ./adjacent >out) || [ $? -eq 3 ]
    [ "$(cat out)" = 2000000 ]
}
