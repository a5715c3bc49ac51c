#!/usr/bin/env bats
# Blocks and mappings: what is found on memory that was given back, moved or resized, and far from an object's start.

load ../common
load watch

setup() { watch_setup; }

# found PROGRAM: a line for each finding, with what the program calls the process, and the kind, bytes and maker of the
# object.
found() {
    "$NUMAPROBE" detect --full --json found.json "$@" >cases 2>report
    python3 -c 'import json
names = dict(line.split() for line in open("cases"))
for f in json.load(open("found.json"))["findings"]:
    o = f["object"]
    made = [frame["function"] for frame in o["allocated"] or []]
    print(names[str(f["pid"])], o["kind"], o["size"], made[0] if made else "-")' | sort
}

lives() {
    cc "$@" -D_GNU_SOURCE -w -O1 -g -pthread -o lives "$programs/lives.c"
    run -0 found ./lives
    echo "$*: $output"
    [ -z "$output" ]
}
@test "what a thread did in memory that it has given back is not of the next use" {
    by_compilers lives
    lives gcc -static
}

makers() {
    local name
    "$NUMAPROBE" c++ "$@" -D_GNU_SOURCE -w -std=c++17 -O1 -g -pthread -o makers "$programs/makers.cc"
    run -0 found ./makers
    echo "$*: $output"
    [ "$output" = "$(cut -d' ' -f2 cases | sort | while read -r name; do echo "$name heap 4160 $name"; done)" ]
}
@test "a block is its maker's: each form of operator new, of malloc, and after failures" {
    makers g++
    makers clang++
    makers g++ -static
}

@test "a library with an operator new of its own stays, and its blocks have names" {
    makers g++ -DTCMALLOC -Wl,--as-needed -ltcmalloc_minimal
    ldd makers | grep -q tcmalloc
}

pools() {
    "$NUMAPROBE" "$1" "$2" -I"${programs%/tests/access}" -D_GNU_SOURCE -w -O1 -g -pthread "${@:3}" -o pools \
        "$programs/pools.c"
    run -0 found ./pools
    echo "$*: $output"
}
pooled() {
    pools "$@"
    [ "$output" = $'chunk heap 67108864 take_chunk\nrecords heap 32 make_record\nshared mmap 1048576 try_out' ]
    grep -qE 'heap block \((struct )?record\) of 32 bytes' report && grep -qF '└hits' report
}
pooled_c() { pooled cc "$1"; }
@test "numaprobe.h: blocks that a pool deals out are its blocks, and what was before a phase is over" {
    by_compilers pooled_c
    pooled cc gcc -static-pie
    pooled c++ g++ -x c++
    pools cc gcc -DNUMAPROBE_OFF # otherwise this would test nothing
    [ "$(cut -d' ' -f1 <<<"$output" | xargs)" = "chunk freed phase records reset shared" ]
}

# Where numaprobe is not, the macros evaluate their arguments once, and do nothing.
@test "numaprobe.h: a program that numaprobe does not build needs nothing else" {
    local build
    cat >macros.c <<'END'
#include "runtime/numaprobe.h"
int main(void)
{
    int calls = 0;
    char block[64];
    NUMAPROBE_ALLOC((calls++, block), sizeof block);
    if (calls)
        NUMAPROBE_FREE((calls++, block));
    else
        NUMAPROBE_PHASE();
    NUMAPROBE_PHASE();
    return calls != 2;
}
END
    while read -ra build; do
        echo "${build[*]}"
        "${build[@]}" -I"${programs%/tests/access}" -Wall -Wextra -Wpedantic -Wshadow -Werror -o macros macros.c
        ./macros
    done <<'END'
gcc -std=c89
gcc -O2 -static
gcc -static-pie
gcc -O2 -no-pie -fno-pic
gcc -fvisibility=hidden -fPIE -pie
gcc -O2 -flto
gcc -DNUMAPROBE_OFF
clang -std=c11 -Wno-comma
clang -O2 -static
g++ -x c++ -std=c++11
clang++ -x c++ -std=c++20 -Wno-comma -DNUMAPROBE_OFF
END
}

kept() {
    cc "$@" -D_GNU_SOURCE -w -O1 -g -pthread -o kept "$programs/kept.c"
    run -0 found ./kept
    echo "$*: $output"
    [ "$output" = "$(sort <<END
divide mmap 1048576 map
empty mmap 1048576 map
fail mmap 1048576 map
far heap 419430400 far
grow mmap 4194304 map
map-far mmap 9437184000 map
pages heap 4096 make_pages
resize heap 16384 make_block
shrink mmap 524288 map
usable heap 1052656 use_all
END
    )" ]
}
# All but what libc calls: the program's functions have frame pointers.
stacks() {
    cc "$1" -D_GNU_SOURCE -w -O1 -g -pthread -o kept "$programs/kept.c"
    run watched ./kept
    [ "$(count '^object .* kind [12] .* frames [2-9]')" -ge 64 ]
    [ "$(count '^object .* kind [12] .* frames 1 ')" -eq 0 ]
}
@test "a forked process walks the stack of its only thread" { by_compilers stacks; }

@test "memory is one object however large it is, and where it was moved, resized or divided" {
    by_compilers kept
    kept gcc -static
}

reopened() {
    cc "$1" -O1 -g -DLIBRARY -shared -fPIC -o library.so "$programs/reopened.c"
    cc "$1" -O1 -g -pthread -o reopened "$programs/reopened.c" -ldl
    run -0 "$NUMAPROBE" detect --full ./reopened ./library.so
    echo "$output"
    [[ $output == *"No false sharing found."* && $output != elsewhere* ]]
}
@test "a library that is closed and opened again at the same place begins anew" { by_compilers reopened; }

timers() {
    cc "$1" -D_GNU_SOURCE -O1 -g -pthread -o timers "$programs/timers.c"
    run -0 "$NUMAPROBE" detect --full ./timers
    echo "$output"
    [[ $output == *"No false sharing found."* ]]
}
@test "threads that libc creates, one after the other on one stack, share nothing" { by_compilers timers; }
