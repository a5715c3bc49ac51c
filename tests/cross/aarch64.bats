#!/usr/bin/env bats
# What the runtime records in programs for aarch64, under qemu-user, which ignores the top byte of addresses and checks
# the signatures of return addresses as a processor does. Uses the runtime of scripts/cross-build.

load ../common

setup() {
    common_setup
    runtime=$PWD/build/aarch64/runtime
    programs=$PWD/tests/access
    command -v qemu-aarch64 aarch64-linux-gnu-gcc || skip "no qemu-aarch64, or no aarch64-linux-gnu-gcc"
    [ -e "$runtime/libnumaprobe-access.a" ] || skip "no runtime for aarch64: scripts/cross-build"
    cd "$box" || return
}

# found SOURCE PATTERN [ARGUMENT...]: runs it, both dynamically linked and static, and expects a finding.
found() {
    local flags=(-O1 -g -D_GNU_SOURCE -pthread -fno-omit-frame-pointer -fno-optimize-sibling-calls)
    aarch64-linux-gnu-gcc "${flags[@]}" -mbranch-protection=standard -fsanitize=thread --param=tsan-instrument-func-entry-exit=0 \
        -c -o program.o "$programs/$1.c"
    aarch64-linux-gnu-gcc -pthread -o dynamic program.o -Wl,--dynamic-list="$runtime/access.list" \
        -Wl,--whole-archive "$runtime/libnumaprobe-access.a" -Wl,--no-whole-archive -ldl
    aarch64-linux-gnu-gcc -pthread -static -o static program.o -Wl,@"$runtime/access.wrap" \
        -Wl,--whole-archive "$runtime/libnumaprobe-access-static.a" -Wl,--no-whole-archive -ldl
    for program in dynamic static; do
        rm -rf records && mkdir records
        NUMAPROBE_RECORD=$PWD/records NUMAPROBE_ACCESS=full \
            timeout 60 qemu-aarch64 -L /usr/aarch64-linux-gnu ./$program "${@:3}" || [ $? -eq 3 ]
        run "$NUMAPROBE" detect --read records --json report.json
        echo "$program: $output"
        grep -qE "$2" <<<"$output"
        [ "$(grep -c 'Memory at addresses' <<<"$output")" -eq 0 ]
    done
}

@test "globals, and heap blocks with the calls that made them, whose return addresses are signed" {
    found adjacent 'false sharing: global counters'
    found heap 'false sharing: heap block \(long int\) of 24 bytes, made in make_block .*heap.c:'
    # All return addresses of the static program are within functions.
    [ "$(python3 -c 'import json
names = [x["function"] for x in json.load(open("report.json"))["findings"][0]["object"]["allocated"]]
print(len(names) > 2 and None not in names)')" = True ]
}

@test "thread-locals, which lie above the thread pointer" {
    found thread_locals 'false sharing: thread-local words'
}

@test "tags in the top byte of addresses" {
    found addresses 'false sharing: heap block' 5a00000000000000
}
